//! Jobs by the clock. Those that only one process should do at a time take a lease first.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use store::{Breach, Error, News, NoteCheck, SealEntries, Sweep, SweepTopups, TakeLease, WatchBackups};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Engine, ask};

const SWEEP_PURCHASES_EVERY: Duration = Duration::from_secs(5);
const SECOND_LOOKS_EVERY: Duration = Duration::from_secs(60);
const SWEEP_TOPUPS_EVERY: Duration = Duration::from_secs(30);
const SWEEP_EVERY: Duration = Duration::from_secs(600);
const WATCH_BACKUPS_EVERY: Duration = Duration::from_secs(300);
const SEAL_EVERY: Duration = Duration::from_secs(2);
const ROLL_UP_EVERY: Duration = Duration::from_secs(3);
/// A check reads all the books.
const CHECK_EVERY: Duration = Duration::from_secs(3600);
/// How often it is looked whether a check is due: a process that takes over the job checks at once.
const CHECK_LOOK_EVERY: Duration = Duration::from_secs(60);
/// A breach counts when it is still there after each of these pauses: a worker may only have been late.
const CHECK_PAUSES: [Duration; 2] = [Duration::from_secs(70); 2];
/// Breaches written to the log in one turn.
const LISTED_MOST: usize = 10;
/// A lease outlives a few turns, so that one slow turn does not hand it over.
const LEASE_MS: i64 = 20_000;

pub(super) fn start(engine: &Engine) {
    every(engine, "sweep-purchases", SWEEP_PURCHASES_EVERY, |engine| async move {
        let moved = engine.store.sweep_purchases().await?;
        if moved > 0 {
            tracing::warn!(moved, "purchases that were left lying have been moved on");
        }
        Ok(())
    });
    every(engine, "second-looks", SECOND_LOOKS_EVERY, ask::second_looks);
    every(engine, "sweep-topups", SWEEP_TOPUPS_EVERY, |engine| async move {
        engine.store.run(SweepTopups).await.map(|_| ())
    });
    every(engine, "sweep", SWEEP_EVERY, |engine| async move { engine.store.run(Sweep).await });
    every(engine, "watch-backups", WATCH_BACKUPS_EVERY, |engine| async move {
        engine.store.run(WatchBackups).await
    });
    every(engine, "seal", SEAL_EVERY, |engine| async move {
        while engine.store.run(SealEntries).await? > 0 && !engine.shutdown.is_cancelled() {}
        Ok(())
    });
    // Only what is sealed is summed, so a day's figures lag by seconds.
    every(engine, "roll-up", ROLL_UP_EVERY, |engine| async move {
        while engine.store.roll_up().await? && !engine.shutdown.is_cancelled() {}
        Ok(())
    });
    let last_check = Arc::new(Mutex::new(None));
    every(engine, "check", CHECK_LOOK_EVERY, move |engine| {
        let last_check = Arc::clone(&last_check);
        async move {
            let mut last_check = last_check.lock().await;
            if last_check.is_none_or(|at: Instant| at.elapsed() >= CHECK_EVERY) {
                check(&engine).await?;
                *last_check = Some(Instant::now());
            }
            Ok(())
        }
    });
    engine.tasks.spawn(follow_settings(engine.clone()));
}

/// Runs a job again and again, in one process at a time.
pub(super) fn every<F, Fut>(engine: &Engine, name: &'static str, pause: Duration, job: F)
where
    F: Fn(Engine) -> Fut + Send + 'static,
    Fut: Future<Output = Result<(), Error>> + Send,
{
    let engine = engine.clone();
    let pulse = engine.pulses.of(name);
    engine.tasks.clone().spawn(async move {
        let for_ms = LEASE_MS.max(i64::try_from(pause.as_millis()).unwrap_or(LEASE_MS).saturating_mul(2));
        while !engine.shutdown.is_cancelled() {
            let lease = TakeLease { name, holder: engine.store.process().to_owned(), for_ms };
            let outcome = match engine.store.run(lease).await {
                Ok(true) => pulse.beat_during(job(engine.clone())).await,
                Ok(false) => Ok(()),
                Err(error) => Err(error),
            };
            if let Err(error) = outcome {
                tracing::error!(%error, job = name, "a job failed; it is tried again");
            }
            tokio::select! {
                () = engine.shutdown.cancelled() => {}
                () = pulse.beat_during(tokio::time::sleep(pause)) => {}
            }
        }
    });
}

/// Only what is found every time counts, and only what is about money stops sales.
async fn check(engine: &Engine) -> Result<(), Error> {
    let mut began = engine.store.now();
    let mut found = engine.store.check().await?.breaches;
    for pause in CHECK_PAUSES {
        if found.is_empty() {
            break;
        }
        tokio::select! {
            () = engine.shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
        began = engine.store.now();
        let again = engine.store.check().await?.breaches;
        found.retain(|breach| again.contains(breach));
    }
    engine.store.run(NoteCheck::of(began, &found)).await?;
    for breach in found.iter().take(LISTED_MOST) {
        tracing::error!(invariant = breach.invariant, object = %breach.object, detail = %breach.detail, "the books do not agree");
    }
    if found.iter().any(Breach::is_about_money) {
        tracing::error!("sales are stopped until an admin opens them again");
        engine.store.run(store::StopSales).await?;
    }
    Ok(())
}

/// Keeps this process's copy of the settings fresh.
async fn follow_settings(engine: Engine) {
    let mut news = engine.store.news();
    while engine.wait_for(&mut news, |item| *item == News::Settings).await {
        if let Err(error) = engine.store.reload_settings().await {
            tracing::error!(%error, "settings could not be read");
        }
    }
}
