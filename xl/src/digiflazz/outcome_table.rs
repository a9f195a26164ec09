//! What each code of the gateway proves about one order. To be read beside the contract paper, line by line.
//!
//! Two rules stand behind it. A refusal may prove that no order was made, but only in answer to the first send: the
//! same words in answer to a query leave open what became of the order that may have been made before. And a failure
//! settles a query only with a code that is listed as final, 02 and 74. A code that is not in the table proves nothing.

use domain::FailReason::{
    ActivePackage, BadNumber, CutOff, OutOfStock, OutsideArea, PackageUnavailable, PriceRose, ProviderBusy,
    ProviderFailed, Shop, WrongOperator,
};
use domain::ShopTrouble::{Address, Blocked, Deposit, Key, Request};
use domain::{Ask, FailReason};

use Proof::{Delivered, Failed, NoOrder, Pending, TryLater, Unknown};
use Status::{Gagal, Sukses};

/// One code.
pub(crate) struct Row {
    /// The code, two digits.
    pub(crate) rc: &'static str,
    /// What the contract says it means.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "written for the reader of the table, and for its test")
    )]
    pub(crate) meaning: &'static str,
    /// The status that must stand beside it; another one makes the answer contradictory.
    pub(crate) status: Status,
    first_send: Proof,
    query: Proof,
}

/// The three words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Sukses,
    Pending,
    Gagal,
}

/// What is proven; the details of a delivery come from the answer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    Delivered,
    Pending,
    Failed(FailReason),
    NoOrder(FailReason),
    TryLater(FailReason),
    Unknown,
}

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    //   rc    meaning                            status           in answer to the first send     to a query
    row("00", "success",                          Sukses,          Delivered,                      Delivered),
    row("01", "timeout",                          Gagal,           Unknown,                        Unknown),
    row("02", "failed",                           Gagal,           Failed(ProviderFailed),         Failed(ProviderFailed)),
    row("03", "pending",                          Status::Pending, Pending,                        Pending),
    row("40", "payload",                          Gagal,           NoOrder(Shop(Request)),         Unknown),
    row("41", "signature",                        Gagal,           NoOrder(Shop(Key)),             Unknown),
    row("43", "SKU unknown or inactive",          Gagal,           NoOrder(PackageUnavailable),    Unknown),
    row("44", "deposit empty",                    Gagal,           NoOrder(Shop(Deposit)),         Unknown),
    row("45", "IP address not on the list",       Gagal,           NoOrder(Shop(Address)),         Unknown),
    row("49", "reference used",                   Gagal,           Unknown,                        Unknown),
    row("50", "not found",                        Gagal,           Unknown,                        Unknown),
    row("51", "blocked",                          Gagal,           NoOrder(Shop(Blocked)),         Unknown),
    row("52", "wrong prefix",                     Gagal,           NoOrder(WrongOperator),         Unknown),
    row("53", "unavailable",                      Gagal,           NoOrder(PackageUnavailable),    Unknown),
    row("54", "bad number",                       Gagal,           NoOrder(BadNumber),             Unknown),
    row("55", "unavailable",                      Gagal,           NoOrder(PackageUnavailable),    Unknown),
    row("57", "bad number",                       Gagal,           NoOrder(BadNumber),             Unknown),
    row("58", "cut-off",                          Gagal,           NoOrder(CutOff),                Unknown),
    row("59", "outside the area",                 Gagal,           NoOrder(OutsideArea),           Unknown),
    row("60", "not available yet",                Gagal,           NoOrder(PackageUnavailable),    Unknown),
    row("61", "never deposited",                  Gagal,           NoOrder(Shop(Deposit)),         Unknown),
    row("66", "cut-off",                          Gagal,           NoOrder(CutOff),                Unknown),
    row("68", "out of stock",                     Gagal,           NoOrder(OutOfStock),            Unknown),
    row("69", "price above the limit",            Gagal,           NoOrder(PriceRose),             Unknown),
    row("70", "timeout",                          Gagal,           Unknown,                        Unknown),
    row("71", "unavailable",                      Gagal,           NoOrder(PackageUnavailable),    Unknown),
    row("72", "stop the active package first",    Gagal,           NoOrder(ActivePackage),         Unknown),
    row("74", "refunded",                         Gagal,           Failed(ProviderFailed),         Failed(ProviderFailed)),
    row("85", "limit, retry in a minute",         Gagal,           TryLater(ProviderBusy),         Unknown),
    row("99", "pending",                          Status::Pending, Pending,                        Pending),
];

impl Row {
    /// The code's row, if the contract has it.
    pub(crate) fn of(rc: &str) -> Option<&'static Self> {
        TABLE.iter().find(|row| row.rc == rc)
    }

    /// What the code proves in answer to this way of asking.
    pub(crate) const fn proof(&self, ask: Ask) -> Proof {
        match ask {
            Ask::FirstSend => self.first_send,
            Ask::Query => self.query,
        }
    }
}

impl Status {
    /// The status as the gateway writes it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Sukses => "Sukses",
            Self::Pending => "Pending",
            Self::Gagal => "Gagal",
        }
    }
}

const fn row(
    rc: &'static str,
    meaning: &'static str,
    status: Status,
    first_send: Proof,
    query: Proof,
) -> Row {
    Row { rc, meaning, status, first_send, query }
}
