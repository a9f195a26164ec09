use domain::UtcMillis;

use crate::Store;
use crate::db::sql;
use crate::error::Error;
use crate::model::AdminOverview;

impl Store {
    /// What is open in the shop now. What was sold is in the sums by day ([`Store::figures_by_day`]).
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn admin_overview(&self) -> Result<AdminOverview, Error> {
        let now = self
            .db()
            .one(sql("SELECT (SELECT COUNT(*) FROM purchase WHERE state IN \
                      ('accepted', 'submitting', 'pending', 'awaiting_payment', 'unknown')) AS open_now, \
                      (SELECT COUNT(*) FROM users) AS users"))
            .await?;
        Ok(AdminOverview { open_now: now.int("open_now")?, users: now.int("users")? })
    }

    /// Since when sales are stopped because the books did not agree; `None` when they are open, or an admin closed them.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn stopped_by_check(&self) -> Result<Option<UtcMillis>, Error> {
        if self.settings().sales_open {
            return Ok(None);
        }
        let query = sql("SELECT updated_at FROM setting WHERE name = 'shop' AND updated_by IS NULL \
                         AND NOT EXISTS (SELECT 1 FROM restoration WHERE ended_at IS NULL)");
        self.db().optional(query).await?.map(|row| row.time("updated_at")).transpose()
    }
}
