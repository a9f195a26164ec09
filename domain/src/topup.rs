use serde::{Deserialize, Serialize};

use crate::account::words;
use crate::{FieldCode, Rupiah};

/// How a top-up is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopupMethod {
    /// QRIS through a payment gateway: credited by itself.
    Qris,
    /// A virtual account at BCA.
    VaBca,
    /// A virtual account at BNI.
    VaBni,
    /// A virtual account at BRI.
    VaBri,
    /// A virtual account at Permata.
    VaPermata,
    /// Mandiri's bill payment.
    BillMandiri,
    /// The shop's own static QRIS code, made dynamic. Nobody tells us that it was paid: a human looks.
    StaticQris,
    /// A bank transfer that a human finds on the statement.
    Transfer,
}

words!(TopupMethod {
    Qris = "qris",
    VaBca = "va_bca",
    VaBni = "va_bni",
    VaBri = "va_bri",
    VaPermata = "va_permata",
    BillMandiri = "bill_mandiri",
    StaticQris = "static_qris",
    Transfer = "transfer",
});

impl TopupMethod {
    /// Whether a human confirms it.
    #[must_use]
    pub const fn is_by_hand(self) -> bool {
        matches!(self, Self::StaticQris | Self::Transfer)
    }

    /// Whether the payer scans a QRIS code. The payer's fee on one is always zero.
    #[must_use]
    pub const fn is_qris(self) -> bool {
        matches!(self, Self::Qris | Self::StaticQris)
    }
}

/// Where a top-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopupState {
    /// Committed; the payment gateway is being asked for a way to pay.
    Creating,
    /// Waiting for the money.
    Pending,
    /// The buyer says that they paid, and may have shown a picture. A claim, not a proof.
    ProofSubmitted,
    /// The money came and is in the balance.
    Credited,
    /// An admin found that no money came.
    Rejected,
    /// Nobody paid in time. Money that comes later is still credited.
    Expired,
    /// The buyer called it off. Money that comes later is still credited.
    Cancelled,
    /// The gateway gave no way to pay. Money that comes all the same is still credited.
    Failed,
    /// Money came, but not as it should: a human decides.
    Review,
    /// The money has left the balance and is on its way back to the payer.
    RefundPending,
    /// The money went back to the payer.
    Refunded,
    /// The gateway or the payer's bank took the money back.
    Reversed,
}

words!(TopupState {
    Creating = "creating",
    Pending = "pending",
    ProofSubmitted = "proof_submitted",
    Credited = "credited",
    Rejected = "rejected",
    Expired = "expired",
    Cancelled = "cancelled",
    Failed = "failed",
    Review = "review",
    RefundPending = "refund_pending",
    Refunded = "refunded",
    Reversed = "reversed",
});

impl TopupState {
    /// Whether `next` may follow. Nothing undoes a credit but a compensating entry of its own; everything that was never
    /// credited may still become so, late.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use TopupState::{
            Cancelled, Creating, Credited, Expired, Failed, Pending, ProofSubmitted, RefundPending, Refunded,
            Rejected, Reversed, Review,
        };
        match self {
            Creating => matches!(next, Pending | Credited | Expired | Cancelled | Failed | Review),
            Pending => {
                matches!(next, ProofSubmitted | Credited | Rejected | Expired | Cancelled | Failed | Review)
            }
            ProofSubmitted => matches!(next, Credited | Rejected | Review),
            Rejected | Expired | Cancelled | Failed => matches!(next, Credited | Review),
            // A human gives the money back, or the balance gets it.
            Review => matches!(next, Credited | Rejected),
            Credited => matches!(next, RefundPending | Reversed),
            RefundPending => matches!(next, Refunded | Credited | Reversed),
            Refunded | Reversed => false,
        }
    }

    /// Counts among a user's open top-ups and keeps its unique amount reserved.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Creating | Self::Pending | Self::ProofSubmitted)
    }
}

/// Smallest and largest amount of one top-up, from the shop's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopupLimits {
    /// The least one may top up.
    pub min: Rupiah,
    /// The most one may top up at once.
    pub max: Rupiah,
}

impl TopupLimits {
    /// The amount that was typed, when it is within the limits.
    ///
    /// # Errors
    /// The code to show beside the field.
    pub fn parse(&self, typed: &str) -> Result<Rupiah, FieldCode> {
        let amount: Rupiah = typed.parse().map_err(FieldCode::from)?;
        if amount < self.min {
            return Err(FieldCode::BelowMin { min: self.min });
        }
        if amount > self.max {
            return Err(FieldCode::AboveMax { max: self.max });
        }
        Ok(amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credit_is_final_and_late_money_still_counts() {
        let after_credit: Vec<_> =
            TopupState::ALL.iter().filter(|next| TopupState::Credited.may_become(**next)).collect();
        assert_eq!(after_credit, [&TopupState::RefundPending, &TopupState::Reversed]);
        let over = [TopupState::Credited, TopupState::Refunded, TopupState::Reversed];
        for state in TopupState::ALL.iter().filter(|state| !over.contains(state)) {
            assert!(state.may_become(TopupState::Credited), "{state:?}");
        }
    }

    #[test]
    fn limits() {
        let limits = TopupLimits { min: Rupiah::new(10_000), max: Rupiah::new(5_000_000) };
        assert_eq!(limits.parse("50.000"), Ok(Rupiah::new(50_000)));
        assert_eq!(limits.parse("9.999"), Err(FieldCode::BelowMin { min: limits.min }));
        assert_eq!(limits.parse("5.000.001"), Err(FieldCode::AboveMax { max: limits.max }));
        assert_eq!(limits.parse("seribu"), Err(FieldCode::BadAmount));
    }
}
