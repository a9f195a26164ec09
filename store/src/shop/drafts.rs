use domain::{MINUTE_MS, UtcMillis};

use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::FormDraft;

/// How long a refused form's content is kept.
const KEPT_MS: i64 = 10 * MINUTE_MS;
/// Of a larger draft only the refusal is kept: anyone can send forms, and no form of ours holds so much.
const MOST_BYTES: usize = 8 * 1024;

/// Keeps what was typed into a refused form, for its owner alone. Returns the id under which [`Store::form_draft`] finds it.
pub struct KeepDraft {
    /// The session's key.
    pub owner: String,
    /// What was typed, and what was wrong.
    pub draft: FormDraft,
}

impl Operation for KeepDraft {
    type Output = String;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let id = tx.ambient.token();
        let mut content = serde_json::to_string(&self.draft).map_err(Error::corrupt)?;
        if content.len() > MOST_BYTES {
            let bare = FormDraft { values: Vec::new(), refusal: self.draft.refusal.clone() };
            content = serde_json::to_string(&bare).map_err(Error::corrupt)?;
        }
        sql("INSERT INTO form_draft (id, owner, content, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(&id)
            .bind(&self.owner)
            .bind(content)
            .bind(tx.now.plus_ms(KEPT_MS))
            .execute(&mut tx.conn)
            .await?;
        Ok(id)
    }
}

impl Store {
    /// A refused form's content, while it is kept and if it is the owner's.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn form_draft(&self, id: &str, owner: &str) -> Result<Option<FormDraft>, Error> {
        let now: UtcMillis = self.now();
        let row = self
            .db()
            .optional(
                sql("SELECT content FROM form_draft WHERE id = $1 AND owner = $2 AND expires_at > $3")
                    .bind(id)
                    .bind(owner)
                    .bind(now),
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        serde_json::from_str(&row.text("content")?).map(Some).map_err(Error::corrupt)
    }
}
