use std::sync::Arc;

use domain::Ask;
use store::{ClaimQueries, QueryJob, Source, crash};
use xl::{QueryKind, StoredRequest};

use super::Engine;
use super::record::{Heard, record};

/// Asks about purchases whose outcome is not settled, when their time has come.
pub(super) async fn run(engine: Engine) {
    let mut news = engine.store.news();
    // Questions become due by the clock; news do not matter.
    while engine.wait_for(&mut news, |_| false).await {
        let limit = engine.free_slots();
        if limit == 0 {
            continue;
        }
        match engine.store.run(ClaimQueries { limit }).await {
            Ok(jobs) => jobs.into_iter().for_each(|job| spawn(&engine, job)),
            Err(error) => tracing::error!(%error, "purchases could not be claimed for asking"),
        }
    }
}

fn spawn(engine: &Engine, job: QueryJob) {
    let (engine, slots) = (engine.clone(), Arc::clone(&engine.slots));
    engine.tasks.clone().spawn(async move {
        let Ok(slot) = slots.acquire_owned().await else { return };
        ask(&engine, job).await;
        drop(slot);
    });
}

#[tracing::instrument(skip_all, fields(purchase = %job.purchase, gateway = %job.gateway))]
async fn ask(engine: &Engine, job: QueryJob) {
    let Some(gateway) = engine.gateway(&job.gateway) else { return };
    if gateway.query_kind() == QueryKind::None {
        // The lease runs out by itself; a webhook or a human settles it.
        return;
    }
    let request = StoredRequest::from_stored(job.request);
    let may_send = || engine.store.now() <= job.send_by;
    let answer = gateway.send(&request, Ask::Query, &may_send).await;
    crash::point("after-query");
    let source = Source::Worker { ask: Ask::Query, token: job.token };
    record(engine, gateway.as_ref(), Heard { purchase: job.purchase, attempt: job.attempt, source, answer })
        .await;
}
