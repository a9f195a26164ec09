//! What a payment gateway is asked to collect, and what its answers prove. The adapters in `payments` write these, the
//! store believes them; nothing else is ever believed.

use serde::{Deserialize, Serialize};

use crate::account::words;
use crate::{Rupiah, UtcMillis};

/// How a payment gateway speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayDialect {
    /// Midtrans Core API.
    Midtrans,
    /// Tripay's closed payments.
    Tripay,
}

words!(PayDialect { Midtrans = "midtrans", Tripay = "tripay" });

/// Where a charge stands: one order at a payment gateway, for one top-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargeState {
    /// Committed; the gateway may or may not have it.
    Creating,
    /// The gateway waits for the payer.
    Pending,
    /// The gateway has confirmed the money when it was asked.
    Paid,
    /// Nobody paid in time. Money may still come, so it is watched on.
    Expired,
    /// Called off. Money may still come, so it is watched on.
    Cancelled,
    /// The gateway took no order, or ended it.
    Failed,
}

words!(ChargeState {
    Creating = "creating",
    Pending = "pending",
    Paid = "paid",
    Expired = "expired",
    Cancelled = "cancelled",
    Failed = "failed",
});

/// What the payer needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayTo {
    /// The content of a QRIS code.
    Qr(String),
    /// The number of a virtual account, digits only.
    Account(String),
    /// Mandiri's bill payment.
    Bill {
        /// The biller's code.
        biller: String,
        /// The bill's number.
        key: String,
    },
}

/// What a payment gateway says of an order, in our words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderState {
    /// Waits for the payer.
    Pending,
    /// The money is there.
    Paid,
    /// Nobody paid in time.
    Expired,
    /// Called off.
    Cancelled,
    /// Refused, failed, or denied after it had been settled.
    Denied,
    /// All of the money went back to the payer.
    Refunded,
    /// Some of the money went back to the payer.
    PartlyRefunded,
    /// The payer's bank took all of it back.
    ChargedBack,
    /// The payer's bank took some of it back.
    PartlyChargedBack,
    /// A word that the contract does not know, or one that settles nothing (such as `authorize`).
    Unclear,
}

words!(ProviderState {
    Pending = "pending",
    Paid = "paid",
    Expired = "expired",
    Cancelled = "cancelled",
    Denied = "denied",
    Refunded = "refunded",
    PartlyRefunded = "partly_refunded",
    ChargedBack = "charged_back",
    PartlyChargedBack = "partly_charged_back",
    Unclear = "unclear",
});

/// An order as the gateway knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeFacts {
    /// The order's id, ours; to be compared.
    pub order_id: String,
    /// The gateway's own id of it, where it has one.
    pub transaction_id: Option<String>,
    /// What the payer pays, or has paid.
    pub gross: Rupiah,
    /// Whether the currency is rupiah (or not said).
    pub in_rupiah: bool,
    /// Whether the merchant is the configured one (or not said).
    pub own_merchant: bool,
    /// Where it stands there.
    pub state: ProviderState,
    /// What the payer needs, where it was said.
    pub pay_to: Option<PayTo>,
    /// Until when it can be paid, where it was said.
    pub expires_at: Option<UtcMillis>,
    /// What the gateway keeps of the money, where it was said.
    pub fee: Option<Rupiah>,
    /// What went back to the payer so far, where it was said.
    pub returned: Option<Rupiah>,
}

/// Why a gateway took no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeRefusal {
    /// Key or merchant is not accepted.
    Login,
    /// The way of paying is not switched on for this merchant.
    Method,
    /// The amount is outside the limits of the way of paying.
    Amount,
    /// Anything else in the request.
    Request,
}

words!(ChargeRefusal { Login = "login", Method = "method", Amount = "amount", Request = "request" });

/// What the answer to "collect this" proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChargeVerdict {
    /// The order is there.
    Made(ChargeFacts),
    /// An order with this id is there already: ask for its status and adopt it.
    Exists,
    /// There is provably no order, and asking again brings none.
    Refused(ChargeRefusal),
    /// There is provably no order; another time there may be one: no connection, too busy, maintenance.
    NotNow,
    /// There may or may not be one.
    Unknown,
}

/// What the answer to "how does it stand" proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusVerdict {
    /// So.
    Found(ChargeFacts),
    /// The gateway has no such order.
    NoSuchOrder,
    /// Nothing.
    Unknown,
}

/// What the answer to "call it off" proves. The state itself is always read from the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelVerdict {
    /// Done.
    Cancelled,
    /// It cannot be changed any more, or this gateway cannot call off.
    TooLate,
    /// The gateway has no such order.
    NoSuchOrder,
    /// Nothing.
    Unknown,
}

/// What the answer to "pay it back" proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundVerdict {
    /// Done.
    Done,
    /// It provably is not paid back, and asking again does not help: by hand, then.
    Refused,
    /// Nothing; ask for the status.
    Unknown,
}

/// A fee made of a fixed part and a share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeRule {
    /// The fixed part.
    pub flat: Rupiah,
    /// The share in hundredths of a percent: 70 is 0.7 %.
    pub basis_points: i64,
}

/// A share of more than this is a mistake.
const BASIS_POINTS_MOST: i64 = 2_000;

impl FeeRule {
    /// The fee for an amount, rounded up to whole rupiah; `None` when the rule or the result makes no sense.
    #[must_use]
    pub fn of(self, amount: Rupiah) -> Option<Rupiah> {
        if self.flat < Rupiah::ZERO || !(0..=BASIS_POINTS_MOST).contains(&self.basis_points) {
            return None;
        }
        let share = amount.get().checked_mul(self.basis_points)?.checked_add(9_999)?.checked_div(10_000)?;
        self.flat.checked_add(Rupiah::new(share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_round_up_and_nonsense_has_none() {
        let rule = FeeRule { flat: Rupiah::ZERO, basis_points: 70 };
        assert_eq!(rule.of(Rupiah::new(50_000)), Some(Rupiah::new(350)));
        assert_eq!(rule.of(Rupiah::new(50_001)), Some(Rupiah::new(351)));
        let rule = FeeRule { flat: Rupiah::new(4_000), basis_points: 0 };
        assert_eq!(rule.of(Rupiah::new(1)), Some(Rupiah::new(4_000)));
        assert_eq!(FeeRule { flat: Rupiah::new(-1), basis_points: 0 }.of(Rupiah::new(1)), None);
        assert_eq!(FeeRule { flat: Rupiah::ZERO, basis_points: 2_001 }.of(Rupiah::new(1)), None);
        assert_eq!(FeeRule { flat: Rupiah::ZERO, basis_points: 70 }.of(Rupiah::new(i64::MAX)), None);
    }
}
