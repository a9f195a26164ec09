//! What a monitor wants to know of the shop and its database. Each question is answered by an index or from a few rows,
//! so that it may be asked every few seconds whatever the size of the book.

use domain::{PurchaseState, UtcMillis};

use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;

/// What is open in the shop, what waits, and what has happened so far. The same from whichever server it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vitals {
    /// Purchases that are not settled yet, by state; a state without any is left out.
    pub open: Vec<OpenPurchases>,
    /// Work that is due, for each kind of worker.
    pub queues: Vec<Queue>,
    /// Open alarms, by kind; a kind without any is left out.
    pub alarms: Vec<(String, i64)>,
    /// Payments that wait for an admin's decision.
    pub cases_open: i64,
    /// What the sums by day hold.
    pub sums: Sums,
}

/// Purchases in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPurchases {
    /// Which.
    pub state: PurchaseState,
    /// How many.
    pub count: i64,
    /// When the oldest was placed.
    pub oldest_at: UtcMillis,
}

/// Work that is due and that nobody has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Whose work.
    pub name: &'static str,
    /// How much of it.
    pub waiting: i64,
    /// Since when the oldest is due.
    pub due_since: Option<UtcMillis>,
}

/// Sums over all days, as far as the sealed ledger is summed up: it lags by seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Purchases placed.
    pub placed: i64,
    /// Purchases delivered.
    pub delivered: i64,
    /// Purchases that failed. A late success takes one away.
    pub failed: i64,
    /// Top-ups credited.
    pub topups: i64,
}

/// How this process uses its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// Connections that somebody works with.
    pub busy: u32,
    /// Open ones that wait for work.
    pub idle: u32,
    /// The most that there can be.
    pub most: u32,
    /// Operations that wait for SQLite's one writer; 0 on PostgreSQL.
    pub writes_waiting: usize,
}

/// Each queue's name and the count and time of what is due in it at `$1`. All of them are partial indexes of open work.
const QUEUES: &str = "\
    SELECT 'send' AS name, COUNT(*) AS waiting, MIN(due_at) AS since FROM purchase \
        WHERE state = 'accepted' AND due_at <= $1 \
    UNION ALL SELECT 'ask', COUNT(*), MIN(due_at) FROM purchase \
        WHERE state IN ('pending', 'awaiting_payment', 'unknown') AND due_at <= $1 AND lease_until <= $1 \
    UNION ALL SELECT 'payments', COUNT(*), MIN(due_at) FROM charge WHERE due_at > 0 AND due_at <= $1 \
    UNION ALL SELECT 'mails', COUNT(*), MIN(due_at) FROM outbox WHERE state = 'waiting' AND due_at <= $1 \
    UNION ALL SELECT 'notices', COUNT(*), MIN(created_at) FROM notice WHERE state = 'waiting' \
        AND channel IN (SELECT name FROM notice_channel WHERE active = 1)";

/// The names of the queues, in the order of [`QUEUES`].
const NAMES: [&str; 5] = ["send", "ask", "payments", "mails", "notices"];

impl Store {
    /// What is open, what waits and what has happened.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn vitals(&self) -> Result<Vitals, Error> {
        let open = sql(
            "SELECT state, COUNT(*) AS count, MIN(created_at) AS oldest_at FROM purchase WHERE state IN \
             ('accepted', 'submitting', 'pending', 'awaiting_payment', 'unknown', 'review') GROUP BY state",
        );
        let open = self.db().all(open).await?.iter().map(open_purchases).collect::<Result<_, _>>()?;
        let queues = self.db().all(sql(QUEUES).bind(self.now())).await?;
        let queues = queues.iter().map(queue).collect::<Result<_, _>>()?;
        let alarms = sql("SELECT kind, COUNT(*) AS count FROM alarm WHERE closed_at IS NULL GROUP BY kind");
        let alarms = self.db().all(alarms).await?;
        let alarms = alarms.iter().map(|row| Ok((row.text("kind")?, row.int("count")?)));
        let alarms = alarms.collect::<Result<_, Error>>()?;
        let sums = sql("SELECT (SELECT COUNT(*) FROM pay_case WHERE closed_at IS NULL) AS cases, \
             CAST(COALESCE(SUM(placed), 0) AS BIGINT) AS placed, \
             CAST(COALESCE(SUM(delivered), 0) AS BIGINT) AS delivered, \
             CAST(COALESCE(SUM(failed), 0) AS BIGINT) AS failed, \
             CAST(COALESCE(SUM(topup_count), 0) AS BIGINT) AS topups FROM rollup_day");
        let row = self.db().one(sums).await?;
        let sums = Sums {
            placed: row.int("placed")?,
            delivered: row.int("delivered")?,
            failed: row.int("failed")?,
            topups: row.int("topups")?,
        };
        Ok(Vitals { open, queues, alarms, cases_open: row.int("cases")?, sums })
    }

    /// Whether every migration that this version knows is applied: no longer so after an older copy was put in place of
    /// the database.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn schema_is_current(&self) -> Result<bool, Error> {
        let (known, newest) = self.db().known_migrations();
        let applied = sql("SELECT COUNT(*) AS count FROM _sqlx_migrations WHERE success AND version <= $1");
        Ok(self.db().one(applied.bind(newest)).await?.int("count")? == known)
    }

    /// How this process uses its connections. Asks nobody.
    #[must_use]
    pub fn pool_use(&self) -> PoolUse {
        self.db().pool_use()
    }
}

fn open_purchases(row: &Row) -> Result<OpenPurchases, Error> {
    Ok(OpenPurchases {
        state: row.word("state")?,
        count: row.int("count")?,
        oldest_at: row.time("oldest_at")?,
    })
}

fn queue(row: &Row) -> Result<Queue, Error> {
    let name = row.text("name")?;
    let name = NAMES.into_iter().find(|known| *known == name);
    Ok(Queue {
        name: name.ok_or_else(|| Error::corrupt("a queue without a name"))?,
        waiting: row.int("waiting")?,
        due_since: row.opt_int("since")?.map(UtcMillis),
    })
}
