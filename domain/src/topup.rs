use serde::{Deserialize, Serialize};

use crate::account::words;
use crate::{FieldCode, Rupiah};

/// Where a top-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopupState {
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
}

words!(TopupState {
    Pending = "pending",
    ProofSubmitted = "proof_submitted",
    Credited = "credited",
    Rejected = "rejected",
    Expired = "expired",
    Cancelled = "cancelled",
});

impl TopupState {
    /// Whether `next` may follow. Nothing undoes a credit; everything else may still become one, late.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use TopupState::{Cancelled, Credited, Expired, Pending, ProofSubmitted, Rejected};
        match self {
            Pending => matches!(next, ProofSubmitted | Credited | Rejected | Expired | Cancelled),
            ProofSubmitted => matches!(next, Credited | Rejected),
            Rejected | Expired | Cancelled => matches!(next, Credited),
            Credited => false,
        }
    }

    /// Counts among a user's open top-ups and keeps its unique amount reserved.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::ProofSubmitted)
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
        assert!(TopupState::ALL.iter().all(|next| !TopupState::Credited.may_become(*next)));
        for state in TopupState::ALL.iter().filter(|state| **state != TopupState::Credited) {
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
