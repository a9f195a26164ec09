//! Webhooks: a gateway tells that an order changed. The engine checks the signature and decides what it means; here only
//! the body is limited and handed over.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::Web;

/// Where gateways call.
pub const PREFIX: &str = "/hooks/";
/// One order in JSON.
const MOST_BYTES: usize = 64 * 1024;

/// What a gateway sent.
#[derive(Debug)]
pub struct HookCall {
    /// Which gateway the address names.
    pub gateway: String,
    /// With the signature.
    pub headers: HeaderMap,
    /// What was signed.
    pub body: Bytes,
}

/// Takes a call and says with which status to answer it.
pub type HookHandler =
    Arc<dyn Fn(HookCall) -> Pin<Box<dyn Future<Output = StatusCode> + Send>> + Send + Sync>;

/// `POST /hooks/pay/{gateway}`: a payment gateway tells of a top-up's order.
pub async fn receive_payment(
    state: State<Web>,
    Path(gateway): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let answer = receive(state, Path(format!("{}{gateway}", store::WEBHOOK_PREFIX)), headers, body).await;
    // Tripay takes a call for heard only when the answer says so.
    if answer.status() == StatusCode::OK {
        return axum::Json(serde_json::json!({ "success": true })).into_response();
    }
    answer
}

/// `POST /hooks/{gateway}`.
pub async fn receive(
    State(web): State<Web>,
    Path(gateway): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(handler) = &web.hooks else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(body) = to_bytes(body, MOST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let status = handler(HookCall { gateway: gateway.clone(), headers, body }).await;
    // Whoever calls a gateway that there is not makes its name up.
    if status != StatusCode::NOT_FOUND {
        web.monitor.count_webhook(&gateway, status.as_u16());
    }
    status.into_response()
}
