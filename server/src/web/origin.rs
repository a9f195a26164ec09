//! Only the shop's own pages may change anything, and only under its own name: another site can make a name of its own
//! lead to this very machine, and browsers then take the two for one (DNS rebinding). Browsers say where a request comes from: newer ones in
//! `Sec-Fetch-Site`, all of them in `Origin` when it is a POST. Programs that are no browser send neither, and carry no
//! cookies of somebody else either.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Method};

use super::{Web, answers, hooks, request_id};
use crate::config::PublicUrl;

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Refuses changes that another site asks for.
pub async fn check(State(web): State<Web>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Gateways call from their own servers and prove themselves by a signature.
    let signed = request.uri().path().starts_with(hooks::PREFIX);
    if safe || signed {
        return next.run(request).await;
    }
    let path = request_id::logged_path(request.uri().path());
    if !is_our_own(request.headers(), web.public_url.origin()) {
        tracing::info!(path, "refused: asked for by another site");
    } else if !is_to_us(&request, &web.public_url) {
        let public_url = &web.public_url;
        tracing::warn!(path, %public_url, "refused: the Host is not PUBLIC_URL's (a proxy must pass it on)");
    } else {
        return next.run(request).await;
    }
    answers::refused(request.headers(), &Refusal::FormExpired).into_response()
}

/// Whether the request names the shop as its server. Every browser does name one.
fn is_to_us(request: &Request, public_url: &PublicUrl) -> bool {
    let named = request.uri().authority().map(|authority| authority.as_str().as_bytes());
    let named = named.or_else(|| request.headers().get(HOST).map(http::HeaderValue::as_bytes));
    named.is_none_or(|host| std::str::from_utf8(host).is_ok_and(|host| public_url.is_named_by(host)))
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
    fn only_under_our_own_name() {
        let to_us = |host: &str, url: &str| {
            let request = Request::builder().header(HOST, host).body(axum::body::Body::empty()).unwrap();
            is_to_us(&request, &url.parse().unwrap())
        };
        let local = "http://127.0.0.1:3000";
        for host in ["toko.example", "Toko.Example", "toko.example:443"] {
            assert!(to_us(host, SHOP), "{host}");
        }
        for host in ["127.0.0.1:3000", "localhost:3000", "localhost:8080", "[::1]:3000", "shop.localhost"] {
            assert!(to_us(host, local), "{host}");
            assert!(!to_us(host, SHOP), "{host}");
        }
        for host in
            ["evil.example", "evil.example:3000", "toko.example:8443", "127.0.0.1.evil.example", "", "a@b"]
        {
            assert!(!to_us(host, local) && !to_us(host, SHOP), "{host}");
        }
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
