//! Backups as the shop sees them: what they need to know of the database, what is kept about them, and how a shop that was
//! put back from one is kept from acting on books that end in the past.

mod end;
mod facts;
mod mark;
mod record;
mod target;
mod watch;

pub use end::{EndRestoration, Restoration};
pub use facts::{BackupFacts, newest_schema};
pub use mark::{ForgetLeases, MarkRestored};
pub use record::{BackupCopy, BackupRun, BackupRunKind, RecordBackupRun};
pub use target::{
    PostgresTarget, begin_restoring, empty_scratch, end_restoring, mark_scratch, postgres_target,
    settle_sqlite,
};
pub use watch::WatchBackups;

use crate::db::{Tx, sql};
use crate::error::Error;

/// Whether the shop was restored and nobody has reconciled it yet.
pub(crate) async fn is_restored(tx: &mut Tx<'_>) -> Result<bool, Error> {
    let open =
        sql("SELECT id FROM restoration WHERE ended_at IS NULL LIMIT 1").optional(&mut tx.conn).await?;
    Ok(open.is_some())
}
