use domain::Ask;
use store::{ClaimQueries, CompareQuota, Error, GiveUpAsking, QueryJob, Source, TakeSecondLooks, crash};
use tokio::sync::OwnedSemaphorePermit;
use xl::{QueryKind, StoredRequest};

use super::record::{Heard, record};
use super::{Engine, count, free};

/// Asks about purchases whose outcome is not settled, when their time has come.
pub(super) async fn run(engine: Engine) {
    let mut news = engine.store.news();
    let pulse = engine.pulses.of("ask");
    // Questions become due by the clock; news do not matter.
    while engine.wait_for(&mut news, |_| false).await {
        while let Some(slots) = free(&engine, &engine.ask_slots, &pulse).await {
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
    let kind = gateway.query_kind_of(job.provider_id.as_deref());
    if gateway.account() != job.account || (kind == QueryKind::None && !job.in_session) {
        return give_up(engine, job).await;
    }
    if kind == QueryKind::None {
        return look_at_number(engine, job).await;
    }
    let request = StoredRequest::from_stored(job.request);
    let may_send = || engine.store.now() <= job.send_by;
    let answer = gateway.query(&request, job.provider_id.as_deref(), &may_send).await;
    crash::point("after-query");
    let source = Source::Worker { ask: Ask::Query, token: job.token };
    let ask_every = gateway.limits().between_queries;
    record(engine, ask_every, Heard { purchase: job.purchase, attempt: job.attempt, source, answer }).await;
}

/// How many settled purchases are looked at again in one turn.
const SECOND_LOOKS: i64 = 50;

/// Asks once more about settled purchases, where asking changes nothing.
pub(super) async fn second_looks(engine: Engine) -> Result<(), Error> {
    for job in engine.store.run(TakeSecondLooks { limit: SECOND_LOOKS }).await? {
        let kind = engine
            .gateways
            .get(&job.gateway)
            .map(|gateway| gateway.query_kind_of(job.provider_id.as_deref()));
        if kind == Some(QueryKind::ReadOnly) && !engine.shutdown.is_cancelled() {
            ask(&engine, job).await;
        }
    }
    Ok(())
}

/// Nobody here can be asked about a purchase: an admin must decide.
async fn give_up(engine: &Engine, job: QueryJob) {
    tracing::error!(account = %job.account, "nobody here can be asked about a purchase: an admin must decide");
    let give_up = GiveUpAsking { purchase: job.purchase, attempt: job.attempt, token: job.token };
    if let Err(error) = engine.store.run(give_up).await {
        tracing::error!(%error, "a purchase that nobody can be asked about could not be handed over");
    }
}

/// The gateway took no reference of ours and told none of its own, but the number itself may show what became of the order.
async fn look_at_number(engine: &Engine, job: QueryJob) {
    let compare = CompareQuota { purchase: job.purchase, attempt: job.attempt, token: job.token };
    match engine.store.run(compare).await {
        Ok(state) => tracing::info!(state = state.as_str(), "the number was looked at"),
        // The lease runs out, and it is looked at again.
        Err(error) => tracing::error!(%error, "what a number showed could not be recorded"),
    }
}
