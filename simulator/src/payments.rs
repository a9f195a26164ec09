//! Payment gateways to develop and test top-ups against: a Midtrans and a Tripay that do as the contract paper says, and
//! misbehave when they are told to (see `payments/behaviour.rs`). They have one book of what was really paid.

mod acts;
mod admin;
mod behaviour;
mod book;
mod midtrans;
mod notify;
mod pages;
mod qr;
mod tripay;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde::Serialize;
use serde_json::Value;

pub use self::acts::PaymentAct;
pub use self::behaviour::{PaymentFault, PaymentRule};
pub(crate) use self::book::PaymentBook;
pub use self::book::{
    ChargeState, MoneyBack, MoneyBackKind, PaymentCode, PaymentCodeBank, PaymentOrder, PaymentProvider,
    PaymentTotals, SettledPayment,
};
use self::notify::Tellings;
pub(crate) use self::notify::{deliver, tell_in_time};
use crate::faults::{self, Reply};
use crate::journal::Synced;
use crate::state::Inner;
use crate::{AnswerFate, SimulatorConfig};

/// The largest request that is read. A charge has a few hundred bytes, with its items a few thousand.
const BODY_LIMIT_BYTES: usize = 64 * 1024;

pub(crate) fn router() -> Router<Arc<Inner>> {
    midtrans::router().merge(tripay::router()).merge(admin::router()).merge(pages::router())
}

/// A call of the shop's, or a notification to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaymentCall {
    Charge,
    Status,
    Cancel,
    Expire,
    Refund,
    List,
    Channels,
    Notification,
}

/// All that the payment gateways hold.
pub(crate) struct Payments {
    pub(crate) book: PaymentBook,
    pub(crate) rules: Vec<PaymentRule>,
    pub(crate) counters: PaymentCounters,
    pub(crate) tellings: Tellings,
    pub(crate) idempotency: midtrans::Idempotency,
    /// How often a charge with this order id arrived, made or not.
    attempts: HashMap<(PaymentProvider, String), u32>,
}

/// How often each thing really happened, so that a fault injector that never strikes is seen.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct PaymentCounters {
    /// Calls with a good key, by gateway and name.
    pub(crate) calls: BTreeMap<String, u64>,
    /// Calls that were refused for their key or signature, by gateway.
    pub(crate) refused: BTreeMap<String, u64>,
    /// Charges that were made, by gateway.
    pub(crate) made: BTreeMap<String, u64>,
    /// Answers given again for a repeated idempotency key.
    pub(crate) replayed: u64,
    /// Faults that struck, by name.
    pub(crate) faults: BTreeMap<String, u64>,
    /// What became of notifications, by word.
    pub(crate) notifications: BTreeMap<String, u64>,
}

/// What a call comes to.
pub(crate) struct Answered {
    pub(crate) http: StatusCode,
    pub(crate) body: Value,
    pub(crate) fault: Option<PaymentFault>,
    /// The order whose notifications go out before the answer.
    pub(crate) tell_first: Option<String>,
}

impl PaymentCall {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Status => "status",
            Self::Cancel => "cancel",
            Self::Expire => "expire",
            Self::Refund => "refund",
            Self::List => "list",
            Self::Channels => "channels",
            Self::Notification => "notification",
        }
    }
}

impl Payments {
    pub(crate) fn new(config: &SimulatorConfig) -> Self {
        Self {
            book: PaymentBook::default(),
            rules: Vec::new(),
            counters: PaymentCounters::default(),
            tellings: Tellings::new(config),
            idempotency: midtrans::Idempotency::default(),
            attempts: HashMap::new(),
        }
    }

    /// Counts a charge that arrived; gives how many there were with this order id.
    fn attempt(&mut self, provider: PaymentProvider, order_id: &str) -> u32 {
        let attempts = self.attempts.entry((provider, order_id.to_owned())).or_default();
        *attempts = attempts.saturating_add(1);
        // After a restart the count begins anew, and what is in the book had an attempt.
        let known = self.book.of(order_id).filter(|order| order.provider == provider).count();
        (*attempts).max(u32::try_from(known).unwrap_or(u32::MAX).saturating_add(1))
    }
}

impl Answered {
    pub(crate) const fn honest(http: StatusCode, body: Value) -> Self {
        Self { http, body, fault: None, tell_first: None }
    }

    /// Sends it, once what it tells is on disk and has been told where it must be told first.
    pub(crate) async fn send(self, inner: &Arc<Inner>, synced: Option<Synced>) -> Response {
        if let Some(synced) = synced
            && synced.await.is_err()
        {
            // The book is not on disk: say nothing, as a gateway that has died.
            return faults::answer(AnswerFate::Close, reply(Value::Null)).await;
        }
        if let Some(order_id) = &self.tell_first {
            notify::deliver(inner, Some(order_id)).await;
        }
        if let Some(fault) = &self.fault {
            tokio::time::sleep(fault.pause()).await;
            let fate = fault.fate();
            if fate != AnswerFate::Honest {
                return faults::answer(fate, reply(self.body)).await;
            }
        }
        (self.http, Json(self.body)).into_response()
    }
}

fn reply(body: Value) -> Reply {
    Reply { body, here: String::new(), recode: |_, _, _| {} }
}

/// The simulator's own address, as the caller sees it.
fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or("127.0.0.1"))
}
