//! Receipts of purchases that were delivered: for the buyer, and by a public link for whoever they send it to. A reseller's
//! receipts carry the reseller's own name and price; what the shop took from them is on none.

mod read;
mod selling;
mod share;

pub use read::Receipt;
pub use selling::SaveSelling;
pub use share::{RevokeReceipt, ShareReceipt};

use domain::{PublicId, PurchaseState, Refusal, Role, Rupiah};

use crate::db::{Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// A purchase as far as its receipt needs it.
struct Bought {
    row_id: i64,
    package: i64,
    role: Role,
    /// The price on a receipt for which nothing else was said.
    price: Option<Rupiah>,
}

/// Whether there is a receipt: a package was delivered. One that was paid back later still tells that it was.
#[must_use]
pub const fn has_receipt(state: PurchaseState) -> bool {
    matches!(state, PurchaseState::Succeeded | PurchaseState::Refunded)
}

/// The user's own purchase.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not theirs or not there, [`Refusal::StateChanged`] when it has no receipt.
async fn bought(tx: &mut Tx<'_>, user: UserId, purchase: &PublicId) -> Result<Bought, Error> {
    let row =
        sql("SELECT p.id, p.package_id, p.state, u.role, CASE WHEN u.role = 'reseller' THEN m.price ELSE p.price END AS price \
             FROM purchase p JOIN users u ON u.id = p.user_id \
             LEFT JOIN selling_price m ON m.user_id = p.user_id AND m.package_id = p.package_id \
             WHERE p.public_id = $1 AND p.user_id = $2")
        .bind(purchase)
        .bind(user)
        .optional(&mut tx.conn)
        .await?;
    let row = row.ok_or(Refusal::NotFound)?;
    if !has_receipt(row.word("state")?) {
        return Err(Refusal::StateChanged.into());
    }
    Ok(Bought {
        row_id: row.int("id")?,
        package: row.int("package_id")?,
        role: row.word("role")?,
        price: row.opt_int("price")?.map(Rupiah::new),
    })
}
