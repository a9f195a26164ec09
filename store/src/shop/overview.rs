use domain::UtcMillis;

use crate::Store;
use crate::db::sql;
use crate::error::Error;
use crate::model::AdminOverview;
use crate::purchases::PurchaseFilter;

impl Store {
    /// The shop since `from`. Counts rows of that time only, by index; a book of any size costs the same for one day.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn admin_overview(&self, from: UtcMillis) -> Result<AdminOverview, Error> {
        let sales = self
            .db()
            .one(
                sql("SELECT COUNT(*) AS purchases, \
                     COALESCE(SUM(CASE WHEN state = 'succeeded' THEN 1 ELSE 0 END), 0) AS succeeded, \
                     COALESCE(SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0) AS failed, \
                     CAST(COALESCE(SUM(CASE WHEN state = 'succeeded' THEN price ELSE 0 END), 0) AS BIGINT) AS sales, \
                     CAST(COALESCE(SUM(CASE WHEN state = 'succeeded' THEN cost ELSE 0 END), 0) AS BIGINT) AS cost \
                     FROM purchase WHERE created_at >= $1")
                .bind(from),
            )
            .await?;
        let now = self
            .db()
            .one(sql("SELECT (SELECT COUNT(*) FROM purchase WHERE state IN \
                      ('accepted', 'submitting', 'pending', 'awaiting_payment', 'unknown')) AS open_now, \
                      (SELECT COUNT(*) FROM purchase WHERE state = 'review') AS review_now, \
                      (SELECT COUNT(*) FROM purchase WHERE state = 'unknown') AS unknown_now, \
                      (SELECT COUNT(*) FROM users) AS users"))
            .await?;
        let credited = self
            .db()
            .one(
                sql("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS topups FROM payment \
                      WHERE created_at >= $1 AND topup_id IS NOT NULL")
                .bind(from),
            )
            .await?;
        let recent = self.purchases(PurchaseFilter { limit: 8, ..PurchaseFilter::default() }).await?.items;
        let (sold, cost) = (sales.rupiah("sales")?, sales.rupiah("cost")?);
        Ok(AdminOverview {
            sales: sold,
            cost,
            profit: sold.checked_sub(cost).ok_or_else(|| Error::corrupt("sales are out of range"))?,
            topups: credited.rupiah("topups")?,
            purchases: sales.int("purchases")?,
            succeeded: sales.int("succeeded")?,
            failed: sales.int("failed")?,
            open_now: now.int("open_now")?,
            review_now: now.int("review_now")?,
            unknown_now: now.int("unknown_now")?,
            waiting_topups: self.waiting_topups().await?,
            users: now.int("users")?,
            recent,
        })
    }
}
