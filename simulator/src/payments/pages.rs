//! The customer's wallet and the bank's app, for people who play the customer: plain pages with plain forms.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::state::Inner;

pub(super) fn router() -> Router<Arc<Inner>> {
    Router::new().route("/pay", get(|| async { "soon" }))
}
