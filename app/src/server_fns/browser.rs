//! The browser that signs in: what it calls itself, where it is, and the mark by which it is known again.

use domain::SignInOutcome;
use http::request::Parts;
use http::{HeaderValue, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use store::{NoteSignIn, UserId, hash_token};

use crate::context::{Session, SiteInfo, cookie, provided, use_store};
use crate::error::AppError;

/// As long as browsers keep a cookie at most.
const KEPT_S: u32 = 400 * 24 * 60 * 60;
/// A token as [`store::Store::random_token`] makes them.
const TOKEN_DIGITS: usize = 32;

/// Writes an attempt to sign in into the account's history. A browser that got in is given a mark of its own, so that it is
/// known the next time; of the mark only the hash is kept.
pub(super) async fn note_sign_in(user: Option<UserId>, outcome: SignInOutcome) -> Result<(), AppError> {
    let store = use_store()?;
    let name = cookie_name()?;
    let mut mark = cookie(name).filter(|mark| is_token(mark)).unwrap_or_default();
    if outcome == SignInOutcome::Entered {
        if mark.is_empty() {
            mark = store.random_token();
        }
        remember(name, &mark);
    }
    let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
    let user_agent =
        headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let note = NoteSignIn {
        user,
        outcome,
        ip: provided::<Session>()?.client_ip.to_string(),
        user_agent: user_agent.to_owned(),
        browser: if mark.is_empty() { mark } else { hash_token(&mark) },
    };
    store.run(note).await?;
    Ok(())
}

/// `__Host-` binds the cookie to this very host; browsers want HTTPS for it.
fn cookie_name() -> Result<&'static str, AppError> {
    Ok(if provided::<SiteInfo>()?.is_https() { "__Host-browser" } else { "browser" })
}

fn is_token(text: &str) -> bool {
    text.len() == TOKEN_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn remember(name: &str, mark: &str) {
    let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
    let line = format!("{name}={mark}; Path=/; Max-Age={KEPT_S}; HttpOnly; SameSite=Lax{secure}");
    if let (Some(response), Ok(line)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&line)) {
        response.append_header(header::SET_COOKIE, line);
    }
}
