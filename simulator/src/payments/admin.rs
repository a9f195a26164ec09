//! The book of payments and the strings to pull, over HTTP.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PaymentBook, notify};
use crate::state::{Desk, Inner};
use crate::{PaymentAct, PaymentOrder, PaymentProvider, PaymentRule};

/// Charges of one page of the book, unless fewer are asked for.
const PAGE_ORDERS: usize = 1_000;
/// Rules that may be set at the same time.
const RULES_LIMIT: usize = 1_000;
/// The most payments of one charge by one call.
const TIMES_MOST: u32 = 100;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/payments/book", get(book))
        .route("/payments/book/{order_id}", get(book_order))
        .route("/admin/payments/behaviour", post(behaviour).delete(honest))
        .route("/admin/payments/pay", post(pay))
        .route("/admin/payments/act", post(act))
        .route("/admin/payments/notifications", get(waiting).post(notifications))
        .route("/admin/payments/deliver", post(deliver))
        .route("/admin/payments/counters", get(counters))
}

#[derive(Deserialize)]
struct Page {
    /// How many charges to leave out.
    after: Option<usize>,
    limit: Option<usize>,
    provider: Option<PaymentProvider>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PayRequest {
    provider: Option<PaymentProvider>,
    /// The shop's name or the gateway's.
    order_id: String,
    /// Another amount than the one asked for, in rupiah.
    amount: Option<i64>,
    /// How often; once when not given.
    times: Option<u32>,
}

#[derive(Deserialize)]
struct ActRequest {
    provider: Option<PaymentProvider>,
    order_id: String,
    #[serde(flatten)]
    act: PaymentAct,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotificationsRequest {
    provider: PaymentProvider,
    /// None ends them.
    url: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct DeliverRequest {
    /// Only this order's.
    order_id: Option<String>,
}

async fn book(State(inner): State<Arc<Inner>>, Query(page): Query<Page>) -> Json<Value> {
    inner.desk(|desk| {
        let is_meant =
            |order: &&PaymentOrder| page.provider.is_none_or(|provider| provider == order.provider);
        let book = &desk.state.payments.book;
        let limit = page.limit.unwrap_or(PAGE_ORDERS).min(PAGE_ORDERS);
        let shown = book.iter().filter(is_meant).skip(page.after.unwrap_or_default()).take(limit);
        Json(json!({
            "totals": PaymentBook::totals(book.iter().filter(is_meant)),
            "orders": shown.collect::<Vec<_>>(),
        }))
    })
}

/// All charges with this name, as Tripay takes a name twice.
async fn book_order(State(inner): State<Arc<Inner>>, Path(order_id): Path<String>) -> Response {
    inner.desk(|desk| {
        let book = &desk.state.payments.book;
        let mut orders: Vec<&PaymentOrder> = book.of(&order_id).collect();
        orders.extend(book.find(None, &order_id).filter(|_| orders.is_empty()));
        if orders.is_empty() {
            return refused(StatusCode::NOT_FOUND, "never made");
        }
        let totals = PaymentBook::totals(orders.iter().copied());
        Json(json!({ "totals": totals, "orders": orders })).into_response()
    })
}

/// Adds a rule; a newer one goes before an older one.
async fn behaviour(State(inner): State<Arc<Inner>>, Json(rule): Json<PaymentRule>) -> Response {
    inner.desk(|desk| {
        let rules = &mut desk.state.payments.rules;
        if rules.len() >= RULES_LIMIT {
            return refused(StatusCode::CONFLICT, "too many rules");
        }
        rules.insert(0, rule);
        Json(json!({ "rules": rules })).into_response()
    })
}

/// Takes all rules away.
async fn honest(State(inner): State<Arc<Inner>>) -> Json<Value> {
    inner.desk(|desk| desk.state.payments.rules.clear());
    Json(json!({ "rules": [] }))
}

async fn pay(State(inner): State<Arc<Inner>>, Json(request): Json<PayRequest>) -> Response {
    let times = request.times.unwrap_or(1).clamp(1, TIMES_MOST);
    change(&inner, |desk| {
        (0..times).try_fold(None, |_, _| {
            let act = PaymentAct::Pay { amount: request.amount };
            desk.act(request.provider, &request.order_id, act).map(Some)
        })
    })
    .await
}

async fn act(State(inner): State<Arc<Inner>>, Json(request): Json<ActRequest>) -> Response {
    change(&inner, |desk| desk.act(request.provider, &request.order_id, request.act).map(Some)).await
}

/// The notifications that wait, for a try or for their time.
async fn waiting(State(inner): State<Arc<Inner>>) -> Json<Value> {
    inner.desk(|desk| Json(json!({ "waiting": desk.state.payments.tellings.waiting() })))
}

async fn notifications(
    State(inner): State<Arc<Inner>>,
    Json(request): Json<NotificationsRequest>,
) -> Json<Value> {
    let answer = json!({ "url": request.url });
    inner.desk(|desk| desk.state.payments.tellings.set_url(request.provider, request.url));
    Json(answer)
}

/// Delivers now what waits, and answers when the shop has. The body may be empty.
async fn deliver(State(inner): State<Arc<Inner>>, body: bytes::Bytes) -> Response {
    let request = if body.is_empty() { Ok(DeliverRequest::default()) } else { serde_json::from_slice(&body) };
    match request {
        Err(error) => refused(StatusCode::BAD_REQUEST, &error.to_string()),
        Ok(request) => {
            let delivered = notify::deliver(&inner, request.order_id.as_deref()).await;
            let left = inner.desk(|desk| desk.state.payments.tellings.waiting().len());
            Json(json!({ "delivered": delivered, "waiting": left })).into_response()
        }
    }
}

async fn counters(State(inner): State<Arc<Inner>>) -> Json<Value> {
    Json(json!(inner.desk(|desk| desk.state.payments.counters.clone())))
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

/// Changes a charge and answers when the change is on disk.
async fn change(
    inner: &Inner,
    work: impl FnOnce(&mut Desk<'_>) -> Result<Option<PaymentOrder>, &'static str>,
) -> Response {
    let (changed, synced) = inner.desk(|desk| (work(desk), desk.take_synced()));
    if let Some(synced) = synced
        && synced.await.is_err()
    {
        return refused(StatusCode::INTERNAL_SERVER_ERROR, "the book cannot be written");
    }
    match changed {
        Ok(order) => Json(json!(order)).into_response(),
        Err("no such charge") => refused(StatusCode::NOT_FOUND, "no such charge"),
        Err(error) => refused(StatusCode::CONFLICT, error),
    }
}
