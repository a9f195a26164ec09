//! The H2H dialect of Digiflazz: signed JSON, one reference an order, and the same order again as the status query.

mod answer;
mod list;
pub(crate) mod outcome_table;
mod webhook;
mod wire;

use std::fmt;
use std::time::Duration;

use domain::{Ask, FailReason, Rupiah, ShopTrouble};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::Url;
use reqwest::header::HeaderMap;

use crate::answer::{lost, nothing_sent};
use crate::gateway::{
    Answer, Gateway, GatewayError, Limits, ListedPackage, MaySend, Order, QueryKind, StoredRequest,
    WebhookError, WebhookNews,
};
use crate::http;

/// What the operator gets from the gateway, and how long we wait for it.
#[derive(Clone)]
pub struct DigiflazzConfig {
    /// What packages call this gateway; a shop may have several of one dialect.
    pub name: String,
    /// Where the calls are, without the call's name: `https://api.digiflazz.com/v1`.
    pub base_url: String,
    /// The shop's name there.
    pub username: String,
    /// The shop's key, part of every signature.
    pub api_key: String,
    /// The key of the webhooks' signatures; without it webhooks are refused.
    pub webhook_secret: Option<String>,
    /// How long a connection may take to open.
    pub connect_timeout: Duration,
    /// How long a whole call may take, connection included.
    pub total_timeout: Duration,
    /// The shortest time between two sends of one order.
    pub query_interval: Duration,
}

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The base URL is not one, or has a query, a user or a fragment.
    #[error("the gateway's base URL must look like https://api.digiflazz.com/v1")]
    BaseUrl,
    /// The user name or the key is empty.
    #[error("the gateway's user name and key must not be empty")]
    Credentials,
    /// TLS could not be set up, for want of root certificates most often.
    #[error("the HTTP client cannot be made: {0}")]
    Client(String),
}

/// The adapter. Cheap to share, expensive to make: it owns the connections.
pub struct Digiflazz {
    config: DigiflazzConfig,
    /// `username@host`: the port and the path may change, the account stays.
    account: String,
    base_url: Url,
    client: reqwest::Client,
}

impl DigiflazzConfig {
    /// How long a connection may take to open, unless configured.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
    /// How long a whole call may take, unless configured. Orders at operators are slow at month's end.
    pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(30);
    /// The contract: the same order at most once a minute.
    pub const QUERY_INTERVAL: Duration = Duration::from_secs(60);

    /// A configuration with the usual times and no webhooks.
    pub fn new(base_url: impl Into<String>, username: impl Into<String>, api_key: impl Into<String>) -> Self {
        Self {
            name: "digiflazz".to_owned(),
            base_url: base_url.into(),
            username: username.into(),
            api_key: api_key.into(),
            webhook_secret: None,
            connect_timeout: Self::CONNECT_TIMEOUT,
            total_timeout: Self::TOTAL_TIMEOUT,
            query_interval: Self::QUERY_INTERVAL,
        }
    }
}

/// Without key, secret and URL.
impl fmt::Debug for DigiflazzConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigiflazzConfig")
            .field("username", &self.username)
            .field("has_webhook_secret", &self.webhook_secret.is_some())
            .field("connect_timeout", &self.connect_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("query_interval", &self.query_interval)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Digiflazz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digiflazz").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Digiflazz {
    /// After 90 days the gateway takes a reference for a new order; ten days before, we stop asking.
    pub const QUERY_UNTIL_AGE: Duration = Duration::from_secs(80 * 24 * 60 * 60);

    /// Makes the adapter.
    ///
    /// # Errors
    /// The configuration cannot be used.
    pub fn new(config: DigiflazzConfig) -> Result<Self, ConfigError> {
        let base_url = http::base_url(&config.base_url).ok_or(ConfigError::BaseUrl)?;
        if config.username.is_empty() || config.api_key.is_empty() {
            return Err(ConfigError::Credentials);
        }
        let client =
            http::client(config.connect_timeout, config.total_timeout).map_err(ConfigError::Client)?;
        let account = format!("{}@{}", config.username, base_url.host_str().unwrap_or_default());
        Ok(Self { config, account, base_url, client })
    }

    async fn send_order(&self, request: &StoredRequest, ask: Ask, may_send: MaySend<'_>) -> Answer {
        let Some((order, body)) = wire::signed_order(&self.config, request) else {
            return nothing_sent(
                ask,
                FailReason::Shop(ShopTrouble::Request),
                "the stored request cannot be read",
            );
        };
        let Ok(request) = self.request("transaction", body) else {
            return nothing_sent(ask, FailReason::Shop(ShopTrouble::Request), "the request cannot be made");
        };
        if !may_send() {
            return nothing_sent(ask, FailReason::NotReached, "send_by passed");
        }
        match http::exchange(&self.client, request, http::ORDER_LIMIT_BYTES).await {
            Ok(reply) => {
                answer::judge(ask, &reply, &order, |text| wire::redact(&self.config, &order.ref_id, text))
            }
            Err(nothing) => lost(ask, nothing),
        }
    }

    /// Asks something that is not about an order.
    async fn question(
        &self,
        call: &str,
        body: Vec<u8>,
        limit_bytes: usize,
    ) -> Result<serde_json::Value, GatewayError> {
        let request = self.request(call, body).map_err(|_| GatewayError::Unreadable("no request"))?;
        let reply = http::exchange(&self.client, request, limit_bytes).await.map_err(http::error_of)?;
        list::data(&reply)
    }

    fn request(&self, call: &str, body: Vec<u8>) -> Result<reqwest::Request, reqwest::Error> {
        let mut url = self.base_url.clone();
        url.set_path(&format!("{}/{call}", url.path().trim_end_matches('/')));
        self.client.post(url).header("content-type", "application/json").body(body).build()
    }
}

impl Gateway for Digiflazz {
    fn name(&self) -> &str {
        &self.config.name
    }

    fn account(&self) -> &str {
        &self.account
    }

    fn query_kind(&self) -> QueryKind {
        QueryKind::Resend
    }

    fn limits(&self) -> Limits {
        Limits {
            answer_within: self.config.total_timeout,
            between_queries: self.config.query_interval,
            query_until_age: Self::QUERY_UNTIL_AGE,
        }
    }

    fn order(&self, order: &Order) -> StoredRequest {
        wire::stored_order(order)
    }

    fn send<'a>(
        &'a self,
        request: &'a StoredRequest,
        ask: Ask,
        may_send: MaySend<'a>,
    ) -> BoxFuture<'a, Answer> {
        self.send_order(request, ask, may_send).boxed()
    }

    fn deposit(&self) -> BoxFuture<'_, Result<Rupiah, GatewayError>> {
        async {
            let body = wire::signed_question(&self.config, "deposit", "depo");
            let data = self.question("cek-saldo", body, http::ORDER_LIMIT_BYTES).await?;
            list::deposit(&data)
        }
        .boxed()
    }

    fn list_packages(&self) -> BoxFuture<'_, Result<Vec<ListedPackage>, GatewayError>> {
        async {
            let body = wire::signed_question(&self.config, "prepaid", "pricelist");
            let data = self.question("price-list", body, http::LIST_LIMIT_BYTES).await?;
            list::packages(&data)
        }
        .boxed()
    }

    fn parse_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookNews, WebhookError> {
        webhook::parse(&self.config, headers, body)
    }
}
