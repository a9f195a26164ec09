//! Who asks, put together once for a request: what pages and server functions find in their context.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Lang, Role};
use http::StatusCode;
use http::header::COOKIE;
use leptos::context::{provide_context, use_context};
use leptos::nonce::Nonce;
use store::{User, Viewer};

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
    let viewing = match (auth, &user) {
        (Some(auth), Some(user)) if user.role == Role::Admin => match viewing(&web, auth, user).await {
            Ok(viewing) => viewing,
            Err(error) => return fault(&error),
        },
        _ => None,
    };
    let lang = user.as_ref().map_or_else(|| cookie_lang(&request), |user: &User| user.lang);
    let extensions = request.extensions();
    let mut session = app::Session::new(user, viewing, key.unwrap_or_default());
    if let Some(ip) = extensions.get::<ClientIp>() {
        session.client_ip = ip.0;
    }
    session.request_id = extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
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

/// Whom the admin of this session looks at the shop as. Costs those who do not nothing: the session is read already.
async fn viewing(
    web: &Web,
    auth: &app::auth::AuthSession,
    admin: &User,
) -> Result<Option<app::Viewing>, store::Error> {
    let Some(id) = auth.session.get::<String>(app::auth::VIEWING_KEY).await.ok().flatten() else {
        return Ok(None);
    };
    let found = web.store.viewing(&id, admin.id).await?;
    Ok(found.map(|(user, until)| app::Viewing { id, user, until }))
}

/// The signed-in user of a request that went through [`note`].
#[must_use]
pub fn user(request: &http::Extensions) -> Option<&User> {
    request.get::<app::Session>()?.signed_in()
}

/// What may be seen by whoever asks: their own, and as an admin everything. It does not matter here whether an admin looks
/// as somebody else: these pictures and streams stand on the admins' pages, too, under the same addresses.
#[must_use]
pub fn viewer(session: &app::Session) -> Option<Viewer> {
    let user = session.signed_in()?;
    Some(if user.role == Role::Admin { Viewer::Admin } else { Viewer::Owner(user.id) })
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
