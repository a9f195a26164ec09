//! Files that were sent, between their upload and what is done with them.

use domain::HOUR_MS;

use crate::Store;
use crate::db::{Tx, sql};
use crate::error::Error;

/// Long enough to look at what would be read, and to decide.
const KEPT_MS: i64 = HOUR_MS;

/// Keeps a text for the session that sent it, beside the drafts of its forms; the id under which it is found again. A
/// session has one of each kind at a time.
pub(crate) async fn keep_text(
    tx: &mut Tx<'_>,
    kind: &str,
    session: &str,
    text: &str,
) -> Result<String, Error> {
    let (id, owner) = (tx.ambient.token(), owner(kind, session));
    sql("DELETE FROM form_draft WHERE owner = $1").bind(&owner).execute(&mut tx.conn).await?;
    sql("INSERT INTO form_draft (id, owner, content, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(&id)
        .bind(&owner)
        .bind(text)
        .bind(tx.now.plus_ms(KEPT_MS))
        .execute(&mut tx.conn)
        .await?;
    Ok(id)
}

/// A text, while it is kept and if it is this session's.
pub(crate) async fn kept_text(
    store: &Store,
    kind: &str,
    id: &str,
    session: &str,
) -> Result<Option<String>, Error> {
    let query = sql("SELECT content FROM form_draft WHERE id = $1 AND owner = $2 AND expires_at > $3")
        .bind(id)
        .bind(owner(kind, session))
        .bind(store.now());
    store.db().optional(query).await?.map(|row| row.text("content")).transpose()
}

/// Apart from the drafts of the session's forms: those are read as something else.
fn owner(kind: &str, session: &str) -> String {
    format!("{kind}:{session}")
}
