//! `restore`: puts a backup back on an empty machine.

use std::process::ExitCode;

use super::restore_test::tell;
use super::{Failure, say};
use crate::backup::FreeSpace;
use crate::backup::restore::{RestoreFiles, run as put_back};
use crate::cli::Restore;
use crate::config::StorageConfig;

/// How it ends when the backup was put back and its books break rules: the data is there, as it was in the backup, and must not
/// be taken for a restore that failed.
const BACK_WITH_BREACHES: u8 = 3;

/// Puts it back and says how to go on.
///
/// # Errors
/// Words for the operator. A database that was in use is never touched.
pub async fn run(storage: &StorageConfig, args: Restore) -> Result<ExitCode, Failure> {
    let files = RestoreFiles { data: args.data, keys: args.keys, identity: args.identity };
    let restored = put_back(&files, storage, &FreeSpace::default()).await?;
    let in_order = restored.report.breaches.is_empty();
    let code = tell(&restored.report, "The backup was put back");
    let code = if in_order { code } else { ExitCode::from(BACK_WITH_BREACHES) };
    say(&format!(
        "Sales and top-ups are closed, and {} purchases that were open wait for a decision. Start the shop, sign in as an admin \
         and open /admin/backups: it says what to reconcile before the shop goes on.",
        restored.purchases
    ));
    if let Some(settings) = restored.settings {
        say(&format!(
            "The lost server's settings are in {}: take from them what this server needs, then delete the file.",
            settings.display()
        ));
    }
    Ok(code)
}
