//! The strings to pull on numbers: what a test reads from a phone, and what its owner does.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{change, not_found};
use crate::session::{Late, Phone, international_form, local_form};
use crate::state::{Desk, Inner};

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/admin/phone", get(phone))
        .route("/admin/pulsa", post(pulsa))
        .route("/admin/pay", post(pay))
        .route("/admin/expire", post(expire))
        .route("/admin/revoke", post(revoke))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    /// In any form.
    msisdn: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PulsaRequest {
    msisdn: String,
    /// What is on it from now on, in rupiah.
    set: Option<i64>,
    /// What comes on top of it, in rupiah.
    add: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PayRequest {
    trx_id: String,
    /// What happens when the order has expired meanwhile.
    #[serde(default)]
    late: Late,
}

/// All that is known of a number.
async fn phone(State(inner): State<Arc<Inner>>, Query(named): Query<Named>) -> Json<Value> {
    let number = local_form(&named.msisdn);
    Json(inner.desk(|desk| shown(desk, &number)))
}

async fn pulsa(State(inner): State<Arc<Inner>>, Json(request): Json<PulsaRequest>) -> Response {
    let number = local_form(&request.msisdn);
    change(&inner, |desk| {
        let before = desk.pulsa_rupiah(&number);
        let after = request.set.unwrap_or(before).saturating_add(request.add.unwrap_or_default());
        desk.set_pulsa(&number, after);
        json!({ "pulsa_rupiah": after })
    })
    .await
}

async fn pay(State(inner): State<Arc<Inner>>, Json(request): Json<PayRequest>) -> Response {
    let known = inner.desk(|desk| desk.state.book.get(&request.trx_id).is_some());
    if !known {
        return not_found("no such order");
    }
    change(&inner, |desk| match desk.pay(&request.trx_id, request.late) {
        Ok(order) => json!(order),
        Err(error) => json!({ "error": error }),
    })
    .await
}

/// Makes the number's access tokens expire; its sessions can be prolonged.
async fn expire(State(inner): State<Arc<Inner>>, Json(named): Json<Named>) -> Response {
    on_phone(&inner, &named, |phone, now_ms| phone.expire_tokens(now_ms)).await
}

/// Ends the number's sessions for good.
async fn revoke(State(inner): State<Arc<Inner>>, Json(named): Json<Named>) -> Response {
    on_phone(&inner, &named, |phone, _| phone.revoke_sessions()).await
}

async fn on_phone(inner: &Inner, named: &Named, work: impl FnOnce(&mut Phone, i64)) -> Response {
    let number = local_form(&named.msisdn);
    change(inner, |desk| {
        let mut phone = desk.phone(&number);
        work(&mut phone, desk.now_ms);
        desk.save_phone(phone);
        shown(desk, &number)
    })
    .await
    .into_response()
}

fn shown(desk: &Desk<'_>, number: &str) -> Value {
    let phone = desk.phone(number);
    let sessions = phone.sessions.iter().map(|session| {
        json!({
            "access_token": session.access_token(),
            "access_expires_ms": session.access_expires_ms,
            "expires_ms": session.expires_ms,
            "is_revoked": session.is_revoked,
        })
    });
    let packages = desk.packages_on(number).into_iter().map(|package| {
        json!({ "name": package.name, "expires_ms": package.expires_ms, "benefits": package.benefits })
    });
    let orders: Vec<_> = desk.state.book.of_number(number).collect();
    json!({
        "msisdn": international_form(number),
        "pulsa_rupiah": desk.pulsa_rupiah(number),
        "otp": phone.otp,
        "messages": phone.messages,
        "locked_until_ms": phone.locked_until_ms,
        "sessions": sessions.collect::<Vec<_>>(),
        "packages": packages.collect::<Vec<_>>(),
        "orders": orders,
    })
}
