//! Numbers that their owners sign in at a session gateway. A number belongs to the user who signed it in; nobody else can
//! read it or buy with it. Everything that a gateway is asked goes through a worker's lease, one exchange about a number
//! at a time; tokens, challenges and typed codes are sealed.

mod account;
mod jobs;
mod otp;
mod record;

pub use account::{SignOutXl, WantQuota, XlAccount};
pub use jobs::{ClaimXlJobs, OtpJob, SessionJob, XlJob};
pub(crate) use jobs::{needs_sign_in, session_token};
pub use otp::{AnswerOtp, OtpState, RequestOtp};
pub use record::{OtpOutcome, RecordOtp, RecordSession, SentOtp, SessionOutcome, XlTokens};

use domain::{DAY_MS, MINUTE_MS, UtcMillis};

/// The longest time that a job takes, which is two exchanges, and a little more.
const LEASE_MS: i64 = 2 * MINUTE_MS;
/// While a number is in use, its session is renewed so long before it ends.
const AHEAD_MS: i64 = MINUTE_MS;
/// A number counts as in use for so long after somebody looked at it.
const IN_USE_MS: i64 = 15 * MINUTE_MS;
/// One that is not in use is renewed so long before it could not be any more.
const SPARE_MS: i64 = 14 * DAY_MS;

/// Where a sealed value of a row stands.
fn place(table: &str, id: &str, column: &str) -> String {
    format!("{table}:{id}:{column}")
}

/// When a session should be renewed without being asked for.
fn renew_at(
    now: UtcMillis,
    used_at: UtcMillis,
    expires_at: UtcMillis,
    renewable_until: UtcMillis,
) -> UtcMillis {
    if now.since_ms(used_at) < IN_USE_MS {
        expires_at.plus_ms(-AHEAD_MS)
    } else {
        renewable_until.plus_ms(-SPARE_MS)
    }
}
