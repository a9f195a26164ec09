//! The H2H dialect: its three calls and their signatures.

mod transaction;
mod words;

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use bytes::Bytes;
use md5::{Digest, Md5};
use serde::Deserialize;
use serde_json::{Value, json};

use self::transaction::TransactionRequest;
use self::words::{message_of, recode, status_of};
pub(crate) use self::{transaction::PREFIXES, words::truth};
use crate::faults::Reply;
use crate::state::{Desk, Inner, OnSale};
use crate::{AnswerFate, faults};

/// The largest request that is read. An order has a few hundred bytes.
const BODY_LIMIT_BYTES: usize = 16 * 1024;

pub(crate) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/digiflazz/v1/cek-saldo", post(cek_saldo))
        .route("/digiflazz/v1/price-list", post(price_list))
        .route("/digiflazz/v1/transaction", post(transaction))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[derive(Deserialize)]
struct Signed {
    username: String,
    sign: String,
}

#[derive(Deserialize)]
struct PriceListRequest {
    #[serde(flatten)]
    signed: Signed,
    cmd: String,
    code: Option<String>,
}

async fn cek_saldo(State(inner): State<Arc<Inner>>, body: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<Signed>(&body) else {
        return refused("40");
    };
    if !is_signed(&inner, &request, "depo") {
        return refused("41");
    }
    let deposit = inner.desk(|desk| desk.state.deposit_rupiah);
    Json(json!({ "data": { "deposit": deposit } })).into_response()
}

async fn price_list(State(inner): State<Arc<Inner>>, body: Bytes) -> Response {
    let request = match serde_json::from_slice::<PriceListRequest>(&body) {
        Ok(request) if request.cmd == "prepaid" => request,
        _ => return refused("40"),
    };
    if !is_signed(&inner, &request.signed, "pricelist") {
        return refused("41");
    }
    match inner.desk(|desk| listed(desk, request.code.as_deref())) {
        Ok(packages) => Json(json!({ "data": packages })).into_response(),
        Err(rc) => refused(rc),
    }
}

async fn transaction(State(inner): State<Arc<Inner>>, body: Bytes) -> Response {
    inner.start();
    let Ok(request) = serde_json::from_slice::<TransactionRequest>(&body) else {
        return refused("40");
    };
    let signed = Signed { username: request.username.clone(), sign: request.sign.clone() };
    if !is_signed(&inner, &signed, &request.ref_id) {
        let data = transaction::refusal(&request, "41", inner.desk(|desk| desk.state.deposit_rupiah));
        return Json(json!({ "data": data })).into_response();
    }
    let (taken, synced) = inner.desk(|desk| (transaction::take(desk, &request), desk.take_synced()));
    if let Some(synced) = synced
        && synced.await.is_err()
    {
        // The book is not on disk: say nothing, as a gateway that has died.
        return faults::answer(AnswerFate::Close, reply(Value::Null)).await;
    }
    faults::answer(taken.answer, reply(taken.data)).await
}

fn reply(data: Value) -> Reply {
    Reply { body: json!({ "data": data }), here: "/digiflazz/v1/transaction".to_owned(), recode }
}

fn listed(desk: &mut Desk<'_>, code: Option<&str>) -> Result<Vec<Value>, &'static str> {
    if let Some(code) = code {
        let one = desk.state.packages.iter().filter(|on_sale| on_sale.package.sku == code);
        return Ok(one.map(listing).collect());
    }
    let every_ms = desk.inner.config.price_list_every_ms;
    if desk.state.price_list_given_ms.is_some_and(|given_ms| desk.now_ms - given_ms < every_ms) {
        return Err("83");
    }
    desk.state.price_list_given_ms = Some(desk.now_ms);
    Ok(desk.state.packages.iter().map(listing).collect())
}

fn listing(on_sale: &OnSale) -> Value {
    let package = &on_sale.package;
    json!({
        "product_name": package.name,
        "category": "Data",
        "brand": package.brand.as_str(),
        "type": "Umum",
        "seller_name": "Simulator",
        "price": package.cost_rupiah,
        "buyer_sku_code": package.sku,
        "buyer_product_status": true,
        "seller_product_status": on_sale.active,
        "unlimited_stock": on_sale.stock.is_none(),
        "stock": on_sale.stock.unwrap_or_default(),
        "multi": true,
        "start_cut_off": "0:0",
        "end_cut_off": "0:0",
        "desc": package.description,
    })
}

fn refused(rc: &str) -> Response {
    Json(json!({ "data": { "rc": rc, "status": status_of(rc), "message": message_of(rc) } })).into_response()
}

/// `sign = md5(username + api_key + topic)`.
fn is_signed(inner: &Inner, signed: &Signed, topic: &str) -> bool {
    let config = &inner.config;
    let signature = hex(&Md5::digest(format!("{}{}{topic}", config.username, config.api_key)));
    signed.username == config.username && signed.sign == signature
}
