//! Top-ups by bank transfer. [`ApproveTopup`] is the only code that credits one, and it does so for a payment: one
//! transfer, one credit.

mod approve;
mod read;
mod request;

pub use approve::{ApproveTopup, RejectTopup};
pub use read::TopupFilter;
pub use request::{CancelTopup, RequestTopup, SubmitProof, SweepTopups};

use domain::{DAY_MS, PublicId, Refusal, Rupiah, TopupState};

use crate::db::{Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// How long a unique amount stays reserved after its top-up is closed: transfers can take days, and one that comes late
/// must still be told from another's.
const QUARANTINE_MS: i64 = 7 * DAY_MS;

struct Current {
    row_id: i64,
    user: UserId,
    bank_account: i64,
    payable: Rupiah,
    state: TopupState,
}

/// Reads a top-up with its row locked until the transaction ends.
async fn lock(tx: &mut Tx<'_>, id: &PublicId) -> Result<Current, Error> {
    let row = sql("UPDATE topup SET state = state WHERE public_id = $1 RETURNING id, user_id, bank_account_id, payable, state")
        .bind(id)
        .optional(&mut tx.conn)
        .await?;
    let Some(row) = row else {
        return Err(Refusal::NotFound.into());
    };
    Ok(Current {
        row_id: row.int("id")?,
        user: row.user_id("user_id")?,
        bank_account: row.int("bank_account_id")?,
        payable: row.rupiah("payable")?,
        state: row.word("state")?,
    })
}

/// The locked top-up of this user; of anyone else it is not there.
async fn lock_own(tx: &mut Tx<'_>, id: &PublicId, user: UserId) -> Result<Current, Error> {
    let current = lock(tx, id).await?;
    if current.user == user { Ok(current) } else { Err(Refusal::NotFound.into()) }
}
