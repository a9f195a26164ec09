//! Ends a process whose workers hang, where no systemd does: a container engine starts it again, but only when it has ended.

use std::time::Duration;

use crate::engine::pulse::{HANGS_AFTER, Pulses};

const LOOKS_EVERY: Duration = Duration::from_secs(10);
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Looks after the workers for as long as the process lives. Everything that they were at is in the database.
///
/// # Errors
/// When the system gives no thread.
pub fn start(pulses: Pulses) -> std::io::Result<()> {
    // A thread of its own: a runtime that hangs runs no task that could notice.
    std::thread::Builder::new()
        .name("watchdog".to_owned())
        .spawn(move || {
            watch(&pulses, HANGS_AFTER, LOOKS_EVERY);
            // The log may be what hangs, so nobody waits for it longer than a moment.
            std::thread::spawn(move || {
                tracing::error!(silent = ?pulses.since(), "workers hang: the process ends itself");
            });
            std::thread::sleep(LAST_WORDS);
            std::process::abort();
        })
        .map(drop)
}

/// Returns once a worker has been silent for too long. Looks for the first time after a while: workers that are just
/// starting have not told yet.
fn watch(pulses: &Pulses, longest: Duration, every: Duration) {
    loop {
        std::thread::sleep(every);
        if !pulses.all_told_within(longest) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn it_bites_once_a_worker_is_silent_and_not_before() {
        const LONGEST: Duration = Duration::from_millis(300);
        const TURN: Duration = Duration::from_millis(1);
        let pulses = Pulses::default();
        let (lively, _silent) = (pulses.of("lively"), pulses.of("silent"));
        let (bitten, bite) = mpsc::channel();
        let watched = pulses.clone();
        std::thread::spawn(move || {
            watch(&watched, LONGEST, TURN);
            bitten.send(watched.since()).unwrap();
        });
        let since = (0..60_000).find_map(|_| {
            lively.beat();
            bite.recv_timeout(TURN).ok()
        });
        let since = since.expect("it does not bite");
        assert!(since.iter().any(|(worker, ago)| *worker == "silent" && *ago >= LONGEST), "{since:?}");
    }
}
