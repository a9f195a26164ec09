use domain::{AlarmKind, MINUTE_MS, Refusal, Role, UtcMillis};

use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::gateways::{close_alarm, open_alarm};
use crate::model::UserId;
use crate::news::News;

/// One that has not answered for so long is down.
const DOWN_AFTER_MS: i64 = 5 * MINUTE_MS;
/// That it answers is written down at most so often: every charge would else wait for this one row.
const NOTE_EVERY_MS: i64 = MINUTE_MS;

/// Tries address and keys of a payment gateway. A worker does so: nobody waits for a gateway in a request.
#[derive(Clone, Debug)]
pub struct ProbePayGateway {
    /// Who wants to know.
    pub admin: UserId,
    /// Which.
    pub gateway: String,
}

impl Operation for ProbePayGateway {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let due = sql("UPDATE pay_gateway SET probe_due = 1 WHERE name = $1")
            .bind(&self.gateway)
            .execute(&mut tx.conn)
            .await?;
        if due == 0 {
            return Err(Refusal::NotFound.into());
        }
        tx.news.push(News::Gateways);
        Ok(())
    }
}

/// What came of trying address and keys.
#[derive(Clone, Debug)]
pub struct NoteProbe {
    /// Of which gateway.
    pub gateway: String,
    /// With which keys.
    pub access_revision: i64,
    /// Why it failed, in words for an admin without any secret.
    pub outcome: Result<(), String>,
}

impl Operation for NoteProbe {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql(
            "UPDATE pay_gateway SET probe_due = 0, probed_revision = $1, probed_at = $2, probe_trouble = $3 \
             WHERE name = $4 AND access_revision = $1",
        )
        .bind(self.access_revision)
        .bind(tx.now)
        .bind(self.outcome.as_ref().err().map(String::as_str))
        .bind(&self.gateway)
        .execute(&mut tx.conn)
        .await?;
        tx.news.push(News::Gateways);
        if self.outcome.is_ok() { note_answer(tx, &self.gateway).await } else { Ok(()) }
    }
}

/// It answers.
pub(crate) async fn note_answer(tx: &mut Tx<'_>, gateway: &str) -> Result<(), Error> {
    let changed = sql("UPDATE pay_gateway SET heard_at = $1, silent_since = NULL WHERE name = $2 \
                       AND (silent_since IS NOT NULL OR heard_at IS NULL OR heard_at < $3)")
    .bind(tx.now)
    .bind(gateway)
    .bind(tx.now.plus_ms(-NOTE_EVERY_MS))
    .execute(&mut tx.conn)
    .await?;
    if changed > 0 { close_alarm(tx, AlarmKind::PayGatewayDown, gateway).await } else { Ok(()) }
}

/// It does not.
pub(crate) async fn note_silence(tx: &mut Tx<'_>, gateway: &str) -> Result<(), Error> {
    sql("UPDATE pay_gateway SET silent_since = $1 WHERE name = $2 AND silent_since IS NULL")
        .bind(tx.now)
        .bind(gateway)
        .execute(&mut tx.conn)
        .await?;
    let row = sql("SELECT silent_since FROM pay_gateway WHERE name = $1")
        .bind(gateway)
        .optional(&mut tx.conn)
        .await?;
    let since = row.map(|row| row.opt_int("silent_since")).transpose()?.flatten();
    match since {
        Some(since) if tx.now.since_ms(UtcMillis(since)) > DOWN_AFTER_MS => {
            open_alarm(tx, AlarmKind::PayGatewayDown, gateway, "").await
        }
        _ => Ok(()),
    }
}
