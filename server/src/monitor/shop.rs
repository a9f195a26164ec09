//! The shop's figures. They come from the database, so every server tells the same ones: graphs take their maximum over
//! all servers, never their sum.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use domain::{AlarmKind, PurchaseState, SECOND_MS, UtcMillis};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use store::{Error, Store, Sums, Vitals};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::Instant;

use super::Labels;
use crate::engine::pulse::Pulses;

type Seconds = Gauge<f64, AtomicU64>;

/// However often somebody asks, the database is not asked more often.
const READ_EVERY: Duration = Duration::from_secs(5);
/// A database that does not answer must not keep a scrape waiting: that it does not is what the scrape should tell.
const READ_WITHIN: Duration = Duration::from_secs(3);

/// Every state in which a purchase is not settled.
const OPEN: [PurchaseState; 6] = [
    PurchaseState::Accepted,
    PurchaseState::Submitting,
    PurchaseState::Pending,
    PurchaseState::AwaitingPayment,
    PurchaseState::Unknown,
    PurchaseState::Review,
];

/// See the module.
#[derive(Default)]
pub(super) struct Shop {
    database_up: Gauge,
    connections: Family<Labels<1>, Gauge>,
    connections_most: Gauge,
    writes_waiting: Gauge,
    workers: Family<Labels<1>, Seconds>,
    sales_open: Gauge,
    maintenance: Gauge,
    open: Family<Labels<1>, Gauge>,
    oldest: Family<Labels<1>, Seconds>,
    waiting: Family<Labels<1>, Gauge>,
    waiting_since: Family<Labels<1>, Seconds>,
    alarms: Family<Labels<1>, Gauge>,
    cases: Gauge,
    purchases: Family<Labels<1>, Counter>,
    topups: Counter,
    check_at: Gauge,
    check_breaches: Gauge,
    read: Mutex<Read>,
}

/// What was read last.
#[derive(Default)]
pub(super) struct Read {
    at: Option<Instant>,
    sums: Option<Sums>,
}

impl Shop {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let shop = Self::default();
        let mut one = |name: &str, help: &str, gauge: &Gauge| registry.register(name, help, gauge.clone());
        one("database_up", "1 when the database answered, else 0", &shop.database_up);
        one("database_connections_max", "The most connections that there can be", &shop.connections_most);
        one("database_writes_waiting", "Changes that wait for SQLite's one writer", &shop.writes_waiting);
        one(
            "sales_open",
            "1 when the shop sells, 0 when an admin or the check has stopped it",
            &shop.sales_open,
        );
        one("maintenance", "1 while only admins are let in, else 0", &shop.maintenance);
        one("cases_open", "Payments that wait for an admin's decision", &shop.cases);
        one("ledger_check_timestamp_seconds", "When the books were last checked, since 1970", &shop.check_at);
        one(
            "ledger_check_breaches",
            "Broken rules that the last check of the books found",
            &shop.check_breaches,
        );
        let mut each = |name: &str, help: &str, gauges: &Family<Labels<1>, Gauge>| {
            registry.register(name, help, gauges.clone());
        };
        each("database_connections", "Connections to the database, busy and idle", &shop.connections);
        each("purchases_open", "Purchases that are not settled, by state", &shop.open);
        each("queue_waiting", "Work that is due and that nobody has taken", &shop.waiting);
        each("alarms_open", "Open alarms, by kind", &shop.alarms);
        let mut seconds = |name: &str, help: &str, gauges: &Family<Labels<1>, Seconds>| {
            registry.register(name, help, gauges.clone());
        };
        seconds(
            "worker_silent_seconds",
            "Since when a worker has not told that it goes round",
            &shop.workers,
        );
        seconds("purchases_oldest_seconds", "Age of the oldest purchase in a state", &shop.oldest);
        seconds(
            "queue_oldest_seconds",
            "For how long the oldest work in a queue is due",
            &shop.waiting_since,
        );
        registry.register(
            "purchases",
            "Purchases placed, delivered and failed since this process started, as the ledger has them",
            shop.purchases.clone(),
        );
        registry.register(
            "topups_credited",
            "Top-ups credited since this process started, as the ledger has them",
            shop.topups.clone(),
        );
        shop
    }

    /// Brings the figures up to date. They stay so for as long as the guard is kept.
    pub(super) async fn look(&self, store: &Store, pulses: &Pulses) -> MutexGuard<'_, Read> {
        let mut read = self.read.lock().await;
        self.look_here(store, pulses);
        if read.at.is_none_or(|at| at.elapsed() >= READ_EVERY) {
            let looked = tokio::time::timeout(READ_WITHIN, self.look_there(store, &mut read)).await;
            let up = matches!(looked, Ok(Ok(())));
            if let Ok(Err(error)) = looked {
                tracing::warn!(%error, "the shop's figures could not be read");
            }
            self.database_up.set(i64::from(up));
            read.at = Some(Instant::now());
        }
        read
    }

    /// What this process knows itself.
    fn look_here(&self, store: &Store, pulses: &Pulses) {
        let pool = store.pool_use();
        self.connections.get_or_create(&label("state", "busy")).set(i64::from(pool.busy));
        self.connections.get_or_create(&label("state", "idle")).set(i64::from(pool.idle));
        self.connections_most.set(i64::from(pool.most));
        self.writes_waiting.set(i64::try_from(pool.writes_waiting).unwrap_or(i64::MAX));
        self.sales_open.set(i64::from(store.settings().sales_open));
        self.maintenance.set(i64::from(store.settings().maintenance));
        for (worker, ago) in pulses.since() {
            self.workers.get_or_create(&label("worker", worker)).set(ago.as_secs_f64());
        }
    }

    async fn look_there(&self, store: &Store, read: &mut Read) -> Result<(), Error> {
        let vitals = store.vitals().await?;
        let check = store.last_check().await?;
        let now = store.now();
        self.set_open(&vitals, now);
        for queue in &vitals.queues {
            let labels = label("queue", queue.name);
            self.waiting.get_or_create(&labels).set(queue.waiting);
            let age = queue.due_since.map_or(0.0, |since| seconds_between(since, now));
            self.waiting_since.get_or_create(&labels).set(age);
        }
        for kind in AlarmKind::ALL {
            let open = vitals.alarms.iter().find(|(name, _)| name == kind.as_str());
            let labels = label("kind", kind.as_str());
            self.alarms.get_or_create(&labels).set(open.map_or(0, |(_, count)| *count));
        }
        self.cases.set(vitals.cases_open);
        self.add(read.sums.replace(vitals.sums), vitals.sums);
        if let Some(check) = check {
            self.check_at.set(check.at.0 / SECOND_MS);
            self.check_breaches.set(check.breaches);
        }
        Ok(())
    }

    fn set_open(&self, vitals: &Vitals, now: UtcMillis) {
        for state in OPEN {
            let open = vitals.open.iter().find(|open| open.state == state);
            let labels = label("state", state.as_str());
            self.open.get_or_create(&labels).set(open.map_or(0, |open| open.count));
            let age = open.map_or(0.0, |open| seconds_between(open.oldest_at, now));
            self.oldest.get_or_create(&labels).set(age);
        }
    }

    /// The sums of all time may go down by a late success, which a counter must not: only what came on top is counted.
    fn add(&self, before: Option<Sums>, now: Sums) {
        let before = before.unwrap_or(now);
        let more = |before: i64, now: i64| u64::try_from(now - before).unwrap_or_default();
        for (outcome, more) in [
            ("placed", more(before.placed, now.placed)),
            ("delivered", more(before.delivered, now.delivered)),
            ("failed", more(before.failed, now.failed)),
        ] {
            self.purchases.get_or_create(&label("outcome", outcome)).inc_by(more);
        }
        self.topups.inc_by(more(before.topups, now.topups));
    }
}

fn label(name: &'static str, value: &str) -> Labels<1> {
    [(name, value.to_owned())]
}

fn seconds_between(since: UtcMillis, now: UtcMillis) -> f64 {
    Duration::from_millis(u64::try_from(now.since_ms(since)).unwrap_or_default()).as_secs_f64()
}
