//! An order: what becomes of it, and what is told about it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::words::{message_of, status_of, truth};
use crate::book::is_charged_again;
use crate::rules::Subject;
use crate::state::{Counters, Desk, OnSale};
use crate::webhooks::Event;
use crate::{AnswerFate, Behaviour, BookOrder, Duplicates, OrderFate, OrderState};

/// First digits of the numbers that are served, XL then AXIS.
pub(crate) const PREFIXES: &[&str] =
    &["0817", "0818", "0819", "0859", "0877", "0878", "0879", "0831", "0832", "0833", "0838"];

#[derive(Deserialize)]
pub(super) struct TransactionRequest {
    pub(super) username: String,
    pub(super) buyer_sku_code: String,
    pub(super) customer_no: String,
    pub(super) ref_id: String,
    pub(super) sign: String,
    max_price: Option<i64>,
    cb_url: Option<String>,
}

/// What is to be answered.
pub(super) struct Taken {
    pub(super) data: Value,
    pub(super) answer: AnswerFate,
}

/// Takes a request with a good signature: writes the book first, then says what to answer.
pub(super) fn take(desk: &mut Desk<'_>, request: &TransactionRequest) -> Taken {
    let known = desk.state.book.get(&request.ref_id).cloned();
    let is_first = known.is_none();
    let mut order = known.unwrap_or_else(|| {
        BookOrder::arrived(&request.ref_id, &request.buyer_sku_code, &request.customer_no, desk.now_ms)
    });
    order.times_received += 1;
    let is_formed = order.state != OrderState::NotFormed;
    let behaviour = desk
        .behaviour_by_rule(&subject(request, is_first))
        .unwrap_or_else(|| by_request(desk, request, is_first, is_formed));
    count(desk, &behaviour, is_first);

    // Written at once: what follows may write it again, and then the later line wins.
    desk.save(order.clone(), None);
    let told = match behaviour.order {
        OrderFate::NotFormed => Ok(()),
        OrderFate::Refuse { rc } => Err(rc),
        _ if is_formed => repeat(desk, order, request),
        fate => form(desk, order, request, fate),
    };
    let deposit = desk.state.deposit_rupiah;
    let data = match told {
        Ok(()) => desk.state.book.get(&request.ref_id).map(|order| truth(order, deposit)).unwrap_or_default(),
        Err(rc) => refusal(request, &rc, deposit),
    };
    if let Some(rc) = data.get("rc").and_then(Value::as_str) {
        Counters::count(&mut desk.state.counters.codes, rc);
    }
    Taken { data, answer: behaviour.answer }
}

/// The answer's `data` when no order was made.
pub(super) fn refusal(request: &TransactionRequest, rc: &str, deposit_rupiah: i64) -> Value {
    json!({
        "ref_id": request.ref_id,
        "customer_no": request.customer_no,
        "buyer_sku_code": request.buyer_sku_code,
        "message": message_of(rc),
        "status": status_of(rc),
        "rc": rc,
        "sn": "",
        "buyer_last_saldo": deposit_rupiah,
        "price": 0,
    })
}

/// The SKU's behaviour, or the number's; an admin's rule has gone before. They strike until the order is made (or the
/// request has gone under, once), so that asking again shows what was really done; a refusal strikes always.
fn by_request(desk: &Desk<'_>, request: &TransactionRequest, is_first: bool, is_formed: bool) -> Behaviour {
    let by_sku = desk.inner.config.sku_behaviours.get(&request.buyer_sku_code).cloned();
    let behaviour = by_sku
        .or_else(|| Behaviour::by_code_sku(&request.buyer_sku_code))
        .or_else(|| Behaviour::by_number(&request.customer_no))
        .unwrap_or_default();
    let strikes = match behaviour.order {
        OrderFate::Refuse { .. } => true,
        OrderFate::NotFormed => is_first,
        _ => !is_formed,
    };
    if strikes { behaviour } else { Behaviour::default() }
}

fn count(desk: &mut Desk<'_>, behaviour: &Behaviour, is_first: bool) {
    let counters = &mut desk.state.counters;
    counters.received += 1;
    counters.repeats += u64::from(!is_first);
    desk.count_behaviour(behaviour);
}

fn subject(request: &TransactionRequest, is_first: bool) -> Subject<'_> {
    Subject {
        call: "transaction",
        is_order: true,
        sku: &request.buyer_sku_code,
        number: &request.customer_no,
        ref_id: &request.ref_id,
        is_first,
    }
}

/// The same reference again, an order having been made of it before.
fn repeat(desk: &mut Desk<'_>, order: BookOrder, request: &TransactionRequest) -> Result<(), String> {
    let duplicates = desk.state.duplicates;
    if is_charged_again(duplicates, desk.now_ms - order.created_ms) {
        return form_again(desk, order, request);
    }
    let is_other = order.sku != request.buyer_sku_code || order.customer_no != request.customer_no;
    if duplicates == Duplicates::Rc49 || is_other {
        return Err("49".to_owned());
    }
    desk.queried(order);
    Ok(())
}

/// Charges and delivers a reference once more; what was still pending of it ends first.
fn form_again(desk: &mut Desk<'_>, order: BookOrder, request: &TransactionRequest) -> Result<(), String> {
    if let (OrderState::Pending, Some(ending)) = (order.state, order.ending) {
        desk.finish(order.clone(), ending);
    }
    let order = desk.state.book.get(&request.ref_id).cloned().unwrap_or(order);
    form(desk, order, request, OrderFate::Success)
}

/// Makes an order, if all is as it should be; else gives the code of the refusal.
fn form(
    desk: &mut Desk<'_>,
    mut order: BookOrder,
    request: &TransactionRequest,
    fate: OrderFate,
) -> Result<(), String> {
    order.price = check_and_reserve(desk, request).map_err(str::to_owned)?;
    order.sku.clone_from(&request.buyer_sku_code);
    order.customer_no.clone_from(&request.customer_no);
    order.cb_url.clone_from(&request.cb_url);
    order.created_ms = desk.now_ms;
    order.stop_waiting();
    order.charge(&mut desk.state.deposit_rupiah);
    desk.state.counters.formed += 1;
    desk.begin(&mut order, fate);
    desk.save(order, Some(Event::Create));
    Ok(())
}

/// The checks of a real gateway, in its order; gives the price and takes one from the stock.
fn check_and_reserve(desk: &mut Desk<'_>, request: &TransactionRequest) -> Result<i64, &'static str> {
    let deposit = desk.state.deposit_rupiah;
    let number = &request.customer_no;
    let code_sku = Behaviour::by_code_sku(&request.buyer_sku_code).map(|_| CODE_SKU_PRICE_RUPIAH);
    let on_sale: Option<&mut OnSale> =
        desk.state.packages.iter_mut().find(|on_sale| on_sale.package.sku == request.buyer_sku_code);
    let price = match &on_sale {
        Some(on_sale) if on_sale.active => on_sale.package.cost_rupiah,
        Some(_) => return Err("43"),
        None => code_sku.ok_or("43")?,
    };
    if !(10..=13).contains(&number.len()) || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("57");
    }
    if !PREFIXES.iter().any(|prefix| number.starts_with(prefix)) {
        return Err("52");
    }
    if request.max_price.is_some_and(|max_price| price > max_price) {
        return Err("69");
    }
    if deposit < price {
        return Err("44");
    }
    if let Some(stock) = on_sale.and_then(|on_sale| on_sale.stock.as_mut()) {
        *stock = stock.checked_sub(1).ok_or("68")?;
    }
    Ok(price)
}

/// SKUs of the form `rcNN` are in no price list.
const CODE_SKU_PRICE_RUPIAH: i64 = 1_000;
