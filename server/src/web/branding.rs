//! What makes the shop look like this shop: its colour and its logo. Both stand at addresses that always mean the same
//! bytes, outside the session.

use app::theme;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::{Web, identity};

/// As for the hashed files of the site.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Hexadecimal digits of SHA-256.
const HASH_CHARS: usize = 64;

/// `GET /theme/{name}`: the style sheet of a colour.
pub async fn theme(Path(name): Path<String>) -> Response {
    match theme::sheet(&name) {
        Some(sheet) => {
            ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, FOREVER)], sheet).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /logo/{name}`: the shop's logo.
pub async fn logo(State(web): State<Web>, Path(name): Path<String>) -> Response {
    let hash = name.strip_suffix(".png").filter(|hash| hash.len() == HASH_CHARS);
    let Some(hash) = hash else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match web.store.logo(hash).await {
        Ok(Some(picture)) => {
            ([(CONTENT_TYPE, "image/png"), (CACHE_CONTROL, FOREVER)], picture).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => identity::fault(&error),
    }
}
