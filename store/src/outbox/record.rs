use domain::NoticeTrouble;

use super::{FIRST_PAUSE_MS, KEPT_MS, LONGEST_PAUSE_MS, NEWS_FOR_MS};
use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::news::News;
use crate::notices::NoticeFailure;

/// Writes down what became of a mail. A worker whose token is old changes nothing; whether it was heard.
#[derive(Clone, Debug)]
pub struct RecordMail {
    /// Its row.
    pub id: i64,
    /// The claim's fencing token.
    pub token: i64,
    /// Whether it was taken, or why not.
    pub outcome: Result<(), NoticeFailure>,
}

impl Operation for RecordMail {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let tries = sql("UPDATE outbox SET lease_until = 0, tries = tries + 1 \
                         WHERE id = $1 AND lease_token = $2 AND state = 'waiting' RETURNING tries")
        .bind(self.id)
        .bind(self.token)
        .optional(&mut tx.conn)
        .await?;
        let Some(row) = tries else { return Ok(false) };
        match &self.outcome {
            Ok(()) => settle(tx, self.id, "sent", None).await?,
            // It would be refused again: there is no such mailbox, or the mail is not wanted.
            Err(NoticeFailure {
                trouble: trouble @ (NoticeTrouble::BadAddress | NoticeTrouble::Refused),
                ..
            }) => {
                settle(tx, self.id, "failed", Some(*trouble)).await?;
            }
            Err(failure) => self.try_again(tx, row.int("tries")?, failure).await?,
        }
        // A place is free for the next one.
        tx.news.push(News::Mail);
        Ok(true)
    }
}

impl RecordMail {
    async fn try_again(&self, tx: &mut Tx<'_>, tries: i64, failure: &NoticeFailure) -> Result<(), Error> {
        let pause_ms = FIRST_PAUSE_MS.saturating_mul(1_i64 << (tries - 1).clamp(0, 16)).min(LONGEST_PAUSE_MS);
        let pause_ms = pause_ms.max(failure.wait_ms.min(NEWS_FOR_MS));
        sql("UPDATE outbox SET due_at = $2, trouble = $3 WHERE id = $1")
            .bind(self.id)
            .bind(tx.now.plus_ms(pause_ms))
            .bind(failure.trouble.as_str())
            .execute(&mut tx.conn)
            .await?;
        Ok(())
    }
}

/// It is over: who it was to and what it held is forgotten.
pub(super) async fn settle(
    tx: &mut Tx<'_>,
    id: i64,
    state: &str,
    trouble: Option<NoticeTrouble>,
) -> Result<(), Error> {
    sql("UPDATE outbox SET state = $2, settled_at = $3, trouble = COALESCE($4, trouble), address = '', facts = '{}', \
         secret = NULL, lease_until = 0 WHERE id = $1")
    .bind(id)
    .bind(state)
    .bind(tx.now)
    .bind(trouble.map(NoticeTrouble::as_str))
    .execute(&mut tx.conn)
    .await?;
    Ok(())
}

/// How mails to users fare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxState {
    /// What waits to be sent.
    pub waiting: i64,
    /// What could not be sent, of the last 30 days.
    pub given_up: i64,
}

impl Store {
    /// How mails to users fare.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn outbox_state(&self) -> Result<OutboxState, Error> {
        let query = sql(
            "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND user_id IS NOT NULL) AS waiting, \
                         (SELECT COUNT(*) FROM outbox WHERE state = 'failed') AS given_up",
        );
        let row = self.db().one(query).await?;
        Ok(OutboxState { waiting: row.int("waiting")?, given_up: row.int("given_up")? })
    }
}

/// Forgets what nobody can be told any more, even where no mail is sent at all, and deletes what is long over.
pub(crate) async fn sweep_outbox(tx: &mut Tx<'_>) -> Result<(), Error> {
    sql("UPDATE outbox SET state = 'failed', settled_at = $1, address = '', facts = '{}', secret = NULL \
         WHERE state = 'waiting' AND give_up_at <= $1 AND lease_until <= $1")
    .bind(tx.now)
    .execute(&mut tx.conn)
    .await?;
    sql("DELETE FROM outbox WHERE user_id IS NULL").execute(&mut tx.conn).await?;
    sql("DELETE FROM outbox WHERE created_at <= $1")
        .bind(tx.now.plus_ms(-KEPT_MS))
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}
