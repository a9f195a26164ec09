//! The fake Tripay: closed payments, as its public documentation has them (<https://tripay.co.id/developer>, also at
//! <https://payment.tripay.co.id/developer>; the callback is at <https://tripay.co.id/developer?tab=callback>).
//!
//! The documentation does not say: which HTTP status goes with `success: false` (here 401 for the key, 400 for the
//! rest, 404 for an unknown reference), the words of refusals beside "Invalid API Key", how fees are rounded (here up), and what
//! a repeated `merchant_ref` does (here it makes a second transaction, the worse of the two). It shows `paid_at` as a text in
//! the detail and as a number elsewhere, and so does this.

mod create;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) use self::words::callback;
use self::words::{CHANNELS, Channel, refusal, spoil, status_word, transaction};
use super::behaviour::Subject;
use super::{Answered, BODY_LIMIT_BYTES, PaymentCall, origin};
use crate::state::{Counters, Desk, Inner};
use crate::{PaymentFault, PaymentOrder, PaymentProvider};

/// Transactions of one page of the list, at most.
const PAGE_MOST: usize = 50;
/// Of one page when the shop does not say.
const PAGE: usize = 25;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/tripay/api/transaction/create", post(create))
        .route("/tripay/api/transaction/detail", get(detail))
        .route("/tripay/api/merchant/transactions", get(transactions))
        .route("/tripay/api/merchant/payment-channel", get(channels))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
}

#[derive(Deserialize)]
struct DetailQuery {
    #[serde(default)]
    reference: String,
}

#[derive(Deserialize)]
struct ListQuery {
    page: Option<usize>,
    per_page: Option<usize>,
    sort: Option<String>,
    reference: Option<String>,
    merchant_ref: Option<String>,
    method: Option<String>,
    status: Option<String>,
}

async fn create(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> Response {
    inner.start();
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    let origin = origin(&headers);
    call(&inner, &headers, PaymentCall::Charge, |desk| create::take(desk, &body, is_form, &origin)).await
}

async fn detail(
    State(inner): State<Arc<Inner>>,
    headers: HeaderMap,
    Query(query): Query<DetailQuery>,
) -> Response {
    let origin = origin(&headers);
    call(&inner, &headers, PaymentCall::Status, |desk| {
        let book = &mut desk.state.payments.book;
        // Only by its own reference: the shop's name may be there twice.
        let found = book.find(Some(PaymentProvider::Tripay), &query.reference).cloned();
        let found = found.filter(|order| order.has_reference(&query.reference));
        let Some(order) = found else { return answered(StatusCode::NOT_FOUND, not_found(), None) };
        let times = book.asked(&order.reference);
        let fault = desk.strike(&subject(PaymentCall::Status, &order, times));
        match &fault {
            Some(PaymentFault::Missing) => return answered(StatusCode::NOT_FOUND, not_found(), fault),
            Some(PaymentFault::Down) => return down(fault),
            _ => {}
        }
        let payment = order.payment(&query.reference);
        let data = transaction(&order, payment, &origin);
        answered(StatusCode::OK, json!({ "success": true, "message": "", "data": data }), fault)
    })
    .await
}

async fn transactions(
    State(inner): State<Arc<Inner>>,
    headers: HeaderMap,
    Query(query): Query<ListQuery>,
) -> Response {
    let origin = origin(&headers);
    call(&inner, &headers, PaymentCall::List, |desk| {
        let fault = desk.strike(&Subject {
            provider: PaymentProvider::Tripay,
            call: PaymentCall::List,
            order_id: query.merchant_ref.as_deref().unwrap_or_default(),
            method: query.method.as_deref().unwrap_or_default(),
            amount_rupiah: 0,
            times: 1,
        });
        match &fault {
            Some(PaymentFault::Down) => return down(fault),
            Some(PaymentFault::Missing) => {
                let none = list(Vec::new(), &query);
                return answered(StatusCode::OK, none, fault);
            }
            _ => {}
        }
        let rows = rows(desk, &query, &origin);
        answered(StatusCode::OK, list(rows, &query), fault)
    })
    .await
}

/// All transactions that are meant, in the order that is meant. A second payment is a row of its own.
fn rows(desk: &Desk<'_>, query: &ListQuery, origin: &str) -> Vec<Value> {
    let is_meant =
        |wanted: &Option<String>, given: &str| wanted.as_deref().is_none_or(|wanted| wanted == given);
    let orders = desk.state.payments.book.iter().filter(|order| {
        order.provider == PaymentProvider::Tripay
            && is_meant(&query.merchant_ref, &order.order_id)
            && is_meant(&query.method, &order.method)
            && is_meant(&query.status, status_word(order.state))
    });
    let mut rows: Vec<Value> = orders
        .flat_map(|order| {
            let unpaid = order.payments.is_empty().then(|| words::listed(order, None, origin));
            unpaid
                .into_iter()
                .chain(order.payments.iter().map(|paid| words::listed(order, Some(paid), origin)))
        })
        .filter(|row| {
            is_meant(&query.reference, row.get("reference").and_then(Value::as_str).unwrap_or_default())
        })
        .collect();
    if query.sort.as_deref() != Some("asc") {
        rows.reverse();
    }
    rows
}

fn list(rows: Vec<Value>, query: &ListQuery) -> Value {
    let per_page = query.per_page.unwrap_or(PAGE).clamp(1, PAGE_MOST);
    let page = query.page.unwrap_or(1).max(1);
    let total = rows.len();
    let last_page = total.div_ceil(per_page).max(1);
    let from = (page - 1).saturating_mul(per_page);
    let shown: Vec<Value> = rows.into_iter().skip(from).take(per_page).collect();
    json!({
        "success": true,
        "message": "Success",
        "pagination": {
            "sort": query.sort.as_deref().unwrap_or("desc"),
            "offset": { "from": from + 1, "to": from + shown.len() },
            "current_page": page,
            "previous_page": (page > 1).then(|| page - 1),
            "next_page": (page < last_page).then(|| page + 1),
            "last_page": last_page,
            "per_page": per_page,
            "total_records": total,
        },
        "data": shown,
    })
}

async fn channels(State(inner): State<Arc<Inner>>, headers: HeaderMap) -> Response {
    call(&inner, &headers, PaymentCall::Channels, |desk| {
        let fault = desk.strike(&Subject {
            provider: PaymentProvider::Tripay,
            call: PaymentCall::Channels,
            order_id: "",
            method: "",
            amount_rupiah: 0,
            times: 1,
        });
        if fault == Some(PaymentFault::Down) {
            return down(fault);
        }
        let data: Vec<Value> = CHANNELS.iter().map(Channel::listed).collect();
        answered(StatusCode::OK, json!({ "success": true, "message": "Success", "data": data }), fault)
    })
    .await
}

fn subject(call: PaymentCall, order: &PaymentOrder, times: u32) -> Subject<'_> {
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
            Counters::count(&mut counters.calls, &format!("tripay {}", what.as_str()));
            (work(desk), desk.take_synced())
        } else {
            Counters::count(&mut counters.refused, "tripay");
            (Answered::honest(StatusCode::UNAUTHORIZED, refusal("Invalid API Key")), None)
        }
    });
    answered.send(inner, synced).await
}

/// `Bearer {api_key}`; a key of the sandbox is a wrong one in production.
fn is_authorized(inner: &Inner, headers: &HeaderMap) -> bool {
    let config = &inner.config;
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(given) = given.and_then(|value| value.strip_prefix("Bearer ")) else { return false };
    given == config.tripay_api_key && !(config.payments_in_production && given.starts_with("DEV-"))
}

fn not_found() -> Value {
    refusal("Transaction not found")
}

fn down(fault: Option<PaymentFault>) -> Answered {
    answered(StatusCode::SERVICE_UNAVAILABLE, refusal("Service unavailable"), fault)
}

/// The body with its fault in it.
fn answered(http: StatusCode, mut body: Value, fault: Option<PaymentFault>) -> Answered {
    if let Some(fault) = &fault {
        spoil(&mut body, fault);
    }
    Answered { http, body, fault, tell_first: None }
}
