use domain::{AlarmKind, MINUTE_MS};

use super::QUARANTINE_MS;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::gateways::{close_alarm, open_alarm};
use crate::news::News;

/// Closes top-ups that nobody paid in time, and frees unique amounts whose quarantine is over; how many were closed.
/// Money that comes later is still credited.
pub struct SweepTopups;

/// A payment in the last second reaches us by way of the gateway. So long its page does not say yet that time is up.
const GRACE_MS: i64 = 2 * MINUTE_MS;
/// Workers ask within seconds, unless there is no adapter for the order's account.
const FORGOTTEN_AFTER_MS: i64 = 10 * MINUTE_MS;

impl Operation for SweepTopups {
    type Output = u64;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<u64, Error> {
        let expired = sql("UPDATE topup SET state = 'expired', reserved_until = $2 \
                           WHERE (state = 'pending' AND gateway IS NULL AND expires_at <= $1) \
                           OR (state IN ('creating', 'pending') AND gateway IS NOT NULL AND expires_at <= $3) \
                           RETURNING public_id")
            .bind(tx.now)
            .bind(tx.now.plus_ms(QUARANTINE_MS))
            .bind(tx.now.plus_ms(-GRACE_MS))
            .all(&mut tx.conn)
            .await?;
        for row in &expired {
            tx.news.push(News::Topup(row.word("public_id")?));
        }
        sql("UPDATE topup SET reserved = 0 WHERE reserved = 1 AND reserved_until <= $1 \
             AND state NOT IN ('pending', 'proof_submitted')")
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
        tell_of_forgotten(tx).await?;
        Ok(u64::try_from(expired.len()).unwrap_or_default())
    }
}

/// Orders that nobody asks about: their gateway's key, merchant or address was changed, so that they belong to another
/// account than the present one.
async fn tell_of_forgotten(tx: &mut Tx<'_>) -> Result<(), Error> {
    let rows =
        sql("SELECT g.name, (SELECT COUNT(*) FROM charge c WHERE c.gateway = g.name AND c.due_at > 0 \
                    AND c.due_at < $1 AND c.lease_until < $1) AS forgotten FROM pay_gateway g")
        .bind(tx.now.plus_ms(-FORGOTTEN_AFTER_MS))
        .all(&mut tx.conn)
        .await?;
    for row in rows {
        let (gateway, forgotten) = (row.text("name")?, row.int("forgotten")?);
        if forgotten > 0 {
            open_alarm(tx, AlarmKind::PayOrdersForgotten, &gateway, &forgotten.to_string()).await?;
        } else {
            close_alarm(tx, AlarmKind::PayOrdersForgotten, &gateway).await?;
        }
    }
    Ok(())
}
