use serde::{Deserialize, Serialize};

use crate::account::words;

/// Money that did not come as it should. A human sees to each; what they may do follows from what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayCaseKind {
    /// Credited, though it came after the top-up had expired or been called off.
    Late,
    /// A transfer of less than was asked for; what came was credited.
    Under,
    /// A transfer of more than was asked for; what came was credited.
    Over,
    /// The gateway has collected another amount than it was asked to.
    WrongAmount,
    /// A second payment for a top-up that has taken one.
    Second,
    /// Money for no top-up.
    Unmatched,
    /// The gateway speaks of another currency or merchant. Nothing is booked.
    Foreign,
    /// Money that had been credited was taken back.
    Disputed,
    /// The gateway takes back its word on a payment without taking back the money. Nothing is booked.
    Contradiction,
    /// The gateway does not pay a refund back: by hand, or back into the balance.
    RefundStuck,
}

/// What a human can do about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayCaseAction {
    /// Seen; no money moves.
    Acknowledge,
    /// Into a user's balance.
    Credit,
    /// Given back to the payer, outside of the shop.
    Return,
}

words!(PayCaseKind {
    Late = "late",
    Under = "under",
    Over = "over",
    WrongAmount = "wrong_amount",
    Second = "second",
    Unmatched = "unmatched",
    Foreign = "foreign",
    Disputed = "disputed",
    Contradiction = "contradiction",
    RefundStuck = "refund_stuck",
});
words!(PayCaseAction { Acknowledge = "acknowledge", Credit = "credit", Return = "return" });

impl PayCaseKind {
    /// What can be done about it. Money in suspense is credited or given back, never just waved through.
    #[must_use]
    pub const fn actions(self) -> &'static [PayCaseAction] {
        if self.is_in_suspense() {
            &[PayCaseAction::Credit, PayCaseAction::Return]
        } else {
            &[PayCaseAction::Acknowledge]
        }
    }

    /// Whether its money is nobody's yet.
    #[must_use]
    pub const fn is_in_suspense(self) -> bool {
        matches!(self, Self::WrongAmount | Self::Second | Self::Unmatched)
    }

    /// Whether an admin is called. The others can wait for the next look.
    #[must_use]
    pub const fn is_urgent(self) -> bool {
        !matches!(self, Self::Late | Self::Under | Self::Over)
    }
}
