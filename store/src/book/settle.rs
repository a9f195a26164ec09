use domain::{DepositDayState, FieldCode, Refusal, Role, Rupiah, UtcMillis};

use super::reading::{lock, sync_alarm};
use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

/// A human says why a day's deposit differs from our books. The row stays as it is; the alarm goes when no other day
/// differs.
#[derive(Clone, Debug)]
pub struct SettleDay {
    /// Who.
    pub admin: UserId,
    /// Which gateway.
    pub gateway: String,
    /// Which day: when it began (WIB).
    pub day: UtcMillis,
    /// The unexplained amount that the admin saw.
    pub seen: Rupiah,
    /// What it was.
    pub reason: String,
}

/// Longest reason, in characters.
const REASON_MOST_CHARS: usize = 200;

impl Operation for SettleDay {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(Refusal::field("reason", FieldCode::Required).into());
        }
        if reason.chars().count() > REASON_MOST_CHARS {
            return Err(Refusal::field("reason", FieldCode::TooLong { max: REASON_MOST_CHARS }).into());
        }
        lock(tx, &self.gateway).await?;
        let settled =
            sql("UPDATE deposit_day SET state = $1, settled_amount = unexplained, settled_reason = $2, \
                           settled_by = $3, settled_at = $4 \
                           WHERE gateway = $5 AND day = $6 AND unexplained = $7 AND state = $8")
            .bind(DepositDayState::Settled.as_str())
            .bind(reason)
            .bind(self.admin)
            .bind(tx.now)
            .bind(&self.gateway)
            .bind(self.day)
            .bind(self.seen)
            .bind(DepositDayState::Differs.as_str())
            .execute(&mut tx.conn)
            .await?;
        if settled != 1 {
            return Err(Refusal::StateChanged.into());
        }
        sync_alarm(tx, &self.gateway).await?;
        let detail = format!("{} {} {reason}", self.day.0, self.seen.get());
        audit(tx, Some(self.admin), "settle_deposit_day", &format!("gateway:{}", self.gateway), &detail).await
    }
}
