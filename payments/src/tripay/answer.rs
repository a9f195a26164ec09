//! What an answer proves. In doubt: nothing.

use domain::{
    ChargeFacts, ChargeVerdict, PayTo, ProviderState, Rupiah, StatusVerdict, TopupMethod, UtcMillis,
};
use serde::Deserialize;
use serde_json::Value;
use wire::Reply;

use super::outcome::{self, Charge, Question, Row};
use crate::gateway::{ListedPayment, PayError};
use crate::read;

const BAD_FIELD: &str = "a field is missing or of another type";
const OTHER_ORDER: &str = "an answer about another order";
const ANSWERED: &str = "answered";

/// What is expected in an answer.
#[derive(Clone, Copy)]
pub(super) struct Expected<'a> {
    /// Our order id, the gateway's `merchant_ref`.
    pub(super) order_id: &'a str,
    /// The gateway's id, when it was asked by that.
    pub(super) reference: Option<&'a str>,
    pub(super) method: TopupMethod,
}

#[derive(Deserialize)]
struct Envelope {
    success: bool,
    #[serde(default)]
    data: Value,
    #[serde(default)]
    pagination: Value,
}

/// The fields of an order that we read, in a detail or in a list.
#[derive(Deserialize)]
struct Order {
    reference: String,
    merchant_ref: Option<String>,
    amount: Value,
    status: String,
    fee_merchant: Option<Value>,
    fee_customer: Option<Value>,
    amount_received: Option<Value>,
    pay_code: Option<Value>,
    qr_string: Option<Value>,
    /// The end of the time to pay, in a detail.
    expired_time: Option<Value>,
    /// The same, in a list.
    expired_at: Option<Value>,
    created_at: Option<Value>,
    paid_at: Option<Value>,
}

/// One page of the list of paid orders.
pub(super) struct Page {
    /// Those with an order id and a time of payment.
    pub(super) payments: Vec<ListedPayment>,
    /// How many entries of any kind.
    pub(super) entries: usize,
    /// When the last entry's order was made.
    pub(super) oldest: Option<UtcMillis>,
}

/// What an answer to a charge proves, and a note for the evidence.
pub(super) fn charge(reply: &Reply, expected: Expected<'_>) -> (ChargeVerdict, &'static str) {
    let (row, envelope) = match read(reply) {
        Ok(read) => read,
        Err(note) => return (ChargeVerdict::Unknown, note),
    };
    match row.charge {
        Charge::Made => match facts(&envelope.data, expected) {
            Ok(facts) => (ChargeVerdict::Made(facts), ANSWERED),
            Err(note) => (ChargeVerdict::Unknown, note),
        },
        Charge::Refused(refusal) => (ChargeVerdict::Refused(refusal), ANSWERED),
        Charge::NotNow => (ChargeVerdict::NotNow, ANSWERED),
    }
}

/// What the detail of an order proves. That a reference is not known cannot be told from other failures.
pub(super) fn detail(reply: &Reply, expected: Expected<'_>) -> (StatusVerdict, &'static str) {
    match data(reply).and_then(|envelope| facts(&envelope.data, expected)) {
        Ok(facts) => (StatusVerdict::Found(facts), ANSWERED),
        Err(note) => (StatusVerdict::Unknown, note),
    }
}

/// What the list proves that was asked for the orders under our id.
pub(super) fn found(reply: &Reply, expected: Expected<'_>) -> (StatusVerdict, &'static str) {
    match found_in(reply, expected) {
        Ok(verdict) => (verdict, ANSWERED),
        Err(note) => (StatusVerdict::Unknown, note),
    }
}

fn found_in(reply: &Reply, expected: Expected<'_>) -> Result<StatusVerdict, &'static str> {
    let envelope = data(reply)?;
    let entries = envelope.data.as_array().ok_or(BAD_FIELD)?;
    if entries.is_empty() {
        let total = envelope.pagination.get("total_records").and_then(Value::as_u64);
        let is_empty = total.is_none_or(|total| total == 0);
        return if is_empty {
            Ok(StatusVerdict::NoSuchOrder)
        } else {
            Err("an empty page of a list that is not empty")
        };
    }
    let is_ours =
        |entry: &&Value| entry.get("merchant_ref").and_then(Value::as_str) == Some(expected.order_id);
    // Nothing says that the filter is exact, or that it works at all: other orders alone prove nothing about ours.
    let ours: Vec<_> = entries.iter().filter(is_ours).collect();
    if ours.is_empty() {
        return Err("a list of other orders");
    }
    let mut facts = ours.into_iter().map(|entry| facts(entry, expected)).collect::<Result<Vec<_>, _>>()?;
    // Nothing says that the gateway takes an order id once only. Money goes before time, and two payments are for a
    // human.
    let mut paid = facts.iter().enumerate().filter(|(_, facts)| facts.state == ProviderState::Paid);
    let at = match (paid.next(), paid.next()) {
        (Some(_), Some(_)) => return Err("several paid orders under one id"),
        (Some((at, _)), None) => at,
        // The newest stands first.
        (None, _) => 0,
    };
    Ok(StatusVerdict::Found(facts.swap_remove(at)))
}

/// One page of the list of paid orders.
pub(super) fn page(reply: &Reply) -> Result<Page, PayError> {
    let envelope = question(reply)?;
    let entries = envelope.data.as_array().ok_or(PayError::Unreadable)?;
    let mut page = Page { payments: Vec::new(), entries: entries.len(), oldest: None };
    for entry in entries {
        let order = Order::deserialize(entry).map_err(|_| PayError::Unreadable)?;
        page.oldest = order.created_at.as_ref().and_then(read::unix_time);
        // An open payment has no order id, and is none of ours.
        if let Some(order_id) = &order.merchant_ref {
            page.payments.push(ListedPayment {
                order_id: order_id.clone(),
                transaction_id: read::id(&order.reference).ok_or(PayError::Unreadable)?,
                gross: order.gross().ok_or(PayError::Unreadable)?,
                fee: order.fee_merchant.as_ref().and_then(read::json_fee),
                paid_at: order.paid_at.as_ref().and_then(read::unix_time).ok_or(PayError::Unreadable)?,
            });
        }
    }
    Ok(page)
}

/// What the answer to a harmless question says of address and key.
pub(super) fn probe(reply: &Reply) -> Result<(), PayError> {
    question(reply).map(|_| ())
}

fn question(reply: &Reply) -> Result<Envelope, PayError> {
    let (row, envelope) = read(reply).map_err(|_| PayError::Unreadable)?;
    match row.question {
        Question::Answered => Ok(envelope),
        Question::Login => Err(PayError::Login),
        Question::Unknown => Err(PayError::Unreadable),
    }
}

fn data(reply: &Reply) -> Result<Envelope, &'static str> {
    let (row, envelope) = read(reply)?;
    if row.question == Question::Answered { Ok(envelope) } else { Err("a failure that proves nothing here") }
}

fn read(reply: &Reply) -> Result<(&'static Row, Envelope), &'static str> {
    if reply.status >= 500 {
        return Err("a server error");
    }
    if (300..400).contains(&reply.status) {
        return Err("a redirect, not followed");
    }
    let value: Value = serde_json::from_slice(&reply.body).map_err(|_| "not JSON")?;
    let envelope = Envelope::deserialize(value).map_err(|_| BAD_FIELD)?;
    let row = Row::of(reply.status, envelope.success)
        .ok_or("an HTTP status that proves nothing together with this answer")?;
    Ok((row, envelope))
}

fn facts(data: &Value, expected: Expected<'_>) -> Result<ChargeFacts, &'static str> {
    let order = Order::deserialize(data).map_err(|_| BAD_FIELD)?;
    let order_id = order.merchant_ref.clone().ok_or(BAD_FIELD)?;
    let is_other = expected.reference.is_some_and(|reference| order.reference != reference);
    if order_id != expected.order_id || is_other {
        return Err(OTHER_ORDER);
    }
    Ok(ChargeFacts {
        order_id,
        transaction_id: Some(read::id(&order.reference).ok_or("an id that cannot be read")?),
        gross: order.gross().ok_or("an amount that cannot be read")?,
        // Neither is said: the gateway knows rupiah only, and answers about the merchant of the key.
        in_rupiah: true,
        own_merchant: true,
        state: outcome::state(&order.status),
        pay_to: order.pay_to(expected.method),
        expires_at: order.expired_time.as_ref().or(order.expired_at.as_ref()).and_then(read::unix_time),
        // A share of the amount might one day be written with a fraction; that must not keep money from being seen.
        fee: order.fee_merchant.as_ref().and_then(read::json_fee),
        // How much went back is not said.
        returned: None,
    })
}

impl Order {
    /// What the payer pays. The papers do not say whether a fee for the payer stands in `amount` already; what the
    /// merchant receives and both fees make it up in either case, and the larger of the two is never what was ordered.
    fn gross(&self) -> Option<Rupiah> {
        let amount = read::json_amount(&self.amount)?;
        let fee_customer = self.fee_customer.as_ref().map_or(Some(Rupiah::ZERO), read::json_fee)?;
        if !fee_customer.is_positive() {
            return Some(amount);
        }
        let received = self.amount_received.as_ref().and_then(read::json_fee)?;
        let fee_merchant = self.fee_merchant.as_ref().map_or(Some(Rupiah::ZERO), read::json_fee)?;
        let made_up = received.checked_add(fee_merchant)?.checked_add(fee_customer)?;
        Some(Rupiah::new(amount.get().max(made_up.get())))
    }

    /// What the payer needs. A number in place of a text is not taken: it may have lost its leading zeros.
    fn pay_to(&self, method: TopupMethod) -> Option<PayTo> {
        if method == TopupMethod::Qris {
            return self.qr_string.as_ref()?.as_str().and_then(read::qr);
        }
        self.pay_code.as_ref()?.as_str().and_then(read::account)
    }
}
