use serde::{Deserialize, Serialize};

use crate::Rupiah;
use crate::account::words;

/// How the gateway was asked. The same answer proves more in the one case than in the other: a refusal of a first send
/// may prove that no order exists; the same words in answer to a query prove nothing, for an order may have been made
/// before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// The order itself, sent for the first and only time.
    FirstSend,
    /// A question about an order that may exist.
    Query,
}

words!(Ask { FirstSend = "first_send", Query = "query" });

/// What an answer of a gateway (or its absence) proves about one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Delivered and charged.
    Delivered {
        /// The provider's serial number, the buyer's proof.
        serial_number: Option<String>,
        /// What the shop's deposit was really charged.
        charged: Option<Rupiah>,
    },
    /// The provider has the order and is working on it.
    Pending,
    /// The order failed for good. Settles a query too.
    Failed {
        /// Why.
        reason: FailReason,
    },
    /// Provably no order was made, and trying again would give the same. Only of a first send.
    NoOrder {
        /// Why.
        reason: FailReason,
    },
    /// Provably no order was made, and a later try may do better (no connection, busy, maintenance). Only of a first send.
    TryLater {
        /// Why.
        reason: FailReason,
    },
    /// Nothing is proven: an order may exist. Never released, never sent again blindly.
    Unknown,
}

/// Why an order was not delivered, as far as a buyer or an admin can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailReason {
    /// The provider does not know the number, or it is not active.
    BadNumber,
    /// The number belongs to another operator.
    WrongOperator,
    /// The package is closed at the provider.
    PackageUnavailable,
    /// The provider has none left.
    OutOfStock,
    /// Outside the hours in which it is sold.
    CutOff,
    /// Not sold where the number is.
    OutsideArea,
    /// The provider's price rose above what was agreed.
    PriceRose,
    /// An active package has to be stopped first.
    ActivePackage,
    /// As many as are allowed in a day.
    DailyLimit,
    /// The operator refused; no more is known.
    ProviderFailed,
    /// The provider is busy or being repaired.
    ProviderBusy,
    /// The provider could not be reached.
    NotReached,
    /// The shop's own trouble; buyers read "temporarily unavailable".
    Shop(ShopTrouble),
    /// The number's own pulsa does not suffice. Only its owner can mend it.
    PulsaTooLow,
    /// The number's session has ended: its owner has to sign it in again.
    SessionEnded,
    /// The owner of the number did not pay in time.
    NotPaid,
    /// The buyer called it off before it was sent.
    Cancelled,
    /// It waited too long to be sent.
    Expired,
    /// No gateway sells it.
    NoGateway,
    /// An admin decided so.
    Decided,
}

/// Trouble between the shop and its gateway that only an admin can mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopTrouble {
    /// The shop's deposit is empty.
    Deposit,
    /// The server's address is not on the gateway's list.
    Address,
    /// Key or signature is wrong.
    Key,
    /// The request was malformed: our mistake.
    Request,
    /// The gateway blocked the shop or the buyer's number.
    Blocked,
}

impl FailReason {
    /// The written form, in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadNumber => "bad_number",
            Self::WrongOperator => "wrong_operator",
            Self::PackageUnavailable => "package_unavailable",
            Self::OutOfStock => "out_of_stock",
            Self::CutOff => "cut_off",
            Self::OutsideArea => "outside_area",
            Self::PriceRose => "price_rose",
            Self::ActivePackage => "active_package",
            Self::DailyLimit => "daily_limit",
            Self::ProviderFailed => "provider_failed",
            Self::ProviderBusy => "provider_busy",
            Self::NotReached => "not_reached",
            Self::Shop(ShopTrouble::Deposit) => "shop_deposit",
            Self::Shop(ShopTrouble::Address) => "shop_address",
            Self::Shop(ShopTrouble::Key) => "shop_key",
            Self::Shop(ShopTrouble::Request) => "shop_request",
            Self::Shop(ShopTrouble::Blocked) => "shop_blocked",
            Self::PulsaTooLow => "pulsa_too_low",
            Self::SessionEnded => "session_ended",
            Self::NotPaid => "not_paid",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::NoGateway => "no_gateway",
            Self::Decided => "decided",
        }
    }

    /// Every reason.
    pub const ALL: &[Self] = &[
        Self::BadNumber,
        Self::WrongOperator,
        Self::PackageUnavailable,
        Self::OutOfStock,
        Self::CutOff,
        Self::OutsideArea,
        Self::PriceRose,
        Self::ActivePackage,
        Self::DailyLimit,
        Self::ProviderFailed,
        Self::ProviderBusy,
        Self::NotReached,
        Self::Shop(ShopTrouble::Deposit),
        Self::Shop(ShopTrouble::Address),
        Self::Shop(ShopTrouble::Key),
        Self::Shop(ShopTrouble::Request),
        Self::Shop(ShopTrouble::Blocked),
        Self::PulsaTooLow,
        Self::SessionEnded,
        Self::NotPaid,
        Self::Cancelled,
        Self::Expired,
        Self::NoGateway,
        Self::Decided,
    ];

    /// Whether it is about the number, and another gateway would say the same.
    #[must_use]
    pub const fn is_of_the_number(self) -> bool {
        matches!(
            self,
            Self::BadNumber
                | Self::WrongOperator
                | Self::OutsideArea
                | Self::ActivePackage
                | Self::PulsaTooLow
        )
    }

    /// The reason with this written form.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_read_back() {
        for reason in FailReason::ALL {
            assert_eq!(FailReason::from_word(reason.as_str()), Some(*reason));
        }
        assert_eq!(FailReason::from_word("who knows"), None);
    }
}
