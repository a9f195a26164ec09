//! Every request has an id: in the log, in the answer's `X-Request-Id` header, and on the page that says that something
//! broke.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;
use tracing::Instrument;

use super::{Web, client_ip};

/// The request's id, in its extensions.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// A foreign id is taken over only when it is plain and of a sane length.
const CHARS: std::ops::RangeInclusive<usize> = 8..=64;

/// Pages whose address ends with a token that opens an account.
const WITH_TOKEN: &[&str] = &["/reset/", "/verify/", "/r/"];

/// Gives the request its id, and logs how it went. The query is left out: it may hold a token.
pub async fn note(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let from_proxy = web.trusted_proxies.contains(client_ip::peer(&request));
    let id = from_proxy.then(|| foreign_id(request.headers())).flatten();
    let id = id.unwrap_or_else(|| format!("{:016x}", web.store.random_bits()));
    request.extensions_mut().insert(RequestId(id.clone()));

    let span = tracing::info_span!("request", id, method = %request.method(), path = logged_path(request.uri().path()));
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| match status {
        500.. => tracing::warn!(status, ms, "answered"),
        _ => tracing::debug!(status, ms, "answered"),
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// A path as logs may have it: without a token.
pub(super) fn logged_path(path: &str) -> &str {
    WITH_TOKEN.iter().copied().find(|page| path.starts_with(page)).unwrap_or(path)
}

fn foreign_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(HEADER)?.to_str().ok()?;
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (plain && CHARS.contains(&id.len())).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::logged_path;

    #[test]
    fn logs_hold_no_tokens() {
        assert_eq!(logged_path("/reset/0123456789abcdef"), "/reset/");
        assert_eq!(logged_path("/verify/0123456789abcdef/more"), "/verify/");
        assert_eq!(logged_path("/r/0123456789abcdef"), "/r/");
        assert_eq!(logged_path("/register"), "/register");
        assert_eq!(logged_path("/admin/users/7QK2M9DAX3TP"), "/admin/users/7QK2M9DAX3TP");
    }
}
