//! The book and the strings to pull, over HTTP.

mod phone;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::book::Book;
use crate::session::local_form;
use crate::state::{Desk, Inner};
use crate::{BookOrder, Duplicates, Ending, OrderState, Rule};

/// Orders of one page of the book, unless fewer are asked for.
const PAGE_ORDERS: usize = 1_000;
/// Rules that may be set at the same time.
const RULES_LIMIT: usize = 1_000;

pub(crate) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/book", get(book))
        .route("/book/{ref_id}", get(book_order))
        .route("/admin/behaviour", post(behaviour))
        .route("/admin/duplicates", post(duplicates))
        .route("/admin/settle", post(settle))
        .route("/admin/deposit", post(deposit))
        .route("/admin/prices", post(prices))
        .route("/admin/clock", post(clock))
        .route("/admin/reset", post(reset))
        .route("/admin/counters", get(counters))
        .merge(phone::router())
}

#[derive(Deserialize)]
struct Page {
    /// How many orders to leave out.
    after: Option<usize>,
    limit: Option<usize>,
    /// Only the orders of this number, in any form.
    number: Option<String>,
    /// Only the orders of this package.
    sku: Option<String>,
}

#[derive(Deserialize)]
struct DuplicatesRequest {
    mode: Duplicates,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct SettleRequest {
    /// Only this order; all that wait for an end otherwise.
    ref_id: Option<String>,
    /// This end instead of the one it would have had.
    ending: Option<Ending>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum DepositRequest {
    Set(i64),
    Add(i64),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceRequest {
    sku: String,
    /// The new price, in rupiah; in the session dialect what the number's owner pays.
    price: Option<i64>,
    /// The new fee, in rupiah; in the session dialect only.
    fee: Option<i64>,
    active: Option<bool>,
    stock: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockRequest {
    /// How far the gateway's clock is ahead of the one it was given; negative when behind.
    ahead_ms: i64,
}

impl Page {
    fn of(&self, book: &Book) -> Vec<BookOrder> {
        let after = self.after.unwrap_or_default();
        let limit = self.limit.unwrap_or(PAGE_ORDERS).min(PAGE_ORDERS);
        let is_meant = |order: &&BookOrder| self.sku.as_ref().is_none_or(|sku| *sku == order.sku);
        match &self.number {
            Some(number) => {
                let number = local_form(number);
                let orders = book.of_number(&number).filter(is_meant).skip(after);
                orders.take(limit).cloned().collect()
            }
            None => book.iter().filter(is_meant).skip(after).take(limit).cloned().collect(),
        }
    }
}

async fn book(State(inner): State<Arc<Inner>>, Query(page): Query<Page>) -> Json<Value> {
    inner.desk(|desk| {
        Json(json!({
            "deposit_rupiah": desk.state.deposit_rupiah,
            "totals": desk.state.book.totals(),
            "orders": page.of(&desk.state.book),
        }))
    })
}

async fn book_order(State(inner): State<Arc<Inner>>, Path(ref_id): Path<String>) -> Response {
    match inner.desk(|desk| desk.state.book.get(&ref_id).cloned()) {
        Some(order) => Json(order).into_response(),
        None => not_found("never received"),
    }
}

/// Adds a rule; a newer one goes before an older one.
async fn behaviour(State(inner): State<Arc<Inner>>, Json(rule): Json<Rule>) -> Response {
    inner.desk(|desk| {
        if desk.state.rules.len() >= RULES_LIMIT {
            return (StatusCode::CONFLICT, Json(json!({ "error": "too many rules" }))).into_response();
        }
        desk.state.rules.insert(0, rule);
        Json(json!({ "rules": desk.state.rules })).into_response()
    })
}

async fn duplicates(State(inner): State<Arc<Inner>>, Json(request): Json<DuplicatesRequest>) -> Json<Value> {
    inner.desk(|desk| desk.state.duplicates = request.mode);
    Json(json!({ "mode": request.mode }))
}

/// Ends pending orders now. The body may be empty.
async fn settle(State(inner): State<Arc<Inner>>, body: bytes::Bytes) -> Response {
    let request = if body.is_empty() { Ok(SettleRequest::default()) } else { serde_json::from_slice(&body) };
    let request = match request {
        Ok(request) => request,
        Err(error) => {
            return (StatusCode::BAD_REQUEST, Json(json!({ "error": error.to_string() }))).into_response();
        }
    };
    change(&inner, |desk| {
        let waiting = desk.state.book.iter().filter(|order| is_meant(order, &request)).cloned();
        let waiting: Vec<BookOrder> = waiting.collect();
        let mut settled = Vec::new();
        for order in waiting {
            if let Some(ending) = request.ending.or(order.ending).filter(|ending| *ending != Ending::Never) {
                settled.push(order.ref_id.clone());
                desk.finish(order, ending);
            }
        }
        json!({ "settled": settled })
    })
    .await
}

/// A named order may also be one that has succeeded (to be refunded); without a name, all that wait.
fn is_meant(order: &BookOrder, request: &SettleRequest) -> bool {
    match &request.ref_id {
        Some(ref_id) => {
            let is_open = order.state == OrderState::Pending;
            let is_refund = order.state == OrderState::Success
                && (request.ending == Some(Ending::Refunded) || order.ending == Some(Ending::Refunded));
            *ref_id == order.ref_id && (is_open || is_refund)
        }
        None => order.ending.is_some_and(|ending| ending != Ending::Never),
    }
}

async fn deposit(State(inner): State<Arc<Inner>>, Json(request): Json<DepositRequest>) -> Response {
    change(&inner, |desk| {
        let rupiah = match request {
            DepositRequest::Set(rupiah) => rupiah,
            DepositRequest::Add(rupiah) => desk.state.deposit_rupiah.saturating_add(rupiah),
        };
        desk.set_deposit(rupiah);
        json!({ "deposit_rupiah": rupiah })
    })
    .await
}

async fn prices(State(inner): State<Arc<Inner>>, Json(request): Json<PriceRequest>) -> Response {
    let changed =
        inner.desk(|desk| change_price(desk, &request).or_else(|| change_session_price(desk, &request)));
    match changed {
        Some(package) => Json(package).into_response(),
        None => not_found("no such SKU"),
    }
}

fn change_price(desk: &mut Desk<'_>, request: &PriceRequest) -> Option<Value> {
    let on_sale = desk.state.packages.iter_mut().find(|on_sale| on_sale.package.sku == request.sku)?;
    on_sale.package.cost_rupiah = request.price.unwrap_or(on_sale.package.cost_rupiah);
    on_sale.active = request.active.unwrap_or(on_sale.active);
    on_sale.stock = request.stock.or(on_sale.stock);
    Some(json!({ "package": on_sale.package, "active": on_sale.active, "stock": on_sale.stock }))
}

fn change_session_price(desk: &mut Desk<'_>, request: &PriceRequest) -> Option<Value> {
    let packages = &mut desk.state.session_packages;
    let on_sale = packages.iter_mut().find(|on_sale| on_sale.package.code == request.sku)?;
    on_sale.package.price_rupiah = request.price.unwrap_or(on_sale.package.price_rupiah);
    on_sale.package.fee_rupiah = request.fee.unwrap_or(on_sale.package.fee_rupiah);
    on_sale.active = request.active.unwrap_or(on_sale.active);
    on_sale.stock = request.stock.or(on_sale.stock);
    Some(json!({ "package": on_sale.package, "active": on_sale.active, "stock": on_sale.stock }))
}

async fn clock(State(inner): State<Arc<Inner>>, Json(request): Json<ClockRequest>) -> Json<Value> {
    inner.desk(|desk| desk.state.clock_ahead_ms = request.ahead_ms);
    // A second step sees the new time, and settles what is due by it.
    Json(json!({ "now_ms": inner.desk(|desk| desk.now_ms) }))
}

async fn reset(State(inner): State<Arc<Inner>>) -> Response {
    change(&inner, |desk| {
        desk.reset();
        json!({ "deposit_rupiah": desk.state.deposit_rupiah })
    })
    .await
}

async fn counters(State(inner): State<Arc<Inner>>) -> Json<Value> {
    let counters = inner.desk(|desk| desk.state.counters.clone());
    Json(json!({ "orders": counters, "webhooks": inner.webhooks.counters() }))
}

fn not_found(error: &str) -> Response {
    (StatusCode::NOT_FOUND, Json(json!({ "error": error }))).into_response()
}

/// Changes the book and answers when the change is on disk.
async fn change(inner: &Inner, work: impl FnOnce(&mut Desk<'_>) -> Value) -> Response {
    let (answer, synced) = inner.desk(|desk| (work(desk), desk.take_synced()));
    if let Some(synced) = synced
        && synced.await.is_err()
    {
        let error = json!({ "error": "the book cannot be written" });
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(error)).into_response();
    }
    Json(answer).into_response()
}
