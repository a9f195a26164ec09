//! While the shop is being worked on, only admins are let in. Webhooks and the health check do not pass here, and the
//! workers finish what is under way.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::{Refusal, Role};
use http::header::RETRY_AFTER;
use http::{HeaderValue, Method, StatusCode, Uri};

use super::{Web, answers, identity};

/// Admins come in here.
const PAGES: &[&str] = &["/login", "/setup", "/terms", "/privacy"];
const FORMS: &[&str] =
    &["/api/sign_in", "/api/demo_sign_in", "/api/sign_out", "/api/set_up", "/api/set_lang", "/api/set_theme"];
/// Ten minutes: nobody knows when it is over.
const TRY_AGAIN_S: HeaderValue = HeaderValue::from_static("600");

/// Shows everybody but admins why there is nothing here now.
pub async fn check(State(web): State<Web>, request: Request, next: Next) -> Response {
    if !web.store.settings().maintenance || may_pass(&request) {
        return next.run(request).await;
    }
    let mut response = if answers::wants_html(request.headers()) {
        page(&web, request).await
    } else {
        answers::refused(request.headers(), &Refusal::Maintenance)
    };
    response.headers_mut().insert(RETRY_AFTER, TRY_AGAIN_S);
    response
}

fn may_pass(request: &Request) -> bool {
    if identity::user(request.extensions()).is_some_and(|user| user.role == Role::Admin) {
        return true;
    }
    let open = match *request.method() {
        Method::GET | Method::HEAD => PAGES,
        Method::POST => FORMS,
        _ => &[],
    };
    open.contains(&request.uri().path())
}

/// The same page for whatever was asked; nothing of the request is carried out.
async fn page(web: &Web, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    parts.method = Method::GET;
    parts.uri = Uri::from_static("/maintenance");
    let options = web.files.options().clone();
    let render = leptos_axum::render_app_async_with_context(
        {
            let web = web.clone();
            move || identity::provide(&web)
        },
        move || app::shell(options.clone()),
    );
    let mut response = render(Request::from_parts(parts, Body::empty())).await;
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}
