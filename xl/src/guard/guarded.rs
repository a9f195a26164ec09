use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Ask, FailReason, Msisdn, Payment, Rupiah, UtcMillis};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::HeaderMap;
use tokio::time::{Instant, sleep};

use super::{Breaker, GuardConfig, Rate, Spacing, Ticket};
use crate::answer::nothing_sent;
use crate::gateway::{
    Answer, Evidence, Exchange, Gateway, GatewayError, Limits, ListedPackage, MaySend, Order, QueryKind,
    StoredRequest, WebhookError, WebhookNews,
};
use crate::secret::{AccessToken, Otp};
use crate::session_gateway::{
    Challenge, ListedSession, Offer, OtpError, QuotaPackage, SessionError, SessionGateway, SessionStatus,
    SessionTokens, Stock,
};

/// An adapter behind a guard. One guard stands for one account at one gateway: it is to be shared, not made twice.
#[derive(Debug)]
pub struct Guarded<G> {
    gateway: G,
    /// The beginning of the guard's time.
    began: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rate: Rate,
    breaker: Breaker,
    spacing: Spacing,
}

/// An exchange that may take place.
struct Admitted<'a> {
    ticket: Ticket,
    wait: Duration,
    /// The order that it is about, if it counts for the time between two exchanges.
    order: Option<&'a str>,
}

/// Nobody may be asked now, for this reason.
type Held = &'static str;

const RESTS: Held = "the gateway rests: it could not be reached";
const TOO_MANY: Held = "too much is sent at once";
const TOO_SOON: Held = "the gateway was asked about this order a moment ago";

impl<G: Gateway> Guarded<G> {
    /// Puts a guard around an adapter. The time between two exchanges about one order is the adapter's own
    /// ([`Limits::between_queries`]).
    pub fn new(gateway: G, config: GuardConfig) -> Self {
        let state = State {
            rate: Rate::new(config.burst, config.interval, config.longest_wait),
            breaker: Breaker::new(config.failures_to_open, config.rest),
            spacing: Spacing::new(gateway.limits().between_queries),
        };
        Self { gateway, began: Instant::now(), state: Mutex::new(state) }
    }

    /// Whether the gateway is left alone because it cannot be reached, for admins to see.
    pub fn rests(&self) -> bool {
        self.state().breaker.is_open()
    }

    /// Lets an exchange about an order pass, or says that nothing was sent. `answer` is begun after the wait, so that the
    /// caller's own limit of time is looked at afterwards.
    async fn about_order(
        &self,
        ask: Ask,
        order: Option<&str>,
        answer: impl Future<Output = Answer> + Send,
    ) -> Answer {
        let admitted = match self.admit(order).await {
            Ok(admitted) => admitted,
            Err(TOO_MANY) => return nothing_sent(ask, FailReason::ProviderBusy, TOO_MANY),
            Err(held) => return nothing_sent(ask, FailReason::NotReached, held),
        };
        let answer = answer.await;
        self.heard(&admitted, Heard::of_evidence(&answer.evidence));
        answer
    }

    /// Lets any other call pass.
    async fn question<T, E: From<GatewayError> + Cause>(
        &self,
        answer: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        let admitted = self.admit(None).await.map_err(GatewayError::Held)?;
        let answer = answer.await;
        self.heard(&admitted, answer.as_ref().err().map_or(Heard::There, Heard::of_error));
        answer
    }

    async fn admit<'a>(&self, order: Option<&'a str>) -> Result<Admitted<'a>, Held> {
        let admitted = self.state().admit(order, self.began.elapsed())?;
        if !admitted.wait.is_zero() {
            sleep(admitted.wait).await;
            // Meanwhile others may have found that the gateway is not there.
            let mut state = self.state();
            if !state.breaker.admits(&admitted.ticket) {
                state.forget(&admitted);
                return Err(RESTS);
            }
        }
        Ok(admitted)
    }

    fn heard(&self, admitted: &Admitted<'_>, heard: Heard) {
        let now = self.began.elapsed();
        let mut state = self.state();
        let was_open = state.breaker.is_open();
        match heard {
            Heard::There => state.breaker.succeeded(&admitted.ticket),
            Heard::Nothing => state.breaker.failed(&admitted.ticket, now),
            Heard::NotAsked => {
                state.breaker.unused(&admitted.ticket, now);
                state.forget(admitted);
            }
        }
        let is_open = state.breaker.is_open();
        drop(state);
        if was_open != is_open {
            let (gateway, account) = (self.gateway.name(), self.gateway.account());
            tracing::warn!(gateway, account, rests = is_open, "the gateway's guard turned");
        }
    }

    /// What is in it stays whole whoever panics: each change is made by one call.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn admit<'a>(&mut self, order: Option<&'a str>, now: Duration) -> Result<Admitted<'a>, Held> {
        // What costs nothing is asked first, so that a refusal uses up no turn and no trial.
        if order.is_some_and(|order| !self.spacing.may_begin(order, now)) {
            return Err(TOO_SOON);
        }
        let ticket = self.breaker.admit(now).ok_or(RESTS)?;
        let Some(wait) = self.rate.take(now) else {
            self.breaker.unused(&ticket, now);
            return Err(TOO_MANY);
        };
        if let Some(order) = order {
            self.spacing.begins(order, now.saturating_add(wait));
        }
        Ok(Admitted { ticket, wait, order })
    }

    fn forget(&mut self, admitted: &Admitted<'_>) {
        if let Some(order) = admitted.order {
            self.spacing.forget(order);
        }
    }
}

/// What an exchange tells about the gateway itself.
enum Heard {
    /// It is there.
    There,
    /// It is not: no connection, no answer, or another server's error in its place.
    Nothing,
    /// It was not asked.
    NotAsked,
}

impl Heard {
    fn of_evidence(evidence: &Evidence) -> Self {
        match evidence.exchange {
            Exchange::NotBegun => Self::NotAsked,
            Exchange::NotConnected | Exchange::Lost => Self::Nothing,
            Exchange::Answered if evidence.http_status.is_some_and(|status| status >= 500) => Self::Nothing,
            Exchange::Answered => Self::There,
        }
    }

    fn of_error(error: &impl Cause) -> Self {
        match error.gateway() {
            Some(GatewayError::Held(_)) => Self::NotAsked,
            Some(GatewayError::NotReached | GatewayError::Timeout | GatewayError::Broken) => Self::Nothing,
            Some(GatewayError::Http(status)) if *status >= 500 => Self::Nothing,
            _ => Self::There,
        }
    }
}

/// The gateway's part in an error.
trait Cause {
    fn gateway(&self) -> Option<&GatewayError>;
}

impl Cause for GatewayError {
    fn gateway(&self) -> Option<&GatewayError> {
        Some(self)
    }
}

impl Cause for OtpError {
    fn gateway(&self) -> Option<&GatewayError> {
        if let Self::Gateway(error) = self { Some(error) } else { None }
    }
}

impl Cause for SessionError {
    fn gateway(&self) -> Option<&GatewayError> {
        if let Self::Gateway(error) = self { Some(error) } else { None }
    }
}

impl<G: Gateway> Gateway for Guarded<G> {
    fn name(&self) -> &str {
        self.gateway.name()
    }

    fn account(&self) -> &str {
        self.gateway.account()
    }

    fn query_kind(&self) -> QueryKind {
        self.gateway.query_kind()
    }

    fn query_kind_of(&self, provider_id: Option<&str>) -> QueryKind {
        self.gateway.query_kind_of(provider_id)
    }

    fn limits(&self) -> Limits {
        self.gateway.limits()
    }

    fn order(&self, order: &Order) -> StoredRequest {
        self.gateway.order(order)
    }

    fn order_paid_by(&self, order: &Order, payment: &Payment) -> StoredRequest {
        self.gateway.order_paid_by(order, payment)
    }

    fn send<'a>(
        &'a self,
        request: &'a StoredRequest,
        ask: Ask,
        may_send: MaySend<'a>,
    ) -> BoxFuture<'a, Answer> {
        self.about_order(ask, self.resent(request), self.gateway.send(request, ask, may_send)).boxed()
    }

    fn purchase<'a>(
        &'a self,
        request: &'a StoredRequest,
        session: Option<&'a AccessToken>,
        may_send: MaySend<'a>,
    ) -> BoxFuture<'a, Answer> {
        let answer = self.gateway.purchase(request, session, may_send);
        self.about_order(Ask::FirstSend, self.resent(request), answer).boxed()
    }

    fn query<'a>(
        &'a self,
        request: &'a StoredRequest,
        provider_id: Option<&'a str>,
        may_send: MaySend<'a>,
    ) -> BoxFuture<'a, Answer> {
        let answer = self.gateway.query(request, provider_id, may_send);
        self.about_order(Ask::Query, self.resent(request).or(provider_id), answer).boxed()
    }

    fn deposit(&self) -> BoxFuture<'_, Result<Rupiah, GatewayError>> {
        self.question(self.gateway.deposit()).boxed()
    }

    fn list_packages(&self) -> BoxFuture<'_, Result<Vec<ListedPackage>, GatewayError>> {
        self.question(self.gateway.list_packages()).boxed()
    }

    fn parse_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookNews, WebhookError> {
        self.gateway.parse_webhook(headers, body)
    }
}

impl<G: Gateway> Guarded<G> {
    /// What names an order whose first send counts as an exchange like its queries, because they are the same request.
    /// Elsewhere the text of an order names nothing: two orders may have the same.
    fn resent<'a>(&self, request: &'a StoredRequest) -> Option<&'a str> {
        (self.gateway.query_kind() == QueryKind::Resend).then(|| request.as_str())
    }
}

impl<G: SessionGateway> SessionGateway for Guarded<G> {
    fn request_otp<'a>(
        &'a self,
        msisdn: &'a Msisdn,
        now: UtcMillis,
    ) -> BoxFuture<'a, Result<Challenge, OtpError>> {
        self.question(self.gateway.request_otp(msisdn, now)).boxed()
    }

    fn verify_otp<'a>(
        &'a self,
        challenge: &'a Challenge,
        otp: &'a Otp,
        now: UtcMillis,
    ) -> BoxFuture<'a, Result<SessionTokens, OtpError>> {
        self.question(self.gateway.verify_otp(challenge, otp, now)).boxed()
    }

    fn refresh_session<'a>(
        &'a self,
        msisdn: &'a Msisdn,
        session: &'a AccessToken,
        now: UtcMillis,
    ) -> BoxFuture<'a, Result<SessionTokens, SessionError>> {
        self.question(self.gateway.refresh_session(msisdn, session, now)).boxed()
    }

    fn sessions<'a>(
        &'a self,
        msisdn: Option<&'a Msisdn>,
    ) -> BoxFuture<'a, Result<Vec<ListedSession>, GatewayError>> {
        self.question(self.gateway.sessions(msisdn)).boxed()
    }

    fn session_status<'a>(
        &'a self,
        msisdn: &'a Msisdn,
        session: &'a AccessToken,
    ) -> BoxFuture<'a, Result<SessionStatus, GatewayError>> {
        self.question(self.gateway.session_status(msisdn, session)).boxed()
    }

    fn list_offers(&self) -> BoxFuture<'_, Result<Vec<Offer>, GatewayError>> {
        self.question(self.gateway.list_offers()).boxed()
    }

    fn stock<'a>(&'a self, code: &'a str) -> BoxFuture<'a, Result<Stock, GatewayError>> {
        self.question(self.gateway.stock(code)).boxed()
    }

    fn quota<'a>(
        &'a self,
        session: &'a AccessToken,
    ) -> BoxFuture<'a, Result<Vec<QuotaPackage>, SessionError>> {
        self.question(self.gateway.quota(session)).boxed()
    }
}
