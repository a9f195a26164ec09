use serde::{Deserialize, Serialize};

use crate::UtcMillis;
use crate::account::words;

/// Whether a number that was signed in can still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XlAccountState {
    /// It can.
    Active,
    /// Its session has ended: its owner has to sign it in again.
    NeedsSignIn,
}

/// How far signing a number in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtpStep {
    /// A one-time password is to be asked for.
    Requested,
    /// It is on its way to the phone, and can be typed.
    Sent,
    /// What was typed is being checked.
    Verifying,
    /// The number is signed in.
    Done,
    /// It ended without.
    Failed,
}

/// Why a one-time password brought nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtpTrouble {
    /// Another one was sent.
    Wrong,
    /// It is too old.
    Expired,
    /// Too many wrong ones: the number is locked for a while.
    Locked,
    /// The last one was asked for a moment ago.
    TooEarly,
    /// Too many were asked for.
    TooMany,
    /// The gateway does not take the number.
    BadNumber,
    /// The gateway could not be asked, or its answer was lost.
    Gateway,
}

words!(XlAccountState { Active = "active", NeedsSignIn = "needs_sign_in" });
words!(OtpStep {
    Requested = "requested",
    Sent = "sent",
    Verifying = "verifying",
    Done = "done",
    Failed = "failed",
});
words!(OtpTrouble {
    Wrong = "wrong",
    Expired = "expired",
    Locked = "locked",
    TooEarly = "too_early",
    TooMany = "too_many",
    BadNumber = "bad_number",
    Gateway = "gateway",
});

/// A package that a number has now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// What it is called.
    pub name: String,
    /// When it ends.
    pub expires_at: Option<UtcMillis>,
    /// What it contains.
    pub benefits: Vec<QuotaBenefit>,
}

/// One thing that a package contains, in the operator's own unit: bytes, seconds or pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaBenefit {
    /// What it is called.
    pub name: String,
    /// How much there was.
    pub quota: Option<u64>,
    /// How much is left.
    pub remaining: Option<u64>,
}
