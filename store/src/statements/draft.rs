use domain::{FieldCode, Refusal};

use crate::Store;
use crate::db::{Operation, Tx};
use crate::error::Error;
use crate::shop::{keep_text, kept_text};

/// What it is kept as, apart from other texts of the session.
const KIND: &str = "statement";
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
        keep_text(tx, KIND, &self.owner, &self.text).await
    }
}

impl Store {
    /// A statement's text, while it is kept and if it is this session's.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn kept_statement(&self, id: &str, session: &str) -> Result<Option<String>, Error> {
        kept_text(self, KIND, id, session).await
    }
}
