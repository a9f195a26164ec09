use std::collections::BTreeMap;

use domain::{PublicId, Rupiah, UtcMillis};

use super::figures::{DayFigures, Figures, Sold};
use crate::Store;
use crate::db::sql;
use crate::error::Error;

/// Days in one answer: more than a year's.
const DAYS_MOST: i64 = 400;
/// Rows of parts in one answer.
const PARTS_MOST: i64 = 100;

/// What was sold of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageSales {
    /// The package.
    pub id: PublicId,
    /// Its name of today.
    pub name: String,
    /// What was sold.
    pub sold: Sold,
}

/// What a gateway delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopGateway {
    /// Its name.
    pub gateway: String,
    /// What it delivered.
    pub sold: Sold,
}

/// How long deliveries took: at most so many milliseconds, by the steps of [`super::SPEEDS_MS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speeds {
    /// One half took no longer.
    pub median_ms: i64,
    /// Nineteen of twenty took no longer.
    pub p95_ms: i64,
}

impl Store {
    /// The days from `from` on, before `until`, that have anything, oldest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn figures_by_day(&self, from: UtcMillis, until: UtcMillis) -> Result<Vec<DayFigures>, Error> {
        let query = sql("SELECT * FROM rollup_day WHERE day >= $1 AND day < $2 ORDER BY day LIMIT $3")
            .bind(from)
            .bind(until)
            .bind(DAYS_MOST);
        let rows = self.db().all(query).await?;
        rows.iter()
            .map(|row| Ok(DayFigures { day: row.time("day")?, figures: Figures::from_row(row)? }))
            .collect()
    }

    /// What customers had and owed when this day began: balances, and debts below zero.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn balances_before(&self, day: UtcMillis) -> Result<(Rupiah, Rupiah), Error> {
        let query = sql("SELECT CAST(COALESCE(SUM(balances), 0) AS BIGINT) AS balances, \
                         CAST(COALESCE(SUM(debts), 0) AS BIGINT) AS debts FROM rollup_day WHERE day < $1")
        .bind(day);
        let row = self.db().one(query).await?;
        Ok((row.rupiah("balances")?, row.rupiah("debts")?))
    }

    /// What sold best, by its price.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn top_packages(
        &self,
        from: UtcMillis,
        until: UtcMillis,
        limit: i64,
    ) -> Result<Vec<PackageSales>, Error> {
        let query = sql("SELECT k.public_id, k.name, s.delivered, s.failed, s.sales, s.cost FROM \
                         (SELECT package_id, CAST(SUM(delivered) AS BIGINT) AS delivered, CAST(SUM(failed) AS BIGINT) AS failed, \
                         CAST(SUM(sales) AS BIGINT) AS sales, CAST(SUM(cost) AS BIGINT) AS cost \
                         FROM rollup_package WHERE day >= $1 AND day < $2 GROUP BY package_id) AS s \
                         JOIN package k ON k.id = s.package_id WHERE s.sales > 0 \
                         ORDER BY s.sales DESC, k.id LIMIT $3")
            .bind(from)
            .bind(until)
            .bind(limit.clamp(1, PARTS_MOST));
        let rows = self.db().all(query).await?;
        rows.iter()
            .map(|row| {
                Ok(PackageSales {
                    id: row.word("public_id")?,
                    name: row.text("name")?,
                    sold: Sold::from_row(row)?,
                })
            })
            .collect()
    }

    /// What each gateway delivered.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn sales_by_gateway(
        &self,
        from: UtcMillis,
        until: UtcMillis,
    ) -> Result<Vec<TopGateway>, Error> {
        let query = sql("SELECT gateway, CAST(SUM(delivered) AS BIGINT) AS delivered, CAST(SUM(failed) AS BIGINT) AS failed, \
                         CAST(SUM(sales) AS BIGINT) AS sales, CAST(SUM(cost) AS BIGINT) AS cost \
                         FROM rollup_gateway WHERE day >= $1 AND day < $2 GROUP BY gateway ORDER BY gateway LIMIT $3")
            .bind(from)
            .bind(until)
            .bind(PARTS_MOST);
        let rows = self.db().all(query).await?;
        rows.iter()
            .map(|row| Ok(TopGateway { gateway: row.text("gateway")?, sold: Sold::from_row(row)? }))
            .collect()
    }

    /// How long deliveries took; `None` when there were none.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn speeds(&self, from: UtcMillis, until: UtcMillis) -> Result<Option<Speeds>, Error> {
        let query = sql("SELECT up_to_ms, CAST(SUM(purchases) AS BIGINT) AS purchases FROM rollup_speed \
                         WHERE day >= $1 AND day < $2 GROUP BY up_to_ms")
        .bind(from)
        .bind(until);
        let mut steps = BTreeMap::new();
        for row in self.db().all(query).await? {
            steps.insert(row.int("up_to_ms")?, row.int("purchases")?);
        }
        Ok(share_within(&steps, 50)
            .zip(share_within(&steps, 95))
            .map(|(median_ms, p95_ms)| Speeds { median_ms, p95_ms }))
    }

    /// Up to when all is in the sums. What happened in the seconds since then is not sealed or not summed yet.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn rolled_up_to(&self) -> Result<UtcMillis, Error> {
        let now = self.now();
        let cursor = self.rolled_up().await?;
        let behind = sql("SELECT id FROM seal_block WHERE stream = 'entry' AND id > $1 ORDER BY id LIMIT 1")
            .bind(cursor);
        if self.db().optional(behind).await?.is_some() {
            let last = sql("SELECT created_at FROM seal_block WHERE id = $1").bind(cursor);
            return self.db().optional(last).await?.map_or(Ok(UtcMillis(0)), |row| row.time("created_at"));
        }
        let unsealed = sql("SELECT created_at FROM entry WHERE id > \
                            (SELECT COALESCE(MAX(item_id), 0) FROM sealed WHERE stream = 'entry') ORDER BY id LIMIT 1");
        self.db().optional(unsealed).await?.map_or(Ok(now), |row| row.time("created_at"))
    }
}

/// The step within which so many percent of all are.
fn share_within(steps: &BTreeMap<i64, i64>, percent: i64) -> Option<i64> {
    let all: i64 = steps.values().sum();
    let wanted = all.saturating_mul(percent).saturating_add(99) / 100;
    let mut within = 0;
    steps.iter().find_map(|(up_to_ms, purchases)| {
        within += purchases;
        (within >= wanted && wanted > 0).then_some(*up_to_ms)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_that_has_a_share_of_all() {
        let steps = BTreeMap::from([(2_000, 10), (4_000, 9), (60_000, 1)]);
        assert_eq!(share_within(&steps, 50), Some(2_000));
        assert_eq!(share_within(&steps, 95), Some(4_000));
        assert_eq!(share_within(&steps, 96), Some(60_000));
        assert_eq!(share_within(&BTreeMap::from([(6_000, 1)]), 50), Some(6_000));
        assert_eq!(share_within(&BTreeMap::new(), 95), None);
    }
}
