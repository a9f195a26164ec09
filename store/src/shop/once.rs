use domain::{FieldCode, Refusal, UtcMillis};

use crate::crypto::{digest, hex};
use crate::db::{Tx, Value, insert_rows, sql};
use crate::error::Error;
use crate::model::UserId;

const KEY_MOST_CHARS: usize = 64;

/// The idempotency row, first in an operation's transaction. `None`: go on, this is the first time, and `result` is what
/// repeats will get. `Some`: the first time's result. It is undone with the rest when the operation is refused later: a
/// refusal may succeed another time.
///
/// # Errors
/// [`Refusal::IdempotencyConflict`] when the key came with another request before.
pub(crate) async fn once(
    tx: &mut Tx<'_>,
    user: UserId,
    operation: &str,
    key: &str,
    request: &[String],
    result: &str,
) -> Result<Option<String>, Error> {
    if key.is_empty() || key.chars().count() > KEY_MOST_CHARS {
        return Err(Refusal::field("key", FieldCode::Required).into());
    }
    let request_hash = hex(&digest(&request.iter().map(String::as_str).collect::<Vec<_>>()));
    let fresh = sql("INSERT INTO idempotency (user_id, operation, key, request_hash, result, created_at) \
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING key")
    .bind(user)
    .bind(operation)
    .bind(key)
    .bind(&request_hash)
    .bind(result)
    .bind(tx.now)
    .optional(&mut tx.conn)
    .await?;
    if fresh.is_some() {
        return Ok(None);
    }
    let first = sql(
        "SELECT request_hash, result FROM idempotency WHERE user_id = $1 AND operation = $2 AND key = $3",
    )
    .bind(user)
    .bind(operation)
    .bind(key)
    .one(&mut tx.conn)
    .await?;
    if first.text("request_hash")? == request_hash {
        Ok(Some(first.text("result")?))
    } else {
        Err(Refusal::IdempotencyConflict.into())
    }
}

/// The rows that [`once`] would have left for operations of the past: user, key, result, time.
pub(crate) async fn once_rows(
    tx: &mut Tx<'_>,
    operation: &'static str,
    past: &[(UserId, String, &str, UtcMillis)],
) -> Result<(), Error> {
    let row = |(user, key, result, at): &(UserId, String, &str, UtcMillis)| {
        [(*user).into(), operation.into(), key.into(), "".into(), (*result).into(), (*at).into()]
    };
    let rows: Vec<[Value; 6]> = past.iter().map(row).collect();
    insert_rows(
        &mut tx.conn,
        "INSERT INTO idempotency (user_id, operation, key, request_hash, result, created_at)",
        &rows,
        "",
    )
    .await?;
    Ok(())
}
