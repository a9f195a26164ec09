//! What we write. The order of the fields is the order on the wire.

use domain::{MINUTE_MS, TopupMethod};
use serde::Serialize;

use crate::gateway::{ChargeOrder, RefundOrder};

/// The contract: less than this is unreliable for QRIS.
pub(super) const QRIS_LEAST_MINUTES: i64 = 15;
/// For all other ways of paying; nothing is said but that it must be some time.
const LEAST_MINUTES: i64 = 1;
/// Who issues the code; the contract's choice.
const QRIS_ACQUIRER: &str = "gopay";
/// The two lines that Mandiri's payers see; the first may have ten letters.
const BILL_INFO: (&str, &str) = ("Payment:", "Top-up");
/// Why money goes back, for the gateway's own records.
const REFUND_REASON: &str = "Top-up paid back";

#[derive(Serialize)]
struct Charge<'a> {
    payment_type: &'static str,
    transaction_details: TransactionDetails<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qris: Option<Qris>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_transfer: Option<BankTransfer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    echannel: Option<Echannel>,
    custom_expiry: CustomExpiry,
}

#[derive(Serialize)]
struct TransactionDetails<'a> {
    order_id: &'a str,
    /// Whole rupiah, as a number.
    gross_amount: i64,
}

#[derive(Serialize)]
struct Qris {
    acquirer: &'static str,
}

#[derive(Serialize)]
struct BankTransfer {
    bank: &'static str,
}

#[derive(Serialize)]
struct Echannel {
    bill_info1: &'static str,
    bill_info2: &'static str,
}

#[derive(Serialize)]
struct CustomExpiry {
    expiry_duration: i64,
    unit: &'static str,
}

#[derive(Serialize)]
struct Refund<'a> {
    refund_key: &'a str,
    amount: i64,
    reason: &'static str,
}

/// The bank whose virtual account a way of paying is.
pub(super) const fn bank(method: TopupMethod) -> Option<&'static str> {
    match method {
        TopupMethod::VaBca => Some("bca"),
        TopupMethod::VaBni => Some("bni"),
        TopupMethod::VaBri => Some("bri"),
        TopupMethod::VaPermata => Some("permata"),
        TopupMethod::Qris | TopupMethod::BillMandiri | TopupMethod::StaticQris | TopupMethod::Transfer => {
            None
        }
    }
}

/// The body of a charge; `None` for a way of paying that the dialect does not have.
pub(super) fn charge(order: &ChargeOrder) -> Option<Vec<u8>> {
    let (payment_type, bank) = match (order.method, bank(order.method)) {
        (TopupMethod::Qris, _) => ("qris", None),
        (TopupMethod::BillMandiri, _) => ("echannel", None),
        (_, Some(bank)) => ("bank_transfer", Some(bank)),
        (_, None) => return None,
    };
    let is_bill = order.method == TopupMethod::BillMandiri;
    let (bill_info1, bill_info2) = BILL_INFO;
    let charge = Charge {
        payment_type,
        transaction_details: TransactionDetails {
            order_id: &order.order_id,
            gross_amount: order.gross.get(),
        },
        qris: (order.method == TopupMethod::Qris).then_some(Qris { acquirer: QRIS_ACQUIRER }),
        bank_transfer: bank.map(|bank| BankTransfer { bank }),
        echannel: is_bill.then_some(Echannel { bill_info1, bill_info2 }),
        custom_expiry: CustomExpiry { expiry_duration: expiry_minutes(order), unit: "minute" },
    };
    serde_json::to_vec(&charge).ok()
}

/// The body of a refund.
pub(super) fn refund(refund: &RefundOrder) -> Option<Vec<u8>> {
    let refund =
        Refund { refund_key: &refund.refund_key, amount: refund.amount.get(), reason: REFUND_REASON };
    serde_json::to_vec(&refund).ok()
}

/// Rounded up, so that the code does not end before the page says so.
fn expiry_minutes(order: &ChargeOrder) -> i64 {
    let left_ms = order.expires_at.since_ms(order.now);
    let minutes = left_ms.saturating_add(MINUTE_MS - 1) / MINUTE_MS;
    let least = if order.method == TopupMethod::Qris { QRIS_LEAST_MINUTES } else { LEAST_MINUTES };
    minutes.max(least)
}
