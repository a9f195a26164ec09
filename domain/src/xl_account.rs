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
    /// The operator's code of it, by which two looks at a number recognise it.
    #[serde(default)]
    pub code: String,
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

/// Whether a number has got exactly what was bought for it: between two looks, one package came, it is called what the
/// gateway's list calls the one that was bought, and of what was there before only what had run out is gone. That the
/// number does not have it, proves nothing: it may still come.
#[must_use]
pub fn has_got_exactly(before: &[Quota], after: &[Quota], bought: &str, now: UtcMillis) -> bool {
    let same = |a: &Quota, b: &Quota| (&a.name, &a.code, a.expires_at) == (&b.name, &b.code, b.expires_at);
    let is_over = |quota: &Quota| quota.expires_at.is_some_and(|at| at <= now);
    let mut rest: Vec<&Quota> = after.iter().collect();
    for old in before {
        match rest.iter().position(|quota| same(quota, old)) {
            Some(at) => drop(rest.remove(at)),
            None if is_over(old) => {}
            None => return false,
        }
    }
    matches!(rest.as_slice(), [one] if one.name.trim() == bought.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UtcMillis = UtcMillis(1_000_000);

    fn quota(name: &str, ends_in_ms: i64) -> Quota {
        Quota {
            name: name.into(),
            code: format!("code of {name}"),
            expires_at: Some(NOW.plus_ms(ends_in_ms)),
            benefits: vec![QuotaBenefit { name: "Kuota".into(), quota: Some(10), remaining: Some(7) }],
        }
    }

    #[test]
    fn only_an_exact_increase_proves_a_delivery() {
        let (old, over, bought) = (quota("Harian", 100), quota("Habis", -1), quota("Combo", 500));
        let got = |before: &[&Quota], after: &[&Quota]| {
            let owned = |of: &[&Quota]| of.iter().map(|quota| (*quota).clone()).collect::<Vec<_>>();
            has_got_exactly(&owned(before), &owned(after), "Combo", NOW)
        };
        assert!(got(&[], &[&bought]));
        assert!(got(&[&old], &[&bought, &old]));
        assert!(got(&[&old, &over], &[&old, &bought]), "what has run out may be gone");
        let mut used = old.clone();
        used.benefits[0].remaining = Some(1);
        assert!(got(&[&old], &[&used, &bought]), "using up is no change");
        let later = quota("Combo", 900);
        assert!(got(&[&bought], &[&bought, &later]), "the same once more, with an end of its own");

        assert!(!got(&[&bought], &[&bought]), "it was there before");
        assert!(!got(&[&bought], &[&later]), "prolonged, or another one: a human looks");
        assert!(!got(&[], &[&bought, &later]), "two came");
        assert!(!got(&[], &[&old]), "another one came");
        assert!(!got(&[&old], &[&bought]), "one that still ran is gone");
        assert!(!got(&[], &[]));
    }
}
