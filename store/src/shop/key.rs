use crate::crypto::hex;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;

/// Whether the server's key is the one that the database was made with; the first one to ask sets it.
pub(crate) struct CheckKey;

impl Operation for CheckKey {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let fingerprint = hex(&tx.key.mac("fingerprint", &[]));
        sql("INSERT INTO meta (name, value) VALUES ('key_fingerprint', $1) ON CONFLICT DO NOTHING")
            .bind(&fingerprint)
            .execute(&mut tx.conn)
            .await?;
        let row = sql("SELECT value FROM meta WHERE name = 'key_fingerprint'").one(&mut tx.conn).await?;
        Ok(row.text("value")? == fingerprint)
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
