use domain::{AlarmKind, PublicId, Refusal, Role, UtcMillis};

use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::gateways::close_alarm;
use crate::ledger::audit;
use crate::model::UserId;
use crate::shop::open_sales;

/// A shop that was put back from a backup and not reconciled yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restoration {
    /// Which; another one each time.
    pub id: PublicId,
    /// Up to when its books are known.
    pub backup_at: UtcMillis,
    /// When it was put back.
    pub restored_at: UtcMillis,
    /// Purchases that were open in the backup.
    pub purchases: i64,
    /// Purchases that still wait for a human's word.
    pub in_review: i64,
    /// Whether the end opens the sales.
    pub opens_sales: bool,
}

/// An admin has reconciled orders and payments since the backup: the shop goes on as before.
#[derive(Clone, Debug)]
pub struct EndRestoration {
    /// Who.
    pub admin: UserId,
    /// Which, as it stood on the page.
    pub restoration: PublicId,
}

impl Operation for EndRestoration {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let ended = sql(
            "UPDATE restoration SET ended_at = $1, ended_by = $2 WHERE public_id = $3 AND ended_at IS NULL \
                         RETURNING sales_were_open",
        )
        .bind(tx.now)
        .bind(self.admin)
        .bind(&self.restoration)
        .optional(&mut tx.conn)
        .await?;
        let Some(row) = ended else {
            return Err(Refusal::StateChanged.into());
        };
        let opens = row.bool("sales_were_open")?;
        if opens {
            open_sales(tx, self.admin).await?;
        }
        close_alarm(tx, AlarmKind::Restored, "").await?;
        let object = format!("restoration:{}", self.restoration.as_str());
        audit(tx, Some(self.admin), "end_restoration", &object, &format!("sales_open={opens}")).await
    }
}

impl Store {
    /// The restoration that nobody has ended yet.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn open_restoration(&self) -> Result<Option<Restoration>, Error> {
        let query = sql("SELECT public_id, backup_at, restored_at, purchases, sales_were_open, \
                         (SELECT COUNT(*) FROM purchase WHERE state = 'review') AS in_review \
                         FROM restoration WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1");
        let Some(row) = self.db().optional(query).await? else { return Ok(None) };
        Ok(Some(Restoration {
            id: row.word("public_id")?,
            backup_at: row.time("backup_at")?,
            restored_at: row.time("restored_at")?,
            purchases: row.int("purchases")?,
            in_review: row.int("in_review")?,
            opens_sales: row.bool("sales_were_open")?,
        }))
    }
}
