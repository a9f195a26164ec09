use crate::crypto::{hex, open, seal};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;

/// Whether the server's key is the one that the database was made with; the first one to ask sets it.
pub(crate) struct CheckKey;

impl Operation for CheckKey {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let fingerprints: Vec<String> = tx.key.macs("fingerprint", &[]).iter().map(|mac| hex(mac)).collect();
        let current = fingerprints.first().cloned().unwrap_or_default();
        sql("INSERT INTO meta (name, value) VALUES ('key_fingerprint', $1) ON CONFLICT DO NOTHING")
            .bind(&current)
            .execute(&mut tx.conn)
            .await?;
        let row = sql("SELECT value FROM meta WHERE name = 'key_fingerprint'").one(&mut tx.conn).await?;
        let known = row.text("value")?;
        if !fingerprints.contains(&known) {
            return Ok(false);
        }
        if known != current {
            // The key was changed: from now on a server that does not have the new one is refused.
            sql("UPDATE meta SET value = $1 WHERE name = 'key_fingerprint'")
                .bind(&current)
                .execute(&mut tx.conn)
                .await?;
        }
        Ok(true)
    }
}

/// Seals every secret anew with the current key; how many there are. No server may run: one with the old keys could not
/// read them.
pub struct SealSecretsAnew;

/// Where secrets stand: table and column, as in the sealed value's place, and how to read and write them.
const SECRETS: &[(&str, &str, &str, &str)] = &[
    (
        "gateway",
        "api_key",
        "SELECT name AS owner, api_key AS secret FROM gateway WHERE api_key IS NOT NULL",
        "UPDATE gateway SET api_key = $1 WHERE name = $2",
    ),
    (
        "gateway",
        "webhook_secret",
        "SELECT name AS owner, webhook_secret AS secret FROM gateway WHERE webhook_secret IS NOT NULL",
        "UPDATE gateway SET webhook_secret = $1 WHERE name = $2",
    ),
    (
        "pay_gateway",
        "api_key",
        "SELECT name AS owner, api_key AS secret FROM pay_gateway",
        "UPDATE pay_gateway SET api_key = $1 WHERE name = $2",
    ),
    (
        "pay_gateway",
        "private_key",
        "SELECT name AS owner, private_key AS secret FROM pay_gateway WHERE private_key IS NOT NULL",
        "UPDATE pay_gateway SET private_key = $1 WHERE name = $2",
    ),
    (
        "xl_account",
        "token",
        "SELECT public_id AS owner, token AS secret FROM xl_account",
        "UPDATE xl_account SET token = $1 WHERE public_id = $2",
    ),
    (
        "notice_channel",
        "secret",
        "SELECT name AS owner, secret FROM notice_channel WHERE secret IS NOT NULL",
        "UPDATE notice_channel SET secret = $1 WHERE name = $2",
    ),
    (
        "outbox",
        "secret",
        "SELECT public_id AS owner, secret FROM outbox WHERE secret IS NOT NULL",
        "UPDATE outbox SET secret = $1 WHERE public_id = $2",
    ),
    (
        "one_time_link",
        "sealed",
        "SELECT token_hash AS owner, sealed AS secret FROM one_time_link WHERE sealed IS NOT NULL",
        "UPDATE one_time_link SET sealed = $1 WHERE token_hash = $2",
    ),
];

impl Operation for SealSecretsAnew {
    type Output = usize;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<usize, Error> {
        let mut count = 0;
        for (table, column, read, write) in SECRETS {
            for row in sql(read).all(&mut tx.conn).await? {
                let name = row.text("owner")?;
                let place = format!("{table}:{name}:{column}");
                let secret = open(tx.key, &place, &row.bytes("secret")?)?;
                let sealed = seal(tx.key, tx.ambient, &place, &secret)?;
                sql(write).bind(sealed).bind(name).execute(&mut tx.conn).await?;
                count += 1;
            }
        }
        // Codes and challenges live for minutes: whoever waits for one asks again.
        sql("UPDATE xl_otp SET challenge = NULL, code = NULL, step = 'failed' \
             WHERE step IN ('requested', 'sent', 'verifying')")
        .execute(&mut tx.conn)
        .await?;
        audit(tx, None, "rotate_keys", "secrets", &count.to_string()).await?;
        Ok(count)
    }
}

/// Whether the database may be used in this way. A demo is for a database of its own: its users' passwords are shown to
/// everyone, so it must never get at a real shop, nor a real shop be made of it.
pub struct EnterDemo {
    /// To run the demo; `false` for a real shop.
    pub demo: bool,
}

impl Operation for EnterDemo {
    type Output = bool;

    /// Marks a database without users as a demo's.
    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let marked =
            sql("SELECT value FROM meta WHERE name = 'demo'").optional(&mut tx.conn).await?.is_some();
        if marked || !self.demo {
            return Ok(marked == self.demo);
        }
        if sql("SELECT id FROM users LIMIT 1").optional(&mut tx.conn).await?.is_some() {
            return Ok(false);
        }
        sql("INSERT INTO meta (name, value) VALUES ('demo', 'yes') ON CONFLICT DO NOTHING")
            .execute(&mut tx.conn)
            .await?;
        Ok(true)
    }
}
