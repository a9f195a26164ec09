//! Answers that no page gives: refusals at the door, and what is shown when a page could not be made. They stand on
//! their own feet, without the store and without Leptos, because either may be what broke.

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use domain::{Lang, Refusal};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::Web;
use super::request_id::RequestId;

/// Whether the one who asks is a browser that wants to show a page.
#[must_use]
pub fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// A refusal before any page was asked: JSON for programs, and an empty answer with the status for browsers, which
/// [`complete`] makes into a page.
#[must_use]
pub fn refused(headers: &HeaderMap, refusal: &Refusal) -> Response {
    if wants_html(headers) {
        return refused_page(refusal);
    }
    let json = Json(app::AppError::Refused(refusal.clone())).into_response();
    with_status(json, refusal)
}

/// A refusal for a browser, whatever its request's headers have become.
#[must_use]
pub fn refused_page(refusal: &Refusal) -> Response {
    with_status(().into_response(), refusal)
}

fn with_status(mut response: Response, refusal: &Refusal) -> Response {
    *response.status_mut() = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    if let Refusal::TooManyTries { retry_after_s } = refusal {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*retry_after_s));
    }
    response
}

/// Gives an error answer without a page one, when a browser asked. Causes are in the log only.
pub async fn complete(State(web): State<Web>, request: Request, next: Next) -> Response {
    let html = wants_html(request.headers());
    let lang = lang_cookie(request.headers());
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status();
    let has_page = response.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().starts_with(b"application/json")
    });
    if !html || has_page || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_TYPE);
    parts.headers.remove(http::header::CONTENT_LENGTH);
    let page = Html(page(lang, status, &id, web.files.stylesheet()));
    (parts.status, parts.headers, page).into_response()
}

/// The language of someone whose session may not be readable now.
fn lang_cookie(headers: &HeaderMap) -> Lang {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == "lang").find_map(|(_, word)| word.parse().ok()).unwrap_or_default()
}

/// Every text here is ours, and the id is letters and digits: nothing needs escaping.
fn page(lang: Lang, status: StatusCode, request_id: &str, stylesheet: &str) -> String {
    let (title, advice) = words(lang, status);
    let (home, number) = match lang {
        Lang::Id => ("Ke halaman utama", "Nomor kejadian"),
        Lang::En => ("To the start page", "Event number"),
    };
    let id = if status.is_server_error() {
        format!("<p class=\"text-body-secondary\">{number}: <code>{request_id}</code></p>")
    } else {
        String::new()
    };
    format!(
        "<!DOCTYPE html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title><link rel=\"stylesheet\" href=\"{stylesheet}\"></head>\
         <body><main class=\"container py-5\"><h1>{title}</h1><p>{advice}</p>{id}\
         <p><a class=\"btn btn-primary\" href=\"/\">{home}</a></p></main></body></html>",
        lang = lang.as_str(),
    )
}

fn words(lang: Lang, status: StatusCode) -> (&'static str, &'static str) {
    let texts = match status {
        StatusCode::FORBIDDEN => [
            (
                "Formulir sudah tidak berlaku",
                "Formulir terlalu lama terbuka atau dikirim dari situs lain. Kembali, muat ulang halaman, lalu coba lagi.",
            ),
            (
                "This form is no longer valid",
                "It was open for too long, or was sent from another site. Go back, reload the page and try again.",
            ),
        ],
        StatusCode::NOT_FOUND => [
            ("Halaman tidak ditemukan", "Alamatnya mungkin salah ketik atau sudah tidak ada."),
            ("Page not found", "The address may be mistyped, or no longer exist."),
        ],
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::BAD_REQUEST => [
            ("Permintaan tidak dapat dibaca", "Kembali ke halaman sebelumnya, lalu coba lagi."),
            ("The request cannot be read", "Go back to the page before and try again."),
        ],
        StatusCode::PAYLOAD_TOO_LARGE => [
            ("Terlalu besar", "Yang dikirim melebihi batas. Pilih gambar yang lebih kecil, lalu coba lagi."),
            ("Too large", "What was sent is over the limit. Choose a smaller picture and try again."),
        ],
        StatusCode::TOO_MANY_REQUESTS => [
            ("Terlalu banyak percobaan", "Tunggu sebentar, lalu coba lagi."),
            ("Too many tries", "Wait a moment, then try again."),
        ],
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT | StatusCode::REQUEST_TIMEOUT => [
            (
                "Sedang sibuk",
                "Coba lagi sebentar lagi. Bila Anda baru membeli, lihat dulu riwayat transaksi sebelum membeli ulang.",
            ),
            (
                "Busy",
                "Try again in a moment. If you have just bought something, look at your transactions before you buy again.",
            ),
        ],
        status if status.is_server_error() => [
            (
                "Ada yang salah di pihak kami",
                "Kami sudah mencatatnya. Bila Anda baru membeli, lihat dulu riwayat transaksi sebelum membeli ulang.",
            ),
            (
                "Something broke on our side",
                "It has been noted. If you have just bought something, look at your transactions before you buy again.",
            ),
        ],
        _ => [
            ("Tidak bisa diproses", "Kembali ke halaman sebelumnya, lalu coba lagi."),
            ("This cannot be done", "Go back to the page before and try again."),
        ],
    };
    let [indonesian, english] = texts;
    match lang {
        Lang::Id => indonesian,
        Lang::En => english,
    }
}
