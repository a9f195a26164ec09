//! Callbacks. All of the body is signed, and still it is no more than a hint: a repeat of an old one is signed as well.

use hmac::Mac;
use reqwest::header::HeaderMap;
use serde::Deserialize;

use super::{TripayConfig, request};
use crate::gateway::{PayHint, PayWebhookError};
use crate::hex::unhex;
use crate::read;

/// The one kind of event that is about an order.
const EVENT: &str = "payment_status";

#[derive(Deserialize)]
struct Callback {
    merchant_ref: Option<String>,
}

/// The order that a well-signed callback is about.
pub(super) fn parse(
    config: &TripayConfig,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<PayHint, PayWebhookError> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let told = header("x-callback-signature").and_then(unhex).ok_or(PayWebhookError::BadSignature)?;
    let mut mac = request::mac(config).ok_or(PayWebhookError::BadSignature)?;
    mac.update(body);
    // In constant time.
    mac.verify_slice(&told).map_err(|_| PayWebhookError::BadSignature)?;
    if header("x-callback-event") != Some(EVENT) {
        return Err(PayWebhookError::Unreadable("an event that is not about an order"));
    }
    let callback: Callback = serde_json::from_slice(body)
        .map_err(|_| PayWebhookError::Unreadable("not JSON, or a field of another type"))?;
    let order_id = callback.merchant_ref.filter(|order_id| read::is_order_id(order_id));
    let order_id = order_id.ok_or(PayWebhookError::Unreadable("an order id that cannot be ours"))?;
    // The dialect has no id of a delivery.
    Ok(PayHint { order_id, delivery_id: None })
}
