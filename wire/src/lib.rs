//! One exchange over HTTP with a gateway that moves money: no redirect, no retry, no proxy, and a limit on what is read.
//! All adapters share it.

use std::time::Duration;

use reqwest::{Client, Request, Response, Url, redirect, retry};

/// Connections kept open for the next order.
const IDLE_CONNECTIONS: usize = 64;
/// How long they are kept. Shorter than servers do, so that we rarely write into one that is being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// A whole answer.
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Why there is no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// No connection was opened, so no byte of the request has left.
    NotConnected,
    /// No (whole) answer in time. The request may have arrived.
    Timeout { http_status: Option<u16> },
    /// The connection broke, or the answer was no HTTP. The request may have arrived.
    Broken { http_status: Option<u16> },
    /// The answer is longer than any answer should be.
    TooLong { http_status: u16 },
}

impl Lost {
    pub const fn http_status(self) -> Option<u16> {
        match self {
            Self::NotConnected => None,
            Self::Timeout { http_status } | Self::Broken { http_status } => http_status,
            Self::TooLong { http_status } => Some(http_status),
        }
    }

    pub const fn note(self) -> &'static str {
        match self {
            Self::NotConnected => "no connection",
            Self::Timeout { .. } => "no answer in time",
            Self::Broken { .. } => "the connection broke after sending",
            Self::TooLong { .. } => "the answer is too long",
        }
    }
}

/// The base URL, if it is one to which a call's name can be added.
pub fn base_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = url.query().is_none() && url.fragment().is_none();
    let has_user = !url.username().is_empty() || url.password().is_some();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain && !has_user).then_some(url)
}

/// The client of one adapter. The error is a text without any URL.
pub fn client(connect_timeout: Duration, total_timeout: Duration) -> Result<Client, String> {
    Client::builder()
        // A followed redirect or a retry could buy twice; a proxy could do either behind our back.
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .referer(false)
        .user_agent("xl-package-manager")
        .connect_timeout(connect_timeout)
        .timeout(total_timeout)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .tcp_nodelay(true)
        .build()
        .map_err(|error| error.without_url().to_string())
}

/// Sends a request once and reads the whole answer.
pub async fn exchange(client: &Client, request: Request, limit_bytes: usize) -> Result<Reply, Lost> {
    match client.execute(request).await {
        Ok(answer) => read(answer, limit_bytes).await,
        // hyper says "connect" only while it opens a connection (TCP and TLS), before it is given any request. It may
        // take a new connection when a kept one turns out closed, but only with a request of which nothing was written.
        Err(error) if error.is_connect() => Err(Lost::NotConnected),
        Err(error) => Err(lost(&error, None)),
    }
}

async fn read(mut answer: Response, limit_bytes: usize) -> Result<Reply, Lost> {
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| lost(&error, Some(status)))? {
        if body.len() + chunk.len() > limit_bytes {
            return Err(Lost::TooLong { http_status: status });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply { status, body })
}

fn lost(error: &reqwest::Error, http_status: Option<u16>) -> Lost {
    if error.is_timeout() { Lost::Timeout { http_status } } else { Lost::Broken { http_status } }
}
