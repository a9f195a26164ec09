//! What all dialects share in judging: what the absence of an answer proves, and how values are read and kept.

use domain::{Ask, FailReason, Rupiah, Verdict};
use serde_json::Value;

use crate::gateway::{Answer, Evidence};
use crate::http::{Lost, exchange_of};

pub(crate) use wire::kept;

/// How much of an answer's body is kept.
pub(crate) const EVIDENCE_LIMIT_BYTES: usize = 4 * 1024;
/// The longest code that is kept.
pub(crate) const CODE_LIMIT_BYTES: usize = 16;
/// The longest serial number that is kept; operators' have some 20 to 60 letters.
const SERIAL_LIMIT_BYTES: usize = 200;

/// Nothing has left. Of a first send this is certain proof; of a query it says nothing about the order.
pub(crate) fn nothing_sent(ask: Ask, reason: FailReason, note: &str) -> Answer {
    let verdict = match (ask, reason) {
        (Ask::Query, _) => Verdict::Unknown,
        (Ask::FirstSend, FailReason::NotReached | FailReason::ProviderBusy) => Verdict::TryLater { reason },
        (Ask::FirstSend, _) => Verdict::NoOrder { reason },
    };
    Answer { verdict, evidence: Evidence { note: note.to_owned(), ..Evidence::default() } }
}

/// There is no whole answer. Only a connection that never opened proves anything.
pub(crate) fn lost(ask: Ask, lost: Lost) -> Answer {
    let mut answer = nothing_sent(ask, FailReason::NotReached, lost.note());
    if lost != Lost::NotConnected {
        answer.verdict = Verdict::Unknown;
    }
    answer.evidence.http_status = lost.http_status();
    answer.evidence.exchange = exchange_of(lost);
    answer
}

/// An amount in whole rupiah, as a number or as its digits in a string.
pub(crate) fn rupiah(value: &Value) -> Option<Rupiah> {
    let rupiah = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(digits) => digits.parse().ok()?,
        _ => return None,
    };
    Some(Rupiah::new(rupiah))
}

/// A count, as a number or as its digits in a string.
pub(crate) fn count(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|count| u32::try_from(count).ok()),
        Value::String(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// A serial number, if there is one.
pub(crate) fn serial_number(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| kept(text, SERIAL_LIMIT_BYTES))
}
