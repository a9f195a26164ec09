//! The envelope around every answer: `{statusCode, status, message, data}`. A failure is HTTP 200 with `status: false`.

use domain::{Ask, FailReason, UtcMillis};
use serde::Deserialize;
use serde_json::Value;

use super::outcome_table::{Proof, Row, Said};
use crate::answer::{CODE_LIMIT_BYTES, kept};
use crate::gateway::GatewayError;
use crate::http::Reply;

/// The code of a success.
const OK: &str = "200";
/// The code of the answer that has been both success and failure.
const IPAAS: &str = "422";
/// The code of "too many".
pub(super) const TOO_OFTEN: &str = "429";

/// What every answer has.
#[derive(Debug)]
pub(super) struct Envelope {
    pub(super) code: String,
    pub(super) is_ok: bool,
    pub(super) data: Value,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "statusCode")]
    code: Value,
    status: bool,
    #[serde(default)]
    message: Value,
    #[serde(default)]
    data: Value,
}

/// The envelope in an answer, or why it proves nothing.
pub(super) fn read(reply: &Reply) -> Result<Envelope, &'static str> {
    if reply.status >= 500 {
        return Err("a server error");
    }
    if (300..400).contains(&reply.status) {
        return Err("a redirect, not followed");
    }
    let wire: Wire = match serde_json::from_slice(&reply.body) {
        Ok(wire) => wire,
        Err(error) if error.is_data() => return Err("a field is missing or of another type"),
        Err(_) => return Err("not JSON"),
    };
    let code = text(&wire.code).ok_or("a field is missing or of another type")?;
    if code == IPAAS || [&wire.message, field(&wire.data, "rc_message")].into_iter().any(is_ipaas) {
        // Whatever else it says: this answer has meant both.
        return Ok(Envelope { code: IPAAS.to_owned(), is_ok: false, data: wire.data });
    }
    if wire.status != (code == OK) {
        return Err("status and code contradict each other");
    }
    // A refusal may well come as HTTP 4xx. A success may not.
    if wire.status && reply.status != 200 {
        return Err("HTTP status and code contradict each other");
    }
    Ok(Envelope { code, is_ok: wire.status, data: wire.data })
}

/// The data of an answer that is not about an order.
pub(super) fn data(reply: &Reply) -> Result<Value, GatewayError> {
    match read(reply) {
        Ok(Envelope { is_ok: true, data, .. }) => Ok(data),
        Ok(Envelope { code, .. }) => Err(refusal(code)),
        Err(_) if reply.status == 429 => Err(GatewayError::TooOften { code: TOO_OFTEN.to_owned() }),
        Err(_) if reply.status != 200 => Err(GatewayError::Http(reply.status)),
        Err(note) => Err(GatewayError::Unreadable(note)),
    }
}

/// The refusal of a question that is not about an order.
pub(super) fn refusal(code: String) -> GatewayError {
    if code == TOO_OFTEN {
        return GatewayError::TooOften { code };
    }
    let trouble = match Row::of(Said::Code(&code)).map(|row| row.proof(Ask::FirstSend)) {
        Some(Proof::NoOrder(FailReason::Shop(trouble))) => Some(trouble),
        _ => None,
    };
    GatewayError::Refused { code, trouble }
}

/// The code in a body, for the evidence, even if the rest of it cannot be used.
pub(super) fn code(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let rc = text(field(field(&body, "data"), "rc"));
    rc.or_else(|| text(field(&body, "statusCode"))).map(|code| kept(&code, CODE_LIMIT_BYTES))
}

/// A field, or null where there is none.
pub(super) fn field<'a>(data: &'a Value, name: &str) -> &'a Value {
    data.get(name).unwrap_or(&Value::Null)
}

/// A text, or a number as its digits. Empty is none.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number, or its digits in a string.
pub(super) fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    }
}

/// Yes or no, as `true`, `1` or either in a string. What is not there is no.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Null => Some(false),
        Value::Bool(flag) => Some(*flag),
        other => match text(other)?.as_str() {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        },
    }
}

/// A moment, given in seconds since 1970.
pub(super) fn moment(value: &Value) -> Option<UtcMillis> {
    let seconds = i64::try_from(whole(value)?).ok().filter(|seconds| *seconds > 0)?;
    seconds.checked_mul(domain::SECOND_MS).map(UtcMillis)
}

/// The one text that the contract takes for evidence, and only that nothing is proven.
fn is_ipaas(text: &Value) -> bool {
    text.as_str().is_some_and(|text| text.to_ascii_lowercase().contains("ipaas"))
}
