//! What the operator gets from the gateway, and where each call is. Addresses have moved before, so each can be set.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use reqwest::Url;

/// A call of the gateway, by the name that the contract gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SessionCall {
    /// `reqotp`
    RequestOtp,
    /// `login`, also to renew a session
    Login,
    /// `accesstokenlist`
    AccessTokenList,
    /// `packagelist`
    PackageList,
    /// `checkpackagestock`
    CheckPackageStock,
    /// `packagepurchase`
    PackagePurchase,
    /// `checktransaction`
    CheckTransaction,
    /// `quotadetails`
    QuotaDetails,
    /// `panelaccountbalance`
    PanelAccountBalance,
}

/// The part of [`SessionConfig::base_url`] in whose place the call's name is put.
const CALL: &str = "{call}";

/// How to reach the gateway, and as whom.
#[derive(Clone)]
pub struct SessionConfig {
    /// What packages and accounts call this gateway; a shop may have several of one dialect.
    pub name: String,
    /// Where the calls are. `{call}` stands for the call's name, in the host or in the path:
    /// `https://openapi-{call}.example.com/v1`, `https://example.com/{call}/v1`. Without it, `/{call}` is added.
    pub base_url: String,
    /// The whole address of each call that is elsewhere.
    pub moved: BTreeMap<SessionCall, String>,
    /// Which of the shop's accounts this is: a name of the operator's choice, stored with each attempt. The key is no such
    /// name, as it is a secret and may be renewed.
    pub account: String,
    /// The shop's key, part of every address.
    pub api_key: String,
    /// How long a connection may take to open.
    pub connect_timeout: Duration,
    /// How long a whole call may take, connection included.
    pub total_timeout: Duration,
    /// The shortest time between two questions about one order.
    pub query_interval: Duration,
}

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionConfigError {
    /// An address is none, or has a query, a user or a fragment.
    #[error("the address of the session gateway's call {0} must look like https://example.com/v1/{0}")]
    Url(&'static str),
    /// The account's name or the key is empty.
    #[error("the session gateway's account and key must not be empty")]
    Credentials,
    /// TLS could not be set up, for want of root certificates most often.
    #[error("the HTTP client cannot be made: {0}")]
    Client(String),
}

/// The address of each call, checked.
pub(super) struct Addresses(BTreeMap<SessionCall, Url>);

impl SessionCall {
    /// Every call.
    pub const ALL: &[Self] = &[
        Self::RequestOtp,
        Self::Login,
        Self::AccessTokenList,
        Self::PackageList,
        Self::CheckPackageStock,
        Self::PackagePurchase,
        Self::CheckTransaction,
        Self::QuotaDetails,
        Self::PanelAccountBalance,
    ];

    /// The contract's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RequestOtp => "reqotp",
            Self::Login => "login",
            Self::AccessTokenList => "accesstokenlist",
            Self::PackageList => "packagelist",
            Self::CheckPackageStock => "checkpackagestock",
            Self::PackagePurchase => "packagepurchase",
            Self::CheckTransaction => "checktransaction",
            Self::QuotaDetails => "quotadetails",
            Self::PanelAccountBalance => "panelaccountbalance",
        }
    }
}

impl SessionConfig {
    /// How long a connection may take to open, unless configured.
    pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
    /// How long a whole call may take, unless configured. Behind a purchase stands the operator, which is slow.
    pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(45);
    /// The contract: orders are asked about every 30 seconds.
    pub const QUERY_INTERVAL: Duration = Duration::from_secs(30);

    /// A configuration with the usual times, and every call at its usual place.
    pub fn new(base_url: impl Into<String>, account: impl Into<String>, api_key: impl Into<String>) -> Self {
        Self {
            name: "session".to_owned(),
            base_url: base_url.into(),
            moved: BTreeMap::new(),
            account: account.into(),
            api_key: api_key.into(),
            connect_timeout: Self::CONNECT_TIMEOUT,
            total_timeout: Self::TOTAL_TIMEOUT,
            query_interval: Self::QUERY_INTERVAL,
        }
    }

    pub(super) fn addresses(&self) -> Result<Addresses, SessionConfigError> {
        let address = |call: SessionCall| {
            let text = self.moved.get(&call).cloned().unwrap_or_else(|| self.usual_address(call));
            let url = crate::http::base_url(&text).ok_or(SessionConfigError::Url(call.as_str()))?;
            Ok((call, url))
        };
        SessionCall::ALL.iter().copied().map(address).collect::<Result<_, _>>().map(Addresses)
    }

    fn usual_address(&self, call: SessionCall) -> String {
        if self.base_url.contains(CALL) {
            self.base_url.replace(CALL, call.as_str())
        } else {
            format!("{}/{}", self.base_url.trim_end_matches('/'), call.as_str())
        }
    }
}

impl Addresses {
    /// The address of a call, without parameters.
    pub(super) fn of(&self, call: SessionCall) -> Option<Url> {
        self.0.get(&call).cloned()
    }
}

/// Without key and addresses.
impl fmt::Debug for SessionConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionConfig")
            .field("account", &self.account)
            .field("connect_timeout", &self.connect_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("query_interval", &self.query_interval)
            .finish_non_exhaustive()
    }
}
