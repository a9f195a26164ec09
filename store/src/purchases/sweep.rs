use domain::{FailReason, MINUTE_MS, PublicId, PurchaseState};

use super::settle::{Current, fail, lock, set_state, wait};
use super::{ASK_WITHIN_MS, UNKNOWN_MOST_MS};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;

/// Takes care of what was left lying: accepted purchases that waited too long are released; those whose worker is gone
/// become unknown; those that were asked about for too long go to a human. How many it moved.
pub struct SweepPurchases;

/// Most purchases in one sweep, so that it never holds its transaction for long.
const SWEEP_MOST: i64 = 100;

impl Operation for SweepPurchases {
    type Output = i64;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<i64, Error> {
        let stale = sql("SELECT public_id FROM purchase WHERE \
                         (state = 'accepted' AND send_until <= $1) OR (state = 'submitting' AND lease_until <= $1) \
                         OR (state IN ('pending', 'awaiting_payment', 'unknown') AND lease_until <= $1 AND created_at <= $2) \
                         OR (state = 'unknown' AND lease_until <= $1 AND state_at <= $3) ORDER BY id LIMIT $4")
            .bind(tx.now)
            .bind(tx.now.plus_ms(-ASK_WITHIN_MS))
            .bind(tx.now.plus_ms(-UNKNOWN_MOST_MS))
            .bind(SWEEP_MOST)
            .all(&mut tx.conn)
            .await?;
        let mut moved = 0;
        for row in stale {
            let id: PublicId = row.word("public_id")?;
            let current = lock(tx, &id).await?;
            moved += i64::from(still_stale(tx, &current).await? && sweep(tx, &current).await?);
        }
        Ok(moved)
    }
}

/// Looks again, now that the row is locked.
async fn still_stale(tx: &mut Tx<'_>, current: &Current) -> Result<bool, Error> {
    let row = sql("SELECT id FROM purchase WHERE id = $1 AND ((state = 'accepted' AND send_until <= $2) \
                   OR (state <> 'accepted' AND lease_until <= $2))")
    .bind(current.row_id)
    .bind(tx.now)
    .optional(&mut tx.conn)
    .await?;
    Ok(row.is_some())
}

async fn sweep(tx: &mut Tx<'_>, current: &Current) -> Result<bool, Error> {
    match current.state {
        PurchaseState::Accepted => {
            fail(tx, current, FailReason::Expired, None).await?;
        }
        // The worker may have sent it before it died. Never sent again, never released: asked about.
        PurchaseState::Submitting => {
            sql("UPDATE attempt SET state = 'unknown', updated_at = $1 WHERE purchase_id = $2 AND state = 'submitting'")
                .bind(tx.now)
                .bind(current.row_id)
                .execute(&mut tx.conn)
                .await?;
            wait(tx, current, PurchaseState::Unknown, MINUTE_MS).await?;
        }
        PurchaseState::Pending | PurchaseState::AwaitingPayment | PurchaseState::Unknown => {
            set_state(tx, current, PurchaseState::Review, current.hold, "asked_too_long", None).await?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}
