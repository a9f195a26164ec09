//! What we write, and the signatures.

use std::fmt::Write as _;

use domain::Rupiah;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::DigiflazzConfig;
use crate::gateway::{Order, StoredRequest};

/// An order without user and signature: what is stored. The fields' order is part of the stored text.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireOrder {
    pub(super) buyer_sku_code: String,
    pub(super) customer_no: String,
    pub(super) ref_id: String,
    max_price: Rupiah,
}

#[derive(Serialize)]
struct Credentials<'a> {
    username: &'a str,
    sign: &'a str,
}

#[derive(Serialize)]
struct Question<'a> {
    cmd: &'a str,
    username: &'a str,
    sign: &'a str,
}

pub(super) fn stored_order(order: &Order) -> StoredRequest {
    let order = WireOrder {
        buyer_sku_code: order.sku.clone(),
        customer_no: order.msisdn.local(),
        ref_id: order.client_ref.clone(),
        max_price: order.max_price,
    };
    StoredRequest::from_stored(json(&order))
}

/// The stored text, byte for byte, with user and signature put before it. `None` when it is no order.
pub(super) fn signed_order(
    config: &DigiflazzConfig,
    request: &StoredRequest,
) -> Option<(WireOrder, Vec<u8>)> {
    let order: WireOrder = serde_json::from_str(request.as_str()).ok()?;
    let fields = request.as_str().strip_prefix('{')?;
    let credentials = json(&Credentials { username: &config.username, sign: &sign(config, &order.ref_id) });
    let mut body = credentials.strip_suffix('}')?.to_owned();
    body.push(',');
    body.push_str(fields);
    Some((order, body.into_bytes()))
}

pub(super) fn signed_question(config: &DigiflazzConfig, cmd: &str, topic: &str) -> Vec<u8> {
    json(&Question { cmd, username: &config.username, sign: &sign(config, topic) }).into_bytes()
}

/// Takes keys and signatures out of a text, in case an answer repeats them.
pub(super) fn redact(config: &DigiflazzConfig, ref_id: &str, text: &str) -> String {
    let signature = sign(config, ref_id);
    let secrets = [Some(config.api_key.as_str()), config.webhook_secret.as_deref(), Some(signature.as_str())];
    secrets
        .into_iter()
        .flatten()
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, "[redacted]"))
}

/// `md5(username + api_key + topic)` in lower-case hexadecimal.
fn sign(config: &DigiflazzConfig, topic: &str) -> String {
    let mut md5 = Md5::new();
    md5.update(&config.username);
    md5.update(&config.api_key);
    md5.update(topic);
    md5.finalize().iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Strings and numbers always become JSON; an empty text would be refused by [`signed_order`].
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
