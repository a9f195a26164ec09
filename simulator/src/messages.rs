//! Messages to people: a Telegram Bot API and a mail server that deliver to nobody. What they took can be read here, and
//! they can fail in every way that such services do.

mod mail;
mod mime;
mod telegram;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) use self::mail::serve as serve_mail;
pub(crate) use self::mime::base64;
use crate::state::Inner;

/// Messages that are kept, newest last.
const KEPT: usize = 500;

/// A message that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SimulatedMessage {
    /// By which way it came.
    pub way: MessageWay,
    /// The chat or the mailbox.
    pub to: String,
    /// Of a mail.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// When it came, in milliseconds since 1970.
    pub at_ms: i64,
}

/// A way for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageWay {
    /// The Bot API.
    Telegram,
    /// SMTP.
    Mail,
}

/// How a message is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageFault {
    /// Telegram: 429 with `retry_after` 3. Mail: 451 to RCPT (greylisting).
    Busy,
    /// Telegram: 401. Mail: 535 to AUTH.
    BadLogin,
    /// Telegram: 400, chat not found. Mail: 550 to RCPT.
    BadAddress,
    /// Telegram: 403, the bot was thrown out. Mail: 553 to MAIL FROM.
    ThrownOut,
    /// Telegram: 400. Mail: 554 after the text.
    Refused,
    /// Telegram: 500 in JSON. Mail: 421 as its first words.
    Broken,
    /// No answer (after the text), and the connection stays open.
    Hang,
    /// The connection is closed instead of an answer, after the text.
    Drop,
    /// Telegram: a page of HTML with 200. Mail: words that are no SMTP.
    Garbage,
    /// Telegram: 302 elsewhere. Mail: as `garbage`.
    Redirect,
    /// The text was taken, and the connection is closed instead of an answer.
    TakenThenDrop,
}

/// What came, and what is to go wrong.
#[derive(Default)]
pub(crate) struct Messages(Mutex<Desk>);

#[derive(Default)]
struct Desk {
    taken: VecDeque<SimulatedMessage>,
    faults: Vec<Fault>,
    struck: BTreeMap<String, u64>,
}

/// A fault, and how often it still strikes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    way: MessageWay,
    fault: MessageFault,
    times: u32,
}

pub(crate) fn router() -> Router<Arc<Inner>> {
    telegram::router().route("/admin/messages", get(read).post(set))
}

impl Messages {
    fn desk<T>(&self, work: impl FnOnce(&mut Desk) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn taken(&self) -> Vec<SimulatedMessage> {
        self.desk(|desk| desk.taken.iter().cloned().collect())
    }

    /// The next messages by this way fail so.
    pub(crate) fn fail(&self, way: MessageWay, fault: MessageFault, times: u32) {
        self.desk(|desk| desk.faults.push(Fault { way, fault, times }));
    }

    /// How often a fault has struck.
    pub(crate) fn struck(&self) -> BTreeMap<String, u64> {
        self.desk(|desk| desk.struck.clone())
    }

    fn take(&self, message: SimulatedMessage) {
        self.desk(|desk| {
            if desk.taken.len() == KEPT {
                desk.taken.pop_front();
            }
            desk.taken.push_back(message);
        });
    }

    /// What the message that comes now meets with. Each message asks once.
    fn strikes(&self, way: MessageWay) -> Option<MessageFault> {
        self.desk(|desk| {
            let fault = desk.faults.iter_mut().find(|fault| fault.way == way && fault.times > 0)?;
            fault.times -= 1;
            let fault = fault.fault;
            *desk.struck.entry(format!("{way:?} {fault:?}")).or_default() += 1;
            Some(fault)
        })
    }
}

async fn read(State(inner): State<Arc<Inner>>) -> Json<Value> {
    Json(json!({ "messages": inner.messages.taken(), "struck": inner.messages.struck() }))
}

async fn set(State(inner): State<Arc<Inner>>, Json(fault): Json<Fault>) -> Json<Value> {
    inner.messages.fail(fault.way, fault.fault, fault.times);
    Json(json!({ "times": fault.times }))
}
