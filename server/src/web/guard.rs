//! The guard in front of the pages: it answers before anything is rendered. The pages and server functions check again
//! for themselves; this is what makes the answer quick and empty.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Role;
use http::header::LOCATION;
use http::{HeaderValue, Method, StatusCode, Uri};

use super::{Web, identity};

/// Pages for people who have signed in. Each name stands for everything under it too.
const SIGNED_IN: &[&str] = &[
    "/dashboard",
    "/packages",
    "/buy",
    "/transactions",
    "/topup",
    "/statement",
    "/profile",
    "/numbers",
    "/saved-numbers",
    "/notifications",
    "/confirm",
    "/admin",
];
/// Pages for admins.
const ADMIN: &[&str] = &["/admin"];

/// Sends signed-out visitors of guarded pages to sign in, and back afterwards. For everyone but admins, the admins'
/// pages do not exist.
pub async fn check(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !is_under(path, SIGNED_IN) {
        return next.run(request).await;
    }
    match identity::user(request.extensions()) {
        None => to_sign_in(request.method(), request.uri()),
        Some(user) if is_under(path, ADMIN) && user.role != Role::Admin => {
            super::not_found(State(web), request).await
        }
        Some(_) => next.run(request).await,
    }
}

fn is_under(path: &str, names: &[&str]) -> bool {
    names
        .iter()
        .any(|name| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// An empty redirect. After a form that was sent too late, the way back leads to its page, not to the form's address.
fn to_sign_in(method: &Method, uri: &Uri) -> Response {
    let reading = matches!(*method, Method::GET | Method::HEAD);
    let back = if reading { uri.path_and_query().map_or("/", |whole| whole.as_str()) } else { "/dashboard" };
    let status = if reading { StatusCode::FOUND } else { StatusCode::SEE_OTHER };
    let encoded: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
    match HeaderValue::from_str(&format!("/login?next={encoded}")) {
        Ok(location) => (status, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_what_is_under_it() {
        for path in ["/admin", "/admin/", "/admin/users/7QK2"] {
            assert!(is_under(path, ADMIN), "{path}");
        }
        for path in ["/administration", "/", "/login", "/packagesx"] {
            assert!(!is_under(path, SIGNED_IN), "{path}");
        }
    }

    #[test]
    fn back_to_where_one_wanted_to_go() {
        let location = |method: Method, uri: &str| {
            let response = to_sign_in(&method, &uri.parse().unwrap());
            (response.status().as_u16(), response.headers()[LOCATION].to_str().unwrap().to_owned())
        };
        assert_eq!(
            location(Method::GET, "/buy/7QK2?msisdn=0878&x=1"),
            (302, "/login?next=%2Fbuy%2F7QK2%3Fmsisdn%3D0878%26x%3D1".into())
        );
        assert_eq!(location(Method::POST, "/topup/7QK2/proof"), (303, "/login?next=%2Fdashboard".into()));
    }
}
