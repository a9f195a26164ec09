use domain::{CorrectionState, PublicId, Refusal, Role, Rupiah, UtcMillis};

use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::{Adjustment, adjust, audit, checked_reason};
use crate::model::UserId;
use crate::topups::second_word;

/// A second admin agrees, and the balance changes. In a shop with one admin the same one looks again after a while, as with
/// top-ups.
#[derive(Clone, Debug)]
pub struct ApproveCorrection {
    /// Who decides.
    pub admin: UserId,
    /// Which.
    pub correction: PublicId,
}

impl Operation for ApproveCorrection {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let waiting = Waiting::lock(tx, &self.correction, self.admin).await?;
        second_word(tx, self.admin, (waiting.asked_by, waiting.asked_at)).await?;
        let adjustment = Adjustment {
            actor: self.admin,
            user: waiting.user,
            amount: waiting.amount,
            reason: &waiting.reason,
            reference: self.correction.as_str(),
        };
        let after = adjust(tx, &adjustment).await?;
        waiting.end(tx, CorrectionState::Done, self.admin, None, Some(after)).await?;
        let detail = format!("{} {}", waiting.amount.get(), waiting.reason);
        audit(tx, Some(self.admin), "approve_correction", &object(&self.correction), &detail).await
    }
}

/// Another admin says no.
#[derive(Clone, Debug)]
pub struct RejectCorrection {
    /// Who decides.
    pub admin: UserId,
    /// Which.
    pub correction: PublicId,
    /// Why.
    pub reason: String,
}

impl Operation for RejectCorrection {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let reason = checked_reason(&self.reason)?;
        let waiting = Waiting::lock(tx, &self.correction, self.admin).await?;
        // Whoever asked takes it back instead.
        if waiting.asked_by == self.admin {
            return Err(Refusal::SecondAdminNeeded.into());
        }
        waiting.end(tx, CorrectionState::Rejected, self.admin, Some(reason), None).await?;
        audit(tx, Some(self.admin), "reject_correction", &object(&self.correction), reason).await
    }
}

/// Whoever asked takes it back.
#[derive(Clone, Debug)]
pub struct WithdrawCorrection {
    /// Who asked for it.
    pub admin: UserId,
    /// Which.
    pub correction: PublicId,
}

impl Operation for WithdrawCorrection {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let waiting = Waiting::lock(tx, &self.correction, self.admin).await?;
        if waiting.asked_by != self.admin {
            return Err(Refusal::NotAllowed.into());
        }
        waiting.end(tx, CorrectionState::Withdrawn, self.admin, None, None).await?;
        audit(tx, Some(self.admin), "withdraw_correction", &object(&self.correction), "").await
    }
}

fn object(id: &PublicId) -> String {
    format!("correction:{}", id.as_str())
}

/// A correction that waits, its row locked until the transaction ends: of many decisions only one finds it waiting.
struct Waiting {
    row_id: i64,
    user: UserId,
    amount: Rupiah,
    reason: String,
    asked_by: UserId,
    asked_at: UtcMillis,
}

impl Waiting {
    async fn lock(tx: &mut Tx<'_>, id: &PublicId, admin: UserId) -> Result<Self, Error> {
        let row = sql("UPDATE correction SET state = state WHERE public_id = $1 \
                       RETURNING id, user_id, amount, reason, state, asked_by, asked_at")
        .bind(id)
        .optional(&mut tx.conn)
        .await?;
        require_role(tx, admin, Role::Admin).await?;
        let row = row.ok_or(Refusal::NotFound)?;
        let user = row.user_id("user_id")?;
        if user == admin {
            return Err(Refusal::OwnCase.into());
        }
        if row.word::<CorrectionState>("state")? != CorrectionState::Waiting {
            return Err(Refusal::StateChanged.into());
        }
        Ok(Self {
            row_id: row.int("id")?,
            user,
            amount: row.rupiah("amount")?,
            reason: row.text("reason")?,
            asked_by: row.user_id("asked_by")?,
            asked_at: row.time("asked_at")?,
        })
    }

    async fn end(
        &self,
        tx: &mut Tx<'_>,
        state: CorrectionState,
        by: UserId,
        reason: Option<&str>,
        balance_after: Option<Rupiah>,
    ) -> Result<(), Error> {
        sql("UPDATE correction SET state = $1, decided_by = $2, decided_at = $3, decide_reason = $4, balance_after = $5 \
             WHERE id = $6")
        .bind(state.as_str())
        .bind(by)
        .bind(tx.now)
        .bind(reason)
        .bind(balance_after)
        .bind(self.row_id)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
    }
}
