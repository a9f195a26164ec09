//! Mails to users, and what else goes to them by one of the operator's channels. [`post`] writes one down in the transaction
//! of the change that it tells of, so that nothing is lost and nothing invented; a worker takes it from there under a lease
//! ([`ClaimMails`]), sends it by the operator's mail server or bot, and writes down what became of it ([`RecordMail`]).
//!
//! A mail arrives at least once: a worker that dies after sending and before recording has it sent again. What it was about
//! is forgotten as soon as it was sent or given up; that it was, is kept for a while.

mod jobs;
mod post;
mod record;

pub use jobs::{ClaimMails, MailJob};
pub use post::MailFacts;
pub(crate) use post::{NewMail, mail_is_on, post, post_mail};
pub(crate) use record::sweep_outbox;
pub use record::{OutboxState, RecordMail};

use domain::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

/// What could not be sent within this time is no news any more. What has a link is given up when the link is.
const NEWS_FOR_MS: i64 = DAY_MS;
/// That a mail was sent or given up is kept for so long.
const KEPT_MS: i64 = 30 * DAY_MS;
/// Longer than sending one mail can take.
const LEASE_MS: i64 = MINUTE_MS;
/// The pause after a first failure; it doubles with each.
const FIRST_PAUSE_MS: i64 = 10 * SECOND_MS;
/// The longest pause.
const LONGEST_PAUSE_MS: i64 = HOUR_MS;

/// Where a mail's secret stands.
fn place(public_id: &str) -> String {
    format!("outbox:{public_id}:secret")
}
