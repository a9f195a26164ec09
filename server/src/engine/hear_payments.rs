//! Notifications of payment gateways. One that is believed is a reason to ask how the order stands, and nothing more: the
//! dialects do not sign everything that they say.

use domain::WebhookOutcome;
use http::StatusCode;
use payments::{PayGateway, PayWebhookError};
use store::{HintCharge, KeepWebhook, Store, WEBHOOK_PREFIX};

use super::hear::keep;
use crate::web::HookCall;

/// Takes one notification; the HTTP status to answer it with.
pub(super) async fn hear(store: &Store, gateway: &dyn PayGateway, call: &HookCall) -> StatusCode {
    let mut kept = KeepWebhook {
        gateway: format!("{WEBHOOK_PREFIX}{}", gateway.name()),
        delivery_id: None,
        client_ref: None,
        outcome: WebhookOutcome::Recorded,
        body: without_signature(&call.body),
    };
    let status = match gateway.parse_webhook(&call.headers, &call.body) {
        Ok(hint) => {
            kept.delivery_id.clone_from(&hint.delivery_id);
            kept.client_ref = Some(hint.order_id.clone());
            match store.run(HintCharge { gateway: gateway.name().to_owned(), order_id: hint.order_id }).await
            {
                Ok(true) => StatusCode::OK,
                // Stored, and an alarm is open; to send it again would not help.
                Ok(false) => {
                    kept.outcome = WebhookOutcome::Unknown;
                    StatusCode::OK
                }
                Err(error) => {
                    // Our own trouble: the gateway should call again.
                    tracing::error!(%error, "a notification could not be heard");
                    return StatusCode::SERVICE_UNAVAILABLE;
                }
            }
        }
        Err(error @ PayWebhookError::BadSignature) => {
            tracing::warn!(%error, gateway = gateway.name(), "a notification was not believed");
            kept.outcome = WebhookOutcome::NotBelieved;
            StatusCode::UNAUTHORIZED
        }
        Err(error @ PayWebhookError::Unreadable(_)) => {
            tracing::warn!(%error, gateway = gateway.name(), "a notification cannot be read");
            kept.outcome = WebhookOutcome::Unreadable;
            StatusCode::BAD_REQUEST
        }
    };
    if let Err(error) = keep(store, kept).await {
        tracing::error!(%error, "a notification could not be kept");
    }
    status
}

/// The text as it is kept. A signature that was good could be used again by whoever reads it.
fn without_signature(body: &[u8]) -> String {
    match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(serde_json::Value::Object(mut fields)) => {
            fields.remove("signature_key");
            serde_json::Value::Object(fields).to_string()
        }
        _ => String::from_utf8_lossy(body).into_owned(),
    }
}
