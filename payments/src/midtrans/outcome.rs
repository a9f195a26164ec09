//! What each answer of the gateway proves. To be read beside the contract paper, line by line.
//!
//! The `status_code` in the body decides, as the gateway answers HTTP 200 to many a refusal. Three rules stand behind the
//! table. A code that is not in it proves nothing. A refusal of a charge proves that this very call made no order, not
//! that an earlier one did not: after a lost answer only the status tells. And a refund counts as refused only where it
//! could never have been done, as a human then pays by hand: most refusals may as well answer a repeat of one that was
//! done.

use domain::ChargeRefusal::{Login, Method, Request};
use domain::{CancelVerdict as Cancel, ChargeRefusal, ProviderState, RefundVerdict as Refund};

/// One code.
pub(crate) struct Row {
    /// The code, three digits.
    pub(crate) code: &'static str,
    /// What the contract says it means.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "written for the reader of the table, and for its test")
    )]
    pub(crate) meaning: &'static str,
    /// In answer to "collect this".
    pub(crate) charge: Charge,
    /// In answer to "how does it stand".
    pub(crate) status: Status,
    /// In answer to "call it off".
    pub(crate) cancel: Cancel,
    /// In answer to "pay it back".
    pub(crate) refund: Refund,
}

/// What is proven of a charge; the facts come from the answer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charge {
    Made,
    Exists,
    Refused(ChargeRefusal),
    NotNow,
    Unknown,
}

/// What is proven of an order's state; the facts come from the answer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Found,
    NoSuchOrder,
    Unknown,
}

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    //   code   meaning                            charge                    status               cancel               refund
    row("200", "success",                          Charge::Made,             Status::Found,       Cancel::Cancelled,   Refund::Done),
    row("201", "pending",                          Charge::Made,             Status::Found,       Cancel::Unknown,     Refund::Unknown),
    row("202", "denied",                           Charge::Made,             Status::Found,       Cancel::Unknown,     Refund::Unknown),
    row("400", "the request is not valid",         Charge::Refused(Request), Status::Unknown,     Cancel::Unknown,     Refund::Unknown),
    row("401", "the key is not accepted",          Charge::Refused(Login),   Status::Unknown,     Cancel::Unknown,     Refund::Unknown),
    row("402", "no access to the way of paying",   Charge::Refused(Method),  Status::Unknown,     Cancel::Unknown,     Refund::Refused),
    row("404", "no such order",                    Charge::Unknown,          Status::NoSuchOrder, Cancel::NoSuchOrder, Refund::Unknown),
    row("406", "order id used or paid",            Charge::Exists,           Status::Unknown,     Cancel::Unknown,     Refund::Unknown),
    row("407", "expired",                          Charge::Unknown,          Status::Found,       Cancel::TooLate,     Refund::Unknown),
    row("412", "cannot be modified",               Charge::Unknown,          Status::Unknown,     Cancel::TooLate,     Refund::Unknown),
    row("429", "too many requests",                Charge::NotNow,           Status::Unknown,     Cancel::Unknown,     Refund::Unknown),
];

/// The one code with which an order can be paid.
const PAID_CODE: &str = "200";
/// The one word of the fraud check with which an order can be paid.
const FRAUD_ACCEPTED: &str = "accept";

impl Row {
    /// The code's row, if the contract has it.
    pub(crate) fn of(code: &str) -> Option<&'static Self> {
        TABLE.iter().find(|row| row.code == code)
    }
}

/// Where an order stands, from the three words that say so together.
pub(crate) fn state(code: &str, transaction_status: &str, fraud_status: Option<&str>) -> ProviderState {
    match transaction_status {
        "settlement" | "capture" => {
            let is_clean = fraud_status.is_none_or(|fraud| fraud == FRAUD_ACCEPTED);
            if code == PAID_CODE && is_clean { ProviderState::Paid } else { ProviderState::Unclear }
        }
        "pending" => ProviderState::Pending,
        "expire" => ProviderState::Expired,
        "cancel" => ProviderState::Cancelled,
        "deny" | "failure" => ProviderState::Denied,
        "refund" => ProviderState::Refunded,
        "partial_refund" => ProviderState::PartlyRefunded,
        "chargeback" => ProviderState::ChargedBack,
        "partial_chargeback" => ProviderState::PartlyChargedBack,
        // `authorize` takes no money, and what the contract does not know settles nothing.
        _ => ProviderState::Unclear,
    }
}

const fn row(
    code: &'static str,
    meaning: &'static str,
    charge: Charge,
    status: Status,
    cancel: Cancel,
    refund: Refund,
) -> Row {
    Row { code, meaning, charge, status, cancel, refund }
}
