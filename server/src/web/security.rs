//! What browsers are told not to do with our pages.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use leptos::nonce::Nonce;

use super::Web;

/// For everything that is not a page.
const NOT_A_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// The form's middleware and server functions need the page's own address in `Referer`, other sites need nothing.
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
);
/// A year. Without `includeSubDomains`: the operator's other names are none of our business.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

/// Mints the nonce that this answer's scripts carry, and sets the headers. What a handler has set itself stays.
pub async fn protect(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = if is_page(headers) { page_policy(&nonce) } else { NOT_A_PAGE };
    set_if_missing(headers, CONTENT_SECURITY_POLICY, policy);
    set_if_missing(headers, CACHE_CONTROL, NO_STORE);
    set_if_missing(headers, X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    set_if_missing(headers, REFERRER_POLICY, REFERRER);
    set_if_missing(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set_if_missing(headers, HeaderName::from_static("cross-origin-opener-policy"), SAME_ORIGIN);
    set_if_missing(headers, HeaderName::from_static("cross-origin-resource-policy"), SAME_ORIGIN);
    if web.public_url.is_https() {
        set_if_missing(headers, STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// Nothing but what is named. Scripts need this answer's nonce and may load others from there (`strict-dynamic`: the
/// entry script imports the WASM's glue); inline style is not allowed at all.
fn page_policy(nonce: &Nonce) -> HeaderValue {
    // While developing, cargo-leptos tells the page over a web socket of its own when to load anew.
    let watch =
        if cfg!(debug_assertions) && std::env::var_os("LEPTOS_WATCH").is_some() { " ws:" } else { "" };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self'{watch}; \
         img-src 'self'; style-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    // A nonce is base 64, so this cannot fail; if it did, a page without scripts is the safe side.
    HeaderValue::from_str(&policy).unwrap_or(NOT_A_PAGE)
}

fn set_if_missing(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
