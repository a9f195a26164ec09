use domain::{FieldCode, Refusal, Role, Rupiah};

use super::{Account, EntryKind, NewEntry, audit, post};
use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::shop::once;

/// Corrects a user's balance, with a reason that the user can read.
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
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(Refusal::field("reason", FieldCode::Required).into());
        }
        if reason.chars().count() > REASON_MOST_CHARS {
            return Err(Refusal::field("reason", FieldCode::TooLong { max: REASON_MOST_CHARS }).into());
        }
        let Some(opposite) = self.amount.checked_neg().filter(|_| self.amount != Rupiah::ZERO) else {
            return Err(Refusal::field("amount", FieldCode::BadAmount).into());
        };
        let request = [self.user.0.to_string(), self.amount.get().to_string(), reason.to_owned()];
        if once(tx, self.admin, "adjust", &self.key, &request, "done").await?.is_some() {
            return Ok(());
        }
        require_role(tx, self.admin, Role::Admin).await?;
        if self.user == self.admin {
            return Err(Refusal::OwnCase.into());
        }
        let known = sql("SELECT user_id FROM wallet WHERE user_id = $1")
            .bind(self.user)
            .optional(&mut tx.conn)
            .await?;
        if known.is_none() {
            return Err(Refusal::NotFound.into());
        }
        let reference = format!("{}:{}", self.admin.0, self.key);
        let postings = [(Account::Available(self.user), self.amount), (Account::Adjustment, opposite)];
        post(
            tx,
            NewEntry {
                kind: EntryKind::Adjust,
                reference: &reference,
                postings: &postings,
                actor: Some(self.admin),
                memo: reason,
            },
        )
        .await?;
        let detail = format!("{} {reason}", self.amount.get());
        audit(tx, Some(self.admin), "adjust_balance", &format!("user:{}", self.user.0), &detail).await
    }
}
