//! What an answer proves. In doubt: nothing.

use domain::{
    CancelVerdict, ChargeFacts, ChargeVerdict, PayTo, ProviderState, RefundVerdict, StatusVerdict,
    TopupMethod,
};
use serde::Deserialize;
use serde_json::Value;
use wire::Reply;

use super::outcome::{self, Charge, Row, Status};
use super::request::bank;
use crate::gateway::{ChargeRef, PayError, RefundOrder};
use crate::read;

const NOT_JSON: &str = "not JSON";
const BAD_FIELD: &str = "a field is missing or of another type";
const OTHER_ORDER: &str = "an answer about another order";
const PROVES_NOTHING: &str = "a code that proves nothing here";
const ANSWERED: &str = "answered";

/// What is expected in an answer: our order, and our merchant if one is configured.
#[derive(Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) order_id: &'a str,
    pub(super) method: TopupMethod,
    pub(super) merchant_id: Option<&'a str>,
}

/// The fields that we read. Nothing is concluded from `status_message`, and what is unknown is ignored.
#[derive(Deserialize)]
struct Body {
    order_id: Option<String>,
    transaction_id: Option<String>,
    gross_amount: Option<Value>,
    currency: Option<String>,
    merchant_id: Option<String>,
    transaction_status: Option<String>,
    fraud_status: Option<String>,
    expiry_time: Option<Value>,
    refund_amount: Option<Value>,
    refund_key: Option<String>,
    qr_string: Option<Value>,
    va_numbers: Option<Value>,
    permata_va_number: Option<Value>,
    biller_code: Option<Value>,
    bill_key: Option<Value>,
}

/// An answer with a code that the contract has.
struct Answer {
    row: &'static Row,
    body: Body,
}

/// What an answer to a charge proves, and a note for the evidence.
pub(super) fn charge(reply: &Reply, expected: Expected<'_>) -> (ChargeVerdict, &'static str) {
    let answer = match read(reply, expected.order_id) {
        Ok(answer) => answer,
        Err(note) => return (ChargeVerdict::Unknown, note),
    };
    match answer.row.charge {
        Charge::Made => match facts(&answer, expected) {
            Ok(facts) => (ChargeVerdict::Made(facts), ANSWERED),
            Err(note) => (ChargeVerdict::Unknown, note),
        },
        Charge::Exists => (ChargeVerdict::Exists, ANSWERED),
        Charge::Refused(refusal) => (ChargeVerdict::Refused(refusal), ANSWERED),
        Charge::NotNow => (ChargeVerdict::NotNow, ANSWERED),
        Charge::Unknown => (ChargeVerdict::Unknown, PROVES_NOTHING),
    }
}

/// What an answer to a status question proves.
pub(super) fn status(reply: &Reply, expected: Expected<'_>) -> (StatusVerdict, &'static str) {
    let answer = match read(reply, expected.order_id) {
        Ok(answer) => answer,
        Err(note) => return (StatusVerdict::Unknown, note),
    };
    match answer.row.status {
        Status::Found => match facts(&answer, expected) {
            Ok(facts) => (StatusVerdict::Found(facts), ANSWERED),
            Err(note) => (StatusVerdict::Unknown, note),
        },
        Status::NoSuchOrder => (StatusVerdict::NoSuchOrder, ANSWERED),
        Status::Unknown => (StatusVerdict::Unknown, PROVES_NOTHING),
    }
}

/// What an answer to a cancellation proves.
pub(super) fn cancel(reply: &Reply, charge: &ChargeRef) -> (CancelVerdict, &'static str) {
    let answer = match read(reply, &charge.order_id) {
        Ok(answer) => answer,
        Err(note) => return (CancelVerdict::Unknown, note),
    };
    match answer.row.cancel {
        CancelVerdict::Cancelled if answer.state() != ProviderState::Cancelled => {
            (CancelVerdict::Unknown, "a success that does not say that it was called off")
        }
        CancelVerdict::Cancelled if answer.body.order_id.is_none() => (CancelVerdict::Unknown, BAD_FIELD),
        CancelVerdict::Unknown => (CancelVerdict::Unknown, PROVES_NOTHING),
        verdict => (verdict, ANSWERED),
    }
}

/// What an answer to a refund proves.
pub(super) fn refund(reply: &Reply, refund: &RefundOrder) -> (RefundVerdict, &'static str) {
    let answer = match read(reply, &refund.charge.order_id) {
        Ok(answer) => answer,
        Err(note) => return (RefundVerdict::Unknown, note),
    };
    let is_paid_back = matches!(answer.state(), ProviderState::Refunded | ProviderState::PartlyRefunded);
    let is_other = answer.body.refund_key.as_ref().is_some_and(|key| *key != refund.refund_key);
    match answer.row.refund {
        RefundVerdict::Done if answer.body.order_id.is_none() => (RefundVerdict::Unknown, BAD_FIELD),
        RefundVerdict::Done if is_other => (RefundVerdict::Unknown, "an answer about another refund"),
        RefundVerdict::Done if !is_paid_back => {
            (RefundVerdict::Unknown, "a success that does not say that it was paid back")
        }
        RefundVerdict::Unknown => (RefundVerdict::Unknown, PROVES_NOTHING),
        verdict => (verdict, ANSWERED),
    }
}

/// What the answer about an order that cannot exist says of address and key.
pub(super) fn probe(reply: &Reply) -> Result<(), PayError> {
    match code(&reply.body).as_deref() {
        _ if reply.status >= 500 || (300..400).contains(&reply.status) => Err(PayError::Unreadable),
        Some("404") => Ok(()),
        Some("401") => Err(PayError::Login),
        _ => Err(PayError::Unreadable),
    }
}

/// The code in a body, even if the rest of it cannot be used.
pub(super) fn code(body: &[u8]) -> Option<String> {
    code_of(&serde_json::from_slice(body).ok()?)
}

/// The signature that an answer carries: whoever has it can forge a notification about this order.
pub(super) fn signature(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.get("signature_key")?.as_str().map(str::to_owned)
}

fn read(reply: &Reply, order_id: &str) -> Result<Answer, &'static str> {
    if reply.status >= 500 {
        return Err("a server error");
    }
    if (300..400).contains(&reply.status) {
        return Err("a redirect, not followed");
    }
    let value: Value = serde_json::from_slice(&reply.body).map_err(|_| NOT_JSON)?;
    let code = code_of(&value).ok_or(BAD_FIELD)?;
    // The gateway writes its code into HTTP as well, or 200; anything else is somebody in between.
    if !(200..300).contains(&reply.status) && reply.status.to_string() != code {
        return Err("HTTP status and code contradict each other");
    }
    let row = Row::of(&code).ok_or("a code that the contract does not have")?;
    let body = Body::deserialize(value).map_err(|_| BAD_FIELD)?;
    if body.order_id.as_deref().is_some_and(|told| told != order_id) {
        return Err(OTHER_ORDER);
    }
    Ok(Answer { row, body })
}

fn code_of(body: &Value) -> Option<String> {
    match body.get("status_code")? {
        Value::String(code) => Some(code.clone()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    }
}

fn facts(answer: &Answer, expected: Expected<'_>) -> Result<ChargeFacts, &'static str> {
    let body = &answer.body;
    // `read` has compared it, if it is there.
    let order_id = body.order_id.clone().ok_or(BAD_FIELD)?;
    if body.transaction_status.is_none() {
        return Err(BAD_FIELD);
    }
    let gross =
        body.gross_amount.as_ref().and_then(read::json_amount).ok_or("an amount that cannot be read")?;
    let returned = match &body.refund_amount {
        None => None,
        Some(amount) => Some(read::json_fee(amount).ok_or("an amount that cannot be read")?),
    };
    let transaction_id = match body.transaction_id.as_deref() {
        None => None,
        Some(text) => Some(read::id(text).ok_or("an id that cannot be read")?),
    };
    let merchants = body.merchant_id.as_deref().zip(expected.merchant_id);
    Ok(ChargeFacts {
        order_id,
        transaction_id,
        gross,
        in_rupiah: body.currency.as_deref().is_none_or(|currency| currency == "IDR"),
        own_merchant: merchants.is_none_or(|(told, ours)| told == ours),
        state: answer.state(),
        pay_to: body.pay_to(expected.method),
        expires_at: body.expiry_time.as_ref().and_then(Value::as_str).and_then(read::wib_time),
        // The Core API does not say what it keeps.
        fee: None,
        returned,
    })
}

impl Answer {
    fn state(&self) -> ProviderState {
        let word = self.body.transaction_status.as_deref().unwrap_or_default();
        outcome::state(self.row.code, word, self.body.fraud_status.as_deref())
    }
}

impl Body {
    /// What the payer needs for this way of paying; `None` rather than the number of another bank.
    fn pay_to(&self, method: TopupMethod) -> Option<PayTo> {
        match method {
            TopupMethod::Qris => self.qr_string.as_ref()?.as_str().and_then(read::qr),
            TopupMethod::BillMandiri => Some(PayTo::Bill {
                biller: self.biller_code.as_ref()?.as_str().and_then(read::digits)?,
                key: self.bill_key.as_ref()?.as_str().and_then(read::digits)?,
            }),
            TopupMethod::VaPermata => {
                let own = self.permata_va_number.as_ref().and_then(Value::as_str).and_then(read::account);
                own.or_else(|| self.va_number(method))
            }
            TopupMethod::VaBca | TopupMethod::VaBni | TopupMethod::VaBri => self.va_number(method),
            TopupMethod::StaticQris | TopupMethod::Transfer => None,
        }
    }

    fn va_number(&self, method: TopupMethod) -> Option<PayTo> {
        let first = self.va_numbers.as_ref()?.get(0)?;
        let told = first.get("bank").and_then(Value::as_str);
        if told.is_some_and(|told| Some(told) != bank(method)) {
            return None;
        }
        first.get("va_number")?.as_str().and_then(read::account)
    }
}
