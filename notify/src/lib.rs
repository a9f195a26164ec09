//! Ways to send a message to a person: a Telegram bot, and mail by SMTP. Each message goes to whom the caller says, so the
//! same sender serves the operator and, one day, members.
//!
//! A sender knows no database and retries nothing. A failure says what is wrong by a word of a closed set and a number; it
//! holds no address, no secret and nothing that a server wrote.

mod mail;
mod telegram;

#[cfg(test)]
mod tests;

use std::time::Duration;

use domain::NoticeTrouble;

pub use mail::{Mail, MailConfig, MailCredentials, MailSecurity};
pub use telegram::{Telegram, TelegramConfig};

/// A way to send.
#[derive(Clone, Debug)]
pub enum Sender {
    /// To a chat, by its id or `@name`.
    Telegram(Telegram),
    /// To a mailbox, by its address.
    Mail(Mail),
}

/// What is sent, as plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One line; control characters are left out. A chat does not show it.
    pub subject: String,
    /// The text. A chat takes at most [`Telegram::TEXT_MOST_UNITS`].
    pub text: String,
}

/// Why a message did not go out, as far as is known: without an answer it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{trouble:?} ({code:?})")]
pub struct Failure {
    /// What is wrong.
    pub trouble: NoticeTrouble,
    /// The status of HTTP or the reply code of SMTP.
    pub code: Option<u16>,
    /// How long the service asks to be left alone.
    pub wait: Option<Duration>,
}

impl Sender {
    /// Sends a message, once.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn send(&self, to: &str, message: &Message) -> Result<(), Failure> {
        match self {
            Self::Telegram(telegram) => telegram.send(to, &message.text).await,
            Self::Mail(mail) => mail.send(to, message).await,
        }
    }
}

impl Failure {
    const fn new(trouble: NoticeTrouble) -> Self {
        Self { trouble, code: None, wait: None }
    }

    const fn with_code(trouble: NoticeTrouble, code: u16) -> Self {
        Self { trouble, code: Some(code), wait: None }
    }
}

/// Whether a host is this very machine: the only one that may be spoken to in the clear.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
