//! `check`: are the books in order?

use std::process::ExitCode;

use store::DatabaseUrl;

use super::{Failure, complain, open_store, say};
use crate::config::StorageConfig;

/// Checks every invariant and lists what is broken.
///
/// # Errors
/// When the database cannot be opened or read.
pub async fn run(storage: &StorageConfig, json: bool) -> Result<ExitCode, Failure> {
    if let DatabaseUrl::Sqlite(path) = &storage.database
        && !path.exists()
    {
        // Opening would make an empty one, whose books are always in order.
        return Err(Failure::Other(format!("there is no database at {}", path.display())));
    }
    let store = open_store(storage).await?;
    let report = store.check().await?;
    if json {
        let text =
            serde_json::to_string_pretty(&report).map_err(|error| Failure::Other(error.to_string()))?;
        say(&text);
    } else {
        for (what, count) in [
            ("ledger entries", report.entries),
            ("purchases", report.purchases),
            ("top-ups", report.topups),
            ("users", report.users),
            ("rows not sealed yet", report.unsealed),
        ] {
            say(&format!("{count:>10}  {what}"));
        }
        for breach in &report.breaches {
            complain(&format!("rule {}, {}: {}", breach.invariant, breach.object, breach.detail));
        }
        match report.breaches.len() {
            0 => say("The books are in order."),
            count => complain(&format!("{count} breaches of the ledger's rules")),
        }
    }
    Ok(if report.breaches.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
