//! The workers that do what no request waits for: sending purchases, asking about them, keeping the books in order.
//!
//! Everything they need is in the database, claimed by leases. A process that dies loses its lease, and another (or its
//! own successor) goes on from what was committed.

mod ask;
mod charges;
pub mod hear;
mod hear_payments;
mod housekeeping;
pub mod notices;
pub mod outbox;
mod pay_watch;
pub mod pulse;
mod record;
mod send;
mod watch;
mod xl_accounts;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use store::{GiveLeasesBack, News, Store};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::gateways::Registry;
use pulse::{Pulse, Pulses};

/// Orders being sent at a time: a gateway that takes seconds must not make buyers wait in line. An exchange under way
/// costs a connection and a few kilobytes.
const SEND_SLOTS: usize = 512;
/// Questions being asked at a time. Slots of their own, so that a slow gateway's questions never hold up buyers.
const ASK_SLOTS: usize = 64;
/// Work claimed in one transaction: a longer one would keep other writers waiting.
const CLAIM_MOST: usize = 32;
/// Exchanges about signed-in numbers at a time.
const ACCOUNT_SLOTS: usize = 8;
/// Questions to one payment gateway at a time. Each has its own, so that one that hangs keeps no other waiting.
const CHARGE_SLOTS: usize = 32;
/// How often workers look for work that nobody told them of.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What the workers share.
#[derive(Clone)]
struct Engine {
    store: Store,
    gateways: Registry,
    send_slots: Arc<Semaphore>,
    ask_slots: Arc<Semaphore>,
    account_slots: Arc<Semaphore>,
    charge_slots: charges::Slots,
    pulses: Pulses,
    tasks: TaskTracker,
    shutdown: CancellationToken,
}

/// Starts the workers; the future ends when they have stopped and every exchange under way is recorded.
pub fn start(
    store: Store,
    gateways: Registry,
    shutdown: CancellationToken,
) -> impl Future<Output = ()> + Send {
    start_watched(store, gateways, Pulses::default(), shutdown)
}

/// The same; the workers tell in `pulses` that they go round.
pub fn start_watched(
    store: Store,
    gateways: Registry,
    pulses: Pulses,
    shutdown: CancellationToken,
) -> impl Future<Output = ()> + Send {
    let tasks = TaskTracker::new();
    let engine = Engine {
        store,
        gateways,
        send_slots: Arc::new(Semaphore::new(SEND_SLOTS)),
        ask_slots: Arc::new(Semaphore::new(ASK_SLOTS)),
        account_slots: Arc::new(Semaphore::new(ACCOUNT_SLOTS)),
        charge_slots: charges::Slots::default(),
        pulses,
        tasks: tasks.clone(),
        shutdown,
    };
    tasks.spawn(send::run(engine.clone()));
    tasks.spawn(ask::run(engine.clone()));
    tasks.spawn(xl_accounts::run(engine.clone()));
    tasks.spawn(charges::run(engine.clone()));
    tasks.spawn(charges::run_refunds(engine.clone()));
    housekeeping::start(&engine);
    watch::start(&engine);
    pay_watch::start(&engine);
    async move {
        engine.shutdown.cancelled().await;
        tasks.close();
        tasks.wait().await;
        // Nothing more is done by them; whoever goes on need not wait until they have run out.
        let holder = engine.store.process().to_owned();
        if let Err(error) = engine.store.run(GiveLeasesBack { holder }).await {
            tracing::warn!(%error, "the leases of this process could not be given back; they run out");
        }
    }
}

impl Engine {
    /// Waits until there may be something to do; false when the process is stopping.
    async fn wait_for(
        &self,
        news: &mut broadcast::Receiver<News>,
        wanted: impl Fn(&News) -> bool + Send,
    ) -> bool {
        wait_for(&self.shutdown, news, wanted).await
    }
}

/// Waits until there may be something to do; false when the process is stopping.
async fn wait_for(
    shutdown: &CancellationToken,
    news: &mut broadcast::Receiver<News>,
    wanted: impl Fn(&News) -> bool + Send,
) -> bool {
    let told = async {
        loop {
            match news.recv().await {
                Ok(item) if wanted(&item) => return,
                Ok(_) => {}
                // Too many to follow: something is going on, so look.
                Err(RecvError::Lagged(_)) => return,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    };
    tokio::select! {
        () = shutdown.cancelled() => false,
        () = told => true,
        () = tokio::time::sleep(LOOK_EVERY) => true,
    }
}

/// Waits until a slot is free, and takes those that are, as many as one claim may use. A claim takes at most as many jobs,
/// so that none waits with its time running. `None` when the process is stopping.
async fn free(engine: &Engine, slots: &Arc<Semaphore>, pulse: &Pulse) -> Option<Vec<OwnedSemaphorePermit>> {
    let first = loop {
        pulse.beat();
        let slot = tokio::time::timeout(LOOK_EVERY, Arc::clone(slots).acquire_owned());
        // All slots may be taken for long, by gateways that do not answer.
        if let Ok(slot) = engine.shutdown.run_until_cancelled(slot).await? {
            break slot.ok()?;
        }
    };
    let more = std::iter::from_fn(|| Arc::clone(slots).try_acquire_owned().ok());
    Some(std::iter::once(first).chain(more).take(CLAIM_MOST).collect())
}

fn count(slots: &[OwnedSemaphorePermit]) -> i64 {
    i64::try_from(slots.len()).unwrap_or_default()
}
