//! Only the shop's own pages may change anything. Browsers say where a request comes from: newer ones in
//! `Sec-Fetch-Site`, all of them in `Origin` when it is a POST. Programs that are no browser send neither, and carry no
//! cookies of somebody else either.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use http::header::ORIGIN;
use http::{HeaderMap, Method};

use super::{Web, answers, hooks};

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Refuses changes that another site asks for.
pub async fn check(State(web): State<Web>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Gateways call from their own servers and prove themselves by a signature.
    let signed = request.uri().path().starts_with(hooks::PREFIX);
    if safe || signed || is_our_own(request.headers(), web.public_url.origin()) {
        next.run(request).await
    } else {
        tracing::info!(path = request.uri().path(), "refused: asked for by another site");
        answers::refused(request.headers(), &Refusal::FormExpired).into_response()
    }
}

fn is_our_own(headers: &HeaderMap, public_origin: &str) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        // `none` is a person's own doing, such as a reload. A neighbour (`same-site`) is not us.
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    headers.get(ORIGIN).is_none_or(|origin| origin.as_bytes() == public_origin.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const SHOP: &str = "https://toko.example";

    fn ours(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_our_own(&headers.collect(), SHOP)
    }

    #[test]
    fn the_newer_header_decides() {
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:3000")]));
        assert!(ours(&[("sec-fetch-site", "none")]));
        assert!(!ours(&[("sec-fetch-site", "cross-site"), ("origin", SHOP)]));
        assert!(!ours(&[("sec-fetch-site", "same-site"), ("origin", SHOP)]));
    }

    #[test]
    fn else_the_origin_does() {
        assert!(ours(&[("origin", SHOP)]));
        assert!(!ours(&[("origin", "https://evil.example")]));
        assert!(!ours(&[("origin", "http://toko.example")]));
        assert!(!ours(&[("origin", "null")]));
        assert!(ours(&[]));
    }
}
