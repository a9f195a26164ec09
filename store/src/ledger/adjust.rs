use domain::{FieldCode, Refusal, Role, Rupiah};

use super::{Account, EntryKind, NewEntry, audit, post};
use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::shop::once;

/// Corrects a user's balance on behalf of the program itself: the demo's first balances, the benchmark's, the tests'. What
/// people ask for goes through [`crate::RequestCorrection`], where a second admin may have to look.
#[derive(Clone, Debug)]
pub struct AdjustBalance {
    /// Who does it.
    pub admin: UserId,
    /// Whose balance.
    pub user: UserId,
    /// How much to add, or to take away when negative.
    pub amount: Rupiah,
    /// Why.
    pub reason: String,
    /// Idempotency key.
    pub key: String,
}

/// Longest reason, in characters.
const REASON_MOST_CHARS: usize = 200;

impl Operation for AdjustBalance {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let reason = checked_reason(&self.reason)?;
        if self.amount == Rupiah::ZERO {
            return Err(Refusal::field("amount", FieldCode::BadAmount).into());
        }
        let request = [self.user.0.to_string(), self.amount.get().to_string(), reason.to_owned()];
        if once(tx, self.admin, "adjust", &self.key, &request, "done").await?.is_some() {
            return Ok(());
        }
        require_role(tx, self.admin, Role::Admin).await?;
        if self.user == self.admin {
            return Err(Refusal::OwnCase.into());
        }
        let reference = format!("{}:{}", self.admin.0, self.key);
        let adjustment = Adjustment {
            actor: self.admin,
            user: self.user,
            amount: self.amount,
            reason,
            reference: &reference,
        };
        adjust(tx, &adjustment).await?;
        let detail = format!("{} {reason}", self.amount.get());
        audit(tx, Some(self.admin), "adjust_balance", &format!("user:{}", self.user.0), &detail).await
    }
}

/// What a balance is to be corrected by.
pub(crate) struct Adjustment<'a> {
    /// On whose word.
    pub(crate) actor: UserId,
    pub(crate) user: UserId,
    pub(crate) amount: Rupiah,
    /// The user reads it.
    pub(crate) reason: &'a str,
    /// One for each correction; the same again is a fault.
    pub(crate) reference: &'a str,
}

/// Moves the money of a correction; the balance after it.
///
/// # Errors
/// [`Refusal::NotFound`] without such a user, [`Refusal::BalanceTooLow`] when it would take more than is there.
pub(crate) async fn adjust(tx: &mut Tx<'_>, adjustment: &Adjustment<'_>) -> Result<Rupiah, Error> {
    let Adjustment { actor, user, amount, reason, reference } = *adjustment;
    let Some(opposite) = amount.checked_neg().filter(|_| amount != Rupiah::ZERO) else {
        return Err(Refusal::field("amount", FieldCode::BadAmount).into());
    };
    let known =
        sql("SELECT user_id FROM wallet WHERE user_id = $1").bind(user).optional(&mut tx.conn).await?;
    if known.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let postings = [(Account::Available(user), amount), (Account::Adjustment, opposite)];
    let entry = NewEntry {
        kind: EntryKind::Adjust,
        reference,
        postings: &postings,
        actor: Some(actor),
        memo: reason,
    };
    post(tx, entry).await?.balance(user)
}

/// A reason that somebody else reads, trimmed.
///
/// # Errors
/// When there is none, or too much of it.
pub(crate) fn checked_reason(typed: &str) -> Result<&str, Refusal> {
    let reason = typed.trim();
    if reason.is_empty() {
        return Err(Refusal::field("reason", FieldCode::Required));
    }
    if reason.chars().count() > REASON_MOST_CHARS {
        return Err(Refusal::field("reason", FieldCode::TooLong { max: REASON_MOST_CHARS }));
    }
    Ok(reason)
}
