//! `seed`: plausible data at any size.

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use store::SeedSize;

use super::{Failure, open_store, say};
use crate::cli::Seed;
use crate::config::StorageConfig;

/// Fills the database and shows how far it is.
///
/// # Errors
/// When the database cannot be used.
pub async fn run(storage: &StorageConfig, args: &Seed) -> Result<ExitCode, Failure> {
    let store = open_store(storage).await?;
    let bar = ProgressBar::new((args.users + args.packages + args.purchases).unsigned_abs());
    let style =
        ProgressStyle::with_template("{msg:12} {bar:40} {human_pos}/{human_len} ({per_sec}, {eta} left)");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let size = SeedSize { users: args.users, packages: args.packages, purchases: args.purchases };
    // Each kind counts from nothing.
    let progress = |what: &'static str, done: i64| {
        let before = match what {
            "users" => 0,
            "packages" => args.users,
            _ => args.users + args.packages,
        };
        bar.set_message(what);
        bar.set_position((before + done).unsigned_abs());
    };
    store.seed(size, &progress).await?;
    bar.finish();
    say(&format!(
        "{} users, {} packages and {} purchases were added.",
        args.users, args.packages, args.purchases
    ));
    Ok(ExitCode::SUCCESS)
}
