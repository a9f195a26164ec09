//! What systemd is told when it runs the server as `Type=notify`: that it is ready, that it goes round, that it stops.
//! Without systemd nothing is told.

use sd_notify::NotifyState;
use tokio_util::sync::CancellationToken;

use crate::engine::pulse::Pulses;

/// It is asked to ping within a time; to be late once is no reason to be killed.
const PINGS_IN_TIME: u32 = 3;

/// Requests are answered.
pub fn ready() {
    tell(NotifyState::Ready);
}

/// It was told to stop.
pub fn stopping() {
    tell(NotifyState::Stopping);
}

/// Pings the watchdog, where there is one, for as long as the workers go round. One that hangs is helped by a new start:
/// everything that it was at is in the database.
pub async fn keep_watchdog_quiet(pulses: Pulses, shutdown: CancellationToken) {
    let Some(within) = sd_notify::watchdog_enabled() else { return };
    loop {
        if pulses.all_go_round() {
            tell(NotifyState::Watchdog);
        } else {
            tracing::error!(silent = ?pulses.since(), "workers hang: the watchdog is left to bite");
        }
        if shutdown.run_until_cancelled(tokio::time::sleep(within / PINGS_IN_TIME)).await.is_none() {
            return;
        }
    }
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd could not be told");
    }
}
