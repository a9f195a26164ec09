//! A day of a payment gateway: what our ledger has beside what the gateway's own list says.

use std::collections::BTreeMap;

use domain::{DAY_MS, PublicId, Rupiah, UtcMillis};

use super::source_of_gateway;
use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;

/// The comparison of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayReport {
    /// Every payment that either side has, by order.
    pub lines: Vec<DayLine>,
    /// What our ledger has taken.
    pub ours: Rupiah,
    /// What the gateway keeps of it.
    pub cost: Rupiah,
    /// What was taken back of it later.
    pub reversed: Rupiah,
    /// What the gateway's list has.
    pub theirs: Rupiah,
    /// Where the gateway's list stands.
    pub list: ListState,
}

/// A payment of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayLine {
    /// The order.
    pub order_id: String,
    /// The top-up it was for.
    pub topup: Option<PublicId>,
    /// What our ledger has.
    pub ours: Option<Rupiah>,
    /// What the gateway's list has.
    pub theirs: Option<Rupiah>,
}

impl DayLine {
    /// Whether both have the same.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.ours == self.theirs
    }
}

/// Where a gateway's list of a day stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListState {
    /// A worker is fetching it.
    pub due: bool,
    /// When it was last fetched.
    pub fetched_at: Option<UtcMillis>,
    /// Why not.
    pub trouble: Option<String>,
}

/// Lines of one day. More would be a shop that needs another tool.
const LINES_MOST: i64 = 20_000;

impl Store {
    /// Compares a day (WIB) of a payment gateway.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn pay_day(&self, gateway: &str, day: UtcMillis) -> Result<DayReport, Error> {
        let (from, until) = (day, day.plus_ms(DAY_MS));
        // What the gateway lists for this day may have been taken on another, and the other way round: both by order.
        let ours = sql("SELECT c.order_id, t.public_id AS topup, y.amount, y.cost, y.reversed, y.created_at FROM payment y \
                        JOIN charge c ON c.id = y.charge_id LEFT JOIN topup t ON t.id = c.topup_id \
                        WHERE y.provider = $1 AND ((y.created_at >= $2 AND y.created_at < $3) OR c.order_id IN \
                        (SELECT l.reference FROM statement_line l WHERE l.source = $4 AND l.day = $2)) ORDER BY y.id LIMIT $5")
            .bind(gateway)
            .bind(from)
            .bind(until)
            .bind(source_of_gateway(gateway))
            .bind(LINES_MOST);
        let theirs = sql("SELECT l.reference, l.amount, l.day FROM statement_line l WHERE l.source = $1 AND (l.day = $2 \
                          OR l.reference IN (SELECT c.order_id FROM payment y JOIN charge c ON c.id = y.charge_id \
                          WHERE y.provider = $3 AND y.created_at >= $2 AND y.created_at < $4)) ORDER BY l.id LIMIT $5")
            .bind(source_of_gateway(gateway))
            .bind(from)
            .bind(gateway)
            .bind(until)
            .bind(LINES_MOST);
        let (ours, theirs) = (self.db().all(ours).await?, self.db().all(theirs).await?);
        let mut report = compare(&ours, &theirs)?;
        let list = sql("SELECT due, fetched_at, trouble FROM pay_list WHERE gateway = $1 AND day = $2")
            .bind(gateway)
            .bind(day);
        if let Some(row) = self.db().optional(list).await? {
            report.list = ListState {
                due: row.bool("due")?,
                fetched_at: row.opt_int("fetched_at")?.map(UtcMillis),
                trouble: row.opt_text("trouble")?,
            };
        }
        Ok(report)
    }
}

fn compare(ours: &[Row], theirs: &[Row]) -> Result<DayReport, Error> {
    let sum = |a: Option<Rupiah>, b: Rupiah| {
        a.unwrap_or_default().checked_add(b).ok_or_else(|| Error::corrupt("an amount is out of range"))
    };
    let mut lines: BTreeMap<String, DayLine> = BTreeMap::new();
    let mut line = |order_id: String, take: &mut dyn FnMut(&mut DayLine) -> Result<(), Error>| {
        let line = lines.entry(order_id.clone()).or_insert(DayLine {
            order_id,
            topup: None,
            ours: None,
            theirs: None,
        });
        take(line)
    };
    let (mut cost, mut reversed) = (Rupiah::ZERO, Rupiah::ZERO);
    for row in ours {
        let (amount, topup) = (row.rupiah("amount")?, row.opt_word("topup")?);
        cost = sum(Some(cost), row.rupiah("cost")?)?;
        reversed = sum(Some(reversed), row.rupiah("reversed")?)?;
        line(row.text("order_id")?, &mut |line| {
            line.ours = Some(sum(line.ours, amount)?);
            line.topup.clone_from(&topup);
            Ok(())
        })?;
    }
    for row in theirs {
        let amount = row.rupiah("amount")?;
        line(row.text("reference")?, &mut |line| {
            line.theirs = Some(sum(line.theirs, amount)?);
            Ok(())
        })?;
    }
    let lines: Vec<DayLine> = lines.into_values().collect();
    let total = |side: fn(&DayLine) -> Option<Rupiah>| {
        lines.iter().filter_map(side).try_fold(Rupiah::ZERO, |total, amount| sum(Some(total), amount))
    };
    let (ours, theirs) = (total(|line| line.ours)?, total(|line| line.theirs)?);
    Ok(DayReport { lines, ours, cost, reversed, theirs, list: ListState::default() })
}
