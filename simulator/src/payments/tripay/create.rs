//! `POST /transaction/create`.

use axum::extract::Query;
use axum::http::{StatusCode, Uri};
use serde_json::{Map, Value, json};

use super::super::behaviour::Subject;
use super::super::{Answered, PaymentCall, qr};
use super::words::{Channel, refusal, signature, transaction};
use super::{answered, down};
use crate::state::{Counters, Desk};
use crate::{ChargeState, PaymentAct, PaymentCode, PaymentFault, PaymentOrder, PaymentProvider};

/// How long a transaction lives when the shop does not say.
const LIVES_MS: i64 = 24 * 60 * 60 * 1_000;

/// A request, read from JSON or from a form.
struct CreateRequest {
    channel: &'static Channel,
    merchant_ref: String,
    amount: i64,
    expired_time: Option<i64>,
    /// What is echoed.
    details: Value,
}

/// A transaction as it is asked for. The same `merchant_ref` again makes another one.
pub(super) fn take(desk: &mut Desk<'_>, body: &[u8], is_form: bool, origin: &str) -> Answered {
    let request = match fields(body, is_form).and_then(|fields| read(desk, &fields)) {
        Ok(request) => request,
        Err(message) => return answered(StatusCode::BAD_REQUEST, refusal(message), None),
    };
    let times = desk.state.payments.attempt(PaymentProvider::Tripay, &request.merchant_ref);
    let fault = desk.strike(&Subject {
        provider: PaymentProvider::Tripay,
        call: PaymentCall::Charge,
        order_id: &request.merchant_ref,
        method: request.channel.code,
        amount_rupiah: request.amount,
        times,
    });
    match &fault {
        Some(PaymentFault::Down) => return down(fault),
        Some(PaymentFault::NotActive { .. }) => {
            return answered(StatusCode::BAD_REQUEST, refusal("Payment channel is not active"), fault);
        }
        Some(PaymentFault::FalseDuplicate) => {
            return answered(StatusCode::BAD_REQUEST, refusal("Duplicate merchant_ref"), fault);
        }
        Some(fault) if fault.is_undone() => {
            return answered(StatusCode::OK, Value::Null, Some(fault.clone()));
        }
        _ => {}
    }
    make(desk, request, fault, origin)
}

fn make(desk: &mut Desk<'_>, request: CreateRequest, fault: Option<PaymentFault>, origin: &str) -> Answered {
    let reference = desk.new_reference(PaymentProvider::Tripay);
    let is_denied = fault == Some(PaymentFault::Denied);
    let code = if request.channel.is_qris {
        PaymentCode { qr_string: Some(qr::qr_string(request.amount, &reference)), ..PaymentCode::default() }
    } else {
        let va_number = Some(qr::number(&mut desk.state.chance, "99111", 16));
        PaymentCode { va_number, ..PaymentCode::default() }
    };
    let order = PaymentOrder {
        provider: PaymentProvider::Tripay,
        order_id: request.merchant_ref,
        reference,
        method: request.channel.code.to_owned(),
        gross_rupiah: request.amount,
        state: if is_denied { ChargeState::Deny } else { ChargeState::Pending },
        code,
        created_ms: desk.now_ms,
        expires_ms: request
            .expired_time
            .map_or(desk.now_ms.saturating_add(LIVES_MS), |s| s.saturating_mul(1_000)),
        payments: Vec::new(),
        returns: Vec::new(),
        details: request.details,
        times_asked: 0,
    };
    desk.save_payment(order.clone());
    Counters::count(&mut desk.state.payments.counters.made, "tripay");
    let before = desk.tell_payment(&order, true);
    if let Some(PaymentFault::BeforeAnswer { paid: true }) = before {
        // The answer still says unpaid: it was written first.
        let _ = desk.act(Some(order.provider), &order.reference, PaymentAct::Pay { amount: None });
    }
    let tell_first =
        matches!(before, Some(PaymentFault::BeforeAnswer { .. })).then(|| order.order_id.clone());
    let data = transaction(&order, None, origin);
    let body = json!({ "success": true, "message": "", "data": data });
    Answered { tell_first, ..answered(StatusCode::OK, body, fault) }
}

/// The fields of the request. In a form the items are `order_items[0][name]` and so on.
fn fields(body: &[u8], is_form: bool) -> Result<Map<String, Value>, &'static str> {
    if !is_form {
        return serde_json::from_slice(body).map_err(|_| "The request is not JSON");
    }
    let text = String::from_utf8_lossy(body);
    // A form is written like the query of an address.
    let uri = format!("/?{text}").parse::<Uri>().map_err(|_| "The request is not a form")?;
    let Query(pairs) =
        Query::<Vec<(String, String)>>::try_from_uri(&uri).map_err(|_| "The request is not a form")?;
    let mut fields = Map::new();
    let mut items: Vec<Map<String, Value>> = Vec::new();
    for (name, value) in pairs {
        let item = name.strip_prefix("order_items[").and_then(|rest| rest.strip_suffix(']'));
        match item.and_then(|rest| rest.split_once("][")) {
            None => {
                fields.insert(name, value.into());
            }
            Some((place, key)) => {
                let place: usize = place.parse().map_err(|_| "order_items is invalid")?;
                if place > items.len() {
                    return Err("order_items is invalid");
                }
                if place == items.len() {
                    items.push(Map::new());
                }
                if let Some(item) = items.get_mut(place) {
                    item.insert(key.to_owned(), value.into());
                }
            }
        }
    }
    fields.insert("order_items".to_owned(), items.into_iter().map(Value::Object).collect());
    Ok(fields)
}

/// Checks the request as a strict gateway does.
fn read(desk: &Desk<'_>, fields: &Map<String, Value>) -> Result<CreateRequest, &'static str> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let config = &desk.inner.config;
    let channel = text("method").and_then(Channel::named).ok_or("Unknown payment channel")?;
    let merchant_ref = text("merchant_ref").ok_or("merchant_ref is required")?;
    let amount = fields.get("amount").and_then(whole).ok_or("amount is required")?;
    text("customer_name").ok_or("customer_name is required")?;
    text("customer_email").ok_or("customer_email is required")?;
    let signed = format!("{}{merchant_ref}{amount}", config.tripay_merchant_code);
    if text("signature") != Some(signature(&config.tripay_private_key, signed.as_bytes()).as_str()) {
        return Err("Invalid signature");
    }
    if !(channel.least_rupiah..=channel.most_rupiah).contains(&amount) {
        return Err("amount is out of range");
    }
    let expired_time = fields.get("expired_time").and_then(whole);
    if expired_time.is_some_and(|at_s| at_s.saturating_mul(1_000) <= desk.now_ms) {
        return Err("expired_time is in the past");
    }
    let items = fields.get("order_items").and_then(Value::as_array).ok_or("order_items is required")?;
    let (items, sum) = items.iter().try_fold((Vec::new(), 0_i64), |(mut items, sum), item| {
        let number = |name: &str| item.get(name).and_then(whole).ok_or("order_items is invalid");
        let subtotal = number("price")?.saturating_mul(number("quantity")?);
        let name = item.get("name").and_then(Value::as_str).ok_or("order_items is invalid")?;
        items.push(json!({
            "sku": item.get("sku"), "name": name, "price": number("price")?, "quantity": number("quantity")?,
            "subtotal": subtotal,
        }));
        Ok::<_, &'static str>((items, sum.saturating_add(subtotal)))
    })?;
    if sum != amount {
        return Err("The sum of order_items is not the amount");
    }
    let details = json!({
        "customer_name": text("customer_name"),
        "customer_email": text("customer_email"),
        "customer_phone": text("customer_phone"),
        "callback_url": text("callback_url"),
        "return_url": text("return_url"),
        "order_items": items,
    });
    Ok(CreateRequest { channel, merchant_ref: merchant_ref.to_owned(), amount, expired_time, details })
}

/// A whole number, written as one or as a text (in a form all are texts).
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
