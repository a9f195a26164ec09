use serde::{Deserialize, Serialize};

use crate::account::words;

/// Where a correction of a balance stands. Only [`Self::Done`] has moved money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionState {
    /// Somebody has to look a second time.
    Waiting,
    /// The balance has changed.
    Done,
    /// The second admin said no.
    Rejected,
    /// The first admin took it back.
    Withdrawn,
}

/// Where a member's request to become a reseller stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResellerRequestState {
    /// No admin has decided.
    Waiting,
    /// The member has become a reseller.
    Approved,
    /// An admin said no, with a reason.
    Refused,
}

words!(CorrectionState {
    Waiting = "waiting",
    Done = "done",
    Rejected = "rejected",
    Withdrawn = "withdrawn",
});
words!(ResellerRequestState { Waiting = "waiting", Approved = "approved", Refused = "refused" });
