use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};

use crate::AnswerFate;
use crate::digiflazz::{message_of, status_of};

/// How long a hanging answer keeps its connection. Longer than any shop waits.
const HANG_LIMIT: Duration = Duration::from_secs(120);

/// Gives the answer its fate. `data` is the truth; the order is already in the book.
pub(crate) async fn answer(fate: AnswerFate, mut data: Value) -> Response {
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
            let here = [(header::LOCATION, "/digiflazz/v1/transaction")];
            return (StatusCode::TEMPORARY_REDIRECT, here).into_response();
        }
        AnswerFate::TruncatedJson => return json_bytes(half(&data)),
        AnswerFate::CutBody => return cut(half(&data)),
        AnswerFate::Drip { ms } => return drip(whole(&data), Duration::from_millis(ms)),
        AnswerFate::Slow { ms } => tokio::time::sleep(Duration::from_millis(ms)).await,
        AnswerFate::MissingRc => remove(&mut data, "rc"),
        AnswerFate::MissingStatus => remove(&mut data, "status"),
        AnswerFate::StringsForNumbers => numbers_to_strings(&mut data),
        AnswerFate::OtherRef => set(&mut data, "ref_id", "not-yours"),
        AnswerFate::Code { rc, status } => {
            set(&mut data, "status", status.as_deref().unwrap_or_else(|| status_of(&rc)));
            set(&mut data, "message", message_of(&rc));
            set(&mut data, "rc", &rc);
        }
    }
    Json(json!({ "data": data })).into_response()
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

fn whole(data: &Value) -> Vec<u8> {
    json!({ "data": data }).to_string().into_bytes()
}

fn half(data: &Value) -> Vec<u8> {
    let mut bytes = whole(data);
    bytes.truncate(bytes.len() / 2);
    bytes
}

fn remove(data: &mut Value, field: &str) {
    if let Some(fields) = data.as_object_mut() {
        fields.remove(field);
    }
}

fn set(data: &mut Value, field: &str, value: &str) {
    if let Some(fields) = data.as_object_mut() {
        fields.insert(field.to_owned(), Value::from(value));
    }
}

fn numbers_to_strings(data: &mut Value) {
    if let Some(fields) = data.as_object_mut() {
        for value in fields.values_mut().filter(|value| value.is_number()) {
            *value = Value::from(value.to_string());
        }
    }
}
