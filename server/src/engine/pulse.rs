//! Whether the workers still go round. Each tells at every turn; one that has not told for long hangs, or has died.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A worker turns every second when nothing holds it up. The longest that may hold one up is the database: half a minute
/// for a connection, a minute for a statement.
pub const HANGS_AFTER: Duration = Duration::from_secs(120);

/// Jobs that go through much, such as the check of the books, may take this long before they count as hanging. No pause
/// between two turns of a job is longer.
const JOB_MOST: Duration = Duration::from_secs(20 * 60);
const BEAT_EVERY: Duration = Duration::from_secs(1);

/// When each worker last told. All clones see the same.
#[derive(Clone, Debug, Default)]
pub struct Pulses(Arc<Mutex<BTreeMap<&'static str, Instant>>>);

/// One worker's way to tell.
#[derive(Clone, Debug)]
pub struct Pulse {
    worker: &'static str,
    all: Pulses,
}

impl Pulses {
    /// The pulse of one worker, which is expected to beat from now on.
    #[must_use]
    pub fn of(&self, worker: &'static str) -> Pulse {
        let pulse = Pulse { worker, all: self.clone() };
        pulse.beat();
        pulse
    }

    /// How long ago each worker told.
    #[must_use]
    pub fn since(&self) -> Vec<(&'static str, Duration)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|(worker, at)| (*worker, at.elapsed())).collect()
    }

    /// Whether there are workers, and all of them go round.
    #[must_use]
    pub fn all_go_round(&self) -> bool {
        self.all_told_within(HANGS_AFTER)
    }

    /// Whether there are workers, and each of them told within this time.
    #[must_use]
    pub fn all_told_within(&self, longest: Duration) -> bool {
        let since = self.since();
        !since.is_empty() && since.iter().all(|(_, ago)| *ago < longest)
    }
}

impl Pulse {
    /// Tells that the worker goes round.
    pub fn beat(&self) {
        let mut all = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(self.worker, Instant::now());
    }

    /// Tells again and again while something goes on that may take long, but not for ever.
    pub async fn beat_during<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let began = Instant::now();
        loop {
            if began.elapsed() < JOB_MOST {
                self.beat();
            }
            if let Ok(done) = tokio::time::timeout(BEAT_EVERY, &mut work).await {
                return done;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_does_not_tell_is_noticed() {
        let pulses = Pulses::default();
        assert!(!pulses.all_go_round(), "there are none");
        let (_ask, send) = (pulses.of("ask"), pulses.of("send"));
        assert!(pulses.all_go_round());
        while pulses.since().iter().any(|(_, ago)| ago.is_zero()) {}
        send.beat();
        let [("ask", ask), ("send", send)] = pulses.since()[..] else { panic!("{pulses:?}") };
        assert!(ask > send, "only the other one told again");
        assert!(!pulses.all_told_within(ask), "one is silent for too long");
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_job_is_alive_and_an_endless_one_hangs() {
        let pulses = Pulses::default();
        let pulse = pulses.of("check");
        let long = JOB_MOST.saturating_sub(Duration::from_secs(1));
        assert_eq!(
            pulse
                .beat_during(async {
                    tokio::time::sleep(long).await;
                    "done"
                })
                .await,
            "done"
        );
        assert!(pulses.all_told_within(Duration::from_secs(2)));
        let endless = pulse.beat_during(std::future::pending::<()>());
        assert!(tokio::time::timeout(JOB_MOST + HANGS_AFTER, endless).await.is_err());
        assert!(!pulses.all_go_round());
    }
}
