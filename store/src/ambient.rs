//! The one home of time and chance. Everything else is given them, so that a test can set both.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::UtcMillis;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> UtcMillis;
}

/// Gives numbers that nobody can guess.
pub trait Random: Send + Sync + 'static {
    /// 64 random bits.
    fn bits(&self) -> u64;
}

/// A clock and a source of randomness.
#[derive(Clone)]
pub struct Ambient {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

struct SystemClock;
struct SystemRandom;

impl Ambient {
    /// The machine's clock and its cryptographic random source.
    #[must_use]
    pub fn system() -> Self {
        Self::new(SystemClock, SystemRandom)
    }

    /// A clock and a random source of one's own, for tests.
    #[must_use]
    pub fn new(clock: impl Clock, random: impl Random) -> Self {
        Self { clock: Arc::new(clock), random: Arc::new(random) }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> UtcMillis {
        self.clock.now()
    }

    /// 64 random bits.
    #[must_use]
    pub fn bits(&self) -> u64 {
        self.random.bits()
    }

    /// 128 random bits as 32 hexadecimal digits: for tokens and keys.
    #[must_use]
    pub fn token(&self) -> String {
        format!("{:016x}{:016x}", self.bits(), self.bits())
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the clock")]
    fn now(&self) -> UtcMillis {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UtcMillis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)).plus_ms(ahead_ms())
    }
}

/// How far a test sets the clock of a whole process ahead, so that it need not wait for leases to run out.
#[cfg(feature = "crash-points")]
fn ahead_ms() -> i64 {
    std::env::var("CLOCK_AHEAD_MS").ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}

#[cfg(not(feature = "crash-points"))]
const fn ahead_ms() -> i64 {
    0
}

impl Random for SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of randomness")]
    fn bits(&self) -> u64 {
        rand::random()
    }
}
