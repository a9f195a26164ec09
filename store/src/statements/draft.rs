use domain::{FieldCode, HOUR_MS, Refusal, UtcMillis};

use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;

/// Long enough to say what the columns of a statement hold.
const KEPT_MS: i64 = HOUR_MS;
/// Twice what is taken as a file: a byte of an old encoding may become two.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Keeps the text of a statement between its upload and its being taken in, for the session that sent it. Each session
/// has one at a time, beside the drafts of its forms.
pub struct KeepStatement {
    /// The session's key.
    pub owner: String,
    /// The text.
    pub text: String,
}

impl Operation for KeepStatement {
    type Output = String;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<String, Error> {
        if self.text.len() > MOST_BYTES || self.text.contains('\0') {
            return Err(Refusal::field("file", FieldCode::BadStatement).into());
        }
        let (id, owner) = (tx.ambient.token(), owner(&self.owner));
        sql("DELETE FROM form_draft WHERE owner = $1").bind(&owner).execute(&mut tx.conn).await?;
        sql("INSERT INTO form_draft (id, owner, content, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(&id)
            .bind(&owner)
            .bind(&self.text)
            .bind(tx.now.plus_ms(KEPT_MS))
            .execute(&mut tx.conn)
            .await?;
        Ok(id)
    }
}

impl Store {
    /// A statement's text, while it is kept and if it is this session's.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn kept_statement(&self, id: &str, session: &str) -> Result<Option<String>, Error> {
        let now: UtcMillis = self.now();
        let query = sql("SELECT content FROM form_draft WHERE id = $1 AND owner = $2 AND expires_at > $3")
            .bind(id)
            .bind(owner(session))
            .bind(now);
        self.db().optional(query).await?.map(|row| row.text("content")).transpose()
    }
}

/// Apart from the drafts of the session's forms: those are read as something else.
fn owner(session: &str) -> String {
    format!("statement:{session}")
}
