//! The customer's wallet, the bank's app and the gateway's dashboard, for people who play them: plain pages with plain
//! forms, in the words of the shop's customers.

mod views;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use serde::Deserialize;

use crate::state::{Desk, Inner};
use crate::{PaymentAct, PaymentOrder, PaymentProvider};

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new().route("/pay", get(list)).route("/pay/{provider}/{order_id}", get(show).post(act))
}

#[derive(Deserialize)]
struct ActForm {
    act: Act,
    /// In rupiah; empty where the whole amount is meant.
    #[serde(default)]
    amount: String,
}

/// The buttons.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Pay,
    PayTwice,
    PayOther,
    Chargeback,
    Deny,
    Refund,
    Expire,
}

impl ActForm {
    /// What is done, one after the other.
    fn acts(&self) -> Result<Vec<PaymentAct>, &'static str> {
        let amount = match self.amount.trim() {
            "" => None,
            typed => Some(typed.parse::<i64>().map_err(|_| "the amount is no number")?),
        };
        let pay = |amount| PaymentAct::Pay { amount };
        Ok(match self.act {
            Act::Pay => vec![pay(None)],
            Act::PayTwice => vec![pay(None), pay(None)],
            Act::PayOther => vec![pay(Some(amount.ok_or("the amount is missing")?))],
            Act::Chargeback => vec![PaymentAct::Chargeback],
            Act::Deny => vec![PaymentAct::Deny],
            Act::Refund => vec![PaymentAct::Refund { amount }],
            Act::Expire => vec![PaymentAct::Expire],
        })
    }
}

/// The charges that wait for a customer, and what became of the latest others.
async fn list(State(inner): State<Arc<Inner>>) -> Html<String> {
    Html(inner.desk(|desk| views::list(desk)))
}

/// One charge, with its buttons.
async fn show(State(inner): State<Arc<Inner>>, Path(named): Path<(PaymentProvider, String)>) -> Response {
    match inner.desk(|desk| find(desk, &named).map(|order| views::charge(&order, desk.now_ms))) {
        Some(page) => Html(page).into_response(),
        None => not_found(),
    }
}

/// A button was pressed.
async fn act(
    State(inner): State<Arc<Inner>>,
    Path(named): Path<(PaymentProvider, String)>,
    Form(form): Form<ActForm>,
) -> Response {
    let (done, synced) = inner.desk(|desk| {
        let Some(order) = find(desk, &named) else { return (None, None) };
        let done = form.acts().and_then(|acts| {
            acts.into_iter()
                .try_for_each(|act| desk.act(Some(order.provider), &order.reference, act).map(drop))
        });
        (Some((order.page(), done)), desk.take_synced())
    });
    if let Some(synced) = synced
        && synced.await.is_err()
    {
        tracing::error!("the simulator's book cannot be written");
    }
    match done {
        None => not_found(),
        Some((page, Ok(()))) => Redirect::to(&page).into_response(),
        Some((page, Err(error))) => {
            (StatusCode::CONFLICT, Html(views::refusal(&page, error))).into_response()
        }
    }
}

fn find(desk: &Desk<'_>, (provider, order_id): &(PaymentProvider, String)) -> Option<PaymentOrder> {
    desk.state.payments.book.find(Some(*provider), order_id).cloned()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Html(views::refusal("/pay", "no such charge"))).into_response()
}
