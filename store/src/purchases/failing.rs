use std::collections::BTreeMap;

use domain::{DAY_MS, FailReason, PublicId, PurchaseState, UtcMillis};

use crate::Store;
use crate::db::sql;
use crate::error::Error;

/// A package on sale whose latest purchases mostly failed, by no fault of the numbers they were for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailingPackage {
    /// The package.
    pub id: PublicId,
    /// Its name.
    pub name: String,
    /// How many of the latest purchases failed.
    pub failed: i64,
    /// How many those are.
    pub of: i64,
    /// When the latest of them was settled.
    pub last_at: UtcMillis,
}

/// Purchases that are looked at, of the last day.
const LATEST_MOST: i64 = 500;
/// Of a package.
const OF_PACKAGE_MOST: i64 = 10;
/// From so many failures on, when they are at least half of all.
const FAILED_LEAST: i64 = 4;

impl Store {
    /// The packages that fail at the moment.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn failing_packages(&self) -> Result<Vec<FailingPackage>, Error> {
        let query = sql("SELECT k.public_id, k.name, r.state, r.fail_reason, r.state_at FROM \
                         (SELECT id, package_id, state, fail_reason, state_at FROM purchase WHERE created_at >= $1 \
                         ORDER BY created_at DESC LIMIT $2) AS r JOIN package k ON k.id = r.package_id \
                         WHERE k.active = 1 AND r.state IN ('succeeded', 'failed') ORDER BY r.id DESC")
            .bind(self.now().plus_ms(-DAY_MS))
            .bind(LATEST_MOST);
        let mut packages: BTreeMap<PublicId, FailingPackage> = BTreeMap::new();
        for row in self.db().all(query).await? {
            let failed = row.word::<PurchaseState>("state")? == PurchaseState::Failed;
            let reason = row.opt_text("fail_reason")?.as_deref().and_then(FailReason::from_word);
            let by_buyer = |reason: FailReason| reason.is_of_the_number() || reason == FailReason::Cancelled;
            if failed && reason.is_some_and(by_buyer) {
                continue;
            }
            let id: PublicId = row.word("public_id")?;
            let (name, last_at) = (row.text("name")?, row.time("state_at")?);
            let none = FailingPackage { id: id.clone(), name, failed: 0, of: 0, last_at };
            let package = packages.entry(id).or_insert(none);
            if package.of < OF_PACKAGE_MOST {
                package.of += 1;
                package.failed += i64::from(failed);
            }
        }
        let is_failing =
            |package: &FailingPackage| package.failed >= FAILED_LEAST && package.failed * 2 >= package.of;
        Ok(packages.into_values().filter(is_failing).collect())
    }
}
