//! What a phone would show, and the whole book, for people: plain pages with plain forms.

pub(crate) mod html;
mod views;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

use crate::session::{Late, international_form, local_form};
use crate::state::{Desk, Inner};

/// Orders on one page.
const PAGE_ORDERS: usize = 200;

pub(crate) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/phone", get(phone))
        .route("/phone/pay", post(pay))
        .route("/phone/pulsa", post(pulsa))
        .route("/phone/sessions", post(sessions))
        .route("/wallet/{trx_id}", get(wallet))
        .route("/orders", get(orders))
        .route("/messages", get(messages))
}

#[derive(Deserialize)]
struct Whose {
    #[serde(default)]
    msisdn: String,
}

#[derive(Deserialize)]
struct PayForm {
    trx_id: String,
    #[serde(default)]
    late: Late,
}

#[derive(Deserialize)]
struct PulsaForm {
    msisdn: String,
    rupiah: i64,
}

#[derive(Deserialize)]
struct SessionsForm {
    msisdn: String,
    act: Act,
}

/// What may be done to all sessions of a number.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Expire,
    Revoke,
}

#[derive(Deserialize)]
struct Page {
    /// How many orders to leave out, newest first.
    #[serde(default)]
    after: usize,
}

/// A number's phone; without a number, the ones that are known.
async fn phone(State(inner): State<Arc<Inner>>, Query(whose): Query<Whose>) -> Html<String> {
    let number = local_form(&whose.msisdn);
    Html(
        inner.desk(|desk| if number.is_empty() { views::numbers(desk) } else { views::phone(desk, &number) }),
    )
}

/// Where a deep link leads: one payment.
async fn wallet(State(inner): State<Arc<Inner>>, Path(trx_id): Path<String>) -> Response {
    match inner.desk(|desk| views::wallet(desk, &trx_id)) {
        Some(page) => Html(page).into_response(),
        None => (StatusCode::NOT_FOUND, "no such payment").into_response(),
    }
}

/// What people were sent, newest first.
async fn messages(State(inner): State<Arc<Inner>>) -> Html<String> {
    Html(views::sent_messages(&inner.messages.taken()))
}

/// The whole book, newest first.
async fn orders(State(inner): State<Arc<Inner>>, Query(page): Query<Page>) -> Html<String> {
    Html(inner.desk(|desk| views::orders(desk, page.after, PAGE_ORDERS)))
}

async fn pay(State(inner): State<Arc<Inner>>, Form(form): Form<PayForm>) -> Response {
    let paid = changed(&inner, |desk| desk.pay(&form.trx_id, form.late)).await;
    match paid {
        Ok(order) => to_phone(&order.customer_no),
        Err(error) => (StatusCode::CONFLICT, error).into_response(),
    }
}

async fn pulsa(State(inner): State<Arc<Inner>>, Form(form): Form<PulsaForm>) -> Response {
    let number = local_form(&form.msisdn);
    changed(&inner, |desk| desk.set_pulsa(&number, form.rupiah)).await;
    to_phone(&number)
}

async fn sessions(State(inner): State<Arc<Inner>>, Form(form): Form<SessionsForm>) -> Response {
    let number = local_form(&form.msisdn);
    changed(&inner, |desk| {
        let mut phone = desk.phone(&number);
        match form.act {
            Act::Expire => phone.expire_tokens(desk.now_ms),
            Act::Revoke => phone.revoke_sessions(),
        }
        desk.save_phone(phone);
    })
    .await;
    to_phone(&number)
}

fn to_phone(number: &str) -> Response {
    Redirect::to(&format!("/phone?msisdn={}", international_form(number))).into_response()
}

/// Changes the book and waits until the change is on disk.
async fn changed<T>(inner: &Inner, work: impl FnOnce(&mut Desk<'_>) -> T) -> T {
    let (outcome, synced) = inner.desk(|desk| (work(desk), desk.take_synced()));
    if let Some(synced) = synced
        && synced.await.is_err()
    {
        tracing::error!("the simulator's book cannot be written");
    }
    outcome
}
