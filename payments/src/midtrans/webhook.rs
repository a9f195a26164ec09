//! Notifications. Neither the status nor the time in one is signed, so a good signature is no more than a hint that
//! this order should be asked about.

use serde_json::Value;
use sha2::{Digest, Sha512};

use super::outcome;
use crate::gateway::{PayHint, PayWebhookError};
use crate::hex::{is_same, unhex};
use crate::read;

/// The order that a well-signed notification is about.
pub(super) fn parse(server_key: &str, body: &[u8]) -> Result<PayHint, PayWebhookError> {
    // The signature stands in the body, so what is no JSON is not signed.
    let body: Value = serde_json::from_slice(body).map_err(|_| PayWebhookError::BadSignature)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).ok_or(PayWebhookError::BadSignature);
    let (order_id, status_code, gross_amount) =
        (text("order_id")?, text("status_code")?, text("gross_amount")?);
    let told = unhex(text("signature_key")?).ok_or(PayWebhookError::BadSignature)?;
    if !is_same(&told, &signature(order_id, status_code, gross_amount, server_key)) {
        return Err(PayWebhookError::BadSignature);
    }
    // The signature is made of the texts one after the other, so that their borders could be shifted. Nearly always the
    // code is then none, or the amount begins with a zero; what is left is a needless question about another order.
    outcome::Row::of(status_code)
        .ok_or(PayWebhookError::Unreadable("a code that the contract does not have"))?;
    read::amount(gross_amount).ok_or(PayWebhookError::Unreadable("an amount that cannot be read"))?;
    if !read::is_order_id(order_id) {
        return Err(PayWebhookError::Unreadable("an order id that cannot be ours"));
    }
    // The dialect has no id of a delivery.
    Ok(PayHint { order_id: order_id.to_owned(), delivery_id: None })
}

/// SHA-512 of order id, code, amount as sent, and key.
fn signature(order_id: &str, status_code: &str, gross_amount: &str, server_key: &str) -> Vec<u8> {
    let mut sha512 = Sha512::new();
    for part in [order_id, status_code, gross_amount, server_key] {
        sha512.update(part);
    }
    sha512.finalize().to_vec()
}
