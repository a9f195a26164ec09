//! What the operator is told, by Telegram or by mail. [`tell`] writes it down in the transaction in which it happens, so
//! that nothing is lost and nothing invented; a worker takes it from there under a lease of its channel
//! ([`ClaimNotices`]), sends it, and writes down what became of it ([`RecordNotices`]).
//!
//! A message arrives at least once: a worker that dies after sending and before recording has it sent again.

mod channel;
mod jobs;
mod read;
mod record;
mod tell;
mod words;

pub use channel::{ChannelSettings, EmailSettings, MailSecurity, SaveNoticeChannel, TelegramSettings};
pub(crate) use jobs::access;
pub use jobs::{ClaimNotices, NoticeAccess, NoticeJob, NoticeSubject, NoticeTask, WaitingNotice};
pub use read::{NoticeChannelState, NoticeProblem, NoticeRules, NoticeTest};
pub(crate) use record::sweep_notices;
pub use record::{Failure as NoticeFailure, NoticeOutcome, RecordNotices};
pub(crate) use tell::{Told, tell, tell_of_purchase};
pub use words::{SaveNoticeRules, SaveNoticeText, TestNoticeChannel};

use domain::{DAY_MS, MINUTE_MS, NoticeChannel, SECOND_MS};

/// What nobody could be told within this time is not news any more.
const NEWS_FOR_MS: i64 = DAY_MS;
/// Settled and given up notices are kept for so long.
const KEPT_MS: i64 = 30 * DAY_MS;
/// Notices that one claim takes at most, to be sent as one message. With the pace below it is also the most that a channel
/// tells: 800 a minute by Telegram. A shop that sells faster should not want to hear of each sale.
const BATCH_MOST: i64 = 40;
/// Longer than sending one message can take.
const LEASE_MS: i64 = MINUTE_MS;

/// The shortest time between two messages; what happens meanwhile is gathered. Telegram takes 20 a minute into a group;
/// nobody wants more than a mail a minute.
const fn pace_ms(channel: NoticeChannel) -> i64 {
    match channel {
        NoticeChannel::Telegram => 3 * SECOND_MS,
        NoticeChannel::Email => MINUTE_MS,
    }
}
