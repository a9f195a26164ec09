//! Midtrans Core API: QRIS, virtual accounts of four banks, Mandiri's bill payment.
//!
//! An order is charged under an id of ours that the gateway takes once. The same charge again within five minutes, with
//! the same idempotency key, gives the same answer; after that only the status tells what became of it.

mod answer;
pub(crate) mod outcome;
mod request;
mod webhook;

use std::fmt;
use std::time::Duration;

use domain::{
    CancelVerdict, ChargeRefusal, ChargeVerdict, RefundVerdict, StatusVerdict, TopupMethod, UtcMillis,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Method, Request, Url};
use sha2::{Digest, Sha256};
use wire::{Lost, Reply};

use self::answer::Expected;
use crate::config::{PayConfigError, address, is_key};
use crate::evidence::{answered, error_of, lost, not_sent};
use crate::gateway::{
    ChargeOrder, ChargeRef, ListedPayment, PayAnswer, PayError, PayGateway, PayHint, PayLimits,
    PayWebhookError, RefundOrder,
};
use crate::hex::hex;
use crate::read;

/// The longest answer that is read. A real one has some 1,000 bytes.
const ANSWER_LIMIT_BYTES: usize = 64 * 1024;
/// An order that cannot be there, as no order of ours is called so.
const PROBE_ORDER_ID: &str = "probe-of-address-and-key";
/// How much of the key's hash tells accounts apart.
const FINGERPRINT_BYTES: usize = 8;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What the operator gets from Midtrans, and how long we wait for it.
#[derive(Clone)]
pub struct MidtransConfig {
    /// What the settings call this gateway; a shop may have several of one dialect.
    pub name: String,
    /// Where the calls are, without `/v2`: `https://api.midtrans.com`, or `https://api.sandbox.midtrans.com`.
    pub base_url: String,
    /// The server key. It signs in, and notifications are signed with it.
    pub server_key: String,
    /// The merchant's id, such as `G490526303`. With it an answer about another merchant is seen, and the server key
    /// may be changed without orders being left behind.
    pub merchant_id: Option<String>,
    /// How long a connection may take to open.
    pub connect_timeout: Duration,
    /// How long a whole call may take, connection included.
    pub total_timeout: Duration,
}

/// The adapter. Cheap to share, expensive to make: it owns the connections.
pub struct Midtrans {
    config: MidtransConfig,
    account: String,
    base_url: Url,
    client: Client,
    /// `Basic`, and the key as it stands in the header.
    authorization: HeaderValue,
}

impl MidtransConfig {
    /// How long a connection may take to open, unless configured.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
    /// How long a whole call may take, unless configured.
    pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(15);

    /// A configuration with the usual times and without the merchant's id.
    pub fn new(base_url: impl Into<String>, server_key: impl Into<String>) -> Self {
        Self {
            name: "midtrans".to_owned(),
            base_url: base_url.into(),
            server_key: server_key.into(),
            merchant_id: None,
            connect_timeout: Self::CONNECT_TIMEOUT,
            total_timeout: Self::TOTAL_TIMEOUT,
        }
    }
}

/// Without key and URL.
impl fmt::Debug for MidtransConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MidtransConfig")
            .field("name", &self.name)
            .field("merchant_id", &self.merchant_id)
            .field("connect_timeout", &self.connect_timeout)
            .field("total_timeout", &self.total_timeout)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Midtrans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Midtrans").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Midtrans {
    /// The gateway keeps answers for five minutes; half a minute is left for clocks and for the way.
    pub const CHARGE_REPEATS_WITHIN: Duration = Duration::from_secs(270);

    /// Makes the adapter.
    ///
    /// # Errors
    /// The configuration cannot be used.
    pub fn new(config: MidtransConfig) -> Result<Self, PayConfigError> {
        let base_url = wire::base_url(&config.base_url).ok_or(PayConfigError::BaseUrl)?;
        let is_merchant = config.merchant_id.as_deref().is_none_or(is_key);
        if !is_key(&config.server_key) || !is_merchant {
            return Err(PayConfigError::Credentials);
        }
        let client =
            wire::client(config.connect_timeout, config.total_timeout).map_err(PayConfigError::Client)?;
        let authorization = authorization(&client, &base_url, &config.server_key)?;
        let account = account(&config, &base_url);
        Ok(Self { config, account, base_url, client, authorization })
    }

    async fn charge_order(&self, order: &ChargeOrder) -> PayAnswer<ChargeVerdict> {
        let refused = |refusal, note| not_sent(ChargeVerdict::Refused(refusal), note);
        if !self.offers(order.method) {
            return refused(ChargeRefusal::Method, "a way of paying that this gateway does not have");
        }
        if !order.gross.is_positive() {
            return refused(ChargeRefusal::Amount, "an amount of nothing");
        }
        let key = HeaderValue::from_str(&order.order_id).ok().filter(|_| read::is_order_id(&order.order_id));
        let (Some(key), Some(body)) = (key, request::charge(order)) else {
            return refused(ChargeRefusal::Request, "the request cannot be made");
        };
        let mut request = self.request(Method::POST, &["v2", "charge"]);
        request.headers_mut().insert("idempotency-key", key);
        *request.body_mut() = Some(body.into());
        let expected = self.expected(&order.order_id, order.method);
        match self.exchange(request).await {
            Ok(reply) => self.answered(answer::charge(&reply, expected), &reply),
            // Nothing has left, so this call has made nothing.
            Err(Lost::NotConnected) => lost(ChargeVerdict::NotNow, Lost::NotConnected),
            Err(nothing) => lost(ChargeVerdict::Unknown, nothing),
        }
    }

    async fn ask_status(&self, charge: &ChargeRef) -> PayAnswer<StatusVerdict> {
        let Some(request) = self.about(Method::GET, charge, "status") else {
            return not_sent(StatusVerdict::Unknown, "an order id that cannot be asked about");
        };
        let expected = self.expected(&charge.order_id, charge.method);
        match self.exchange(request).await {
            Ok(reply) => self.answered(answer::status(&reply, expected), &reply),
            Err(nothing) => lost(StatusVerdict::Unknown, nothing),
        }
    }

    async fn cancel_order(&self, charge: &ChargeRef) -> PayAnswer<CancelVerdict> {
        let Some(request) = self.about(Method::POST, charge, "cancel") else {
            return not_sent(CancelVerdict::Unknown, "an order id that cannot be asked about");
        };
        match self.exchange(request).await {
            Ok(reply) => self.answered(answer::cancel(&reply, charge), &reply),
            Err(nothing) => lost(CancelVerdict::Unknown, nothing),
        }
    }

    async fn pay_back(&self, refund: &RefundOrder) -> PayAnswer<RefundVerdict> {
        let refused = |note| not_sent(RefundVerdict::Refused, note);
        if refund.charge.method != TopupMethod::Qris {
            return refused("only QRIS can be paid back through this gateway");
        }
        if !refund.amount.is_positive() || !read::is_order_id(&refund.refund_key) {
            return refused("the request cannot be made");
        }
        let about = self.about(Method::POST, &refund.charge, "refund");
        let (Some(mut request), Some(body)) = (about, request::refund(refund)) else {
            return refused("the request cannot be made");
        };
        *request.body_mut() = Some(body.into());
        match self.exchange(request).await {
            Ok(reply) => self.answered(answer::refund(&reply, refund), &reply),
            Err(nothing) => lost(RefundVerdict::Unknown, nothing),
        }
    }

    fn expected<'a>(&'a self, order_id: &'a str, method: TopupMethod) -> Expected<'a> {
        Expected { order_id, method, merchant_id: self.config.merchant_id.as_deref() }
    }

    async fn exchange(&self, request: Request) -> Result<Reply, Lost> {
        wire::exchange(&self.client, request, ANSWER_LIMIT_BYTES).await
    }

    fn answered<V>(&self, judged: (V, &'static str), reply: &Reply) -> PayAnswer<V> {
        let encoded = self.authorization.to_str().unwrap_or_default();
        let encoded = encoded.strip_prefix("Basic ").unwrap_or(encoded);
        let signature = answer::signature(&reply.body).unwrap_or_default();
        let secrets = [self.config.server_key.as_str(), encoded, signature.as_str()];
        answered(judged, reply, answer::code(&reply.body).as_deref(), &secrets)
    }

    fn about(&self, method: Method, charge: &ChargeRef, call: &str) -> Option<Request> {
        let order_id = charge.order_id.as_str();
        read::is_order_id(order_id).then(|| self.request(method, &["v2", order_id, call]))
    }

    fn request(&self, method: Method, segments: &[&str]) -> Request {
        let mut request = Request::new(method, address(&self.base_url, segments));
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers.insert(ACCEPT, JSON);
        headers.insert(CONTENT_TYPE, JSON);
        request
    }
}

impl PayGateway for Midtrans {
    fn name(&self) -> &str {
        &self.config.name
    }

    fn account(&self) -> &str {
        &self.account
    }

    fn limits(&self) -> PayLimits {
        PayLimits {
            answer_within: self.config.total_timeout,
            charge_repeats_within: Self::CHARGE_REPEATS_WITHIN,
            least_expiry: Duration::from_secs(request::QRIS_LEAST_MINUTES.unsigned_abs() * 60),
        }
    }

    fn offers(&self, method: TopupMethod) -> bool {
        matches!(method, TopupMethod::Qris | TopupMethod::BillMandiri) || request::bank(method).is_some()
    }

    fn charge<'a>(&'a self, order: &'a ChargeOrder) -> BoxFuture<'a, PayAnswer<ChargeVerdict>> {
        self.charge_order(order).boxed()
    }

    fn status<'a>(&'a self, charge: &'a ChargeRef) -> BoxFuture<'a, PayAnswer<StatusVerdict>> {
        self.ask_status(charge).boxed()
    }

    fn cancel<'a>(&'a self, charge: &'a ChargeRef) -> BoxFuture<'a, PayAnswer<CancelVerdict>> {
        self.cancel_order(charge).boxed()
    }

    fn refund<'a>(&'a self, refund: &'a RefundOrder) -> BoxFuture<'a, PayAnswer<RefundVerdict>> {
        self.pay_back(refund).boxed()
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), PayError>> {
        async {
            let request = self.request(Method::GET, &["v2", PROBE_ORDER_ID, "status"]);
            answer::probe(&self.exchange(request).await.map_err(error_of)?)
        }
        .boxed()
    }

    fn paid_between(
        &self,
        _from: UtcMillis,
        _until: UtcMillis,
    ) -> BoxFuture<'_, Result<Option<Vec<ListedPayment>>, PayError>> {
        // The Core API has no list of orders.
        std::future::ready(Ok(None)).boxed()
    }

    fn parse_webhook(&self, _headers: &HeaderMap, body: &[u8]) -> Result<PayHint, PayWebhookError> {
        webhook::parse(&self.config.server_key, body)
    }
}

/// `merchant@host`. Without the merchant's id, the beginning of the key's hash stands for it: it tells accounts apart and
/// gives the key away to nobody. Port and path may change, the account stays.
fn account(config: &MidtransConfig, base_url: &Url) -> String {
    let host = base_url.host_str().unwrap_or_default();
    let Some(merchant_id) = &config.merchant_id else {
        let hash =
            Sha256::new().chain_update("midtrans account: ").chain_update(&config.server_key).finalize();
        let beginning = hash.get(..FINGERPRINT_BYTES).unwrap_or_default();
        return format!("key-{}@{host}", hex(beginning));
    };
    format!("{merchant_id}@{host}")
}

/// `Basic base64(key:)`; reqwest marks it as secret.
fn authorization(client: &Client, base_url: &Url, server_key: &str) -> Result<HeaderValue, PayConfigError> {
    let request = client.get(base_url.clone()).basic_auth(server_key, Some("")).build();
    let header = request.ok().and_then(|request| request.headers().get(AUTHORIZATION).cloned());
    header.ok_or(PayConfigError::Credentials)
}
