//! The QRIS code of a top-up as a picture to keep: many pay on the very phone that shows it, from its pictures.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::{PayTo, PublicId, Refusal};
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use store::{Error, Topup};

use super::{Web, answers, identity, qr_png};

/// `GET /topup/{id}/qr.png`: for the buyer and for admins, while it can be paid.
pub async fn show(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let Some(viewer) = identity::viewer(&session) else {
        return answers::refused(&headers, &Refusal::SignInNeeded);
    };
    let Ok(id) = id.parse::<PublicId>() else {
        return answers::refused(&headers, &Refusal::NotFound);
    };
    match web.store.topup(&id, viewer).await {
        Ok(topup) => code(topup)
            .map_or_else(|| answers::refused(&headers, &Refusal::NotFound), |png| picture(&id, png)),
        Err(Error::Refused(refusal)) => answers::refused(&headers, &refusal),
        Err(error) => identity::fault(&error),
    }
}

/// Nothing once it is over: a code that is kept then would only be paid too late.
fn code(topup: Topup) -> Option<Vec<u8>> {
    match topup.pay_to.filter(|_| topup.state.is_open())? {
        PayTo::Qr(content) => qr_png::png(&content),
        PayTo::Account(_) | PayTo::Bill { .. } => None,
    }
}

fn picture(id: &PublicId, png: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"qris-{}.png\"", id.as_str());
    let headers = [
        (CONTENT_TYPE, qr_png::MIME),
        (CONTENT_DISPOSITION, name.as_str()),
        (CACHE_CONTROL, "private, no-store"),
    ];
    (headers, png).into_response()
}
