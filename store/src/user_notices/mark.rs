use domain::{DAY_MS, PublicId, Refusal};

use super::read::{UserNotice, own_notice};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// A notice that was read is kept for so long.
const READ_KEPT_MS: i64 = 90 * DAY_MS;
/// One that nobody reads goes after a year.
const UNREAD_KEPT_MS: i64 = 365 * DAY_MS;
/// Rows deleted, or marked, in one transaction.
const AT_ONCE_MOST: i64 = 1_000;

/// A user opens a notice: it is read, and what it is about is told.
#[derive(Clone, Debug)]
pub struct ReadUserNotice {
    /// Who.
    pub user: UserId,
    /// Which.
    pub notice: PublicId,
}

impl Operation for ReadUserNotice {
    type Output = UserNotice;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<UserNotice, Error> {
        sql("UPDATE user_notice SET read_at = $1 WHERE public_id = $2 AND user_id = $3 AND read_at IS NULL")
            .bind(tx.now)
            .bind(&self.notice)
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        own_notice(tx, self.user, &self.notice).await?.ok_or_else(|| Refusal::NotFound.into())
    }
}

/// A user has read all notices up to one, which the page had shown: what came after it was not seen yet. Some at a time, so
/// that nobody else waits for somebody with many thousands; whether there may be more.
#[derive(Clone, Debug)]
pub struct ReadUserNotices {
    /// Who.
    pub user: UserId,
    /// The newest that was shown.
    pub up_to: PublicId,
}

impl Operation for ReadUserNotices {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let up_to = sql("SELECT id FROM user_notice WHERE public_id = $1 AND user_id = $2")
            .bind(&self.up_to)
            .bind(self.user)
            .optional(&mut tx.conn)
            .await?
            .ok_or(Refusal::NotFound)?
            .int("id")?;
        let marked = sql("UPDATE user_notice SET read_at = $1 WHERE id IN (SELECT id FROM user_notice \
                          WHERE user_id = $2 AND read_at IS NULL AND id <= $3 ORDER BY id LIMIT $4)")
        .bind(tx.now)
        .bind(self.user)
        .bind(up_to)
        .bind(AT_ONCE_MOST)
        .execute(&mut tx.conn)
        .await?;
        Ok(i64::try_from(marked).unwrap_or_default() == AT_ONCE_MOST)
    }
}

/// Deletes notices that were read long ago, and very old ones. The oldest rows are those with the lowest numbers, so nothing
/// is looked through to find them.
pub(crate) async fn sweep_user_notices(tx: &mut Tx<'_>) -> Result<(), Error> {
    sql("DELETE FROM user_notice WHERE id IN (SELECT id FROM user_notice WHERE read_at IS NOT NULL AND read_at <= $1 \
         ORDER BY read_at LIMIT $2)")
    .bind(tx.now.plus_ms(-READ_KEPT_MS))
    .bind(AT_ONCE_MOST)
    .execute(&mut tx.conn)
    .await?;
    sql("DELETE FROM user_notice WHERE created_at <= $1 AND id IN (SELECT id FROM user_notice ORDER BY id LIMIT $2)")
        .bind(tx.now.plus_ms(-UNREAD_KEPT_MS))
        .bind(AT_ONCE_MOST)
        .execute(&mut tx.conn)
        .await?;
    // A code that nobody typed.
    sql("DELETE FROM user_telegram WHERE chat IS NULL AND code_until <= $1")
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}
