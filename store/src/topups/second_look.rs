use domain::{MINUTE_MS, Refusal, Rupiah, UtcMillis};

use crate::db::{Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::shop::settings_in;

/// What became of an admin's word on money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// It is done.
    Credited,
    /// Somebody has to look a second time.
    SecondLook,
}

/// Whether enough admins agree: above the limit of the settings, another one than the first. In a shop with one admin, the
/// same one after a while. `first`: who has found the very same before, and when. False: this is the first look.
///
/// # Errors
/// [`Refusal::SecondAdminNeeded`] and [`Refusal::LookAgainAt`] when the first one comes again too early.
pub(super) async fn agreed(
    tx: &mut Tx<'_>,
    admin: UserId,
    amount: Rupiah,
    first: Option<(UserId, UtcMillis)>,
) -> Result<bool, Error> {
    let shop = settings_in(tx).await?;
    if amount <= shop.approve_alone_most {
        return Ok(true);
    }
    let Some(first) = first else {
        return Ok(false);
    };
    second_word(tx, admin, first).await.map(|()| true)
}

/// Whether this admin's word may stand beside the first one: another admin's may, the same one's only in a shop with no
/// other admin, after a while.
///
/// # Errors
/// [`Refusal::SecondAdminNeeded`] and [`Refusal::LookAgainAt`] when the first one comes again too early.
pub(crate) async fn second_word(
    tx: &mut Tx<'_>,
    admin: UserId,
    (first_by, first_at): (UserId, UtcMillis),
) -> Result<(), Error> {
    if first_by != admin {
        return Ok(());
    }
    let shop = settings_in(tx).await?;
    let admins = sql("SELECT COUNT(*) AS admins FROM users WHERE role = 'admin' AND state = 'active'")
        .one(&mut tx.conn)
        .await?;
    if admins.int("admins")? > 1 {
        return Err(Refusal::SecondAdminNeeded.into());
    }
    let at = first_at.plus_ms(shop.approve_again_after_min.max(0).saturating_mul(MINUTE_MS));
    if tx.now < at { Err(Refusal::LookAgainAt { at }.into()) } else { Ok(()) }
}
