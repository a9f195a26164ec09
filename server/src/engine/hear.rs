//! What gateways tell of their own accord. A webhook and an answer go through the same operation.

use std::sync::Arc;

use domain::{HOUR_MS, WebhookOutcome};
use futures_util::FutureExt;
use http::StatusCode;
use store::{KeepWebhook, NoteTry, RecordVerdict, Source, Store, WEBHOOK_PREFIX};
use xl::{Gateway, WebhookError, WebhookNews};

use super::hear_payments;
use super::record::to_keep;
use crate::gateways::Registry;
use crate::web::{HookCall, HookHandler};

/// How much of a webhook is kept when nobody knows who sent it.
const STRANGERS_MOST_CHARS: usize = 500;
/// So many of those are kept in an hour, so that strangers cannot fill the disk.
const STRANGERS_MOST: i64 = 60;

/// The handler of `POST /hooks/{gateway}` and, under a prefix of their own, of payment gateways' notifications.
#[must_use]
pub fn handler(store: Store, gateways: Registry) -> HookHandler {
    Arc::new(move |call: HookCall| {
        let (store, gateways) = (store.clone(), gateways.clone());
        async move {
            if let Some(name) = call.gateway.strip_prefix(WEBHOOK_PREFIX) {
                return match gateways.payments().get(name) {
                    Some(gateway) => hear_payments::hear(&store, gateway.as_ref(), &call).await,
                    None => StatusCode::NOT_FOUND,
                };
            }
            let Some(gateway) = gateways.get(&call.gateway) else {
                return StatusCode::NOT_FOUND;
            };
            hear(&store, gateway.as_ref(), &call).await
        }
        .boxed()
    })
}

async fn hear(store: &Store, gateway: &dyn Gateway, call: &HookCall) -> StatusCode {
    let body = String::from_utf8_lossy(&call.body).into_owned();
    let mut kept = KeepWebhook {
        gateway: gateway.name().to_owned(),
        delivery_id: None,
        client_ref: None,
        outcome: WebhookOutcome::Recorded,
        body,
    };
    let status = match gateway.parse_webhook(&call.headers, &call.body) {
        Ok(news) => {
            kept.delivery_id.clone_from(&news.delivery_id);
            kept.client_ref = Some(news.client_ref.clone());
            match record(store, gateway, news).await {
                Ok(outcome) => {
                    kept.outcome = outcome;
                    StatusCode::OK
                }
                Err(error) => {
                    // Our own trouble: the gateway should call again.
                    tracing::error!(%error, "a webhook could not be recorded");
                    return StatusCode::SERVICE_UNAVAILABLE;
                }
            }
        }
        Err(error @ (WebhookError::BadSignature | WebhookError::NotConfigured)) => {
            tracing::warn!(%error, gateway = gateway.name(), "a webhook was not believed");
            kept.outcome = WebhookOutcome::NotBelieved;
            StatusCode::UNAUTHORIZED
        }
        Err(error @ WebhookError::Unreadable(_)) => {
            tracing::warn!(%error, gateway = gateway.name(), "a webhook cannot be read");
            kept.outcome = WebhookOutcome::Unreadable;
            StatusCode::BAD_REQUEST
        }
    };
    if let Err(error) = keep(store, kept).await {
        tracing::error!(%error, "a webhook could not be kept");
    }
    status
}

/// Keeps a webhook as evidence. What it says has been recorded already.
pub(super) async fn keep(store: &Store, mut call: KeepWebhook) -> Result<(), store::Error> {
    if call.outcome == WebhookOutcome::NotBelieved {
        let key = format!("hook:{}", call.gateway);
        let counted = NoteTry { key, most: STRANGERS_MOST, window_ms: HOUR_MS };
        if store.run(counted).await?.is_err() {
            return Ok(());
        }
        call.body = call.body.chars().take(STRANGERS_MOST_CHARS).collect();
    }
    // A text of the database cannot hold it.
    call.body.retain(|c| c != '\0');
    store.run(call).await
}

async fn record(
    store: &Store,
    gateway: &dyn Gateway,
    news: WebhookNews,
) -> Result<WebhookOutcome, store::Error> {
    let Some(attempt) = store.attempt_by_ref(gateway.name(), &news.client_ref).await? else {
        tracing::warn!(client_ref = %news.client_ref, "a webhook about no order of ours");
        return Ok(WebhookOutcome::Unknown);
    };
    let about_it = news.sku.is_none_or(|sku| sku == attempt.sku)
        && news.msisdn.is_none_or(|msisdn| msisdn == attempt.msisdn);
    if !about_it {
        tracing::error!(client_ref = %news.client_ref, "a webhook names another package or number than the order");
        return Ok(WebhookOutcome::Differs);
    }
    let verdict = RecordVerdict {
        purchase: attempt.purchase,
        attempt: attempt.row,
        source: Source::Webhook,
        verdict: news.verdict,
        evidence: to_keep(news.evidence),
        ask_every_ms: i64::try_from(gateway.limits().between_queries.as_millis()).unwrap_or(i64::MAX),
    };
    store.run(verdict).await.map(|_| WebhookOutcome::Recorded)
}
