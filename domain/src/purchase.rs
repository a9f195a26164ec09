use serde::{Deserialize, Serialize};

use crate::account::words;

/// Where a purchase stands. The one table of what may follow what is [`PurchaseState::may_become`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseState {
    /// Money is held, nothing has been sent.
    Accepted,
    /// A worker has committed that it is about to send: from here on an order may exist.
    Submitting,
    /// The provider has it and will tell.
    Pending,
    /// The provider waits for the number's owner to pay.
    AwaitingPayment,
    /// An order may or may not exist; it is being asked about. Never shown as "failed".
    Unknown,
    /// A human decides.
    Review,
    /// Delivered; the hold is captured.
    Succeeded,
    /// Not delivered; the hold is released.
    Failed,
    /// Delivered once, and paid back.
    Refunded,
}

words!(PurchaseState {
    Accepted = "accepted",
    Submitting = "submitting",
    Pending = "pending",
    AwaitingPayment = "awaiting_payment",
    Unknown = "unknown",
    Review = "review",
    Succeeded = "succeeded",
    Failed = "failed",
    Refunded = "refunded",
});

impl PurchaseState {
    /// Whether `next` may follow. Staying where one is, is no step.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use PurchaseState::{
            Accepted, AwaitingPayment, Failed, Pending, Refunded, Review, Submitting, Succeeded, Unknown,
        };
        match self {
            // To review when a success is heard about an attempt that had been taken for refused.
            Accepted => matches!(next, Submitting | Failed | Review),
            // Back to accepted only when provably no byte left, or the provider said on the first send that it took no order.
            // To review when this attempt came to nothing, but an earlier one turned out to have been delivered.
            Submitting => {
                matches!(next, Accepted | Pending | AwaitingPayment | Succeeded | Failed | Unknown | Review)
            }
            Pending => matches!(next, AwaitingPayment | Unknown | Succeeded | Failed | Review),
            AwaitingPayment => matches!(next, Pending | Unknown | Succeeded | Failed | Review),
            Unknown => matches!(next, Pending | AwaitingPayment | Succeeded | Failed | Review),
            Review => matches!(next, Succeeded | Failed),
            Succeeded => matches!(next, Refunded),
            // A success heard after the release: never both refunded and delivered by our own act, so a human looks.
            Failed => matches!(next, Review),
            Refunded => false,
        }
    }

    /// Nothing more happens by itself.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Refunded)
    }

    /// Waiting for the provider's word, so worth asking.
    #[must_use]
    pub const fn is_asked_about(self) -> bool {
        matches!(self, Self::Pending | Self::AwaitingPayment | Self::Unknown)
    }
}

/// What has become of the money held for a purchase. Each value stands for exact entries in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldState {
    /// Entries: hold.
    Open,
    /// Entries: hold, capture.
    Captured,
    /// Entries: hold, release.
    Released,
    /// Entries: hold, capture, refund.
    Refunded,
}

words!(HoldState { Open = "open", Captured = "captured", Released = "released", Refunded = "refunded" });

/// Where one order at a gateway stands. A purchase may have several attempts, at most one of them not provably refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// Committed before the first byte is sent.
    Submitting,
    /// The provider has it.
    Pending,
    /// It may exist.
    Unknown,
    /// Delivered.
    Succeeded,
    /// The provider says that the order failed for good.
    Failed,
    /// Provably no order was made.
    NoOrder,
}

words!(AttemptState {
    Submitting = "submitting",
    Pending = "pending",
    Unknown = "unknown",
    Succeeded = "succeeded",
    Failed = "failed",
    NoOrder = "no_order",
});

#[cfg(test)]
mod tests {
    use super::PurchaseState::{self, *};

    #[test]
    fn the_table_of_steps_is_the_one_in_the_paper() {
        let steps: Vec<(PurchaseState, PurchaseState)> = PurchaseState::ALL
            .iter()
            .flat_map(|from| PurchaseState::ALL.iter().map(move |to| (*from, *to)))
            .filter(|(from, to)| from.may_become(*to))
            .collect();
        assert_eq!(steps.len(), 3 + 7 + 5 + 5 + 5 + 2 + 1 + 1, "{steps:?}");
        assert!(!Accepted.may_become(Succeeded), "nothing is delivered that was never sent");
        assert!(!Succeeded.may_become(Failed), "a delivered purchase is refunded, never undone");
        assert!(!Failed.may_become(Succeeded), "a late success is a human's decision");
        assert!(PurchaseState::ALL.iter().all(|next| !Refunded.may_become(*next)));
        assert!(PurchaseState::ALL.iter().all(|state| !state.may_become(*state)), "staying is no step");
    }
}
