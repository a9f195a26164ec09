//! NUL characters: no person types one, and PostgreSQL keeps none. What holds one, in its address or in its form, is not
//! a request of ours.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

/// Refuses addresses that hold one. Forms are read elsewhere, and looked at there.
pub async fn check(request: Request, next: Next) -> Response {
    let uri = request.uri();
    if holds_nul(uri.path().as_bytes()) || uri.query().is_some_and(|query| holds_nul(query.as_bytes())) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    next.run(request).await
}

/// Whether there is one in percent-encoded text, such as a form's.
#[must_use]
pub fn holds_nul(encoded: &[u8]) -> bool {
    encoded.contains(&0) || encoded.windows(3).any(|part| part == b"%00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_out_or_encoded() {
        assert!(holds_nul(b"a=b%00c") && holds_nul(b"a=%%00") && holds_nul(b"a=b\0"));
        assert!(!holds_nul(b"a=%2500&b=00%20"));
    }
}
