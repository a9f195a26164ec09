//! Asks payment gateways: to collect, how it stands, to call off, to pay back. Each question is claimed, asked once and
//! recorded; what an answer proves is for the store to say.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{ChargeVerdict, ProviderState, RefundVerdict, UtcMillis};
use payments::{ChargeOrder, ChargeRef, PayEvidence, PayGateway, RefundOrder};
use store::{
    ChargeEvidence, ChargeJob, ChargeTodo, ClaimCharges, ClaimRefunds, Error, Heard, News, RecordCharge,
    RecordRefund, RefundJob, crash,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{CHARGE_SLOTS, CLAIM_MOST, Engine, count};

/// Tries to write an answer down while the database is in trouble. Past these the lease runs out, and it is asked again.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(500);
/// A charge is repeated only this long before the gateway forgets it: the request takes its time, too.
const REPEAT_MARGIN_MS: i64 = 20_000;

/// The slots of each payment gateway, by its name.
#[derive(Clone, Default)]
pub(super) struct Slots(Arc<Mutex<BTreeMap<String, Arc<Semaphore>>>>);

impl Slots {
    fn of(&self, gateway: &str) -> Arc<Semaphore> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slots = all.entry(gateway.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(CHARGE_SLOTS)));
        Arc::clone(slots)
    }
}

/// Asks whatever is due.
pub(super) async fn run(engine: Engine) {
    let mut news = engine.store.news();
    let pulse = engine.pulses.of("payments");
    while engine.wait_for(&mut news, |item| *item == News::Work).await {
        pulse.beat();
        for gateway in engine.gateways.payments().all() {
            pulse.beat();
            if let Err(error) = turn(&engine, &gateway).await {
                tracing::error!(%error, gateway = gateway.name(), "charges could not be claimed");
            }
        }
    }
}

/// Has refunds paid back. A loop of its own: a gateway that hangs over one must not keep others' orders waiting.
pub(super) async fn run_refunds(engine: Engine) {
    let mut news = engine.store.news();
    let pulse = engine.pulses.of("refunds");
    while engine.wait_for(&mut news, |item| *item == News::Work).await {
        if let Err(error) = pulse.beat_during(refunds(&engine)).await {
            tracing::error!(%error, "refunds could not be claimed");
        }
    }
}

async fn turn(engine: &Engine, gateway: &Arc<dyn PayGateway>) -> Result<(), Error> {
    let slots = engine.charge_slots.of(gateway.name());
    // None free: the next turn comes within a second, and the others have theirs meanwhile.
    while let Some(slots) = free_now(&slots) {
        let claim = ClaimCharges {
            gateway: gateway.name().to_owned(),
            account: gateway.account().to_owned(),
            limit: count(&slots),
        };
        let jobs = engine.store.run(claim).await?;
        if jobs.is_empty() {
            break;
        }
        jobs.into_iter().zip(slots).for_each(|(job, slot)| spawn(engine, gateway, job, slot));
    }
    Ok(())
}

fn free_now(slots: &Arc<Semaphore>) -> Option<Vec<OwnedSemaphorePermit>> {
    let free = std::iter::from_fn(|| Arc::clone(slots).try_acquire_owned().ok());
    let free: Vec<_> = free.take(CLAIM_MOST).collect();
    (!free.is_empty()).then_some(free)
}

fn spawn(engine: &Engine, gateway: &Arc<dyn PayGateway>, job: ChargeJob, slot: OwnedSemaphorePermit) {
    let (engine, gateway) = (engine.clone(), Arc::clone(gateway));
    engine.tasks.clone().spawn(async move {
        work(&engine, gateway.as_ref(), job).await;
        drop(slot);
    });
}

#[tracing::instrument(skip_all, fields(order = %job.order_id, gateway = %job.gateway))]
async fn work(engine: &Engine, gateway: &dyn PayGateway, job: ChargeJob) {
    let now = engine.store.now();
    let (heard, evidence) = match job.todo {
        ChargeTodo::Charge => charge(gateway, &job, now).await,
        ChargeTodo::Recover { charged_at } => {
            let within_ms =
                i64::try_from(gateway.limits().charge_repeats_within.as_millis()).unwrap_or_default();
            // The same again gives what the lost answer said, and makes nothing new. Later only the status is safe.
            let since_ms = now.since_ms(charged_at);
            // A clock that was set back tells nothing.
            if since_ms >= 0 && since_ms + REPEAT_MARGIN_MS < within_ms {
                repeated(charge(gateway, &job, now).await)
            } else {
                status(gateway, &job).await
            }
        }
        ChargeTodo::Cancel => {
            let answer = gateway.cancel(&reference(&job)).await;
            (Heard::Cancel(answer.verdict), answer.evidence)
        }
        ChargeTodo::Status => status(gateway, &job).await,
    };
    record(engine, &job, heard, evidence).await;
}

/// One that is there already, or further than waiting, is asked about: only its status says how it stands.
async fn charge(gateway: &dyn PayGateway, job: &ChargeJob, now: UtcMillis) -> (Heard, PayEvidence) {
    let order = ChargeOrder {
        order_id: job.order_id.clone(),
        method: job.method,
        gross: job.gross,
        now,
        expires_at: job.expires_at,
        payer: job.payer.clone(),
    };
    let answer = gateway.charge(&order).await;
    crash::point("after-charge");
    let ask = match &answer.verdict {
        ChargeVerdict::Exists => true,
        ChargeVerdict::Made(facts) => facts.state != ProviderState::Pending,
        _ => false,
    };
    if ask { status(gateway, job).await } else { (Heard::Charge(answer.verdict), answer.evidence) }
}

/// A refusal of the repeat says nothing about the first one, whose answer was lost: there may be an order.
fn repeated((heard, evidence): (Heard, PayEvidence)) -> (Heard, PayEvidence) {
    match heard {
        Heard::Charge(ChargeVerdict::Refused(_) | ChargeVerdict::NotNow) => {
            (Heard::Charge(ChargeVerdict::Unknown), evidence)
        }
        heard => (heard, evidence),
    }
}

async fn status(gateway: &dyn PayGateway, job: &ChargeJob) -> (Heard, PayEvidence) {
    let answer = gateway.status(&reference(job)).await;
    crash::point("after-status");
    (Heard::Status(answer.verdict), answer.evidence)
}

fn reference(job: &ChargeJob) -> ChargeRef {
    ChargeRef {
        order_id: job.order_id.clone(),
        transaction_id: job.transaction_id.clone(),
        method: job.method,
    }
}

async fn record(engine: &Engine, job: &ChargeJob, heard: Heard, evidence: PayEvidence) {
    tracing::info!(?heard, code = evidence.code.as_deref(), note = %evidence.note, "the payment gateway answered");
    let recorded = RecordCharge {
        charge: job.charge,
        token: job.token,
        hints: job.hints,
        heard,
        evidence: ChargeEvidence {
            http_status: evidence.http_status.map(i64::from),
            code: evidence.code,
            body: evidence.body,
            note: evidence.note,
        },
    };
    for attempt in 1..=TRIES {
        match engine.store.run(recorded.clone()).await {
            Ok(()) => {
                crash::point("topup-credited");
                return;
            }
            Err(error) => tracing::error!(%error, attempt, "an answer could not be recorded"),
        }
        tokio::time::sleep(PAUSE * attempt).await;
    }
}

/// Few and rare: one after the other, and claimed one by one, so that no lease runs out while others are asked.
async fn refunds(engine: &Engine) -> Result<(), Error> {
    if engine.gateways.payments().all().is_empty() {
        return Ok(());
    }
    while let Some(job) = engine.store.run(ClaimRefunds { limit: 1 }).await?.pop() {
        if engine.shutdown.is_cancelled() {
            break;
        }
        refund(engine, job).await?;
    }
    Ok(())
}

#[tracing::instrument(skip_all, fields(refund = %job.id, gateway = %job.gateway))]
async fn refund(engine: &Engine, job: RefundJob) -> Result<(), Error> {
    let gateway =
        engine.gateways.payments().get(&job.gateway).filter(|gateway| gateway.account() == job.account);
    let Some(gateway) = gateway else {
        // Its account there is not the shop's any more, as far as this server knows: a human goes on.
        let verdict = RefundVerdict::Refused;
        return engine.store.run(RecordRefund { id: job.id, token: job.token, verdict }).await;
    };
    let order = RefundOrder {
        charge: ChargeRef { order_id: job.order_id, transaction_id: job.transaction_id, method: job.method },
        refund_key: job.id.as_str().to_owned(),
        amount: job.amount,
    };
    let answer = gateway.refund(&order).await;
    tracing::info!(verdict = ?answer.verdict, note = %answer.evidence.note, "the payment gateway answered");
    engine.store.run(RecordRefund { id: job.id, token: job.token, verdict: answer.verdict }).await
}
