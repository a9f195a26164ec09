//! One exchange over HTTP with a gateway that moves money: no redirect, no retry, no proxy, and a limit on what is read.
//! All adapters share it, for packages (`xl`) and for payments (`payments`) alike.

use std::time::Duration;

use reqwest::{Client, Request, Response, Url, redirect, retry};

/// Connections kept open for the next order.
const IDLE_CONNECTIONS: usize = 64;
/// How long they are kept. Shorter than servers do, so that we rarely write into one that is being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// A whole answer. It has no `Debug`, as a body may repeat a key.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body, whatever it is.
    pub body: Vec<u8>,
}

/// Why there is no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// No connection was opened, so no byte of the request has left.
    NotConnected,
    /// No (whole) answer in time. The request may have arrived.
    Timeout {
        /// The HTTP status, if the answer had begun.
        http_status: Option<u16>,
    },
    /// The connection broke, or the answer was no HTTP. The request may have arrived.
    Broken {
        /// The HTTP status, if the answer had begun.
        http_status: Option<u16>,
    },
    /// The answer is longer than any answer should be.
    TooLong {
        /// The HTTP status.
        http_status: u16,
    },
}

impl Lost {
    /// The HTTP status, if the answer had begun.
    #[must_use]
    pub const fn http_status(self) -> Option<u16> {
        match self {
            Self::NotConnected => None,
            Self::Timeout { http_status } | Self::Broken { http_status } => http_status,
            Self::TooLong { http_status } => Some(http_status),
        }
    }

    /// What happened, in words for the evidence.
    #[must_use]
    pub const fn note(self) -> &'static str {
        match self {
            Self::NotConnected => "no connection",
            Self::Timeout { .. } => "no answer in time",
            Self::Broken { .. } => "the connection broke after sending",
            Self::TooLong { .. } => "the answer is too long",
        }
    }
}

/// The base URL, if it is one to which a call's name can be added: http or https, with a host, and without user, query
/// and fragment.
#[must_use]
pub fn base_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = url.query().is_none() && url.fragment().is_none();
    let has_user = !url.username().is_empty() || url.password().is_some();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain && !has_user).then_some(url)
}

/// The client of one adapter.
///
/// # Errors
/// TLS could not be set up. The error is a text without any URL.
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

/// Sends a request once and reads the whole answer, at most `limit_bytes` of body.
///
/// # Errors
/// There is no whole answer. Only [`Lost::NotConnected`] proves that nothing has left.
pub async fn exchange(client: &Client, request: Request, limit_bytes: usize) -> Result<Reply, Lost> {
    match client.execute(request).await {
        Ok(answer) => read(answer, limit_bytes).await,
        // hyper says "connect" only while it opens a connection (TCP and TLS), before it is given any request. It may
        // take a new connection when a kept one turns out closed, but only with a request of which nothing was written.
        Err(error) if error.is_connect() => Err(Lost::NotConnected),
        Err(error) => Err(lost(&error, None)),
    }
}

/// The beginning of a text, at most `limit_bytes` of it, fit for a database: PostgreSQL takes no NUL.
#[must_use]
pub fn kept(text: &str, limit_bytes: usize) -> String {
    let beginning = text.get(..text.floor_char_boundary(limit_bytes)).unwrap_or_default();
    beginning.replace('\0', "\u{fffd}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_letters_and_lose_their_nul() {
        assert_eq!(kept("abc", 3), "abc");
        assert_eq!(kept("aé", 2), "a");
        assert_eq!(kept("a\0b", 9), "a\u{fffd}b");
        assert_eq!(kept("", 0), "");
    }

    #[test]
    fn addresses_to_which_a_call_can_be_added() {
        for url in ["https://api.example/v1", "http://127.0.0.1:8080", "https://a/v1/"] {
            assert!(base_url(url).is_some(), "{url}");
        }
        for url in
            ["", "a/v1", "ftp://a/v1", "https://u:p@a/v1", "https://a/v1?k=1", "https://a/v1#x", "data:,x"]
        {
            assert!(base_url(url).is_none(), "{url}");
        }
    }
}
