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
