use domain::{DAY_MS, Refusal, SECOND_MS};

use crate::accounts::{sweep_sign_ins, sweep_viewings};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::notices::sweep_notices;
use crate::outbox::sweep_outbox;
use crate::user_notices::sweep_user_notices;

/// Counts a try of something that people could do too often, such as signing in under one name.
pub struct NoteTry {
    /// What is counted: `sign-in:<name>`.
    pub key: String,
    /// Tries allowed in a window.
    pub most: i64,
    /// The window's length, from its first try.
    pub window_ms: i64,
}

impl Operation for NoteTry {
    type Output = Result<(), Refusal>;

    /// The count must stand even when the answer is no, so a refusal is a result here, not an error that undoes it.
    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Result<(), Refusal>, Error> {
        let row = sql("INSERT INTO throttle (key, tries, window_ends_at) VALUES ($1, 1, $2) ON CONFLICT (key) DO UPDATE SET \
                       tries = CASE WHEN throttle.window_ends_at <= $3 THEN 1 ELSE throttle.tries + 1 END, \
                       window_ends_at = CASE WHEN throttle.window_ends_at <= $3 THEN $2 ELSE throttle.window_ends_at END \
                       RETURNING tries, window_ends_at")
            .bind(&self.key)
            .bind(tx.now.plus_ms(self.window_ms))
            .bind(tx.now)
            .one(&mut tx.conn)
            .await?;
        if row.int("tries")? <= self.most {
            return Ok(Ok(()));
        }
        let wait_ms = row.time("window_ends_at")?.since_ms(tx.now);
        Ok(Err(Refusal::TooManyTries { retry_after_s: (wait_ms / SECOND_MS).max(1) }))
    }
}

/// How long webhooks are kept as evidence.
const WEBHOOKS_KEPT_MS: i64 = 365 * DAY_MS;

/// One-time passwords live for minutes, and what the gateway says about waiting for less than an hour.
const OTPS_KEPT_MS: i64 = DAY_MS;

/// Deletes what has expired: sessions, drafts, throttles, links, old webhooks, sign-ins, mails and notices.
pub struct Sweep;

impl Operation for Sweep {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        for text in [
            "DELETE FROM session WHERE expires_at <= $1",
            "DELETE FROM form_draft WHERE expires_at <= $1",
            "DELETE FROM throttle WHERE window_ends_at <= $1",
            "DELETE FROM one_time_link WHERE expires_at <= $1",
        ] {
            sql(text).bind(tx.now).execute(&mut tx.conn).await?;
        }
        sql("DELETE FROM xl_otp WHERE created_at <= $1")
            .bind(tx.now.plus_ms(-OTPS_KEPT_MS))
            .execute(&mut tx.conn)
            .await?;
        sql("DELETE FROM webhook_call WHERE at <= $1")
            .bind(tx.now.plus_ms(-WEBHOOKS_KEPT_MS))
            .execute(&mut tx.conn)
            .await?;
        sweep_viewings(tx).await?;
        sweep_sign_ins(tx).await?;
        sweep_outbox(tx).await?;
        sweep_user_notices(tx).await?;
        sweep_notices(tx).await
    }
}
