//! Who asks, put together once for a request: what pages and server functions find in their context.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Lang;
use http::StatusCode;
use http::header::COOKIE;
use leptos::context::{provide_context, use_context};
use leptos::nonce::Nonce;
use store::User;

use super::Web;
use super::client_ip::ClientIp;
use super::request_id::RequestId;

/// Where the session keeps the key that drafts of refused forms are bound to.
const DRAFT_KEY: &str = "draft_key";

/// Puts [`app::Session`], [`app::SiteInfo`] and [`Lang`] into the request's extensions.
pub async fn note(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let auth = request.extensions().get::<app::auth::AuthSession>();
    let user = auth.and_then(|auth| auth.user.as_ref()).map(|signed_in| signed_in.0.clone());
    let key = match auth {
        Some(auth) => auth.session.get::<String>(DRAFT_KEY).await.ok().flatten(),
        None => None,
    };
    let extensions = request.extensions();
    let session = app::Session {
        user: user.clone(),
        key: key.unwrap_or_default(),
        client_ip: extensions
            .get::<ClientIp>()
            .map_or_else(|| std::net::Ipv4Addr::UNSPECIFIED.into(), |ip| ip.0),
        request_id: extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
    };
    let lang = user.map_or_else(|| cookie_lang(&request), |user: User| user.lang);
    let site = app::SiteInfo {
        public_url: web.public_url.origin().to_owned(),
        demo: web.demo.clone(),
        settings: web.store.settings(),
        session_gateways: web.gateways.session_names(),
    };
    let extensions = request.extensions_mut();
    extensions.insert(session);
    extensions.insert(site);
    extensions.insert(lang);
    next.run(request).await
}

/// The signed-in user of a request that went through [`note`].
#[must_use]
pub fn user(request: &http::Extensions) -> Option<&User> {
    request.get::<app::Session>()?.user.as_ref()
}

/// The key that this browser's drafts are bound to, minted when it has none yet.
///
/// # Errors
/// When the session cannot be read or written.
pub async fn draft_key(
    web: &Web,
    extensions: &http::Extensions,
) -> Result<String, tower_sessions::session::Error> {
    if let Some(session) = extensions.get::<app::Session>()
        && !session.key.is_empty()
    {
        return Ok(session.key.clone());
    }
    let key = web.store.random_token();
    if let Some(auth) = extensions.get::<app::auth::AuthSession>() {
        auth.session.insert(DRAFT_KEY, &key).await?;
    }
    Ok(key)
}

/// Hands what the middlewares have put together to Leptos. It runs inside each render and each server function, where
/// the request's head is at hand already.
pub fn provide(web: &Web) {
    provide_context(web.store.clone());
    let Some(parts) = use_context::<http::request::Parts>() else {
        return;
    };
    provide_from::<app::Session>(&parts);
    provide_from::<app::SiteInfo>(&parts);
    provide_from::<Lang>(&parts);
    provide_from::<app::FormDraft>(&parts);
    provide_from::<app::auth::AuthSession>(&parts);
    // In place of the one that leptos_axum mints: the header must name the same.
    provide_from::<Nonce>(&parts);
}

fn provide_from<T: Clone + Send + Sync + 'static>(parts: &http::request::Parts) {
    if let Some(value) = parts.extensions.get::<T>() {
        provide_context(value.clone());
    }
}

/// The answer when the store cannot be read; the cause goes to the log.
#[must_use]
pub fn fault(error: &dyn std::fmt::Display) -> Response {
    tracing::error!(cause = %error, "fault");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn cookie_lang(request: &Request) -> Lang {
    let cookies = request.headers().get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == "lang").find_map(|(_, word)| word.parse().ok()).unwrap_or_default()
}
