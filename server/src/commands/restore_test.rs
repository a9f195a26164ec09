//! `restore-test`: whether the newest backup can be put back.

use std::process::ExitCode;

use store::{BackupCopy, BackupRun, BackupRunKind, CheckReport};

use super::backup::{record, refuse_without_database};
use super::{Failure, complain, open_store, say};
use crate::backup::{FreeSpace, test};
use crate::cli::RestoreTest;
use crate::config::StorageConfig;

/// Breaches that are named one by one.
const LISTED_MOST: usize = 10;

/// Puts the newest backup back into a scratch database and checks its books.
///
/// # Errors
/// Words for the operator when it cannot be put back; the shop's admins are told, too.
pub async fn run(storage: &StorageConfig, args: &RestoreTest) -> Result<ExitCode, Failure> {
    refuse_without_database(&storage.database)?;
    let store = open_store(storage).await?;
    let began_at = store.now();
    let place = args.place.place(storage);
    let outcome = match scratch(storage, args) {
        Ok(url) => test::run(&place, url.as_deref(), storage, &store, &FreeSpace::default()).await,
        Err(error) => Err(error),
    };
    let copy = outcome.as_ref().ok().map(|tested| BackupCopy {
        file: tested.data.display().to_string(),
        bytes: i64::try_from(tested.bytes).unwrap_or(i64::MAX),
        offsite: None,
    });
    let problem = match &outcome {
        Ok(tested) => breaches(&tested.report),
        Err(error) => Some(error.to_string()),
    };
    let (kind, ok) = (BackupRunKind::Test, problem.is_none());
    record(&store, BackupRun { kind, ok, began_at, ended_at: store.now(), copy, problem }).await;
    let tested = outcome?;
    Ok(tell(&tested.report, &format!("{} can be put back", tested.data.display())))
}

fn scratch(storage: &StorageConfig, args: &RestoreTest) -> Result<Option<String>, Failure> {
    let Some(url) = args.scratch_database_url.as_deref().map(str::trim).filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    let url = storage.with_password(url);
    url.map(Some).map_err(|what| Failure::Other(format!("BACKUP_SCRATCH_DATABASE_URL {what}")))
}

/// What a check found, in a line.
fn breaches(report: &CheckReport) -> Option<String> {
    let first = report.breaches.first()?;
    let count = report.breaches.len();
    Some(format!(
        "{count} breaches of the ledger's rules, such as rule {}, {}: {}",
        first.invariant, first.object, first.detail
    ))
}

/// Says what a check of books that were put back has found.
pub(super) fn tell(report: &CheckReport, what: &str) -> ExitCode {
    for breach in report.breaches.iter().take(LISTED_MOST) {
        complain(&format!("rule {}, {}: {}", breach.invariant, breach.object, breach.detail));
    }
    if report.breaches.is_empty() {
        say(&format!(
            "{what}, and its books are in order: {} entries, {} purchases.",
            report.entries, report.purchases
        ));
        return ExitCode::SUCCESS;
    }
    complain(&format!("{what}, but {} rules of the ledger are broken in it", report.breaches.len()));
    ExitCode::FAILURE
}
