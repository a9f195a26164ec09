//! What we write. The order of the fields is the order on the wire.

use domain::{MINUTE_MS, SECOND_MS, TopupMethod};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use super::TripayConfig;
use crate::gateway::ChargeOrder;
use crate::hex::hex;

/// No order of ours can be paid longer than this after it was made, whatever its channel allows, so that the daily
/// comparison knows how far it has to look back.
pub(super) const MOST_MINUTES: i64 = 24 * 60;
/// What the payer sees as the goods.
const ITEM_NAME: &str = "Top-up";
/// So much is kept from a channel's limits, as the request takes a while to arrive and clocks differ.
const MARGIN_MINUTES: i64 = 1;

/// How the gateway calls a way of paying, and for how long it can be kept open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Channel {
    pub(super) code: &'static str,
    least_minutes: i64,
    most_minutes: i64,
}

/// The channels for QRIS; a merchant has one of them switched on, rarely more.
pub(super) const QRIS_CHANNELS: &[Channel] =
    &[channel("QRIS", 10, 60), channel("QRISC", 10, MOST_MINUTES), channel("QRIS2", 10, MOST_MINUTES)];

#[derive(Serialize)]
struct Create<'a> {
    method: &'static str,
    merchant_ref: &'a str,
    /// Whole rupiah, as a number.
    amount: i64,
    customer_name: String,
    customer_email: &'a str,
    order_items: [Item; 1],
    /// Unix time in seconds.
    expired_time: i64,
    signature: String,
}

#[derive(Serialize)]
struct Item {
    name: &'static str,
    price: i64,
    quantity: u32,
}

/// The channel for a way of paying, if the dialect has it. Mandiri's virtual account is no bill payment.
pub(super) fn channel_of(config: &TripayConfig, method: TopupMethod) -> Option<Channel> {
    match method {
        TopupMethod::Qris => {
            QRIS_CHANNELS.iter().find(|channel| channel.code == config.qris_channel).copied()
        }
        TopupMethod::VaBca => Some(channel("BCAVA", 15, MOST_MINUTES)),
        TopupMethod::VaBni => Some(channel("BNIVA", 15, MOST_MINUTES)),
        TopupMethod::VaBri => Some(channel("BRIVA", 60, MOST_MINUTES)),
        TopupMethod::VaPermata => Some(channel("PERMATAVA", 60, MOST_MINUTES)),
        TopupMethod::BillMandiri | TopupMethod::StaticQris | TopupMethod::Transfer => None,
    }
}

/// The body of a charge.
pub(super) fn create(config: &TripayConfig, channel: Channel, order: &ChargeOrder) -> Option<Vec<u8>> {
    let amount = order.gross.get();
    let create = Create {
        method: channel.code,
        merchant_ref: &order.order_id,
        amount,
        customer_name: order.payer.to_string(),
        customer_email: config.receipt_email.as_deref().unwrap_or(TripayConfig::NO_RECEIPTS),
        order_items: [Item { name: ITEM_NAME, price: amount, quantity: 1 }],
        expired_time: expired_time(channel, order),
        signature: signature(config, &order.order_id, amount)?,
    };
    serde_json::to_vec(&create).ok()
}

/// The keyed hash of the raw body, with which callbacks are signed.
pub(super) fn mac(config: &TripayConfig) -> Option<Hmac<Sha256>> {
    Hmac::<Sha256>::new_from_slice(config.private_key.as_bytes()).ok()
}

/// `HMAC-SHA256(merchant code + order id + amount)` in lower-case hexadecimal.
fn signature(config: &TripayConfig, order_id: &str, amount: i64) -> Option<String> {
    let mut mac = mac(config)?;
    mac.update(config.merchant_code.as_bytes());
    mac.update(order_id.as_bytes());
    mac.update(amount.to_string().as_bytes());
    Some(hex(&mac.finalize().into_bytes()))
}

/// What was asked for, kept within the channel's limits: outside of them the gateway refuses the order.
fn expired_time(channel: Channel, order: &ChargeOrder) -> i64 {
    let after = |minutes: i64| order.now.plus_ms(minutes.saturating_mul(MINUTE_MS)).0;
    let least = after(channel.least_minutes.saturating_add(MARGIN_MINUTES));
    let most = after(channel.most_minutes.saturating_sub(MARGIN_MINUTES));
    order.expires_at.0.min(most).max(least) / SECOND_MS
}

const fn channel(code: &'static str, least_minutes: i64, most_minutes: i64) -> Channel {
    Channel { code, least_minutes, most_minutes }
}
