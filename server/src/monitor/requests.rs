//! Requests: how many, how they were answered, how long it took. By the pattern of the route, never by the address that
//! was asked for: anybody can make up addresses, and each would stay in memory for ever.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tokio::time::Instant;

use super::Labels;
use crate::web::Web;

/// Static files, and addresses that lead nowhere.
const NO_ROUTE: &str = "(none)";
/// In seconds. A page takes a few milliseconds; after 30 s a request is given up.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// See the module.
pub(super) struct Requests {
    answered: Family<Labels<3>, Counter>,
    seconds: Family<Labels<1>, Histogram, fn() -> Histogram>,
}

impl Requests {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let requests = Self {
            answered: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
        };
        registry.register("http_requests", "Requests that were answered", requests.answered.clone());
        registry.register(
            "http_request_duration_seconds",
            "Time until an answer began",
            requests.seconds.clone(),
        );
        requests
    }
}

/// Counts the request. Belongs outside of everything else, so that nothing is answered unseen.
pub async fn count(State(web): State<Web>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let method = word(request.method());
    let began = Instant::now();
    let response = next.run(request).await;
    let requests = &web.monitor.requests;
    requests.seconds.get_or_create(&[("route", route.clone())]).observe(began.elapsed().as_secs_f64());
    let status = response.status().as_str().to_owned();
    requests
        .answered
        .get_or_create(&[("method", method.to_owned()), ("route", route), ("status", status)])
        .inc();
    response
}

/// Anybody can make up methods, too.
const fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}
