//! What the fake Midtrans says, and what it signs.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha512};

use super::super::PaymentCall;
use crate::digiflazz::hex;
use crate::faults::numbers_to_strings;
use crate::pages::html::wib;
use crate::{ChargeState, PaymentCodeBank, PaymentFault, PaymentOrder, SettledPayment, SimulatorConfig};

/// How much more a wrong amount is.
const WRONG_BY_RUPIAH: i64 = 1_000;

/// What a notification says instead of the truth.
#[derive(Clone, Default)]
pub(crate) struct Altered {
    /// The state, with the code of the true one.
    pub(crate) status: Option<String>,
    /// The state, with the code that belongs to it: this was true once, or will be.
    pub(crate) state: Option<ChargeState>,
    pub(crate) order_id: Option<String>,
    pub(crate) more_rupiah: i64,
    pub(crate) wrong_bit: bool,
}

/// `"50000.00"`.
pub(super) fn rupiah_text(rupiah: i64) -> String {
    format!("{rupiah}.00")
}

/// The code that belongs to a charge's state when it is asked for.
pub(super) const fn code(order: &PaymentOrder) -> &'static str {
    match order.state {
        ChargeState::Pending => "201",
        ChargeState::Deny => "202",
        ChargeState::Expire => "407",
        ChargeState::Settlement
        | ChargeState::Cancel
        | ChargeState::Refund
        | ChargeState::PartialRefund
        | ChargeState::Chargeback => "200",
    }
}

const fn word(state: ChargeState) -> &'static str {
    match state {
        ChargeState::Pending => "pending",
        ChargeState::Settlement => "settlement",
        ChargeState::Expire => "expire",
        ChargeState::Cancel => "cancel",
        ChargeState::Deny => "deny",
        ChargeState::Refund => "refund",
        ChargeState::PartialRefund => "partial_refund",
        ChargeState::Chargeback => "chargeback",
    }
}

/// A refusal; its `id` is only there to be quoted to the support.
pub(super) fn refusal(code: &str, order: Option<&PaymentOrder>) -> Value {
    let message = match code {
        "400" => "One or more parameters in the payload is invalid.",
        "401" => "Unknown Merchant server_key/id",
        "402" => "Payment channel is not activated.",
        "404" => "Transaction doesn't exist.",
        "406" => {
            "The request could not be completed due to a conflict with the current state of the target resource, please try again"
        }
        "407" => "Transaction is expired.",
        "412" => "Transaction status cannot be updated.",
        "503" => "Service is temporarily unavailable.",
        _ => "Sorry, we encountered internal server error. We will fix this soon.",
    };
    let id = order.map_or("00000000-0000-4000-a000-000000000000", |order| order.reference.as_str());
    let mut body = json!({ "status_code": code, "status_message": message, "id": id });
    if code == "400"
        && let Value::Object(fields) = &mut body
    {
        fields.insert("validation_messages".to_owned(), json!(["the request is invalid"]));
    }
    body
}

/// The answer to a charge.
pub(super) fn charged(config: &SimulatorConfig, order: &PaymentOrder, origin: &str) -> Value {
    let message = match order.method.as_str() {
        _ if order.state == ChargeState::Deny => "Transaction is denied",
        "qris" => "QRIS transaction is created",
        "echannel" => "OK, Mandiri Bill transaction is successful",
        _ => "Success, Bank Transfer transaction is created",
    };
    let code = code(order);
    let mut fields = base(config, order, None, code, message);
    fields.insert("expiry_time".to_owned(), wib(order.expires_ms).into());
    if let Some(qr_string) = &order.code.qr_string {
        let url = format!("{origin}{}", order.page());
        fields.insert("qr_string".to_owned(), qr_string.as_str().into());
        fields.insert(
            "actions".to_owned(),
            json!([{ "name": "generate-qr-code", "method": "GET", "url": url }]),
        );
    }
    Value::Object(fields)
}

/// The answer to a call about a charge. `id` may be the name of one payment. As at the real one, the text of the QR code
/// is only in the charge's own answer.
pub(super) fn transaction(
    config: &SimulatorConfig,
    order: &PaymentOrder,
    id: &str,
    code: &str,
    call: PaymentCall,
) -> Value {
    let message = match call {
        PaymentCall::Cancel => "Success, transaction is canceled",
        PaymentCall::Expire => "Success, transaction is expired",
        PaymentCall::Refund => "Success, refund request is approved",
        _ => "Success, transaction is found",
    };
    let mut fields = base(config, order, order.payment(id), code, message);
    if call == PaymentCall::Status {
        sign(config, &mut fields);
    }
    Value::Object(fields)
}

/// A notification about a payment, or about the charge as long as there is none.
pub(crate) fn notification(
    config: &SimulatorConfig,
    order: &PaymentOrder,
    payment: Option<&SettledPayment>,
    altered: &Altered,
) -> Value {
    let mut told = order.clone();
    let mut payment = payment.cloned();
    if let Some(state) = altered.state {
        told.state = state;
    }
    if let Some(order_id) = &altered.order_id {
        told.order_id.clone_from(order_id);
    }
    told.gross_rupiah += altered.more_rupiah;
    if let Some(payment) = &mut payment {
        payment.amount_rupiah += altered.more_rupiah;
    }
    let mut fields = base(config, &told, payment.as_ref(), code(&told), "midtrans payment notification");
    if let Some(status) = &altered.status {
        fields.insert("transaction_status".to_owned(), status.as_str().into());
    }
    sign(config, &mut fields);
    if altered.wrong_bit {
        fields.entry("signature_key").and_modify(|value| *value = one_bit_off(value).into());
    }
    Value::Object(fields)
}

/// The last hexadecimal digit with its lowest bit turned over.
fn one_bit_off(value: &Value) -> String {
    let mut text = value.as_str().unwrap_or_default().to_owned();
    let last = text.pop().and_then(|digit| digit.to_digit(16)).unwrap_or_default();
    text.extend(char::from_digit(last ^ 1, 16));
    text
}

/// What every answer and notification has.
fn base(
    config: &SimulatorConfig,
    order: &PaymentOrder,
    payment: Option<&SettledPayment>,
    code: &str,
    message: &str,
) -> Map<String, Value> {
    let gross_rupiah = payment.map_or(order.gross_rupiah, |payment| payment.amount_rupiah);
    let fraud = if order.state == ChargeState::Deny { "deny" } else { "accept" };
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    put("status_code", code.into());
    put("status_message", message.into());
    put("transaction_id", payment.map_or(&order.reference, |payment| &payment.reference).as_str().into());
    put("order_id", order.order_id.as_str().into());
    put("merchant_id", config.midtrans_merchant_id.as_str().into());
    put("gross_amount", rupiah_text(gross_rupiah).into());
    put("currency", "IDR".into());
    put("transaction_time", wib(order.created_ms).into());
    put("transaction_status", word(order.state).into());
    put("fraud_status", fraud.into());
    if let Some(payment) = payment {
        put("settlement_time", wib(payment.at_ms).into());
    }
    let refunded = order.returned_rupiah(Some(crate::MoneyBackKind::Refund));
    if refunded > 0 {
        put("refund_amount", rupiah_text(refunded).into());
    }
    put_method(order, &mut put);
    fields
}

fn put_method(order: &PaymentOrder, put: &mut impl FnMut(&str, Value)) {
    let code = &order.code;
    match (code.bank, &code.va_number, &code.bill_key) {
        (Some(PaymentCodeBank::Permata), Some(number), _) => {
            put("payment_type", "bank_transfer".into());
            put("permata_va_number", number.as_str().into());
        }
        (Some(bank), Some(number), _) => {
            put("payment_type", "bank_transfer".into());
            put("va_numbers", json!([{ "bank": bank.as_str(), "va_number": number }]));
        }
        (_, _, Some(bill_key)) => {
            put("payment_type", "echannel".into());
            put("bill_key", bill_key.as_str().into());
            put("biller_code", code.biller_code.as_deref().unwrap_or_default().into());
        }
        _ => {
            put("payment_type", "qris".into());
            put("acquirer", "gopay".into());
        }
    }
}

/// Hexadecimal SHA-512 of order id, code, amount as it is sent, and the server key.
fn sign(config: &SimulatorConfig, fields: &mut Map<String, Value>) {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let signed =
        [text("order_id"), text("status_code"), text("gross_amount"), config.midtrans_server_key.as_str()]
            .concat();
    fields.insert("signature_key".to_owned(), hex(&Sha512::digest(signed)).into());
}

/// Writes a fault into an answer.
pub(super) fn spoil(body: &mut Value, fault: &PaymentFault) {
    let Value::Object(fields) = body else { return };
    match fault {
        PaymentFault::NoPaymentData => {
            for name in ["qr_string", "actions", "va_numbers", "permata_va_number", "bill_key", "biller_code"]
            {
                fields.remove(name);
            }
        }
        PaymentFault::OtherOrder => {
            set(fields, "order_id", "somebody-elses-order");
        }
        PaymentFault::OtherMerchant => set(fields, "merchant_id", "G999999999"),
        PaymentFault::OtherCurrency => set(fields, "currency", "USD"),
        PaymentFault::UnknownWord => set(fields, "transaction_status", "settling_soon"),
        PaymentFault::WrongAmount => {
            let gross = fields.get("gross_amount").and_then(Value::as_str).unwrap_or_default();
            let rupiah: i64 = gross.trim_end_matches(".00").parse().unwrap_or_default();
            set(fields, "gross_amount", &rupiah_text(rupiah + WRONG_BY_RUPIAH));
        }
        PaymentFault::SwappedTypes => swap_types(body),
        _ => {}
    }
}

fn set(fields: &mut Map<String, Value>, name: &str, text: &str) {
    fields.entry(name).and_modify(|value| *value = text.into());
}

/// The two texts that look like numbers become numbers.
fn swap_types(body: &mut Value) {
    numbers_to_strings(body);
    let Value::Object(fields) = body else { return };
    for name in ["status_code", "gross_amount"] {
        if let Some(value) = fields.get_mut(name)
            && let Some(number) = value.as_str().and_then(|text| serde_json::from_str(text).ok())
        {
            *value = Value::Number(number);
        }
    }
}
