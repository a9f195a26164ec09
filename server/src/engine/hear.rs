//! What gateways tell of their own accord. A webhook and an answer go through the same operation.

use std::sync::Arc;

use futures_util::FutureExt;
use http::StatusCode;
use store::{Evidence, RecordVerdict, Source, Store};
use xl::{Gateway, WebhookError, WebhookNews};

use crate::gateways::Gateways;
use crate::web::{HookCall, HookHandler};

/// The handler of `POST /hooks/{gateway}`.
#[must_use]
pub fn handler(store: Store, gateways: Gateways) -> HookHandler {
    let gateways = Arc::new(gateways);
    Arc::new(move |call: HookCall| {
        let (store, gateways) = (store.clone(), Arc::clone(&gateways));
        async move {
            let Some(gateway) = gateways.iter().find(|gateway| gateway.name() == call.gateway) else {
                return StatusCode::NOT_FOUND;
            };
            hear(&store, gateway.as_ref(), &call).await
        }
        .boxed()
    })
}

async fn hear(store: &Store, gateway: &dyn Gateway, call: &HookCall) -> StatusCode {
    let news = match gateway.parse_webhook(&call.headers, &call.body) {
        Ok(news) => news,
        Err(error @ (WebhookError::BadSignature | WebhookError::NotConfigured)) => {
            tracing::warn!(%error, gateway = gateway.name(), "a webhook was not believed");
            return StatusCode::UNAUTHORIZED;
        }
        Err(error @ WebhookError::Unreadable(_)) => {
            tracing::warn!(%error, gateway = gateway.name(), "a webhook cannot be read");
            return StatusCode::BAD_REQUEST;
        }
    };
    match record(store, gateway, news).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            // Our own trouble: the gateway should call again.
            tracing::error!(%error, "a webhook could not be recorded");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

async fn record(store: &Store, gateway: &dyn Gateway, news: WebhookNews) -> Result<(), store::Error> {
    let Some(attempt) = store.attempt_by_ref(gateway.name(), &news.client_ref).await? else {
        tracing::warn!(client_ref = %news.client_ref, "a webhook about no order of ours");
        return Ok(());
    };
    let about_it = news.sku.is_none_or(|sku| sku == attempt.sku)
        && news.msisdn.is_none_or(|msisdn| msisdn == attempt.msisdn);
    if !about_it {
        tracing::error!(client_ref = %news.client_ref, "a webhook names another package or number than the order");
        return Ok(());
    }
    let evidence = Evidence {
        http_status: None,
        code: news.evidence.code,
        provider_id: news.evidence.provider_id,
        body: news.evidence.body,
        note: news.evidence.note,
    };
    let verdict = RecordVerdict {
        purchase: attempt.purchase,
        attempt: attempt.row,
        source: Source::Webhook,
        verdict: news.verdict,
        evidence,
        ask_every_ms: i64::try_from(gateway.limits().between_queries.as_millis()).unwrap_or(i64::MAX),
    };
    store.run(verdict).await.map(|_| ())
}
