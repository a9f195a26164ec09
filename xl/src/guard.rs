//! A guard around any adapter: a rate limit, a rest for a gateway that cannot be reached, and the time that must lie
//! between two exchanges about one order. When the guard says no, provably nothing has left.
//!
//! The decisions are pure ([`Rate`], [`Breaker`], [`Spacing`]); they are told the time. Only [`Guarded`] looks at a
//! clock, a monotonic one, and waits.

mod breaker;
mod guarded;
mod rate;
mod spacing;

use std::time::Duration;

pub use self::breaker::{Breaker, Ticket};
pub use self::guarded::Guarded;
pub use self::rate::Rate;
pub use self::spacing::Spacing;

/// How a gateway is spared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardConfig {
    /// Exchanges that may begin at once after a quiet time.
    pub burst: u32,
    /// The time after which one more may begin.
    pub interval: Duration,
    /// How long a call may wait for its turn. When it would take longer, nothing is sent.
    pub longest_wait: Duration,
    /// After so many failures of transport in a row the gateway is left alone. A refusal is no such failure.
    pub failures_to_open: u32,
    /// For so long; then a single exchange tries it again.
    pub rest: Duration,
}

impl Default for GuardConfig {
    /// A brake for what has gone wild. Where a gateway's contract names a rate, that one is to be set.
    fn default() -> Self {
        Self {
            burst: 200,
            interval: Duration::from_millis(1),
            longest_wait: Duration::from_secs(2),
            failures_to_open: 8,
            rest: Duration::from_secs(15),
        }
    }
}
