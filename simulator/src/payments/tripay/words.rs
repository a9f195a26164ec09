//! What the fake Tripay says, and what it signs.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::super::midtrans::Altered;
use crate::digiflazz::hex;
use crate::faults::numbers_to_strings;
use crate::{ChargeState, PaymentFault, PaymentOrder, SettledPayment, SimulatorConfig};

/// How much more a wrong amount is.
const WRONG_BY_RUPIAH: i64 = 1_000;

/// A way to pay. Fees are the published ones, all on the merchant.
pub(super) struct Channel {
    pub(super) code: &'static str,
    name: &'static str,
    group: &'static str,
    pub(super) is_qris: bool,
    fee_rupiah: i64,
    /// In thousandths of the amount.
    fee_permille: i64,
    pub(super) least_rupiah: i64,
    pub(super) most_rupiah: i64,
}

pub(super) const CHANNELS: [Channel; 8] = [
    account("BRIVA", "BRI Virtual Account", 4_250),
    account("BNIVA", "BNI Virtual Account", 4_250),
    account("BCAVA", "BCA Virtual Account", 5_500),
    account("MANDIRIVA", "Mandiri Virtual Account", 4_250),
    account("PERMATAVA", "Permata Virtual Account", 4_250),
    qris("QRIS", "QRIS by ShopeePay"),
    qris("QRISC", "QRIS (Customizable)"),
    qris("QRIS2", "QRIS"),
];

const fn account(code: &'static str, name: &'static str, fee_rupiah: i64) -> Channel {
    Channel {
        code,
        name,
        group: "Virtual Account",
        is_qris: false,
        fee_rupiah,
        fee_permille: 0,
        least_rupiah: 10_000,
        most_rupiah: 10_000_000,
    }
}

const fn qris(code: &'static str, name: &'static str) -> Channel {
    Channel {
        code,
        name,
        group: "E-Wallet",
        is_qris: true,
        fee_rupiah: 750,
        fee_permille: 7,
        least_rupiah: 1_000,
        most_rupiah: 5_000_000,
    }
}

impl Channel {
    pub(super) fn named(code: &str) -> Option<&'static Self> {
        CHANNELS.iter().find(|channel| channel.code == code)
    }

    fn fee(&self, amount_rupiah: i64) -> i64 {
        self.fee_rupiah + (amount_rupiah * self.fee_permille + 999) / 1_000
    }

    /// Its line in the list of channels.
    pub(super) fn listed(&self) -> Value {
        let percent = format!("0.{}0", self.fee_permille);
        json!({
            "group": self.group,
            "code": self.code,
            "name": self.name,
            "type": "direct",
            "fee_merchant": { "flat": self.fee_rupiah, "percent": percent },
            "fee_customer": { "flat": 0, "percent": 0 },
            "total_fee": { "flat": self.fee_rupiah, "percent": percent },
            "minimum_fee": null,
            "maximum_fee": null,
            "minimum_amount": self.least_rupiah,
            "maximum_amount": self.most_rupiah,
            "icon_url": null,
            "active": true,
        })
    }
}

/// Hexadecimal HMAC-SHA256.
pub(super) fn signature(private_key: &str, signed: &[u8]) -> String {
    match Hmac::<Sha256>::new_from_slice(private_key.as_bytes()) {
        Ok(mut mac) => {
            mac.update(signed);
            hex(&mac.finalize().into_bytes())
        }
        // HMAC takes a key of any length; an empty signature would be refused.
        Err(_) => String::new(),
    }
}

pub(super) fn refusal(message: &str) -> Value {
    json!({ "success": false, "message": message })
}

pub(super) const fn status_word(state: ChargeState) -> &'static str {
    match state {
        ChargeState::Pending => "UNPAID",
        ChargeState::Settlement => "PAID",
        ChargeState::Expire => "EXPIRED",
        ChargeState::Cancel | ChargeState::Deny => "FAILED",
        ChargeState::Refund | ChargeState::PartialRefund | ChargeState::Chargeback => "REFUND",
    }
}

/// What one payment came to: the amount, and the fee.
fn sums(order: &PaymentOrder, payment: Option<&SettledPayment>) -> (i64, i64) {
    let amount = payment.map_or(order.gross_rupiah, |payment| payment.amount_rupiah);
    (amount, Channel::named(&order.method).map_or(0, |channel| channel.fee(amount)))
}

fn reference<'a>(order: &'a PaymentOrder, payment: Option<&'a SettledPayment>) -> &'a str {
    payment.map_or(&order.reference, |payment| &payment.reference)
}

fn name(order: &PaymentOrder) -> &'static str {
    Channel::named(&order.method).map_or("", |channel| channel.name)
}

/// The `data` of an answer about one transaction.
pub(super) fn transaction(order: &PaymentOrder, payment: Option<&SettledPayment>, origin: &str) -> Value {
    let mut fields = common(order, payment, origin);
    fields.insert("expired_time".to_owned(), (order.expires_ms / 1_000).into());
    fields.insert("instructions".to_owned(), json!([]));
    if let Some(payment) = payment {
        fields.insert("paid_at".to_owned(), (payment.at_ms / 1_000).to_string().into());
    }
    let qr_url = order.code.qr_string.as_ref().map(|_| format!("{origin}{}", order.page()));
    fields.insert("qr_string".to_owned(), json!(order.code.qr_string));
    fields.insert("qr_url".to_owned(), json!(qr_url));
    Value::Object(fields)
}

/// A line in the list of transactions.
pub(super) fn listed(order: &PaymentOrder, payment: Option<&SettledPayment>, origin: &str) -> Value {
    let mut fields = common(order, payment, origin);
    fields.insert("note".to_owned(), Value::Null);
    fields.insert("created_at".to_owned(), (order.created_ms / 1_000).into());
    fields.insert("expired_at".to_owned(), (order.expires_ms / 1_000).into());
    fields.insert("paid_at".to_owned(), json!(payment.map(|payment| payment.at_ms / 1_000)));
    Value::Object(fields)
}

fn common(order: &PaymentOrder, payment: Option<&SettledPayment>, origin: &str) -> Map<String, Value> {
    let (amount, fee) = sums(order, payment);
    let common = json!({
        "reference": reference(order, payment),
        "merchant_ref": order.order_id,
        "payment_selection_type": "static",
        "payment_method": order.method,
        "payment_name": name(order),
        "amount": amount,
        "fee_merchant": fee,
        "fee_customer": 0,
        "total_fee": fee,
        "amount_received": amount - fee,
        "pay_code": order.code.va_number,
        "pay_url": null,
        "checkout_url": format!("{origin}{}", order.page()),
        "status": status_word(order.state),
    });
    let mut fields = order.details.as_object().cloned().unwrap_or_default();
    if let Value::Object(common) = common {
        fields.extend(common);
    }
    fields
}

/// Body and signature of a callback.
pub(crate) fn callback(
    config: &SimulatorConfig,
    order: &PaymentOrder,
    payment: Option<&SettledPayment>,
    altered: &Altered,
) -> (String, String) {
    let (amount, fee) = sums(order, payment);
    let amount = amount + altered.more_rupiah;
    let status = status_word(altered.state.unwrap_or(order.state));
    let body = json!({
        "reference": reference(order, payment),
        "merchant_ref": altered.order_id.as_ref().unwrap_or(&order.order_id),
        "payment_method": name(order),
        "payment_method_code": order.method,
        "total_amount": amount,
        "fee_merchant": fee,
        "fee_customer": 0,
        "total_fee": fee,
        "amount_received": amount - fee,
        "is_closed_payment": 1,
        "status": altered.status.as_deref().unwrap_or(status),
        "paid_at": payment.map(|payment| payment.at_ms / 1_000),
        "note": null,
    })
    .to_string();
    let mut signature = signature(&config.tripay_private_key, body.as_bytes());
    if altered.wrong_bit {
        let last = signature.pop().and_then(|digit| digit.to_digit(16)).unwrap_or_default();
        signature.extend(char::from_digit(last ^ 1, 16));
    }
    (body, signature)
}

/// Writes a fault into an answer.
pub(super) fn spoil(body: &mut Value, fault: &PaymentFault) {
    if *fault == PaymentFault::SwappedTypes {
        return numbers_to_strings(body);
    }
    let Some(Value::Object(fields)) = body.get_mut("data") else { return };
    let mut set = |name: &str, value: Value| {
        fields.entry(name).and_modify(|old| *old = value);
    };
    match fault {
        PaymentFault::NoPaymentData => {
            for name in ["qr_string", "qr_url", "pay_code"] {
                set(name, Value::Null);
            }
        }
        PaymentFault::OtherOrder => {
            set("merchant_ref", "somebody-elses-order".into());
            set("reference", "T99999000000000000OTHER".into());
        }
        PaymentFault::UnknownWord => set("status", "SETTLING_SOON".into()),
        PaymentFault::WrongAmount => {
            let amount = fields.get("amount").and_then(Value::as_i64).unwrap_or_default();
            fields.insert("amount".to_owned(), (amount + WRONG_BY_RUPIAH).into());
        }
        // There is neither a merchant nor a currency in it.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Tripay's documentation.
    #[test]
    fn signs_like_the_documentation() {
        assert_eq!(
            signature("ytf6ooi2gmlNPfpchd94jDOk8hRWOu", b"T0001INV555671500000"),
            "9f167eba844d1fcb369404e2bda53702e2f78f7aa12e91da6715414e65b8c86a"
        );
    }
}
