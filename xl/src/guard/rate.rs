use std::time::Duration;

/// A token bucket with a bounded wait. Times are those of a monotonic clock, from any beginning.
///
/// It is kept as one number: when the bucket will be full again. Each exchange moves that moment on by one interval, and
/// has to wait as long as it lies more than a whole bucket ahead.
#[derive(Clone, Debug)]
pub struct Rate {
    interval: Duration,
    /// What a full bucket is worth, less the one that is taken.
    tolerance: Duration,
    longest_wait: Duration,
    full_at: Duration,
}

impl Rate {
    /// A full bucket of `burst` (at least one), refilled by one after each `interval`.
    #[must_use]
    pub fn new(burst: u32, interval: Duration, longest_wait: Duration) -> Self {
        let tolerance = interval.saturating_mul(burst.saturating_sub(1));
        Self { interval, tolerance, longest_wait, full_at: Duration::ZERO }
    }

    /// Takes a turn, and says how long to wait for it. `None` when it would be too long: then nothing was taken.
    pub fn take(&mut self, now: Duration) -> Option<Duration> {
        let full_at = self.full_at.max(now);
        let wait = full_at.saturating_sub(self.tolerance).saturating_sub(now);
        if wait > self.longest_wait {
            return None;
        }
        self.full_at = full_at.saturating_add(self.interval);
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_burst_then_one_an_interval() {
        let mut rate = Rate::new(3, ms(100), ms(250));
        let waits: Vec<_> = (0..7).map(|_| rate.take(ms(1_000))).collect();
        let waited = |millis| Some(ms(millis));
        assert_eq!(waits, [waited(0), waited(0), waited(0), waited(100), waited(200), None, None]);
        // A turn that was not taken cost nothing.
        assert_eq!(rate.take(ms(1_050)), waited(250));
        assert_eq!(rate.take(ms(1_050)), None);
    }

    #[test]
    fn it_fills_up_to_the_burst_and_no_further() {
        let mut rate = Rate::new(2, ms(100), ms(0));
        for now in [10_000, 20_000] {
            let taken = (0..5).filter_map(|_| rate.take(ms(now))).count();
            assert_eq!(taken, 2, "{now}");
        }
        assert_eq!(rate.take(ms(20_099)), None);
        assert_eq!(rate.take(ms(20_100)), Some(ms(0)));
    }

    #[test]
    fn never_more_than_the_burst_and_the_time_allow() {
        let mut rate = Rate::new(5, ms(10), ms(1_000));
        let mut turns: Vec<u64> = Vec::new();
        for now in (0..2_000).step_by(3) {
            if let Some(wait) = rate.take(ms(now)) {
                turns.push(now + u64::try_from(wait.as_millis()).unwrap());
            }
        }
        for (first, last) in turns.iter().zip(turns.iter().skip(5)) {
            assert!(last - first >= 10, "six within ten milliseconds: {first} {last}");
        }
        assert!(turns.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(turns.len() >= 200, "the rate is used");
    }

    #[test]
    fn without_an_interval_there_is_no_limit() {
        let mut rate = Rate::new(0, Duration::ZERO, Duration::ZERO);
        assert!((0..1_000).all(|_| rate.take(ms(1)) == Some(Duration::ZERO)));
    }
}
