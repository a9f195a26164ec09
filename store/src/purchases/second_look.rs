//! What becomes of an order after it is settled. Where a gateway does not call us, it is asked twice more: a payment may
//! have come late and the package with it, or the gateway may have taken back what it delivered.

use domain::{HOUR_MS, SECOND_MS};

use super::QueryJob;
use super::state::Current;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;

/// When it is asked again for the first time, after it was settled.
const FIRST_MS: i64 = HOUR_MS;
/// And for the last time.
const LAST_MS: i64 = 24 * HOUR_MS;
/// Not a byte goes out later than this after a turn was taken. Asking changes nothing, so nothing depends on it.
const SEND_WITHIN_MS: i64 = 60 * SECOND_MS;

/// A purchase that the number's owner pays for has been settled.
pub(super) async fn plan(tx: &mut Tx<'_>, current: &Current) -> Result<(), Error> {
    sql("UPDATE purchase SET due_at = CASE WHEN EXISTS (SELECT 1 FROM attempt a WHERE a.purchase_id = purchase.id \
         AND a.provider_id IS NOT NULL) THEN $1 ELSE 0 END WHERE id = $2")
    .bind(tx.now.plus_ms(FIRST_MS))
    .bind(current.row_id)
    .execute(&mut tx.conn)
    .await
    .map(|_| ())
}

/// Takes settled purchases whose gateway is to be asked once more, and plans the next time. Only for gateways where asking
/// changes nothing.
#[derive(Clone, Copy, Debug)]
pub struct TakeSecondLooks {
    /// At most so many.
    pub limit: i64,
}

impl Operation for TakeSecondLooks {
    type Output = Vec<QueryJob>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<QueryJob>, Error> {
        let rows = sql("UPDATE purchase SET due_at = CASE WHEN due_at < state_at + $3 THEN state_at + $3 ELSE 0 END \
                        WHERE id IN (SELECT id FROM purchase WHERE method IS NOT NULL AND state IN ('succeeded', 'failed') \
                        AND due_at BETWEEN 1 AND $1 ORDER BY due_at, id LIMIT $2) RETURNING id, public_id, lease_token")
            .bind(tx.now)
            .bind(self.limit)
            .bind(LAST_MS)
            .all(&mut tx.conn)
            .await?;
        let mut jobs = Vec::with_capacity(rows.len());
        for row in rows {
            let attempt =
                sql("SELECT id, gateway, account, request, provider_id FROM attempt WHERE purchase_id = $1 \
                               AND provider_id IS NOT NULL ORDER BY n DESC LIMIT 1")
                .bind(row.int("id")?)
                .optional(&mut tx.conn)
                .await?;
            let Some(attempt) = attempt else { continue };
            jobs.push(QueryJob {
                purchase: row.word("public_id")?,
                attempt: attempt.int("id")?,
                token: row.int("lease_token")?,
                gateway: attempt.text("gateway")?,
                account: attempt.text("account")?,
                request: attempt.text("request")?,
                provider_id: attempt.opt_text("provider_id")?,
                in_session: false,
                send_by: tx.now.plus_ms(SEND_WITHIN_MS),
            });
        }
        Ok(jobs)
    }
}
