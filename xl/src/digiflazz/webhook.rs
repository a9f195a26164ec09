//! Webhooks: believed only with a good signature, and read as strictly as an answer to a query.

use domain::Ask;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::HeaderMap;
use sha1::Sha1;

use super::DigiflazzConfig;
use super::answer;
use super::wire::redact;
use crate::answer::{EVIDENCE_LIMIT_BYTES, kept};
use crate::gateway::{Evidence, Exchange, WebhookError, WebhookNews};

/// The longest id of a delivery that is kept.
const DELIVERY_ID_LIMIT_BYTES: usize = 100;

pub(super) fn parse(
    config: &DigiflazzConfig,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<WebhookNews, WebhookError> {
    // With an empty secret anyone could sign.
    let secret = config.webhook_secret.as_deref().filter(|secret| !secret.is_empty());
    let secret = secret.ok_or(WebhookError::NotConfigured)?;
    if !is_signed(secret, headers, body) {
        return Err(WebhookError::BadSignature);
    }
    let data = answer::read(body).map_err(WebhookError::Unreadable)?;
    let (verdict, note) = answer::verdict(Ask::Query, &data, 200);
    let delivery_id = headers.get("x-digiflazz-delivery").and_then(|id| id.to_str().ok());
    let text = redact(config, &data.ref_id, &String::from_utf8_lossy(body));
    Ok(WebhookNews {
        verdict,
        evidence: Evidence {
            http_status: None,
            code: answer::code(body),
            provider_id: None,
            body: kept(&text, EVIDENCE_LIMIT_BYTES),
            note: format!("webhook: {note}"),
            exchange: Exchange::Answered,
            ..Evidence::default()
        },
        delivery_id: delivery_id.map(|id| kept(id, DELIVERY_ID_LIMIT_BYTES)),
        sku: data.buyer_sku_code,
        msisdn: data.customer_no.and_then(|number| number.parse().ok()),
        client_ref: data.ref_id,
    })
}

/// `X-Hub-Signature: sha1=<HMAC-SHA1(secret, raw body)>`, compared in constant time.
fn is_signed(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    let signature = headers.get("x-hub-signature").and_then(|value| value.to_str().ok());
    let Some(signature) = signature.and_then(|text| text.strip_prefix("sha1=")).and_then(unhex) else {
        return false;
    };
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(&signature).is_ok()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    pairs
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
            _ => None,
        })
        .collect()
}
