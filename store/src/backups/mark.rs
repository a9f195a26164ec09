use domain::{AlarmKind, UtcMillis};

use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::gateways::open_alarm;
use crate::ledger::audit;
use crate::purchases::review_all_open;
use crate::shop::close_sales;
use crate::topups::refunds_to_hand;

/// Forgets which process had which job: none of them works on this database, which is a copy.
pub struct ForgetLeases;

impl Operation for ForgetLeases {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql("DELETE FROM lease").execute(&mut tx.conn).await.map(|_| ())
    }
}

/// Makes a database that was just put back safe to run. Its books end in the past: orders were made, and money came, of
/// which it knows nothing. So nothing is sold, nobody tops up, and what was open is a human's, until an admin says that it
/// was reconciled ([`super::EndRestoration`]). How many purchases were open.
#[derive(Clone, Copy, Debug)]
pub struct MarkRestored {
    /// When the backup was made.
    pub backup_at: UtcMillis,
}

impl Operation for MarkRestored {
    type Output = i64;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<i64, Error> {
        // A backup that was made before an earlier restoration had ended.
        let earlier =
            sql("UPDATE restoration SET ended_at = $1 WHERE ended_at IS NULL RETURNING sales_were_open")
                .bind(tx.now)
                .all(&mut tx.conn)
                .await?;
        let mut sales_were_open = close_sales(tx).await?;
        for row in &earlier {
            sales_were_open |= row.bool("sales_were_open")?;
        }
        let purchases = review_all_open(tx).await?;
        refunds_to_hand(tx).await?;
        stop_what_waits(tx).await?;
        end_sign_ins(tx).await?;
        let id = tx.new_id();
        sql("INSERT INTO restoration (public_id, backup_at, restored_at, purchases, sales_were_open) \
             VALUES ($1, $2, $3, $4, $5)")
        .bind(&id)
        .bind(self.backup_at)
        .bind(tx.now)
        .bind(purchases)
        .bind(sales_were_open)
        .execute(&mut tx.conn)
        .await?;
        open_alarm(tx, AlarmKind::Restored, "", "").await?;
        let detail = format!("backup_at={} purchases={purchases}", self.backup_at.0);
        audit(tx, None, "restore", &format!("restoration:{}", id.as_str()), &detail).await?;
        Ok(purchases)
    }
}

/// What was about to be sent may have been, after the backup was made.
async fn stop_what_waits(tx: &mut Tx<'_>) -> Result<(), Error> {
    sql("DELETE FROM lease").execute(&mut tx.conn).await?;
    // The gateway may know the order: never again taken for one of which not a byte has left.
    sql("UPDATE charge SET charged_at = COALESCE(charged_at, created_at), lease_until = 0 WHERE state = 'creating'")
        .execute(&mut tx.conn)
        .await?;
    // Codes live for minutes: whoever waits for one asks again.
    sql("UPDATE xl_otp SET challenge = NULL, code = NULL, step = 'failed' WHERE step IN ('requested', 'sent', 'verifying')")
        .execute(&mut tx.conn)
        .await?;
    sql("UPDATE outbox SET state = 'failed', settled_at = $1, address = '', facts = '{}', secret = NULL, lease_until = 0 \
         WHERE state = 'waiting'")
    .bind(tx.now)
    .execute(&mut tx.conn)
    .await
    .map(|_| ())
}

/// Sessions that were ended since would be open again, and used links good once more.
async fn end_sign_ins(tx: &mut Tx<'_>) -> Result<(), Error> {
    for text in ["DELETE FROM session", "DELETE FROM one_time_link"] {
        sql(text).execute(&mut tx.conn).await?;
    }
    Ok(())
}
