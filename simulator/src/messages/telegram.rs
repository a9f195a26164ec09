//! `POST {base}/bot{token}/sendMessage` of the Telegram Bot API, as its public description has it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

use super::{MessageFault, MessageWay, SimulatedMessage};
use crate::state::Inner;

const BODY_LIMIT_BYTES: usize = 64 * 1024;
/// Counted in UTF-16 units.
const TEXT_MOST_UNITS: usize = 4_096;
const HANG: Duration = Duration::from_secs(120);

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/telegram/{bot}/sendMessage", post(send_message))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
}

async fn send_message(State(inner): State<Arc<Inner>>, Path(bot): Path<String>, body: Bytes) -> Response {
    let fault = inner.messages.strikes(MessageWay::Telegram);
    match fault {
        Some(MessageFault::Busy) => {
            return error(429, "Too Many Requests: retry after 3", json!({ "retry_after": 3 }));
        }
        Some(MessageFault::BadLogin) => return error(401, "Unauthorized", Value::Null),
        Some(MessageFault::BadAddress) => return error(400, "Bad Request: chat not found", Value::Null),
        Some(MessageFault::ThrownOut) => {
            return error(403, "Forbidden: bot was kicked from the group chat", Value::Null);
        }
        Some(MessageFault::Refused) => {
            return error(400, "Bad Request: strings must be encoded in UTF-8", Value::Null);
        }
        Some(MessageFault::Broken) => return error(500, "Internal Server Error", Value::Null),
        Some(MessageFault::Hang) => {
            tokio::time::sleep(HANG).await;
            return broken_off();
        }
        Some(MessageFault::Drop) => return broken_off(),
        Some(MessageFault::Garbage) => {
            return ([(CONTENT_TYPE, "text/html")], "<html><body>Welcome</body></html>").into_response();
        }
        Some(MessageFault::Redirect) => {
            return (StatusCode::FOUND, [(LOCATION, "/elsewhere")]).into_response();
        }
        Some(MessageFault::TakenThenDrop) | None => {}
    }
    if bot.strip_prefix("bot") != Some(inner.config.bot_token.as_str()) {
        return error(401, "Unauthorized", Value::Null);
    }
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let chat = match request.get("chat_id") {
        Some(Value::String(chat)) => chat.clone(),
        Some(Value::Number(chat)) => chat.to_string(),
        _ => return error(400, "Bad Request: chat_id is empty", Value::Null),
    };
    let text = request.get("text").and_then(Value::as_str).unwrap_or_default().trim();
    if text.is_empty() {
        return error(400, "Bad Request: message text is empty", Value::Null);
    }
    if text.encode_utf16().count() > TEXT_MOST_UNITS {
        return error(400, "Bad Request: message is too long", Value::Null);
    }
    if !inner.config.chats.contains(&chat) {
        return error(400, "Bad Request: chat not found", Value::Null);
    }
    let at_ms = inner.desk(|desk| desk.now_ms);
    inner.messages.take(SimulatedMessage {
        way: MessageWay::Telegram,
        to: chat.clone(),
        subject: String::new(),
        text: text.to_owned(),
        at_ms,
    });
    if fault.is_some() {
        return broken_off();
    }
    let result = json!({ "message_id": 1, "date": at_ms / 1_000, "chat": { "id": chat, "type": "group" }, "text": text });
    axum::Json(json!({ "ok": true, "result": result })).into_response()
}

fn error(status: u16, description: &str, parameters: Value) -> Response {
    let mut body = json!({ "ok": false, "error_code": status, "description": description });
    if let (Value::Object(body), false) = (&mut body, parameters.is_null()) {
        body.insert("parameters".to_owned(), parameters);
    }
    (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), axum::Json(body)).into_response()
}

/// An answer whose body breaks off at once.
fn broken_off() -> Response {
    let broken = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("closed")) });
    Response::new(Body::from_stream(broken))
}
