//! What our books know while a deposit is asked for. The order of these steps is what makes races harmless:
//!
//! 1. [`Store::mark_ledger`] reads the totals of our books in one statement, which sees one state of the database. All that
//!    is in them had happened at the gateway before.
//! 2. The gateway is asked, and reads its deposit at some moment.
//! 3. [`Store::orders_around`] finds every order that may have been charged or given back by that moment without being in the
//!    totals: what is still under way, and what was settled, or had its cost booked, since shortly before step 1.
//!
//! The reads stand outside of any transaction that writes, as they go through the ledger: once a day for each gateway.

use domain::{DAY_MS, MINUTE_MS, Rupiah, UtcMillis, start_of_wib_day};

use crate::Store;
use crate::db::sql;
use crate::error::Error;

/// How long before a reading something may have been written and still be missing in the totals: an open transaction, or
/// another server's clock.
const AROUND_MS: i64 = MINUTE_MS;

/// Our books at the moment before a deposit is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerMark {
    pub(super) gateway: String,
    pub(super) account: String,
    pub(super) asked_at: UtcMillis,
    pub(super) costs_total: Rupiah,
    pub(super) refunds_total: Rupiah,
}

/// What orders under way may have done to a deposit without our books knowing, in rupiah.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenOrders {
    pub(super) back: Rupiah,
    pub(super) charge: Rupiah,
}

/// The day that a reading closes: the last whole one before it.
pub(super) const fn closed_day(asked_at: UtcMillis) -> UtcMillis {
    start_of_wib_day(asked_at).plus_ms(-DAY_MS)
}

impl Store {
    /// Marks where our books stand, right before the deposit at a gateway is asked for; `account` tells the shop's accounts
    /// there apart. `None` when the day before is closed already; and while the gateway does not answer, as the ledger would
    /// be read for nothing every minute: the answer after its first one again is early enough.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn mark_ledger(&self, gateway: &str, account: &str) -> Result<Option<LedgerMark>, Error> {
        let asked_at = self.now();
        let not_now = sql("SELECT gateway FROM deposit_day WHERE gateway = $1 AND day >= $2 \
                           UNION ALL SELECT gateway FROM gateway_state WHERE gateway = $1 AND deposit_problem <> ''")
            .bind(gateway)
            .bind(closed_day(asked_at));
        if self.db().optional(not_now).await?.is_some() {
            return Ok(None);
        }
        let totals =
            sql("SELECT CAST(COALESCE(SUM(CASE WHEN e.kind = 'cost' THEN p.amount ELSE 0 END), 0) AS BIGINT) AS costs, \
                 CAST(COALESCE(SUM(CASE WHEN e.kind = 'cost_refund' THEN -p.amount ELSE 0 END), 0) AS BIGINT) AS refunds \
                 FROM entry e JOIN posting p ON p.entry_id = e.id \
                 WHERE e.kind IN ('cost', 'cost_refund') AND p.account = $1")
            .bind(format!("deposit:{gateway}"));
        let row = self.db().one(totals).await?;
        Ok(Some(LedgerMark {
            gateway: gateway.to_owned(),
            account: account.to_owned(),
            asked_at,
            costs_total: row.rupiah("costs")?,
            refunds_total: row.rupiah("refunds")?,
        }))
    }

    /// The orders that a deposit, read since the mark, may know more about than our books did.
    ///
    /// What is charged is at most what we allowed, or exactly the cost where it is told by now; given back is at most what
    /// was charged. An order that a human has decided about explains nothing any more.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn orders_around(&self, mark: &LedgerMark) -> Result<OpenOrders, Error> {
        let open = sql("SELECT CAST(COALESCE(SUM(COALESCE(a.cost, p.max_price)), 0) AS BIGINT) AS charge, \
                        CAST(COALESCE(SUM(COALESCE(a.cost, 0)), 0) AS BIGINT) AS back \
                        FROM attempt a JOIN purchase p ON p.id = a.purchase_id WHERE a.gateway = $1 \
                        AND (a.updated_at >= $2 OR (a.state IN ('submitting', 'pending', 'unknown') \
                        AND (p.hold = 'open' OR p.state_at >= $2)))")
        .bind(&mark.gateway)
        .bind(mark.asked_at.plus_ms(-AROUND_MS));
        let row = self.db().one(open).await?;
        Ok(OpenOrders { back: row.rupiah("back")?, charge: row.rupiah("charge")? })
    }
}
