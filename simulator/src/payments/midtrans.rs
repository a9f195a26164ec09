//! The fake Midtrans Core API, as the contract paper has it. Where the paper is silent it follows the public
//! description (<https://docs.midtrans.com/reference/core-api-overview>,
//! <https://docs.midtrans.com/reference/code-4xx>): refusals are HTTP 200 with a `status_code` in the body, and only a
//! wrong key is HTTP 401 (its client libraries look at both).

mod charge;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) use self::words::{Altered, notification};
use self::words::{refusal, rupiah_text, spoil, transaction};
use super::behaviour::Subject;
use super::{Answered, BODY_LIMIT_BYTES, PaymentCall, origin};
use crate::state::{Counters, Desk, Inner};
use crate::{ChargeState, MoneyBackKind, PaymentFault, PaymentOrder, PaymentProvider, messages};

/// How long an idempotency key is remembered.
const KEY_LIVES_MS: i64 = 5 * 60 * 1_000;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/midtrans/v2/charge", post(charge))
        .route("/midtrans/v2/{id}/status", get(status))
        .route("/midtrans/v2/{id}/cancel", post(cancel))
        .route("/midtrans/v2/{id}/expire", post(expire))
        .route("/midtrans/v2/{id}/refund", post(refund))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
}

/// The successes of the last minutes, by their keys.
#[derive(Default)]
pub(crate) struct Idempotency(HashMap<String, (i64, Value)>);

#[derive(Deserialize, Default)]
#[serde(default)]
struct RefundRequest {
    refund_key: Option<String>,
    amount: Option<i64>,
}

impl Idempotency {
    fn get(&self, key: &str, now_ms: i64) -> Option<Value> {
        let (at_ms, answer) = self.0.get(key)?;
        (now_ms - at_ms < KEY_LIVES_MS).then(|| answer.clone())
    }

    fn put(&mut self, key: &str, now_ms: i64, answer: &Value) {
        self.0.retain(|_, (at_ms, _)| now_ms - *at_ms < KEY_LIVES_MS);
        self.0.insert(key.to_owned(), (now_ms, answer.clone()));
    }
}

async fn charge(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> Response {
    inner.start();
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let origin = origin(&headers);
    call(&inner, &headers, PaymentCall::Charge, |desk| charge::take(desk, &body, key.as_deref(), &origin))
        .await
}

async fn status(State(inner): State<Arc<Inner>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let done = |_: &mut Desk<'_>, order: &PaymentOrder| Ok((order.clone(), words::code(order), Value::Null));
    on_order(&inner, &headers, PaymentCall::Status, &id, done).await
}

async fn cancel(State(inner): State<Arc<Inner>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    on_order(&inner, &headers, PaymentCall::Cancel, &id, |desk, order| {
        close(desk, order, ChargeState::Cancel).map(|order| (order, "200", Value::Null))
    })
    .await
}

async fn expire(State(inner): State<Arc<Inner>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    on_order(&inner, &headers, PaymentCall::Expire, &id, |desk, order| {
        close(desk, order, ChargeState::Expire).map(|order| (order, "407", Value::Null))
    })
    .await
}

async fn refund(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request: RefundRequest = serde_json::from_slice(&body).unwrap_or_default();
    on_order(&inner, &headers, PaymentCall::Refund, &id, |desk, order| give_back(desk, order, &request)).await
}

/// Only a charge that waits can be closed.
fn close(
    desk: &mut Desk<'_>,
    order: &PaymentOrder,
    state: ChargeState,
) -> Result<PaymentOrder, &'static str> {
    if !order.is_open() {
        return Err("412");
    }
    Ok(desk.changed_payment(PaymentOrder { state, ..order.clone() }))
}

fn give_back(
    desk: &mut Desk<'_>,
    order: &PaymentOrder,
    request: &RefundRequest,
) -> Result<(PaymentOrder, &'static str, Value), &'static str> {
    let key = request.refund_key.clone().unwrap_or_else(|| desk.state.chance.uuid());
    if order.returns.iter().any(|back| back.key == key) {
        return Err("406");
    }
    if !matches!(order.state, ChargeState::Settlement | ChargeState::PartialRefund) {
        return Err("412");
    }
    let mut order = order.clone();
    desk.take_back(&mut order, MoneyBackKind::Refund, request.amount, &key).map_err(|_| "412")?;
    let amount = order.returns.last().map(|back| back.amount_rupiah).unwrap_or_default();
    let order = desk.changed_payment(order);
    Ok((order, "200", json!({ "refund_key": key, "refund_amount": rupiah_text(amount) })))
}

/// A call about one charge, which gives the charge, a code and further fields, or the code of a refusal.
async fn on_order<W>(
    inner: &Arc<Inner>,
    headers: &HeaderMap,
    what: PaymentCall,
    id: &str,
    work: W,
) -> Response
where
    W: FnOnce(&mut Desk<'_>, &PaymentOrder) -> Result<(PaymentOrder, &'static str, Value), &'static str>,
{
    call(inner, headers, what, |desk| {
        let found = desk.state.payments.book.find(Some(PaymentProvider::Midtrans), id).cloned();
        let Some(order) = found else { return answered(desk, refusal("404", None), None) };
        let times =
            if what == PaymentCall::Status { desk.state.payments.book.asked(&order.reference) } else { 1 };
        let fault = desk.strike(&subject(what, &order, times));
        match &fault {
            Some(PaymentFault::Missing) => return answered(desk, refusal("404", None), fault),
            Some(PaymentFault::Down) => return answered(desk, refusal("503", None), fault),
            Some(fault) if fault.is_undone() => {
                return answered(desk, Value::Null, Some(fault.clone()));
            }
            _ => {}
        }
        let body = match work(desk, &order) {
            Err(code) => refusal(code, Some(&order)),
            Ok((order, code, more)) => {
                let config = &desk.inner.config;
                let mut body = transaction(config, &order, id, code, what);
                if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
                    body.extend(more);
                }
                body
            }
        };
        answered(desk, body, fault)
    })
    .await
}

fn subject<'a>(call: PaymentCall, order: &'a PaymentOrder, times: u32) -> Subject<'a> {
    Subject {
        provider: order.provider,
        call,
        order_id: &order.order_id,
        method: &order.method,
        amount_rupiah: order.gross_rupiah,
        times,
    }
}

/// Any call: the key first, then the work, then the answer.
async fn call(
    inner: &Arc<Inner>,
    headers: &HeaderMap,
    what: PaymentCall,
    work: impl FnOnce(&mut Desk<'_>) -> Answered,
) -> Response {
    let is_known = is_authorized(inner, headers);
    let (answered, synced) = inner.desk(|desk| {
        let counters = &mut desk.state.payments.counters;
        if is_known {
            Counters::count(&mut counters.calls, &format!("midtrans {}", what.as_str()));
            (work(desk), desk.take_synced())
        } else {
            Counters::count(&mut counters.refused, "midtrans");
            (Answered::honest(StatusCode::UNAUTHORIZED, refusal("401", None)), None)
        }
    });
    answered.send(inner, synced).await
}

/// `Basic base64(server_key + ":")`; a key of the sandbox is a wrong one in production.
fn is_authorized(inner: &Inner, headers: &HeaderMap) -> bool {
    let config = &inner.config;
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(given) = given.and_then(|value| value.strip_prefix("Basic ")) else { return false };
    let given = messages::base64(given);
    let is_sandbox_key = given.starts_with(b"SB-");
    given == format!("{}:", config.midtrans_server_key).as_bytes()
        && !(config.payments_in_production && is_sandbox_key)
}

/// The body with its fault in it, and the HTTP status that goes with it.
fn answered(desk: &Desk<'_>, mut body: Value, fault: Option<PaymentFault>) -> Answered {
    if let Some(fault) = &fault {
        spoil(&mut body, fault);
    }
    let code = body.get("status_code").and_then(Value::as_str).and_then(|code| code.parse::<u16>().ok());
    let http = match code {
        // That the API is down is said by HTTP, as by any server.
        Some(503) => StatusCode::SERVICE_UNAVAILABLE,
        Some(code) if desk.inner.config.midtrans_http_follows_body => {
            StatusCode::from_u16(code).unwrap_or(StatusCode::OK)
        }
        _ => StatusCode::OK,
    };
    Answered { http, body, fault, tell_first: None }
}
