//! What an answer about an order proves. In doubt: nothing.

use domain::{Ask, Rupiah, Verdict};
use serde::Deserialize;
use serde_json::Value;

use super::outcome_table::{Proof, Row, Status};
use super::wire::WireOrder;
use crate::answer::{CODE_LIMIT_BYTES, EVIDENCE_LIMIT_BYTES, kept, rupiah, serial_number};
use crate::gateway::{Answer, Evidence, Exchange};
use crate::http::Reply;

/// The fields of an answer, or of a webhook, that we read. Nothing is concluded from `message`.
#[derive(Debug, Deserialize)]
pub(super) struct OrderData {
    pub(super) ref_id: String,
    pub(super) rc: String,
    pub(super) status: String,
    pub(super) customer_no: Option<String>,
    pub(super) buyer_sku_code: Option<String>,
    sn: Option<String>,
    price: Option<Value>,
}

#[derive(Deserialize)]
struct Envelope {
    data: OrderData,
}

/// Judges a whole answer to this order.
pub(super) fn judge(ask: Ask, reply: &Reply, order: &WireOrder, redact: impl Fn(&str) -> String) -> Answer {
    let read = read(&reply.body);
    let (verdict, note) = match &read {
        _ if reply.status >= 500 => (Verdict::Unknown, "a server error"),
        _ if (300..400).contains(&reply.status) => (Verdict::Unknown, "a redirect, not followed"),
        Err(note) => (Verdict::Unknown, *note),
        Ok(data) if !is_about(data, order) => (Verdict::Unknown, "an answer about another order"),
        Ok(data) => verdict(ask, data, reply.status),
    };
    Answer {
        verdict,
        evidence: Evidence {
            http_status: Some(reply.status),
            code: code(&reply.body),
            // In this dialect an order has no other id than our own reference.
            provider_id: None,
            body: kept(&redact(&String::from_utf8_lossy(&reply.body)), EVIDENCE_LIMIT_BYTES),
            note: note.to_owned(),
            exchange: Exchange::Answered,
            ..Evidence::default()
        },
    }
}

/// The fields of a body, or what is wrong with it.
pub(super) fn read(body: &[u8]) -> Result<OrderData, &'static str> {
    match serde_json::from_slice::<Envelope>(body) {
        Ok(envelope) => Ok(envelope.data),
        Err(error) if error.is_data() => Err("a field is missing or of another type"),
        Err(_) => Err("not JSON"),
    }
}

/// What the fields prove, and a note for the evidence.
pub(super) fn verdict(ask: Ask, data: &OrderData, http_status: u16) -> (Verdict, &'static str) {
    let Some(row) = Row::of(&data.rc) else {
        return (Verdict::Unknown, "a code that the contract does not have");
    };
    if data.status != row.status.word() {
        return (Verdict::Unknown, "status and code contradict each other");
    }
    // A refusal may well come as HTTP 4xx. A success or a promise may not.
    if !(200..300).contains(&http_status) && row.status != Status::Gagal {
        return (Verdict::Unknown, "HTTP status and code contradict each other");
    }
    let verdict = match row.proof(ask) {
        Proof::Delivered => {
            Verdict::Delivered { serial_number: data.serial_number(), charged: data.charged() }
        }
        Proof::Pending => Verdict::Pending,
        Proof::Failed(reason) => Verdict::Failed { reason },
        Proof::NoOrder(reason) => Verdict::NoOrder { reason },
        Proof::TryLater(reason) => Verdict::TryLater { reason },
        Proof::Unknown => return (Verdict::Unknown, "a code that proves nothing here"),
    };
    (verdict, "answered")
}

/// The code in a body, for the evidence, even if the rest of it cannot be used.
pub(super) fn code(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    match body.get("data")?.get("rc")? {
        Value::String(rc) => Some(kept(rc, CODE_LIMIT_BYTES)),
        Value::Number(rc) => Some(rc.to_string()),
        _ => None,
    }
}

impl OrderData {
    fn serial_number(&self) -> Option<String> {
        serial_number(self.sn.as_deref()?)
    }

    fn charged(&self) -> Option<Rupiah> {
        // A price of nothing is no statement about what was charged.
        rupiah(self.price.as_ref()?).filter(|price| price.is_positive())
    }
}

/// Whether an answer speaks of our order. What it leaves out cannot contradict.
fn is_about(data: &OrderData, order: &WireOrder) -> bool {
    let agrees = |told: &Option<String>, ours: &str| told.as_deref().is_none_or(|told| told == ours);
    data.ref_id == order.ref_id
        && agrees(&data.customer_no, &order.customer_no)
        && agrees(&data.buyer_sku_code, &order.buyer_sku_code)
}
