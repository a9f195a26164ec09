//! Everything that answers HTTP.
//!
//! A request passes, from the outside in: the figures, its id and the log, the security headers, a page for errors without one, a net
//! for panics, static files, a time limit, the client's address, the throttle, the check of its origin and of its address; then, for pages,
//! the session, the sign on the door while the shop is being worked on, the guard and the forms' middleware, before Leptos or a plain handler answers it.

mod admin_files;
mod answers;
mod audit_csv;
mod back;
mod branding;
mod client_ip;
mod csv_file;
mod day_csv;
mod events;
mod forms;
mod guard;
mod hooks;
mod identity;
mod maintenance;
mod origin;
mod package_csv;
mod picture;
mod plain_text;
mod qr_bitmap;
pub mod qr_picture;
pub mod qr_png;
mod reports;
mod request_id;
mod security;
mod serve;
mod session_store;
mod shares;
mod statement_csv;
mod static_files;
mod throttle;
mod topup_qr;
mod uploads;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use app::DemoSignIns;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum_login::AuthManagerLayerBuilder;
use http::{HeaderValue, Method, StatusCode};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
use store::Store;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::config::{PublicUrl, TrustedProxies};
use crate::gateways::Registry;
use crate::monitor::{self, Monitor};
use shares::Shares;

pub use client_ip::ClientIp;
pub use hooks::{HookCall, HookHandler};
pub use serve::{HEAD_WITHIN, serve};
pub use session_store::{Sessions, cookie_name};
pub use static_files::SiteFiles;
pub use throttle::Throttle;

/// What the web side is made of.
pub struct Site {
    /// The database.
    pub store: Store,
    /// Where people reach the shop.
    pub public_url: PublicUrl,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Counts the changes that addresses ask for; `None` for no limit.
    pub throttle: Option<Throttle>,
    /// The one-tap sign-ins of a demo.
    pub demo: Option<DemoSignIns>,
    /// The folder with the static files.
    pub files: SiteFiles,
    /// Takes the gateways' webhooks; `None` when there is no gateway that sends any.
    pub hooks: Option<HookHandler>,
    /// Which gateways there are: pages show what can be done with them.
    pub gateways: Registry,
    /// Counts, and knows whether the workers go round.
    pub monitor: Monitor,
    /// Ends live streams when the server stops.
    pub shutdown: CancellationToken,
}

/// The router's state: the site, and what is counted in it.
#[derive(Clone)]
pub struct Web(Arc<Inner>);

/// See [`Web`].
pub struct Inner {
    site: Site,
    hook_throttle: Option<Throttle>,
    streams: Arc<Semaphore>,
    streams_each: Shares,
    uploads: Arc<Semaphore>,
    uploads_each: Shares,
    pictures: Arc<Semaphore>,
}

/// How long an answer may take to begin.
const TIMEOUT: Duration = Duration::from_secs(30);
/// A picture over a slow line.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(180);

/// The whole web side. Needs no listener: tests call it as it is.
pub fn router(site: Site) -> Router {
    let web = Web(Arc::new(Inner {
        hook_throttle: site.throttle.as_ref().map(Throttle::for_hooks),
        site,
        streams: Arc::new(Semaphore::new(events::MOST_STREAMS)),
        streams_each: Shares::new(events::MOST_STREAMS_EACH),
        uploads: Arc::new(Semaphore::new(uploads::MOST_RECEIVED_AT_ONCE)),
        uploads_each: Shares::new(uploads::MOST_RECEIVED_EACH),
        pictures: Arc::new(Semaphore::new(uploads::MOST_DRAWN_AT_ONCE)),
    }));
    let plain = Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(monitor::ready::show))
        .route(&format!("{}{{name}}", app::theme::PREFIX), get(branding::theme))
        .route(&format!("{}{{name}}", app::components::LOGO_PREFIX), get(branding::logo))
        .route(&format!("{}{{gateway}}", hooks::PREFIX), post(hooks::receive))
        .route(&format!("{}pay/{{gateway}}", hooks::PREFIX), post(hooks::receive_payment))
        .with_state(web.clone());
    pages(&web)
        .merge(plain)
        .layer(from_fn(plain_text::check))
        .layer(from_fn_with_state(web.clone(), origin::check))
        .layer(from_fn_with_state(web.clone(), throttle::check))
        .layer(from_fn_with_state(web.clone(), client_ip::note))
        .layer(from_fn(time_out))
        .layer(from_fn_with_state(web.clone(), static_files::serve))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(web.clone(), answers::complete))
        .layer(from_fn_with_state(web.clone(), security::protect))
        .layer(from_fn_with_state(web.clone(), request_id::note))
        .layer(from_fn_with_state(web, monitor::count_requests))
}

/// Pages, server functions and what belongs to them: everything that knows who asks.
fn pages(web: &Web) -> Router {
    let auth = AuthManagerLayerBuilder::new(
        app::auth::Backend(web.store.clone()),
        session_store::layer(web.store.clone(), &web.public_url),
    )
    .with_data_key(session_store::AUTH_KEY)
    .build();
    let context = {
        let web = web.clone();
        move || identity::provide(&web)
    };
    let shell = {
        let options = web.files.options().clone();
        move || app::shell(options.clone())
    };
    let routes = Router::new().leptos_routes_with_context(web, generate_route_list(app::App), context, shell);
    let routes =
        besides_pages().into_iter().fold(routes, |routes, (path, method)| routes.route(path, method));
    routes
        .fallback(not_found)
        .with_state(web.clone())
        .layer(from_fn_with_state(web.clone(), forms::translate))
        .layer(from_fn_with_state(web.clone(), forms::recall))
        .layer(from_fn_with_state(web.clone(), guard::check))
        .layer(from_fn_with_state(web.clone(), maintenance::check))
        .layer(from_fn_with_state(web.clone(), identity::note))
        .layer(auth)
        .layer(from_fn(session_store::note_device))
        .layer(CompressionLayer::new().br(true).gzip(true).quality(tower_http::CompressionLevel::Precise(4)))
}

/// Addresses that are no pages: live streams, pictures, files. In one list, so that a test can go through all of them.
pub fn besides_pages() -> Vec<(&'static str, MethodRouter<Web>)> {
    let picture = DefaultBodyLimit::max(uploads::BODY_MOST_BYTES);
    let statement = DefaultBodyLimit::max(admin_files::STATEMENT_BODY_MOST_BYTES);
    vec![
        ("/events/purchases/{id}", get(events::purchase)),
        ("/events/topups/{id}", get(events::topup)),
        ("/events/otp/{id}", get(events::otp)),
        ("/events/numbers/{id}", get(events::number)),
        ("/events/gateways", get(events::gateways)),
        ("/events/payments", get(events::payments)),
        ("/events/notifications", get(events::notices)),
        (admin_files::QRIS_PICTURE, post(admin_files::qris_picture.layer(picture))),
        (admin_files::STATEMENT, post(admin_files::statement.layer(statement))),
        ("/admin/payments/{name}/day.csv", get(day_csv::show)),
        (app::statement::FILE, get(statement_csv::show)),
        (admin_files::PACKAGES, post(admin_files::packages.layer(statement))),
        ("/admin/packages/export.csv", get(package_csv::show)),
        (app::transactions::FILE, get(reports::transactions)),
        ("/admin/report.csv", get(reports::month)),
        (app::audit::CSV, get(audit_csv::show)),
        (admin_files::LOGO, post(admin_files::logo.layer(picture))),
        ("/topup/{id}/proof", get(uploads::show).post(uploads::submit.layer(picture))),
        ("/topup/{id}/qr.png", get(topup_qr::show)),
    ]
}

/// The page for addresses that lead nowhere.
async fn not_found(State(web): State<Web>, mut request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::NOT_FOUND.into_response();
    }
    // A page that is hidden from this visitor must not be found by its address either.
    *request.uri_mut() = http::Uri::from_static("/not-found");
    let options = web.files.options().clone();
    let render = leptos_axum::render_app_async_with_context(
        {
            let web = web.clone();
            move || identity::provide(&web)
        },
        move || app::shell(options.clone()),
    );
    let mut response = render(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// The process answers: whoever restarts it when it does not would not help a database. `/readyz` tells more.
async fn healthz() -> &'static str {
    "ok\n"
}

async fn time_out(request: Request, next: Next) -> Response {
    let sent_to = request.uri().path();
    let takes_files = sent_to.ends_with("/proof") || admin_files::ALL.contains(&sent_to);
    let upload = request.method() == Method::POST && takes_files;
    let longest = if upload { UPLOAD_TIMEOUT } else { TIMEOUT };
    let path = request_id::logged_path(request.uri().path()).to_owned();
    tokio::time::timeout(longest, next.run(request)).await.unwrap_or_else(|_| {
        tracing::error!(path, "no answer in time");
        (StatusCode::SERVICE_UNAVAILABLE, [(http::header::RETRY_AFTER, HeaderValue::from_static("10"))])
            .into_response()
    })
}

/// The cause was logged where it happened, by the panic hook.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
    tracing::error!(cause = words, "a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

impl Deref for Web {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Deref for Inner {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.files.options().clone()
    }
}
