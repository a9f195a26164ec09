//! The session dialect ("KMSP"): the number's owner signs in with a one-time password and pays for the package with
//! pulsa, a wallet or QRIS; the shop's deposit is charged a fee. Every call is a GET with the key in its address, so an
//! address is never logged and is taken out of every error.
//!
//! The gateway takes no reference of ours. Until it has given its own `trx_id`, nothing can be asked about an order, and a
//! lost answer leaves it unknown: the quota read before and after, or a human, has to settle it.

mod answer;
mod config;
mod envelope;
mod list;
mod otp;
pub(crate) mod outcome_table;
mod wire;

use std::fmt;
use std::time::Duration;

use domain::{Ask, FailReason, Msisdn, Payment, PaymentMethod, Rupiah, ShopTrouble, UtcMillis, Verdict};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::HeaderMap;
use reqwest::{Client, Request};
use serde_json::Value;

use self::config::Addresses;
pub use self::config::{SessionCall, SessionConfig, SessionConfigError};
use crate::answer::{lost, nothing_sent};
use crate::gateway::{
    Answer, Gateway, GatewayError, Limits, ListedPackage, MaySend, Order, QueryKind, StoredRequest,
    WebhookError, WebhookNews,
};
use crate::http::{self, Lost, Reply};
use crate::secret::{AccessToken, Otp};
use crate::session_gateway::{
    Challenge, ListedSession, Offer, OtpError, QuotaPackage, SessionError, SessionGateway, SessionStatus,
    SessionTokens, Stock,
};

/// The adapter. Cheap to share, expensive to make: it owns the connections.
pub struct Session {
    config: SessionConfig,
    addresses: Addresses,
    /// `username@host`: the path may change, the account stays.
    account: String,
    client: Client,
}

impl Session {
    /// An order whose outcome is still open after a day is for a human: the owner had ten minutes to pay.
    pub const QUERY_UNTIL_AGE: Duration = Duration::from_secs(24 * 60 * 60);

    /// Makes the adapter.
    ///
    /// # Errors
    /// The configuration cannot be used.
    pub fn new(config: SessionConfig) -> Result<Self, SessionConfigError> {
        let addresses = config.addresses()?;
        if config.account.is_empty() || config.api_key.is_empty() {
            return Err(SessionConfigError::Credentials);
        }
        let client =
            http::client(config.connect_timeout, config.total_timeout).map_err(SessionConfigError::Client)?;
        let host =
            addresses.of(SessionCall::PackagePurchase).and_then(|url| url.host_str().map(str::to_owned));
        let account = format!("{}@{}", config.account, host.unwrap_or_default());
        Ok(Self { config, addresses, account, client })
    }

    async fn buy(
        &self,
        request: &StoredRequest,
        session: Option<&AccessToken>,
        may_send: MaySend<'_>,
    ) -> Answer {
        let Some(order) = wire::read_order(request) else {
            return unsendable("the stored request cannot be read");
        };
        // A token that the package does not need stays at home.
        let session = session.filter(|_| order.needs_session);
        if order.needs_session && session.is_none() {
            return no_session();
        }
        let url = self
            .addresses
            .of(SessionCall::PackagePurchase)
            .map(|base| wire::purchase_url(&self.config, base, &order, session));
        let Some(request) = url.and_then(|url| self.client.get(url).build().ok()) else {
            return unsendable("the request cannot be made");
        };
        if !may_send() {
            return nothing_sent(Ask::FirstSend, FailReason::NotReached, "send_by passed");
        }
        match self.exchange(request, http::ORDER_LIMIT_BYTES).await {
            Ok(reply) => answer::purchase(&reply, &order, |text| wire::redact(&self.config, session, text)),
            Err(nothing) => lost(Ask::FirstSend, nothing),
        }
    }

    async fn ask(&self, request: &StoredRequest, id: Option<&str>, may_send: MaySend<'_>) -> Answer {
        let unasked = |note| nothing_sent(Ask::Query, FailReason::NotReached, note);
        let Some(id) = id.filter(|id| answer::is_id(id)) else {
            return unasked("no trx_id to ask by");
        };
        let Some(order) = wire::read_order(request) else {
            return unasked("the stored request cannot be read");
        };
        let Some(request) = self.request(SessionCall::CheckTransaction, &[("trx_id", id)]) else {
            return unasked("the request cannot be made");
        };
        if !may_send() {
            return unasked("send_by passed");
        }
        match self.exchange(request, http::ORDER_LIMIT_BYTES).await {
            Ok(reply) => {
                answer::transaction(&reply, &order, id, |text| wire::redact(&self.config, None, text))
            }
            Err(nothing) => lost(Ask::Query, nothing),
        }
    }

    /// Asks something that is not about an order.
    async fn question(
        &self,
        call: SessionCall,
        parameters: &[(&str, &str)],
        limit_bytes: usize,
    ) -> Result<Value, GatewayError> {
        envelope::data(&self.reply(call, parameters, limit_bytes).await?)
    }

    /// One call with its whole answer, whatever it says.
    async fn reply(
        &self,
        call: SessionCall,
        parameters: &[(&str, &str)],
        limit_bytes: usize,
    ) -> Result<Reply, GatewayError> {
        let request = self.request(call, parameters).ok_or(GatewayError::Unreadable("no request"))?;
        self.exchange(request, limit_bytes).await.map_err(http::error_of)
    }

    async fn exchange(&self, request: Request, limit_bytes: usize) -> Result<Reply, Lost> {
        http::exchange(&self.client, request, limit_bytes).await
    }

    fn request(&self, call: SessionCall, parameters: &[(&str, &str)]) -> Option<Request> {
        let url = wire::with_parameters(&self.config, self.addresses.of(call)?, parameters);
        self.client.get(url).build().ok()
    }

    async fn offers(&self) -> Result<Vec<Offer>, GatewayError> {
        let data = self.question(SessionCall::PackageList, &[], http::LIST_LIMIT_BYTES).await?;
        list::offers(&data)
    }
}

impl Gateway for Session {
    fn name(&self) -> &str {
        &self.config.name
    }

    fn account(&self) -> &str {
        &self.account
    }

    fn query_kind(&self) -> QueryKind {
        QueryKind::ReadOnly
    }

    fn query_kind_of(&self, provider_id: Option<&str>) -> QueryKind {
        if provider_id.is_some_and(answer::is_id) { QueryKind::ReadOnly } else { QueryKind::None }
    }

    fn limits(&self) -> Limits {
        Limits {
            answer_within: self.config.total_timeout,
            between_queries: self.config.query_interval,
            query_until_age: Self::QUERY_UNTIL_AGE,
        }
    }

    fn order(&self, order: &Order) -> StoredRequest {
        // What is sold without a session is paid from the deposit; the contract wants a method all the same.
        let payment = Payment { method: PaymentMethod::Pulsa, wallet: None, needs_session: false };
        wire::stored_order(order, &payment)
    }

    fn order_paid_by(&self, order: &Order, payment: &Payment) -> StoredRequest {
        wire::stored_order(order, payment)
    }

    /// Buys what needs no session. It never sends an order as a question: that would buy again.
    fn send<'a>(
        &'a self,
        request: &'a StoredRequest,
        ask: Ask,
        may_send: MaySend<'a>,
    ) -> BoxFuture<'a, Answer> {
        match ask {
            Ask::FirstSend => self.buy(request, None, may_send).boxed(),
            Ask::Query => self.ask(request, None, may_send).boxed(),
        }
    }

    fn purchase<'a>(
        &'a self,
        request: &'a StoredRequest,
        session: Option<&'a AccessToken>,
        may_send: MaySend<'a>,
    ) -> BoxFuture<'a, Answer> {
        self.buy(request, session, may_send).boxed()
    }

    fn query<'a>(
        &'a self,
        request: &'a StoredRequest,
        provider_id: Option<&'a str>,
        may_send: MaySend<'a>,
    ) -> BoxFuture<'a, Answer> {
        self.ask(request, provider_id, may_send).boxed()
    }

    fn deposit(&self) -> BoxFuture<'_, Result<Rupiah, GatewayError>> {
        async {
            let call = SessionCall::PanelAccountBalance;
            list::deposit(&self.question(call, &[], http::ORDER_LIMIT_BYTES).await?)
        }
        .boxed()
    }

    fn list_packages(&self) -> BoxFuture<'_, Result<Vec<ListedPackage>, GatewayError>> {
        async { self.offers().await.map(list::packages) }.boxed()
    }

    /// The dialect has no webhooks, so nothing that claims to be one is believed.
    fn parse_webhook(&self, _headers: &HeaderMap, _body: &[u8]) -> Result<WebhookNews, WebhookError> {
        Err(WebhookError::NotConfigured)
    }
}

impl SessionGateway for Session {
    fn request_otp<'a>(
        &'a self,
        msisdn: &'a Msisdn,
        now: UtcMillis,
    ) -> BoxFuture<'a, Result<Challenge, OtpError>> {
        async move {
            let parameters = [("phone", msisdn.international()), ("method", "OTP")];
            let reply = self.reply(SessionCall::RequestOtp, &parameters, http::ORDER_LIMIT_BYTES).await?;
            otp::challenge(&reply, msisdn, now)
        }
        .boxed()
    }

    fn verify_otp<'a>(
        &'a self,
        challenge: &'a Challenge,
        otp: &'a Otp,
        now: UtcMillis,
    ) -> BoxFuture<'a, Result<SessionTokens, OtpError>> {
        async move {
            let parameters = [
                ("phone", challenge.msisdn.international()),
                ("method", "OTP"),
                ("auth_id", &challenge.id),
                ("otp", otp.expose()),
            ];
            let reply = self.reply(SessionCall::Login, &parameters, http::ORDER_LIMIT_BYTES).await?;
            otp::signed_in(&reply, now)
        }
        .boxed()
    }

    fn refresh_session<'a>(
        &'a self,
        msisdn: &'a Msisdn,
        session: &'a AccessToken,
        now: UtcMillis,
    ) -> BoxFuture<'a, Result<SessionTokens, SessionError>> {
        async move {
            let parameters = [
                ("phone", msisdn.international()),
                ("method", "LOGIN_BY_ACCESS_TOKEN"),
                ("auth_id", session.expose()),
            ];
            let reply = self.reply(SessionCall::Login, &parameters, http::ORDER_LIMIT_BYTES).await?;
            otp::renewed(&reply, now)
        }
        .boxed()
    }

    fn sessions<'a>(
        &'a self,
        msisdn: Option<&'a Msisdn>,
    ) -> BoxFuture<'a, Result<Vec<ListedSession>, GatewayError>> {
        async move {
            let parameters: Vec<_> =
                msisdn.map(|msisdn| ("msisdn", msisdn.international())).into_iter().collect();
            let call = SessionCall::AccessTokenList;
            list::sessions(&self.question(call, &parameters, http::LIST_LIMIT_BYTES).await?)
        }
        .boxed()
    }

    fn session_status<'a>(
        &'a self,
        msisdn: &'a Msisdn,
        session: &'a AccessToken,
    ) -> BoxFuture<'a, Result<SessionStatus, GatewayError>> {
        async move {
            let sessions = self.sessions(Some(msisdn)).await?;
            Ok(list::session_status(&sessions, msisdn, session))
        }
        .boxed()
    }

    fn list_offers(&self) -> BoxFuture<'_, Result<Vec<Offer>, GatewayError>> {
        self.offers().boxed()
    }

    fn stock<'a>(&'a self, code: &'a str) -> BoxFuture<'a, Result<Stock, GatewayError>> {
        async move {
            let call = SessionCall::CheckPackageStock;
            list::stock(&self.question(call, &[("package_id", code)], http::ORDER_LIMIT_BYTES).await?)
        }
        .boxed()
    }

    fn quota<'a>(
        &'a self,
        session: &'a AccessToken,
    ) -> BoxFuture<'a, Result<Vec<QuotaPackage>, SessionError>> {
        async move {
            let parameters = [("access_token", session.expose())];
            let reply = self.reply(SessionCall::QuotaDetails, &parameters, http::QUOTA_LIMIT_BYTES).await?;
            Ok(list::quota(&otp::in_session(&reply)?)?)
        }
        .boxed()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("config", &self.config).finish_non_exhaustive()
    }
}

/// Our own mistake, so nothing has left.
fn unsendable(note: &str) -> Answer {
    nothing_sent(Ask::FirstSend, FailReason::Shop(ShopTrouble::Request), note)
}

/// The package is sold only in a session, and there is none.
fn no_session() -> Answer {
    let mut answer = nothing_sent(Ask::FirstSend, FailReason::SessionEnded, "no session to buy in");
    answer.verdict = Verdict::TryLater { reason: FailReason::SessionEnded };
    answer
}
