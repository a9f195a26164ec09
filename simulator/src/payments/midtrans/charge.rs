//! `POST /v2/charge`.

use serde::Deserialize;
use serde_json::Value;

use super::super::behaviour::Subject;
use super::super::{Answered, PaymentCall, qr};
use super::answered;
use super::words::{charged, refusal};
use crate::state::{Counters, Desk};
use crate::{
    ChargeState, PaymentAct, PaymentCode, PaymentCodeBank, PaymentFault, PaymentOrder, PaymentProvider,
};

/// The longest order id.
const ORDER_ID_CHARS: usize = 50;
const MINUTE_MS: i64 = 60 * 1_000;
/// How long a QR code lives when the shop does not say.
const QRIS_LIVES_MS: i64 = 15 * MINUTE_MS;
/// How long the number of an account lives when the shop does not say.
const ACCOUNT_LIVES_MS: i64 = 24 * 60 * MINUTE_MS;

#[derive(Deserialize)]
struct ChargeRequest {
    payment_type: String,
    transaction_details: TransactionDetails,
    bank_transfer: Option<BankTransfer>,
    custom_expiry: Option<CustomExpiry>,
}

#[derive(Deserialize)]
struct TransactionDetails {
    order_id: String,
    gross_amount: i64,
}

#[derive(Deserialize)]
struct BankTransfer {
    bank: String,
}

#[derive(Deserialize)]
struct CustomExpiry {
    expiry_duration: i64,
    unit: Option<String>,
}

/// How the customer will pay.
enum Method {
    Qris,
    Account(PaymentCodeBank),
    Bill,
}

impl Method {
    fn of(request: &ChargeRequest) -> Result<Self, &'static str> {
        match (request.payment_type.as_str(), &request.bank_transfer) {
            ("qris", _) => Ok(Self::Qris),
            ("echannel", _) => Ok(Self::Bill),
            ("bank_transfer", Some(transfer)) => {
                PaymentCodeBank::parse(&transfer.bank).map(Self::Account).ok_or("402")
            }
            ("bank_transfer", None) => Err("400"),
            // Methods that the real one has and this merchant has not.
            ("credit_card" | "gopay" | "shopeepay" | "cstore" | "akulaku", _) => Err("402"),
            _ => Err("400"),
        }
    }

    const fn as_str(&self) -> &'static str {
        match self {
            Self::Qris => "qris",
            Self::Account(bank) => bank.as_str(),
            Self::Bill => "echannel",
        }
    }

    const fn lives_ms(&self) -> i64 {
        match self {
            Self::Qris => QRIS_LIVES_MS,
            Self::Account(_) | Self::Bill => ACCOUNT_LIVES_MS,
        }
    }
}

impl CustomExpiry {
    fn lives_ms(&self) -> Result<i64, &'static str> {
        let unit_ms = match self.unit.as_deref() {
            Some("second") => 1_000,
            None | Some("minute") => MINUTE_MS,
            Some("hour") => 60 * MINUTE_MS,
            Some("day") => 24 * 60 * MINUTE_MS,
            Some(_) => return Err("400"),
        };
        if self.expiry_duration <= 0 {
            return Err("400");
        }
        self.expiry_duration.checked_mul(unit_ms).ok_or("400")
    }
}

/// A charge as it arrived.
pub(super) fn take(desk: &mut Desk<'_>, body: &[u8], key: Option<&str>, origin: &str) -> Answered {
    let now_ms = desk.now_ms;
    if let Some(answer) = key.and_then(|key| desk.state.payments.idempotency.get(key, now_ms)) {
        desk.state.payments.counters.replayed += 1;
        return answered(desk, answer, None);
    }
    let read = serde_json::from_slice(body)
        .map_err(|_| "400")
        .and_then(|request| check(&request).map(|method| (request, method)));
    let (request, method) = match read {
        Ok(read) => read,
        Err(code) => return answered(desk, refusal(code, None), None),
    };
    let details = &request.transaction_details;
    let times = desk.state.payments.attempt(PaymentProvider::Midtrans, &details.order_id);
    let fault = desk.strike(&Subject {
        provider: PaymentProvider::Midtrans,
        call: PaymentCall::Charge,
        order_id: &details.order_id,
        method: method.as_str(),
        amount_rupiah: details.gross_amount,
        times,
    });
    match &fault {
        Some(PaymentFault::NotActive { code: 402 }) => return answered(desk, refusal("402", None), fault),
        Some(PaymentFault::NotActive { .. }) => return answered(desk, refusal("400", None), fault),
        Some(PaymentFault::FalseDuplicate) => return answered(desk, refusal("406", None), fault),
        Some(PaymentFault::Missing) => return answered(desk, refusal("404", None), fault),
        Some(PaymentFault::Down) => return answered(desk, refusal("503", None), fault),
        Some(fault) if fault.is_undone() => return answered(desk, Value::Null, Some(fault.clone())),
        _ => {}
    }
    if desk.state.payments.book.find(Some(PaymentProvider::Midtrans), &details.order_id).is_some() {
        return answered(desk, refusal("406", None), fault);
    }
    make(desk, &request, &method, fault, key, origin)
}

fn check(request: &ChargeRequest) -> Result<Method, &'static str> {
    let details = &request.transaction_details;
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '~' | '.');
    let is_name = !details.order_id.is_empty() && details.order_id.chars().all(is_allowed);
    if !is_name || details.order_id.len() > ORDER_ID_CHARS || details.gross_amount <= 0 {
        return Err("400");
    }
    request.custom_expiry.as_ref().map(CustomExpiry::lives_ms).transpose()?;
    Method::of(request)
}

/// Makes the charge, tells the shop that it is pending, and answers.
fn make(
    desk: &mut Desk<'_>,
    request: &ChargeRequest,
    method: &Method,
    fault: Option<PaymentFault>,
    key: Option<&str>,
    origin: &str,
) -> Answered {
    let details = &request.transaction_details;
    let reference = desk.new_reference(PaymentProvider::Midtrans);
    let asked = request.custom_expiry.as_ref().and_then(|expiry| expiry.lives_ms().ok());
    let is_denied = fault == Some(PaymentFault::Denied);
    let order = PaymentOrder {
        provider: PaymentProvider::Midtrans,
        order_id: details.order_id.clone(),
        code: code(desk, method, details.gross_amount, &reference),
        reference,
        method: method.as_str().to_owned(),
        gross_rupiah: details.gross_amount,
        state: if is_denied { ChargeState::Deny } else { ChargeState::Pending },
        created_ms: desk.now_ms,
        expires_ms: desk.now_ms.saturating_add(asked.unwrap_or_else(|| method.lives_ms())),
        payments: Vec::new(),
        returns: Vec::new(),
        details: Value::Null,
        times_asked: 0,
    };
    desk.save_payment(order.clone());
    Counters::count(&mut desk.state.payments.counters.made, "midtrans");
    let before = desk.tell_payment(&order, true);
    if let Some(PaymentFault::BeforeAnswer { paid: true }) = before {
        // The charge's own answer still says pending: it was written first.
        let _ = desk.act(Some(order.provider), &order.reference, PaymentAct::Pay { amount: None });
    }
    let body = charged(&desk.inner.config, &order, origin);
    if let Some(key) = key.filter(|_| !is_denied) {
        desk.state.payments.idempotency.put(key, desk.now_ms, &body);
    }
    let tell_first =
        matches!(before, Some(PaymentFault::BeforeAnswer { .. })).then(|| order.order_id.clone());
    Answered { tell_first, ..answered(desk, body, fault) }
}

fn code(desk: &mut Desk<'_>, method: &Method, gross_rupiah: i64, reference: &str) -> PaymentCode {
    let chance = &mut desk.state.chance;
    match method {
        Method::Qris => {
            PaymentCode { qr_string: Some(qr::qr_string(gross_rupiah, reference)), ..PaymentCode::default() }
        }
        Method::Account(bank) => {
            let (prefix, digits) = match bank {
                PaymentCodeBank::Bca => ("99999", 11),
                PaymentCodeBank::Bni => ("98888", 16),
                PaymentCodeBank::Bri => ("97777", 18),
                PaymentCodeBank::Permata => ("9666", 16),
            };
            let va_number = Some(qr::number(chance, prefix, digits));
            PaymentCode { va_number, bank: Some(*bank), ..PaymentCode::default() }
        }
        Method::Bill => PaymentCode {
            biller_code: Some("99012".to_owned()),
            bill_key: Some(qr::number(chance, "9", 12)),
            ..PaymentCode::default()
        },
    }
}
