//! One mechanism for every form, with and without JavaScript.
//!
//! A native form posts to a server function under `/api`. Left to itself, Leptos would send the browser back with the
//! error in the address, where it would be lost on reload and anyone could forge it. Here the answer is taken before it
//! leaves: a success becomes a redirect to the page that shows it; a refusal is kept, with what was typed, for ten
//! minutes under a random id bound to the session, and the browser goes back to the form with `?form=<id>`.

use app::AppError;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use store::{FormDraft, KeepDraft};

use super::back::Back;
use super::{Web, answers, identity, plain_text};

const API: &str = "/api/";
/// The largest form has a few dozen short fields.
const FORM_MOST_BYTES: usize = 64 * 1024;
/// An error is a code and a few facts.
const ERROR_MOST_BYTES: usize = 64 * 1024;
const SERVER_FN_ERROR: &str = "serverfnerror";
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Names of fields that are never kept.
const SECRET_NAMES: &[&str] = &["password", "token", "secret"];

/// Translates between native forms and server functions.
pub async fn translate(State(web): State<Web>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.uri().path().starts_with(API) {
        return next.run(request).await;
    }
    let native = answers::wants_html(request.headers());
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, FORM_MOST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    if plain_text::holds_nul(&body) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    if native {
        // So that Leptos answers with the error itself.
        parts.headers.insert(ACCEPT, JSON);
    }
    let head = parts.clone();
    let response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    let (mut parts, answer) = response.into_parts();
    if parts.status.is_success() || parts.status.is_redirection() {
        if native {
            return succeeded(parts, &head.headers);
        }
        return Response::from_parts(parts, answer);
    }
    if !parts.headers.contains_key(SERVER_FN_ERROR) {
        // Not a server function's: no such function, or something on the way to it.
        return Response::from_parts(parts, answer);
    }
    let error = error_of(answer).await;
    if native {
        return match error {
            AppError::Refused(refusal) => {
                let values = kept_values(&body);
                sent_back(&web, &head, values, refusal, &Back::to_form(&head.headers)).await
            }
            AppError::Fault { .. } => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            AppError::Transport => StatusCode::BAD_REQUEST.into_response(),
        };
    }
    parts.status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let AppError::Refused(Refusal::TooManyTries { retry_after_s }) = &error {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from(*retry_after_s));
    }
    parts.headers.insert(CONTENT_TYPE, JSON);
    parts.headers.remove(CONTENT_LENGTH);
    let text = serde_json::to_vec(&error).unwrap_or_default();
    Response::from_parts(parts, Body::from(text))
}

/// Finds the draft that `?form=<id>` names; the page then answers 422.
pub async fn recall(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let id = (request.method() == Method::GET).then(|| Back::form_id(request.uri())).flatten();
    let Some(id) = id else {
        return next.run(request).await;
    };
    let owner =
        request.extensions().get::<app::Session>().map(|session| session.key.clone()).unwrap_or_default();
    if owner.is_empty() {
        return next.run(request).await;
    }
    let draft = match web.store.form_draft(&id, &owner).await {
        Ok(draft) => draft,
        Err(error) => return identity::fault(&error),
    };
    let refused = draft.as_ref().is_some_and(|draft| draft.refusal != Refusal::ConfirmNeeded);
    if let Some(draft) = draft {
        request.extensions_mut().insert::<FormDraft>(draft);
    }
    let mut response = next.run(request).await;
    if refused && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// Keeps what was typed and why it was refused, and sends the browser back to the form.
pub async fn sent_back(
    web: &Web,
    head: &http::request::Parts,
    values: Vec<(String, String)>,
    refusal: Refusal,
    back: &Back,
) -> Response {
    if refusal == Refusal::SignInNeeded {
        return see_other(&back.to_sign_in());
    }
    if let Refusal::TooManyTries { .. } = refusal {
        // Whoever sends too much must not fill the database with it as well.
        return answers::refused_page(&refusal);
    }
    let owner = match identity::draft_key(web, &head.extensions).await {
        Ok(owner) => owner,
        Err(error) => return identity::fault(&error),
    };
    let confirm_first = refusal == Refusal::ConfirmNeeded;
    match web.store.run(KeepDraft { owner, draft: FormDraft { values, refusal } }).await {
        Ok(id) if confirm_first => see_other(&back.to_confirm(&id)),
        Ok(id) => see_other(&back.with_form(&id)),
        Err(error) => identity::fault(&error),
    }
}

/// 303: the browser follows with a GET, whatever it had sent.
#[must_use]
pub fn see_other(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => (StatusCode::SEE_OTHER, [(LOCATION, HeaderValue::from_static("/"))]).into_response(),
    }
}

/// To where the server function says, else back to the form's page. Cookies that it set are kept.
fn succeeded(mut parts: http::response::Parts, asked: &HeaderMap) -> Response {
    let told = parts.headers.get(LOCATION).and_then(|location| location.to_str().ok());
    let target = told.and_then(app::context::local_path).map(str::to_owned);
    let target = target.unwrap_or_else(|| Back::to_form(asked).plain());
    parts.status = StatusCode::SEE_OTHER;
    for name in [CONTENT_TYPE, CONTENT_LENGTH] {
        parts.headers.remove(name);
    }
    parts.headers.remove("serverfnredirect");
    parts.headers.insert(LOCATION, HeaderValue::from_str(&target).unwrap_or(HeaderValue::from_static("/")));
    Response::from_parts(parts, Body::empty())
}

/// What a server function's failed answer says. One that cannot be read is a fault of ours, but not one of many words.
async fn error_of(answer: Body) -> AppError {
    let bytes = to_bytes(answer, ERROR_MOST_BYTES).await.unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or(AppError::Transport)
}

fn kept_values(body: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(body)
        .filter(|(name, _)| {
            let name = name.to_lowercase();
            !SECRET_NAMES.iter().any(|secret| name.contains(secret))
        })
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_kept() {
        let body = b"username=budi&password=hush&New_Password2=hush&token=t&note=a+b%26c";
        let kept = kept_values(body);
        assert_eq!(kept, [("username".into(), "budi".into()), ("note".into(), "a b&c".into())]);
    }
}
