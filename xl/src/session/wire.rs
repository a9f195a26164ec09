//! What we write: stored orders, and the addresses of calls. An address holds the key, so it never leaves this module's
//! callers but as a request.

use domain::{Msisdn, Payment, PaymentMethod, Rupiah};
use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::SessionConfig;
use crate::gateway::{Order, StoredRequest};
use crate::secret::AccessToken;

/// An order without key and token: what is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireOrder {
    pub(super) package_code: String,
    /// `6287812345678`.
    pub(super) phone: String,
    pub(super) payment_method: PaymentMethod,
    /// `081234567890`, as wallets write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    ewallet_number: Option<String>,
    /// What the shop's deposit may be charged.
    pub(super) price_or_fee: Rupiah,
    pub(super) needs_session: bool,
}

pub(super) fn stored_order(order: &Order, payment: &Payment) -> StoredRequest {
    let wallet = payment.wallet.as_ref().filter(|_| payment.method.needs_wallet_number());
    let order = WireOrder {
        package_code: order.sku.clone(),
        phone: order.msisdn.international().to_owned(),
        payment_method: payment.method,
        ewallet_number: wallet.map(Msisdn::local),
        price_or_fee: order.max_price,
        needs_session: payment.needs_session,
    };
    // Strings and numbers always become JSON; an empty text would be refused by `read_order`.
    StoredRequest::from_stored(serde_json::to_string(&order).unwrap_or_default())
}

/// The order in a stored text; `None` when it is none, or one that the gateway could not carry out.
pub(super) fn read_order(request: &StoredRequest) -> Option<WireOrder> {
    let order: WireOrder = serde_json::from_str(request.as_str()).ok()?;
    let needs_wallet = order.payment_method.needs_wallet_number();
    let is_whole = !order.package_code.is_empty() && (order.ewallet_number.is_some() || !needs_wallet);
    is_whole.then_some(order)
}

/// The address that buys.
pub(super) fn purchase_url(
    config: &SessionConfig,
    base: Url,
    order: &WireOrder,
    session: Option<&AccessToken>,
) -> Url {
    let price = order.price_or_fee.get().to_string();
    let mut parameters: Vec<(&str, &str)> =
        vec![("package_code", &order.package_code), ("phone", &order.phone)];
    parameters.extend(session.map(|session| ("access_token", session.expose())));
    parameters.push(("payment_method", method_word(order.payment_method)));
    parameters.push(("price_or_fee", &price));
    parameters.extend(order.ewallet_number.as_deref().map(|number| ("ewallet_number", number)));
    with_parameters(config, base, &parameters)
}

/// The address of a call with these parameters, and the key.
pub(super) fn with_parameters(config: &SessionConfig, mut base: Url, parameters: &[(&str, &str)]) -> Url {
    base.query_pairs_mut().append_pair("api_key", &config.api_key).extend_pairs(parameters);
    base
}

/// The contract's word for a method.
pub(super) const fn method_word(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Pulsa => "BALANCE",
        PaymentMethod::Dana => "DANA",
        PaymentMethod::Gopay => "GOPAY",
        PaymentMethod::Shopeepay => "SHOPEEPAY",
        PaymentMethod::Ovo => "OVO",
        PaymentMethod::Qris => "QRIS",
    }
}

/// The method that a word of the contract stands for. `PULSA` is another word for `BALANCE`.
pub(super) fn method_of(word: &str) -> Option<PaymentMethod> {
    let word = word.trim().to_ascii_uppercase();
    if word == "PULSA" {
        return Some(PaymentMethod::Pulsa);
    }
    PaymentMethod::ALL.iter().copied().find(|method| method_word(*method) == word)
}

/// Takes key and token out of a text, in case an answer repeats them.
pub(super) fn redact(config: &SessionConfig, session: Option<&AccessToken>, text: &str) -> String {
    // The token's secret part alone: an address writes its colon as %3A.
    let secrets = [Some(config.api_key.as_str()), session.map(AccessToken::secret)];
    secrets
        .into_iter()
        .flatten()
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, "[redacted]"))
}
