use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde_json::Value;

use crate::AnswerFate;

/// How long a hanging answer keeps its connection. Longer than any shop waits.
const HANG_LIMIT: Duration = Duration::from_secs(120);

/// The truth, as the gateway would send it; the order is already in the book.
pub(crate) struct Reply {
    /// The whole body, with its `data`.
    pub(crate) body: Value,
    /// The address that was asked, path and query.
    pub(crate) here: String,
    /// Writes a code over the truth, with the status that was asked for.
    pub(crate) recode: fn(&mut Value, &str, Option<&str>),
}

/// Gives the answer its fate.
pub(crate) async fn answer(fate: AnswerFate, reply: Reply) -> Response {
    let Reply { mut body, here, recode } = reply;
    match fate {
        AnswerFate::Honest => {}
        AnswerFate::Hang => {
            tokio::time::sleep(HANG_LIMIT).await;
            return closed();
        }
        AnswerFate::Close => return closed(),
        AnswerFate::Http500 => {
            return (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error").into_response();
        }
        AnswerFate::Html502 => return bad_gateway(),
        AnswerFate::Http429 => return (StatusCode::TOO_MANY_REQUESTS, "Too Many Requests").into_response(),
        AnswerFate::Redirect => {
            // 307 makes a client that follows send the same order again.
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, here)]).into_response();
        }
        AnswerFate::TruncatedJson => return json_bytes(half(&body)),
        AnswerFate::CutBody => return cut(half(&body)),
        AnswerFate::Drip { ms } => return drip(whole(&body), Duration::from_millis(ms)),
        AnswerFate::Slow { ms } => tokio::time::sleep(Duration::from_millis(ms)).await,
        AnswerFate::MissingRc => remove(&mut body, "rc"),
        AnswerFate::MissingStatus => remove(&mut body, "status"),
        AnswerFate::MissingTrxId => remove(&mut body, "trx_id"),
        AnswerFate::StringsForNumbers => numbers_to_strings(&mut body),
        AnswerFate::OtherRef => change_reference(&mut body),
        AnswerFate::Code { rc, status } => {
            recode(&mut body, &rc, status.as_deref());
        }
    }
    Json(body).into_response()
}

/// A body that fails before its first byte: hyper drops the connection before the headers leave.
fn closed() -> Response {
    let broken = stream::once(async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset)) });
    Body::from_stream(broken).into_response()
}

/// Half of the body, then a broken connection.
fn cut(half: Vec<u8>) -> Response {
    let pieces = [Ok(Bytes::from(half)), Err(io::Error::from(io::ErrorKind::ConnectionReset))];
    with_json_type(Body::from_stream(stream::iter(pieces)))
}

fn drip(whole: Vec<u8>, pause: Duration) -> Response {
    let bytes = stream::unfold(whole.into_iter(), move |mut rest| async move {
        let byte = rest.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, Infallible>(Bytes::copy_from_slice(&[byte])), rest))
    });
    with_json_type(Body::from_stream(bytes))
}

fn bad_gateway() -> Response {
    const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
        <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
    (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], PAGE).into_response()
}

fn json_bytes(bytes: Vec<u8>) -> Response {
    with_json_type(Body::from(bytes))
}

fn with_json_type(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn whole(body: &Value) -> Vec<u8> {
    body.to_string().into_bytes()
}

fn half(body: &Value) -> Vec<u8> {
    let mut bytes = whole(body);
    bytes.truncate(bytes.len() / 2);
    bytes
}

fn remove(body: &mut Value, field: &str) {
    if let Some(fields) = body.get_mut("data").and_then(Value::as_object_mut) {
        fields.remove(field);
    }
}

/// Each dialect has one of the two.
fn change_reference(body: &mut Value) {
    if let Some(fields) = body.get_mut("data").and_then(Value::as_object_mut) {
        for reference in ["ref_id", "trx_id"] {
            fields.entry(reference).and_modify(|value| *value = Value::from("not-yours"));
        }
    }
}

/// Numbers as texts, at any depth.
pub(crate) fn numbers_to_strings(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::from(number.to_string()),
        Value::Array(items) => items.iter_mut().for_each(numbers_to_strings),
        Value::Object(fields) => fields.values_mut().for_each(numbers_to_strings),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}
