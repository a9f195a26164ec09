use domain::{AlarmKind, MINUTE_MS, NoticeChannel, NoticeTrouble, SECOND_MS, UtcMillis};

use super::{KEPT_MS, NEWS_FOR_MS, pace_ms};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::gateways::{close_alarm, open_alarm};
use crate::news::News;

/// A channel that fails for so long calls a human on the admins' first page.
const ALARM_AFTER_MS: i64 = 15 * MINUTE_MS;
/// The pause after a first failure; it doubles with each.
const FIRST_PAUSE_MS: i64 = 5 * SECOND_MS;
/// The longest pause.
const LONGEST_PAUSE_MS: i64 = 15 * MINUTE_MS;

/// Writes down what became of a message. A worker whose token is old changes nothing; whether it was heard.
#[derive(Clone, Debug)]
pub struct RecordNotices {
    /// By which channel.
    pub channel: NoticeChannel,
    /// The claim's fencing token.
    pub token: i64,
    /// What became of it.
    pub outcome: NoticeOutcome,
}

/// What became of a message.
#[derive(Clone, Debug)]
pub enum NoticeOutcome {
    /// A test message arrived, or why not.
    Tested(Result<(), Failure>),
    /// What was claimed, up to the row `last`, was told.
    Sent {
        /// The last notice that was in the message.
        last: i64,
    },
    /// It was not.
    Failed {
        /// The last notice that was in the message.
        last: i64,
        /// Why.
        failure: Failure,
    },
}

/// Why a message did not go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong.
    pub trouble: NoticeTrouble,
    /// The number that came with it, such as an HTTP status.
    pub code: Option<i64>,
    /// How long the service wants to be left alone, in milliseconds.
    pub wait_ms: i64,
}

impl Operation for RecordNotices {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let channel = self.channel;
        let ours = sql("UPDATE notice_channel SET lease_until = 0 WHERE name = $1 AND lease_token = $2")
            .bind(channel.as_str())
            .bind(self.token)
            .execute(&mut tx.conn)
            .await?;
        if ours == 0 {
            return Ok(false);
        }
        match &self.outcome {
            NoticeOutcome::Tested(Ok(())) => self.works(tx, true).await?,
            NoticeOutcome::Tested(Err(failure)) => failed(tx, channel, true, failure).await?,
            NoticeOutcome::Sent { last } => {
                self.settle(tx, "sent", *last).await?;
                self.works(tx, false).await?;
            }
            NoticeOutcome::Failed { last, failure } => {
                if failure.trouble == NoticeTrouble::Refused {
                    // It would be refused again, and hold up what comes after it.
                    self.settle(tx, "failed", *last).await?;
                }
                failed(tx, channel, false, failure).await?;
            }
        }
        tx.news.push(News::Notices);
        Ok(true)
    }
}

impl RecordNotices {
    async fn settle(&self, tx: &mut Tx<'_>, state: &str, last: i64) -> Result<(), Error> {
        sql("UPDATE notice SET state = $1, settled_at = $2 WHERE channel = $3 AND batch = $4 AND id <= $5 AND state = 'waiting'")
            .bind(state)
            .bind(tx.now)
            .bind(self.channel.as_str())
            .bind(self.token)
            .bind(last)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }

    /// A message has arrived: whatever was wrong is over.
    async fn works(&self, tx: &mut Tx<'_>, test: bool) -> Result<(), Error> {
        let text = if test {
            "UPDATE notice_channel SET tries = 0, failing_since = NULL, trouble = NULL, trouble_code = NULL, due_at = $2, \
             test_due = 0, tested_at = $3, test_trouble = NULL, test_code = NULL WHERE name = $1"
        } else {
            "UPDATE notice_channel SET tries = 0, failing_since = NULL, trouble = NULL, trouble_code = NULL, due_at = $2, \
             sent_at = $3 WHERE name = $1"
        };
        sql(text)
            .bind(self.channel.as_str())
            .bind(tx.now.plus_ms(pace_ms(self.channel)))
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await?;
        close_alarm(tx, AlarmKind::NoticesFail, self.channel.as_str()).await
    }
}

/// Keeps what went wrong, and when it is tried again. A test tells the admin who asked, and nobody else.
pub(super) async fn failed(
    tx: &mut Tx<'_>,
    channel: NoticeChannel,
    test: bool,
    failure: &Failure,
) -> Result<(), Error> {
    if test {
        return sql("UPDATE notice_channel SET test_due = 0, tested_at = $2, test_trouble = $3, test_code = $4, lease_until = 0 \
                    WHERE name = $1")
            .bind(channel.as_str())
            .bind(tx.now)
            .bind(failure.trouble.as_str())
            .bind(failure.code)
            .execute(&mut tx.conn)
            .await
            .map(|_| ());
    }
    let row = sql("UPDATE notice_channel SET tries = tries + 1, failing_since = COALESCE(failing_since, $2), trouble = $3, \
                   trouble_code = $4, lease_until = 0 WHERE name = $1 RETURNING tries, failing_since")
        .bind(channel.as_str())
        .bind(tx.now)
        .bind(failure.trouble.as_str())
        .bind(failure.code)
        .one(&mut tx.conn)
        .await?;
    sql("UPDATE notice_channel SET due_at = $2 WHERE name = $1")
        .bind(channel.as_str())
        .bind(again_at(tx.now, row.int("tries")?, failure))
        .execute(&mut tx.conn)
        .await?;
    let long = tx.now.since_ms(row.time("failing_since")?) >= ALARM_AFTER_MS;
    if long || failure.trouble.needs_a_human() {
        open_alarm(tx, AlarmKind::NoticesFail, channel.as_str(), failure.trouble.as_str()).await?;
    }
    Ok(())
}

fn again_at(now: UtcMillis, tries: i64, failure: &Failure) -> UtcMillis {
    // The message that was refused for good is gone; the next one has a chance.
    let pause_ms = match failure.trouble {
        NoticeTrouble::Refused => FIRST_PAUSE_MS,
        trouble if trouble.needs_a_human() => LONGEST_PAUSE_MS,
        _ => FIRST_PAUSE_MS.saturating_mul(1_i64 << (tries - 1).clamp(0, 16)).min(LONGEST_PAUSE_MS),
    };
    now.plus_ms(pause_ms.max(failure.wait_ms.min(NEWS_FOR_MS)))
}

/// Gives up what is no news any more, and deletes what is long over.
pub(crate) async fn sweep_notices(tx: &mut Tx<'_>) -> Result<(), Error> {
    sql("UPDATE notice SET state = 'failed', settled_at = $1 WHERE state = 'waiting' AND created_at <= $2")
        .bind(tx.now)
        .bind(tx.now.plus_ms(-NEWS_FOR_MS))
        .execute(&mut tx.conn)
        .await?;
    sql("DELETE FROM notice WHERE created_at <= $1")
        .bind(tx.now.plus_ms(-KEPT_MS))
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
}
