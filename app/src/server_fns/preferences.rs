//! Language and colours, for anyone. The browser is sent back to where it was.

use domain::{Lang, Theme};
use http::{HeaderValue, header::SET_COOKIE};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::context::{SiteInfo, signed_in, use_store};
use crate::error::AppError;

const YEAR_S: u32 = 365 * 24 * 60 * 60;

/// Sets the language.
#[server(prefix = "/api", endpoint = "set_lang")]
pub async fn set_lang(lang: String) -> Result<(), AppError> {
    let lang: Lang = lang.parse().map_err(|_| AppError::Transport)?;
    remember("lang", lang.as_str());
    if let Some(user) = signed_in() {
        use_store()?.run(store::SetLang { user: user.id, lang }).await?;
    }
    Ok(())
}

/// Sets the colours of this browser; they are a matter of the device, so another one keeps its own.
#[server(prefix = "/api", endpoint = "set_theme")]
pub async fn set_theme(theme: String) -> Result<(), AppError> {
    let theme: Theme = theme.parse().map_err(|_| AppError::Transport)?;
    remember("theme", theme.as_str());
    if let Some(user) = signed_in() {
        use_store()?.run(store::SetTheme { user: user.id, theme }).await?;
    }
    Ok(())
}

/// Keeps a word in a cookie for a year. Not `HttpOnly`: the theme's island writes it too.
pub(crate) fn remember(name: &str, word: &'static str) {
    let secure = if use_context::<SiteInfo>().is_some_and(|site| site.is_https()) { "; Secure" } else { "" };
    let cookie = format!("{name}={word}; Path=/; Max-Age={YEAR_S}; SameSite=Lax{secure}");
    if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(SET_COOKIE, cookie);
    }
}
