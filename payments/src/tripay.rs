//! Tripay's closed payments: QRIS and virtual accounts of four banks.
//!
//! Written from what is public, without an account to try it: the developer guide (<https://tripay.co.id/developer>, in
//! a copy at <https://github.com/Alucard0x1/Tripay-API-Docs>) and the list of orders as a merchant describes it
//! (<https://ldp-pormiki.gitbook.io/ldp/developer/api-smartpay>). What these leave open is taken to prove nothing:
//!
//! - Nothing is idempotent, and nothing says whether an order id is taken twice. So a charge is never simply repeated;
//!   after a lost answer the list is asked, and only an empty list means that there is no order.
//! - Messages of failures, and the HTTP statuses that go with them, are not listed. What a failure proves therefore
//!   rests on the usual meaning of the status; a failure under HTTP 200 proves nothing.
//! - A reference that is not known cannot be told from other failures of the detail.
//! - The detail's sample is of a virtual account. That it has `qr_string` as the answer to a charge has is not said;
//!   without it a found order has nothing to show to the payer.
//! - There is no call to call off or to pay back.
//!
//! An answer to a callback must be `{"success": true}`, or the gateway sends it again, three times at most.

mod answer;
pub(crate) mod outcome;
mod request;
mod webhook;

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use domain::{
    CancelVerdict, ChargeRefusal, ChargeVerdict, Email, MINUTE_MS, ProviderState, RefundVerdict,
    StatusVerdict, TopupMethod, UtcMillis,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Method, Request, Url};
use wire::{Lost, Reply};

use self::answer::Expected;
use crate::config::{PayConfigError, address, is_key};
use crate::evidence::{answered, error_of, lost, not_sent};
use crate::gateway::{
    ChargeOrder, ChargeRef, ListedPayment, PayAnswer, PayError, PayGateway, PayHint, PayLimits,
    PayWebhookError, RefundOrder,
};
use crate::read;

/// The longest answer about one order that is read. A real one has some 5,000 bytes, most of them instructions.
const ANSWER_LIMIT_BYTES: usize = 64 * 1024;
/// The longest page of a list, or list of channels, that is read. A real one has some 50,000 bytes.
const LIST_LIMIT_BYTES: usize = 1024 * 1024;
/// The most entries that the gateway puts on a page.
const PAGE_ENTRIES: usize = 50;
/// The most pages that are read for one day's comparison: 5,000 payments.
const PAGES_MOST: usize = 100;
/// Beyond the longest time to pay, in case the gateway is late to write a payment down.
const LOOK_BACK_MARGIN_MINUTES: i64 = 60;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What the operator gets from Tripay, and how long we wait for it.
#[derive(Clone)]
pub struct TripayConfig {
    /// What the settings call this gateway; a shop may have several of one dialect.
    pub name: String,
    /// Where the calls are: `https://tripay.co.id/api`, or `https://tripay.co.id/api-sandbox`.
    pub base_url: String,
    /// The merchant's code, such as `T0001`. It is part of every signature.
    pub merchant_code: String,
    /// The key that signs in.
    pub api_key: String,
    /// The key that orders and callbacks are signed with.
    pub private_key: String,
    /// An address of the shop's own, for receipts. The gateway wants an address with every order, and the payer's is
    /// never told; without one of the shop's it gets [`TripayConfig::NO_RECEIPTS`].
    pub receipt_email: Option<String>,
    /// Which of the gateway's three channels for QRIS the merchant has: `QRIS`, `QRISC` or `QRIS2`.
    pub qris_channel: String,
    /// How long a connection may take to open.
    pub connect_timeout: Duration,
    /// How long one exchange may take, connection included. A status question may need two.
    pub total_timeout: Duration,
}

/// The adapter. Cheap to share, expensive to make: it owns the connections.
pub struct Tripay {
    config: TripayConfig,
    account: String,
    base_url: Url,
    client: Client,
    /// `Bearer`, and the key.
    authorization: HeaderValue,
}

impl TripayConfig {
    /// How long a connection may take to open, unless configured.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
    /// How long one exchange may take, unless configured.
    pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(15);
    /// The channel for QRIS, unless configured: the plain one, which can be paid for a day.
    pub const QRIS_CHANNEL: &str = "QRIS2";

    /// An address that is nobody's: RFC 2606 keeps this domain for examples, and it takes no mail.
    pub const NO_RECEIPTS: &str = "no-reply@example.com";

    /// A configuration with the usual times, the usual channel and no receipts.
    pub fn new(
        base_url: impl Into<String>,
        merchant_code: impl Into<String>,
        api_key: impl Into<String>,
        private_key: impl Into<String>,
    ) -> Self {
        Self {
            name: "tripay".to_owned(),
            base_url: base_url.into(),
            merchant_code: merchant_code.into(),
            api_key: api_key.into(),
            private_key: private_key.into(),
            receipt_email: None,
            qris_channel: Self::QRIS_CHANNEL.to_owned(),
            connect_timeout: Self::CONNECT_TIMEOUT,
            total_timeout: Self::TOTAL_TIMEOUT,
        }
    }
}

/// Without keys, address and URL.
impl fmt::Debug for TripayConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TripayConfig")
            .field("name", &self.name)
            .field("merchant_code", &self.merchant_code)
            .field("qris_channel", &self.qris_channel)
            .field("connect_timeout", &self.connect_timeout)
            .field("total_timeout", &self.total_timeout)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Tripay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tripay").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Tripay {
    /// The longest of the channels' shortest times to pay, that of BRI and Permata.
    pub const LEAST_EXPIRY: Duration = Duration::from_secs(60 * 60);

    /// Makes the adapter.
    ///
    /// # Errors
    /// The configuration cannot be used.
    pub fn new(config: TripayConfig) -> Result<Self, PayConfigError> {
        let base_url = wire::base_url(&config.base_url).ok_or(PayConfigError::BaseUrl)?;
        if ![&config.merchant_code, &config.api_key, &config.private_key].into_iter().all(|key| is_key(key)) {
            return Err(PayConfigError::Credentials);
        }
        if config.receipt_email.as_deref().is_some_and(|address| address.parse::<Email>().is_err()) {
            return Err(PayConfigError::ReceiptEmail);
        }
        request::channel_of(&config, TopupMethod::Qris).ok_or(PayConfigError::QrisChannel)?;
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", config.api_key))
            .map_err(|_| PayConfigError::Credentials)?;
        authorization.set_sensitive(true);
        let client =
            wire::client(config.connect_timeout, config.total_timeout).map_err(PayConfigError::Client)?;
        let account = account(&config, &base_url);
        Ok(Self { config, account, base_url, client, authorization })
    }

    async fn charge_order(&self, order: &ChargeOrder) -> PayAnswer<ChargeVerdict> {
        let refused = |refusal, note| not_sent(ChargeVerdict::Refused(refusal), note);
        let Some(channel) = request::channel_of(&self.config, order.method) else {
            return refused(ChargeRefusal::Method, "a way of paying that this gateway does not have");
        };
        if !order.gross.is_positive() {
            return refused(ChargeRefusal::Amount, "an amount of nothing");
        }
        let body = request::create(&self.config, channel, order);
        let Some(body) = body.filter(|_| read::is_order_id(&order.order_id)) else {
            return refused(ChargeRefusal::Request, "the request cannot be made");
        };
        let mut request = self.request(Method::POST, &["transaction", "create"], &[]);
        request.headers_mut().insert(CONTENT_TYPE, JSON);
        *request.body_mut() = Some(body.into());
        let expected = Expected { order_id: &order.order_id, reference: None, method: order.method };
        match self.exchange(request, ANSWER_LIMIT_BYTES).await {
            Ok(reply) => self.answered(answer::charge(&reply, expected), &reply),
            // Nothing has left, so this call has made nothing.
            Err(Lost::NotConnected) => lost(ChargeVerdict::NotNow, Lost::NotConnected),
            Err(nothing) => lost(ChargeVerdict::Unknown, nothing),
        }
    }

    async fn ask_status(&self, charge: &ChargeRef) -> PayAnswer<StatusVerdict> {
        if !read::is_order_id(&charge.order_id) {
            return not_sent(StatusVerdict::Unknown, "an order id that cannot be asked about");
        }
        if let Some(reference) = &charge.transaction_id {
            return self.ask_detail(charge, reference).await;
        }
        let query = [
            ("merchant_ref", charge.order_id.as_str()),
            ("sort", "desc"),
            ("per_page", &PAGE_ENTRIES.to_string()),
        ];
        let request = self.request(Method::GET, &["merchant", "transactions"], &query);
        let expected = Expected { order_id: &charge.order_id, reference: None, method: charge.method };
        let listed = match self.exchange(request, LIST_LIMIT_BYTES).await {
            Ok(reply) => self.answered(answer::found(&reply, expected), &reply),
            Err(nothing) => return lost(StatusVerdict::Unknown, nothing),
        };
        // A list has no QR code, and writes accounts as numbers. The detail has more, if it comes.
        let StatusVerdict::Found(facts) = &listed.verdict else {
            return listed;
        };
        let (true, None, Some(reference)) =
            (facts.state == ProviderState::Pending, &facts.pay_to, &facts.transaction_id)
        else {
            return listed;
        };
        let detail = self.ask_detail(charge, reference).await;
        if matches!(detail.verdict, StatusVerdict::Found(_)) { detail } else { listed }
    }

    async fn ask_detail(&self, charge: &ChargeRef, reference: &str) -> PayAnswer<StatusVerdict> {
        let request = self.request(Method::GET, &["transaction", "detail"], &[("reference", reference)]);
        let expected =
            Expected { order_id: &charge.order_id, reference: Some(reference), method: charge.method };
        match self.exchange(request, ANSWER_LIMIT_BYTES).await {
            Ok(reply) => self.answered(answer::detail(&reply, expected), &reply),
            Err(nothing) => lost(StatusVerdict::Unknown, nothing),
        }
    }

    /// All that was paid between two moments, page by page. The list is sorted by when orders were made, so it is read
    /// until they are so old that they can no longer have been paid in time.
    async fn list_paid(&self, from: UtcMillis, until: UtcMillis) -> Result<Vec<ListedPayment>, PayError> {
        let look_back_minutes = request::MOST_MINUTES.saturating_add(LOOK_BACK_MARGIN_MINUTES);
        let oldest_needed = from.plus_ms(look_back_minutes.saturating_mul(-MINUTE_MS));
        let mut seen = HashSet::new();
        let mut paid = Vec::new();
        for number in 1..=PAGES_MOST {
            let query = [
                ("status", "PAID"),
                ("sort", "desc"),
                ("per_page", &PAGE_ENTRIES.to_string()),
                ("page", &number.to_string()),
            ];
            let request = self.request(Method::GET, &["merchant", "transactions"], &query);
            let page = answer::page(&self.exchange(request, LIST_LIMIT_BYTES).await.map_err(error_of)?)?;
            // A payment that comes meanwhile pushes others to the next page, where they stand once more.
            let is_new = |payment: &ListedPayment| seen.insert(payment.transaction_id.clone());
            let news: Vec<_> = page.payments.into_iter().filter(is_new).collect();
            paid.extend(
                news.into_iter().filter(|payment| payment.paid_at >= from && payment.paid_at < until),
            );
            if page.entries < PAGE_ENTRIES {
                return Ok(paid);
            }
            if page.oldest.ok_or(PayError::Unreadable)? < oldest_needed {
                return Ok(paid);
            }
        }
        // Half a list would look like payments that are missing.
        Err(PayError::Unreadable)
    }

    async fn exchange(&self, request: Request, limit_bytes: usize) -> Result<Reply, Lost> {
        wire::exchange(&self.client, request, limit_bytes).await
    }

    fn answered<V>(&self, judged: (V, &'static str), reply: &Reply) -> PayAnswer<V> {
        // The dialect has no codes.
        answered(judged, reply, None, &[&self.config.api_key, &self.config.private_key])
    }

    fn request(&self, method: Method, segments: &[&str], query: &[(&str, &str)]) -> Request {
        let mut url = address(&self.base_url, segments);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = Request::new(method, url);
        request.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
        request.headers_mut().insert(ACCEPT, JSON);
        request
    }
}

impl PayGateway for Tripay {
    fn name(&self) -> &str {
        &self.config.name
    }

    fn account(&self) -> &str {
        &self.account
    }

    fn limits(&self) -> PayLimits {
        PayLimits {
            // The list, and then the detail.
            answer_within: self.config.total_timeout.saturating_mul(2),
            charge_repeats_within: Duration::ZERO,
            least_expiry: Self::LEAST_EXPIRY,
        }
    }

    fn offers(&self, method: TopupMethod) -> bool {
        request::channel_of(&self.config, method).is_some()
    }

    fn charge<'a>(&'a self, order: &'a ChargeOrder) -> BoxFuture<'a, PayAnswer<ChargeVerdict>> {
        self.charge_order(order).boxed()
    }

    fn status<'a>(&'a self, charge: &'a ChargeRef) -> BoxFuture<'a, PayAnswer<StatusVerdict>> {
        self.ask_status(charge).boxed()
    }

    fn cancel<'a>(&'a self, _charge: &'a ChargeRef) -> BoxFuture<'a, PayAnswer<CancelVerdict>> {
        std::future::ready(not_sent(CancelVerdict::TooLate, "this gateway cannot call off")).boxed()
    }

    fn refund<'a>(&'a self, _refund: &'a RefundOrder) -> BoxFuture<'a, PayAnswer<RefundVerdict>> {
        std::future::ready(not_sent(RefundVerdict::Refused, "this gateway cannot pay back")).boxed()
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), PayError>> {
        async {
            let request = self.request(Method::GET, &["merchant", "payment-channel"], &[]);
            answer::probe(&self.exchange(request, LIST_LIMIT_BYTES).await.map_err(error_of)?)
        }
        .boxed()
    }

    fn paid_between(
        &self,
        from: UtcMillis,
        until: UtcMillis,
    ) -> BoxFuture<'_, Result<Option<Vec<ListedPayment>>, PayError>> {
        async move { self.list_paid(from, until).await.map(Some) }.boxed()
    }

    fn parse_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<PayHint, PayWebhookError> {
        webhook::parse(&self.config, headers, body)
    }
}

/// `merchant@host`, marked if it is the sandbox, which here is told by the path alone: its money is none.
fn account(config: &TripayConfig, base_url: &Url) -> String {
    let is_sandbox = base_url.path().trim_end_matches('/').ends_with("/api-sandbox");
    let mark = if is_sandbox { "sandbox:" } else { "" };
    format!("{mark}{}@{}", config.merchant_code, base_url.host_str().unwrap_or_default())
}
