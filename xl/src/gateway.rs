use std::time::Duration;

use domain::{Ask, Msisdn, Payment, PaymentAction, Rupiah, ShopTrouble, Verdict};
use futures_util::future::BoxFuture;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::secret::AccessToken;

/// One way to buy packages.
pub trait Gateway: Send + Sync + 'static {
    /// What packages call it, stored with each attempt: `digiflazz`.
    fn name(&self) -> &str;

    /// Which of the shop's accounts at the gateway this is: stored with each attempt, so that an order is never asked about
    /// at another account, where the same order would buy.
    fn account(&self) -> &str;

    /// Whether, and how, one may ask about an order at best; [`Gateway::query_kind_of`] says it of one order.
    fn query_kind(&self) -> QueryKind;

    /// Whether, and how, one may ask about an order of which the provider's own id is known, or not. Where the dialect
    /// takes no reference of ours, an order without an id cannot be asked about.
    fn query_kind_of(&self, _provider_id: Option<&str>) -> QueryKind {
        self.query_kind()
    }

    /// The times that the caller must keep.
    fn limits(&self) -> Limits;

    /// The text of an order, to be stored before it is sent. It holds no secret.
    fn order(&self, order: &Order) -> StoredRequest;

    /// The text of an order that the number's owner pays for. Dialects that know only the shop's deposit have no place
    /// for it, and give the text of the plain order.
    fn order_paid_by(&self, order: &Order, _payment: &Payment) -> StoredRequest {
        self.order(order)
    }

    /// Sends a stored order, once: for the first time, or (where the same order again is the query) as a question.
    /// `may_send` is asked just before the first byte goes out; if it says no, provably nothing has left. Dropping the
    /// future proves nothing: take it for [`Verdict::Unknown`].
    fn send<'a>(
        &'a self,
        request: &'a StoredRequest,
        ask: Ask,
        may_send: MaySend<'a>,
    ) -> BoxFuture<'a, Answer>;

    /// Sends a stored order for the first and only time, in a session where the dialect has such. The token is used for
    /// this one request and kept nowhere. The rules are those of [`Gateway::send`].
    fn purchase<'a>(
        &'a self,
        request: &'a StoredRequest,
        _session: Option<&'a AccessToken>,
        may_send: MaySend<'a>,
    ) -> BoxFuture<'a, Answer> {
        self.send(request, Ask::FirstSend, may_send)
    }

    /// Asks what became of an order, by the provider's id where the dialect needs one. The rules are those of
    /// [`Gateway::send`].
    fn query<'a>(
        &'a self,
        request: &'a StoredRequest,
        _provider_id: Option<&'a str>,
        may_send: MaySend<'a>,
    ) -> BoxFuture<'a, Answer> {
        self.send(request, Ask::Query, may_send)
    }

    /// The shop's deposit at the gateway.
    fn deposit(&self) -> BoxFuture<'_, Result<Rupiah, GatewayError>>;

    /// All that the gateway sells.
    fn list_packages(&self) -> BoxFuture<'_, Result<Vec<ListedPackage>, GatewayError>>;

    /// Checks a webhook's signature over the raw body and reads it.
    ///
    /// # Errors
    /// The signature is missing or wrong, or the body is not what the contract says. Nothing of it may be used then.
    fn parse_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookNews, WebhookError>;
}

/// Says whether a request may still leave: the lease is held and its `send_by` has not passed.
pub type MaySend<'a> = &'a (dyn Fn() -> bool + Send + Sync);

/// How a gateway is asked about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryKind {
    /// By a call that changes nothing.
    ReadOnly,
    /// By the same order again. If the first never arrived, this one buys: it needs all the care of a send.
    Resend,
    /// Not at all: what is unknown stays so until a webhook or a human settles it.
    None,
}

impl QueryKind {
    /// The written form, in configuration and database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "read_only",
            Self::Resend => "resend",
            Self::None => "none",
        }
    }
}

/// Times of a gateway that its caller must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// [`Gateway::send`] is over this long after `may_send` said yes, and no byte leaves later.
    pub answer_within: Duration,
    /// The shortest time between two exchanges about the same order.
    pub between_queries: Duration,
    /// The greatest age of an order that may be asked about; an older one is for a human.
    pub query_until_age: Duration,
}

/// What is to be bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Our reference, unique for ever.
    pub client_ref: String,
    /// The gateway's code of the package.
    pub sku: String,
    /// Who gets it.
    pub msisdn: Msisdn,
    /// The most that the gateway may charge.
    pub max_price: Rupiah,
}

/// An order's text in the gateway's dialect, stored before it is sent. A query by resend repeats it byte for byte;
/// only the user name and the signature are added when it leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredRequest(String);

impl StoredRequest {
    /// The text as it was stored.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What came of a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it proves.
    pub verdict: Verdict,
    /// What it rests on, for the attempt's record.
    pub evidence: Evidence,
}

/// What was seen, for people who have to decide. Secrets are redacted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The HTTP status, if an answer began.
    pub http_status: Option<u16>,
    /// The provider's code, whether we know it or not.
    pub code: Option<String>,
    /// The provider's own id of the order, where its dialect has one.
    pub provider_id: Option<String>,
    /// The answer's body, at most 4 KB of it.
    pub body: String,
    /// What happened, in plain words for an admin: `no answer in time`.
    pub note: String,
    /// How far the exchange came.
    #[serde(default)]
    pub exchange: Exchange,
    /// What the owner of the number has to do for it to go on; the purchase awaits payment.
    #[serde(default)]
    pub action: Option<PaymentAction>,
    /// What the shop's deposit was charged, when it is told before the outcome.
    #[serde(default)]
    pub charged: Option<Rupiah>,
    /// What the shop's deposit was given back.
    #[serde(default)]
    pub refunded: Option<Rupiah>,
}

/// How far an exchange with the gateway came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exchange {
    /// By our own decision nothing was sent.
    #[default]
    NotBegun,
    /// No connection was opened.
    NotConnected,
    /// Sent, but no whole answer came.
    Lost,
    /// Answered, whatever it said.
    Answered,
}

/// A package as the gateway lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPackage {
    /// The gateway's code.
    pub sku: String,
    /// What it is called.
    pub name: String,
    /// The gateway's own category, such as `Data`.
    pub category: String,
    /// The brand, such as `XL`.
    pub brand: String,
    /// The gateway's type, such as `Umum`.
    pub kind: String,
    /// What it costs the shop.
    pub price: Rupiah,
    /// What it contains, in the gateway's words.
    pub description: String,
    /// Whether it can be bought now.
    pub is_active: bool,
    /// How many are left; `None` means any number.
    pub stock: Option<u32>,
    /// Whether the same number may buy it several times a day.
    pub is_repeatable: bool,
    /// The hours in which it is not sold, WIB, as the gateway writes them (`23:30`, `0:30`).
    pub cut_off: Option<(String, String)>,
}

/// Why a question that is not about an order got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// By our own decision nothing was asked: the gateway rests, or it was asked too much.
    #[error("the gateway is not asked now: {0}")]
    Held(&'static str),
    /// No connection.
    #[error("the gateway cannot be reached")]
    NotReached,
    /// No answer within the configured time.
    #[error("the gateway did not answer in time")]
    Timeout,
    /// The connection broke.
    #[error("the connection to the gateway broke")]
    Broken,
    /// Not an answer of the gateway itself.
    #[error("the gateway answered with HTTP status {0}")]
    Http(u16),
    /// Asked too often.
    #[error("the gateway was asked too often (code {code})")]
    TooOften {
        /// The gateway's code.
        code: String,
    },
    /// The gateway said no.
    #[error("the gateway refused (code {code})")]
    Refused {
        /// The gateway's code.
        code: String,
        /// What an admin has to mend, where the code says so.
        trouble: Option<ShopTrouble>,
    },
    /// An answer that is not what the contract says.
    #[error("the gateway's answer cannot be read: {0}")]
    Unreadable(&'static str),
}

/// What a webhook with a good signature says. It may be old, repeated, or about no order of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookNews {
    /// The reference it speaks of.
    pub client_ref: String,
    /// The package it speaks of, to be compared with the attempt's.
    pub sku: Option<String>,
    /// The number it speaks of, to be compared with the attempt's.
    pub msisdn: Option<Msisdn>,
    /// The provider's id of this delivery; a repeated webhook has the same.
    pub delivery_id: Option<String>,
    /// What it proves, read as strictly as an answer to a query.
    pub verdict: Verdict,
    /// What it rests on.
    pub evidence: Evidence,
}

/// Why a webhook was not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// No secret is configured, so nothing can be believed.
    #[error("no webhook secret is configured")]
    NotConfigured,
    /// The signature is missing, malformed or wrong.
    #[error("the webhook's signature is missing or wrong")]
    BadSignature,
    /// Signed well, but not what the contract says.
    #[error("the webhook cannot be read: {0}")]
    Unreadable(&'static str),
}
