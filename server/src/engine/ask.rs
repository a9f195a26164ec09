use domain::Ask;
use store::{ClaimQueries, GiveUpAsking, QueryJob, Source, crash};
use tokio::sync::OwnedSemaphorePermit;
use xl::{QueryKind, StoredRequest};

use super::record::{Heard, record};
use super::{Engine, count, free};

/// Asks about purchases whose outcome is not settled, when their time has come.
pub(super) async fn run(engine: Engine) {
    let mut news = engine.store.news();
    // Questions become due by the clock; news do not matter.
    while engine.wait_for(&mut news, |_| false).await {
        while let Some(slots) = free(&engine, &engine.ask_slots).await {
            match engine.store.run(ClaimQueries { limit: count(&slots) }).await {
                Ok(jobs) if jobs.is_empty() => break,
                Ok(jobs) => jobs.into_iter().zip(slots).for_each(|(job, slot)| spawn(&engine, job, slot)),
                Err(error) => {
                    tracing::error!(%error, "purchases could not be claimed for asking");
                    break;
                }
            }
        }
    }
}

fn spawn(engine: &Engine, job: QueryJob, slot: OwnedSemaphorePermit) {
    let engine = engine.clone();
    engine.tasks.clone().spawn(async move {
        ask(&engine, job).await;
        drop(slot);
    });
}

#[tracing::instrument(skip_all, fields(purchase = %job.purchase, gateway = %job.gateway))]
async fn ask(engine: &Engine, job: QueryJob) {
    let Some(gateway) = engine.gateways.get(&job.gateway) else {
        // Another server may know it, or this one after the next change of the settings; the lease runs out by itself.
        tracing::error!("no such gateway is configured here: it is asked later");
        return;
    };
    if gateway.query_kind() == QueryKind::None || gateway.account() != job.account {
        tracing::error!(account = %job.account, "nobody here can be asked about a purchase: an admin must decide");
        let give_up = GiveUpAsking { purchase: job.purchase, attempt: job.attempt, token: job.token };
        if let Err(error) = engine.store.run(give_up).await {
            tracing::error!(%error, "a purchase that nobody can be asked about could not be handed over");
        }
        return;
    }
    let request = StoredRequest::from_stored(job.request);
    let may_send = || engine.store.now() <= job.send_by;
    let answer = gateway.send(&request, Ask::Query, &may_send).await;
    crash::point("after-query");
    let source = Source::Worker { ask: Ask::Query, token: job.token };
    let ask_every = gateway.limits().between_queries;
    record(engine, ask_every, Heard { purchase: job.purchase, attempt: job.attempt, source, answer }).await;
}
