//! `migrate`: brings the database up to date. `serve` does the same at its start; this is for operators who want it apart.

use std::process::ExitCode;

use super::{Failure, open_store, say};
use crate::config::StorageConfig;

/// Opens the store, which migrates, and ends.
///
/// # Errors
/// When the database cannot be opened or migrated.
pub async fn run(storage: &StorageConfig) -> Result<ExitCode, Failure> {
    let _store = open_store(storage).await?;
    say("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}
