use std::sync::Arc;
use std::time::Duration;

use domain::{Ask, FailReason, PublicId, Verdict};
use store::{ClaimSends, NewOrder, News, SendJob, Source, WriteOrder, WrittenOrder, crash};
use tokio::sync::OwnedSemaphorePermit;
use xl::{AccessToken, Answer, Evidence, Order, StoredRequest};

use super::record::{Heard, record};
use super::{Engine, count, free};

/// Sends accepted purchases, each once.
pub(super) async fn run(engine: Engine) {
    let mut news = engine.store.news();
    let pulse = engine.pulses.of("send");
    let write_order = write_order(&engine);
    while engine.wait_for(&mut news, |item| *item == News::Work).await {
        // As long as there is work: a claim hands out at most what the free slots can send at once.
        while let Some(slots) = free(&engine, &engine.send_slots, &pulse).await {
            let claim = ClaimSends { limit: count(&slots), write_order: Arc::clone(&write_order) };
            match engine.store.run(claim).await {
                Ok(jobs) if jobs.is_empty() => break,
                Ok(jobs) => jobs.into_iter().zip(slots).for_each(|(job, slot)| spawn(&engine, job, slot)),
                Err(error) => {
                    tracing::error!(%error, "purchases could not be claimed");
                    break;
                }
            }
        }
    }
    // Whoever reads it in the log can rely on it, also where a claim was under way when the server was told to stop.
    tracing::info!("no more orders are taken up");
}

/// Writes orders in the dialect of their gateway. Pure, as it runs inside the claim's transaction.
fn write_order(engine: &Engine) -> WriteOrder {
    let gateways = engine.gateways.clone();
    Arc::new(move |new: &NewOrder| {
        let gateway = gateways.open_for_orders(&new.gateway)?;
        let order = Order {
            client_ref: new.client_ref.clone(),
            sku: new.sku.clone(),
            msisdn: new.msisdn.clone(),
            max_price: new.max_price,
        };
        let request = match &new.payment {
            Some(payment) => gateway.order_paid_by(&order, payment),
            None => gateway.order(&order),
        };
        Some(WrittenOrder { request: request.as_str().to_owned(), account: gateway.account().to_owned() })
    })
}

fn spawn(engine: &Engine, job: SendJob, slot: OwnedSemaphorePermit) {
    let engine = engine.clone();
    engine.tasks.clone().spawn(async move {
        send(&engine, job).await;
        drop(slot);
    });
}

#[tracing::instrument(skip_all, fields(purchase = %job.purchase, gateway = %job.gateway))]
async fn send(engine: &Engine, job: SendJob) {
    let source = Source::Worker { ask: Ask::FirstSend, token: job.token };
    let gateway = engine.gateways.get(&job.gateway).filter(|gateway| gateway.account() == job.account);
    let Some(gateway) = gateway else {
        // The settings changed since the order was written: another account must not send it.
        let evidence =
            Evidence { note: "the gateway was changed, nothing was sent".into(), ..Evidence::default() };
        let answer = Answer { verdict: Verdict::TryLater { reason: FailReason::NotReached }, evidence };
        record(
            engine,
            Duration::ZERO,
            Heard { purchase: job.purchase, attempt: job.attempt, source, answer },
        )
        .await;
        return;
    };
    crash::point("before-send");
    let request = StoredRequest::from_stored(job.request);
    // Checked by the adapter just before the first byte: a worker that was held up must not send late.
    let may_send = || engine.store.now() <= job.send_by;
    let session = job.session.as_deref().and_then(AccessToken::parse);
    let answer = gateway.purchase(&request, session.as_ref(), &may_send).await;
    crash::point("after-send");
    let purchase: PublicId = job.purchase;
    let ask_every = gateway.limits().between_queries;
    record(engine, ask_every, Heard { purchase, attempt: job.attempt, source, answer }).await;
}
