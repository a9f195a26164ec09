//! What each answer of the gateway proves.
//!
//! The public papers show two shapes, `"success": true` with data and `"success": false` with a message, and give no list
//! of messages. So nothing is concluded from a message: the HTTP status and `success` decide together, and a pair that
//! is not in the table proves nothing. As with every gateway, a refusal of a charge is about this very call.

use domain::ChargeRefusal::{Login, Request};
use domain::{ChargeRefusal, ProviderState};

/// HTTP statuses that go with one value of `success`.
pub(crate) struct Row {
    /// The first and the last HTTP status.
    pub(crate) http: (u16, u16),
    /// The value of `success`.
    pub(crate) success: bool,
    /// What it means.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "written for the reader of the table, and for its test")
    )]
    pub(crate) meaning: &'static str,
    /// In answer to a charge.
    pub(crate) charge: Charge,
    /// In answer to a question: whether its data say something.
    pub(crate) question: Question,
}

/// What is proven of a charge; the facts come from the answer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charge {
    Made,
    Refused(ChargeRefusal),
    NotNow,
}

/// What is proven by the answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    Answered,
    Login,
    Unknown,
}

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    //  HTTP        success  meaning                        charge                    question
    row((200, 299), true,    "done",                        Charge::Made,             Question::Answered),
    row((400, 400), false,   "the request is not valid",    Charge::Refused(Request), Question::Unknown),
    row((401, 401), false,   "the key is not accepted",     Charge::Refused(Login),   Question::Login),
    row((403, 403), false,   "the key, or from where",      Charge::Refused(Login),   Question::Login),
    row((422, 422), false,   "the request is not valid",    Charge::Refused(Request), Question::Unknown),
    row((429, 429), false,   "too many requests",           Charge::NotNow,           Question::Unknown),
];

impl Row {
    /// The row of this pair, if there is one.
    pub(crate) fn of(http_status: u16, success: bool) -> Option<&'static Self> {
        TABLE.iter().find(|row| {
            let (first, last) = row.http;
            (first..=last).contains(&http_status) && row.success == success
        })
    }
}

/// Where an order stands.
pub(crate) fn state(word: &str) -> ProviderState {
    match word {
        "UNPAID" => ProviderState::Pending,
        "PAID" => ProviderState::Paid,
        "EXPIRED" => ProviderState::Expired,
        "FAILED" => ProviderState::Denied,
        "REFUND" => ProviderState::Refunded,
        _ => ProviderState::Unclear,
    }
}

const fn row(
    http: (u16, u16),
    success: bool,
    meaning: &'static str,
    charge: Charge,
    question: Question,
) -> Row {
    Row { http, success, meaning, charge, question }
}
