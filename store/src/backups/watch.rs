use domain::{AlarmKind, DAY_MS, HOUR_MS, UtcMillis};

use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::gateways::{close_alarm, open_alarm};

/// A daily backup, and some time for it to be made in.
const BACKUP_MOST_OLD_MS: i64 = 26 * HOUR_MS;
/// The same for a weekly test.
const TEST_MOST_OLD_MS: i64 = 8 * DAY_MS;

/// Sees to it that somebody is told when backups, or tests of them, have ceased. A shop that never made one is left alone.
pub struct WatchBackups;

impl Operation for WatchBackups {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let row = sql("SELECT (SELECT MIN(began_at) FROM backup_run WHERE kind = 'backup') AS first, \
                       (SELECT MAX(began_at) FROM backup_run WHERE kind = 'backup' AND ok = 1) AS backup, \
                       (SELECT MAX(began_at) FROM backup_run WHERE kind = 'test' AND ok = 1) AS test")
        .one(&mut tx.conn)
        .await?;
        let Some(first) = row.opt_int("first")? else { return Ok(()) };
        for (kind, last, most_ms) in [
            (AlarmKind::BackupOld, row.opt_int("backup")?, BACKUP_MOST_OLD_MS),
            (AlarmKind::RestoreTestOld, row.opt_int("test")?, TEST_MOST_OLD_MS),
        ] {
            let since = UtcMillis(last.unwrap_or(first));
            if tx.now.since_ms(since) > most_ms {
                open_alarm(tx, kind, "", "").await?;
            } else {
                close_alarm(tx, kind, "").await?;
            }
        }
        Ok(())
    }
}
