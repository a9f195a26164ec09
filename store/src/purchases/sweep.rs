use domain::{FailReason, PublicId, PurchaseState};

use super::state::{Current, fail, lock, set_state, wait};
use super::{ASK_WITHIN_MS, UNKNOWN_MOST_MS, UNPAID_MOST_MS};
use crate::Store;
use crate::db::{Operation, Query, Tx, sql};
use crate::error::Error;

/// Most purchases in one round.
const SWEEP_MOST: i64 = 100;

/// What is left lying: accepted but never sent; sent by a worker that is gone; asked about for too long; to be bought in a
/// session that is over. `$1` now, `$2` too old to ask, `$3` unknown for too long, `$4` too long not paid for.
macro_rules! stale {
    () => {
        "((state = 'accepted' AND send_until <= $1) OR (state = 'submitting' AND lease_until <= $1) \
         OR (state IN ('pending', 'awaiting_payment', 'unknown') AND lease_until <= $1 AND created_at <= $2) \
         OR (state = 'unknown' AND lease_until <= $1 AND state_at <= $3) \
         OR (state IN ('pending', 'awaiting_payment') AND method IS NOT NULL AND lease_until <= $1 AND created_at <= $4) \
         OR (state = 'accepted' AND xl_account IS NOT NULL AND NOT EXISTS (SELECT 1 FROM xl_account a \
         WHERE a.id = purchase.xl_account AND a.state = 'active')))"
    };
}

impl Store {
    /// Takes care of what was left lying: accepted purchases that waited too long are released; those whose worker is gone
    /// become unknown; those that were asked about for too long go to a human. How many it moved.
    ///
    /// Each in a transaction of its own, so that one that cannot be moved does not hold up the others.
    ///
    /// # Errors
    /// Faults of the database while looking; those of single purchases are logged.
    pub async fn sweep_purchases(&self) -> Result<i64, Error> {
        let text = concat!("SELECT public_id FROM purchase WHERE ", stale!(), " ORDER BY id LIMIT $5");
        let rows = self.db().all(bind_times(sql(text), self.now()).bind(SWEEP_MOST)).await?;
        let mut moved = 0;
        for row in rows {
            let id: PublicId = row.word("public_id")?;
            match self.run(SweepPurchase { id: id.clone() }).await {
                Ok(true) => moved += 1,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%error, purchase = %id, "a purchase that was left lying could not be moved")
                }
            }
        }
        Ok(moved)
    }
}

fn bind_times(query: Query, now: domain::UtcMillis) -> Query {
    query
        .bind(now)
        .bind(now.plus_ms(-ASK_WITHIN_MS))
        .bind(now.plus_ms(-UNKNOWN_MOST_MS))
        .bind(now.plus_ms(-UNPAID_MOST_MS))
}

struct SweepPurchase {
    id: PublicId,
}

impl Operation for SweepPurchase {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let current = lock(tx, &self.id).await?;
        // Looks again, now that the row is locked.
        let text = concat!("SELECT id FROM purchase WHERE ", stale!(), " AND id = $5");
        let still = bind_times(sql(text), tx.now).bind(current.row_id).optional(&mut tx.conn).await?;
        if still.is_none() {
            return Ok(false);
        }
        match current.state {
            PurchaseState::Accepted => {
                let in_time = current.send_until > tx.now;
                let reason = if in_time { FailReason::SessionEnded } else { FailReason::Expired };
                fail(tx, &current, reason, None).await?;
            }
            // The worker may have sent it before it died. Never sent again, never released: asked about.
            PurchaseState::Submitting => self.to_unknown(tx, &current).await?,
            PurchaseState::Pending | PurchaseState::AwaitingPayment | PurchaseState::Unknown => {
                set_state(tx, &current, PurchaseState::Review, current.hold, "asked_too_long", None).await?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl SweepPurchase {
    async fn to_unknown(&self, tx: &mut Tx<'_>, current: &Current) -> Result<(), Error> {
        sql("UPDATE attempt SET state = 'unknown', updated_at = $1 WHERE purchase_id = $2 AND state = 'submitting'")
            .bind(tx.now)
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        // At once: the lease has lasted for a minute since the order may have left.
        wait(tx, current, PurchaseState::Unknown, 0).await.map(|_| ())
    }
}

/// A worker that was to ask about a purchase finds that nobody can: no such gateway here, another account, or a gateway
/// that cannot be asked. Nothing was sent; a human decides.
#[derive(Clone, Debug)]
pub struct GiveUpAsking {
    /// Which.
    pub purchase: PublicId,
    /// The attempt's row.
    pub attempt: i64,
    /// The claim's fencing token.
    pub token: i64,
}

impl Operation for GiveUpAsking {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let current = lock(tx, &self.purchase).await?;
        if current.lease_token != self.token || !current.state.is_asked_about() {
            return Ok(());
        }
        sql("UPDATE attempt SET query_until = 0 WHERE id = $1")
            .bind(self.attempt)
            .execute(&mut tx.conn)
            .await?;
        set_state(tx, &current, PurchaseState::Review, current.hold, "cannot_ask", None).await
    }
}
