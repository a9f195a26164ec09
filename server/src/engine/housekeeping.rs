//! Jobs by the clock. Those that only one process should do at a time take a lease first.

use std::future::Future;
use std::time::Duration;

use store::{Error, News, SealEntries, Sweep, SweepPurchases, SweepTopups, TakeLease};

use super::Engine;

const SWEEP_PURCHASES_EVERY: Duration = Duration::from_secs(5);
const SWEEP_TOPUPS_EVERY: Duration = Duration::from_secs(30);
const SWEEP_EVERY: Duration = Duration::from_secs(600);
const SEAL_EVERY: Duration = Duration::from_secs(2);
/// A check reads all the books.
const CHECK_EVERY: Duration = Duration::from_secs(3600);
/// A lease outlives a few turns, so that one slow turn does not hand it over.
const LEASE_MS: i64 = 20_000;

pub(super) fn start(engine: &Engine) {
    every(engine, "sweep-purchases", SWEEP_PURCHASES_EVERY, |engine| async move {
        let moved = engine.store.run(SweepPurchases).await?;
        if moved > 0 {
            tracing::warn!(moved, "purchases that were left lying have been moved on");
        }
        Ok(())
    });
    every(engine, "sweep-topups", SWEEP_TOPUPS_EVERY, |engine| async move {
        engine.store.run(SweepTopups).await.map(|_| ())
    });
    every(engine, "sweep", SWEEP_EVERY, |engine| async move { engine.store.run(Sweep).await });
    every(engine, "seal", SEAL_EVERY, |engine| async move {
        while engine.store.run(SealEntries).await? > 0 && !engine.shutdown.is_cancelled() {}
        Ok(())
    });
    every(engine, "check", CHECK_EVERY, |engine| async move { check(&engine).await });
    engine.tasks.spawn(follow_settings(engine.clone()));
}

/// Runs a job again and again, in one process at a time.
fn every<F, Fut>(engine: &Engine, name: &'static str, pause: Duration, job: F)
where
    F: Fn(Engine) -> Fut + Send + 'static,
    Fut: Future<Output = Result<(), Error>> + Send,
{
    let engine = engine.clone();
    engine.tasks.clone().spawn(async move {
        let for_ms = LEASE_MS.max(i64::try_from(pause.as_millis()).unwrap_or(LEASE_MS).saturating_mul(2));
        while !engine.shutdown.is_cancelled() {
            let lease = TakeLease { name, holder: engine.store.process().to_owned(), for_ms };
            let outcome = match engine.store.run(lease).await {
                Ok(true) => job(engine.clone()).await,
                Ok(false) => Ok(()),
                Err(error) => Err(error),
            };
            if let Err(error) = outcome {
                tracing::error!(%error, job = name, "a job failed; it is tried again");
            }
            tokio::select! {
                () = engine.shutdown.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    });
}

/// A breach is looked at twice more before anyone is alarmed.
async fn check(engine: &Engine) -> Result<(), Error> {
    for _ in 0..3 {
        let report = engine.store.check().await?;
        if report.breaches.is_empty() {
            return Ok(());
        }
        for breach in report.breaches.iter().take(10) {
            tracing::error!(invariant = breach.invariant, object = %breach.object, detail = %breach.detail, "the books do not agree");
        }
    }
    tracing::error!("the books do not agree: sales are stopped");
    engine.store.run(store::StopSales).await
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
