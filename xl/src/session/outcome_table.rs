//! What each thing that the session gateway says proves about one order. To be read beside the contract paper, line by
//! line.
//!
//! The rules are those of every dialect: a refusal may prove that no order was made, but only in answer to the first
//! send; a query is settled by a success, or by a failure that is final. Of `checktransaction` the contract has three
//! statuses, and 0 is final. Two lines differ from other dialects: a purchase that was taken is never delivered at once
//! (its `trx_id` has to be asked about), and "422 … ipaas" proves nothing in either column, whatever stands beside it,
//! for it has been both success and failure. What is not in the table proves nothing, and neither does 400: gateways of
//! this kind say it of any failure, also of one that came after the order was passed on.
//!
//! The contract names no codes for the refusals of a purchase; these are the ones that this project uses, in the
//! simulator too. An operator's gateway that means other things by them needs a table of its own before it is trusted.

use domain::FailReason::{
    ActivePackage, BadNumber, CutOff, DailyLimit, OutOfStock, OutsideArea, PackageUnavailable, PriceRose,
    ProviderBusy, ProviderFailed, PulsaTooLow, SessionEnded, Shop, WrongOperator,
};
use domain::ShopTrouble::{Address, Deposit, Key};
use domain::{Ask, FailReason};

use Proof::{Delivered, Failed, NoOrder, Pending, TryLater, Unknown};
use Said::{Code, Status, Taken, WithoutId};

/// What an answer says, before it is asked what that proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said<'a> {
    /// A purchase: `status: true` and a `trx_id`.
    Taken,
    /// A purchase: `status: true`, but no `trx_id`.
    WithoutId,
    /// A transaction: its status, and whether the fee was given back.
    Status(u8, Refund),
    /// Any call: `status: false` with this `statusCode`.
    Code(&'a str),
}

/// Whether the shop's fee was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refund {
    No,
    Yes,
}

/// What is proven; details come from the answer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    Delivered,
    Pending,
    Failed(FailReason),
    NoOrder(FailReason),
    TryLater(FailReason),
    Unknown,
}

/// One thing that the gateway says.
pub(crate) struct Row {
    pub(crate) said: Said<'static>,
    /// What the contract says it means.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "written for the reader of the table, and for its test")
    )]
    pub(crate) meaning: &'static str,
    first_send: Proof,
    query: Proof,
}

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    //   said                       meaning                               in answer to the first send    to a query
    row(Taken,                      "taken, with a trx_id",               Pending,                       Unknown),
    row(WithoutId,                  "success without an id",              Unknown,                       Unknown),
    row(Status(1, Refund::No),      "success",                            Unknown,                       Delivered),
    row(Status(1, Refund::Yes),     "success, and yet refunded",          Unknown,                       Unknown),
    row(Status(2, Refund::No),      "pending",                            Unknown,                       Pending),
    row(Status(2, Refund::Yes),     "pending, and yet refunded",          Unknown,                       Unknown),
    row(Status(0, Refund::No),      "failed, not refunded",               Unknown,                       Failed(ProviderFailed)),
    row(Status(0, Refund::Yes),     "failed and refunded",                Unknown,                       Failed(ProviderFailed)),
    row(Code("400"),                "failed, for any reason",             Unknown,                       Unknown),
    row(Code("401"),                "session expired before submitting",  TryLater(SessionEnded),        Unknown),
    row(Code("402"),                "pulsa too low",                      NoOrder(PulsaTooLow),          Unknown),
    row(Code("403"),                "api_key wrong",                      NoOrder(Shop(Key)),            Unknown),
    row(Code("404"),                "no such package (or transaction)",   NoOrder(PackageUnavailable),   Unknown),
    row(Code("405"),                "not to be paid in this way",         NoOrder(PackageUnavailable),   Unknown),
    row(Code("406"),                "not a number of XL or AXIS",         NoOrder(WrongOperator),        Unknown),
    row(Code("407"),                "number not active",                  NoOrder(BadNumber),            Unknown),
    row(Code("409"),                "the token was renewed elsewhere",    TryLater(SessionEnded),        Unknown),
    row(Code("417"),                "price changed",                      NoOrder(PriceRose),            Unknown),
    row(Code("419"),                "session ended or revoked",           TryLater(SessionEnded),        Unknown),
    row(Code("422"),                "422 … ipaas",                        Unknown,                       Unknown),
    row(Code("424"),                "stop the active package first",      NoOrder(ActivePackage),        Unknown),
    row(Code("429"),                "too many requests",                  TryLater(ProviderBusy),        Unknown),
    row(Code("431"),                "daily limit",                        NoOrder(DailyLimit),           Unknown),
    row(Code("432"),                "outside the area",                   NoOrder(OutsideArea),          Unknown),
    row(Code("434"),                "out of stock",                       NoOrder(OutOfStock),           Unknown),
    row(Code("435"),                "cut-off",                            NoOrder(CutOff),               Unknown),
    row(Code("436"),                "the shop's deposit is empty",        NoOrder(Shop(Deposit)),        Unknown),
    row(Code("437"),                "IP address not on the list",         NoOrder(Shop(Address)),        Unknown),
    row(Code("438"),                "an order of it is still open: ours?",Unknown,                       Unknown),
    row(Code("503"),                "maintenance",                        TryLater(ProviderBusy),        Unknown),
];

impl Row {
    /// The row of what was said, if the contract has it.
    pub(crate) fn of(said: Said<'_>) -> Option<&'static Self> {
        TABLE.iter().find(|row| row.said == said)
    }

    /// What it proves in answer to this way of asking.
    pub(crate) const fn proof(&self, ask: Ask) -> Proof {
        match ask {
            Ask::FirstSend => self.first_send,
            Ask::Query => self.query,
        }
    }
}

const fn row(said: Said<'static>, meaning: &'static str, first_send: Proof, query: Proof) -> Row {
    Row { said, meaning, first_send, query }
}
