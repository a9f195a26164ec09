//! `/metrics`, at an address of its own: the figures tell how much the shop sells, which is nobody's business.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use prometheus_client::encoding::prometheus_text;
use store::Store;

use super::Monitor;

/// What answers there.
pub fn router(monitor: Monitor, store: Store) -> Router {
    Router::new().route("/metrics", get(show)).with_state((monitor, store))
}

async fn show(State((monitor, store)): State<(Monitor, Store)>) -> Response {
    let read = monitor.shop.look(&store, &monitor.pulses).await;
    monitor.process.look();
    let mut text = String::new();
    let written = prometheus_text::encode(&mut text, &monitor.registry);
    drop(read);
    match written {
        Ok(()) => ([(CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the figures could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
