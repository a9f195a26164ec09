//! `backup`: makes a backup, says which there are, or makes keys for the owner.

use std::process::ExitCode;

use store::{BackupCopy, BackupRun, BackupRunKind, DatabaseUrl, RecordBackupRun, Store};

use super::{Failure, complain, open_store, say};
use crate::backup::run::{Made, make};
use crate::backup::{FreeSpace, list, new_identity as new_pair};
use crate::cli::Backup;
use crate::config::{BackupPlace, StorageConfig};

const MB: u64 = 1024 * 1024;

/// Makes a backup and prints where its two files are, or lists those that are there.
///
/// # Errors
/// Words for the operator; the shop's admins are told, too.
pub async fn run(storage: &StorageConfig, args: &Backup) -> Result<ExitCode, Failure> {
    let place = args.place.place(storage);
    if args.list {
        return list_all(&place);
    }
    refuse_without_database(&storage.database)?;
    let store = open_store(storage).await?;
    let began_at = store.now();
    let outcome = match args.make.check(place) {
        Ok(config) => make(&config, storage, &store, &FreeSpace::default()).await,
        Err(error) => Err(error.into()),
    };
    let (copy, problem) = match &outcome {
        Ok(made) => (Some(copy_of(made)), made.trouble.as_ref().map(ToString::to_string)),
        Err(error) => (None, Some(error.to_string())),
    };
    let kind = BackupRunKind::Backup;
    record(&store, BackupRun { kind, ok: outcome.is_ok(), began_at, ended_at: store.now(), copy, problem })
        .await;
    let made = outcome?;
    say(&made.data.display().to_string());
    say(&made.keys.display().to_string());
    match made.trouble {
        None => Ok(ExitCode::SUCCESS),
        Some(trouble) => {
            complain(&format!("the backup is there, but: {trouble}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Prints a new pair of keys in the form of age's identity files. It is kept nowhere.
#[must_use]
pub fn new_identity() -> ExitCode {
    let (text, public) = new_pair();
    say(text.trim_end());
    complain(
        "keep these lines away from this server, such as on paper and in a password manager: they open the backups, and \
              nothing else does once the server is lost. They are not shown again",
    );
    complain(&format!("on the server set BACKUP_RECIPIENTS={public}"));
    ExitCode::SUCCESS
}

fn list_all(place: &BackupPlace) -> Result<ExitCode, Failure> {
    let sets = list(&place.dir)?;
    if sets.is_empty() {
        say(&format!("There is no backup in {}.", place.dir.display()));
    }
    for set in sets {
        let (data, bytes) = set.data;
        let keys =
            set.keys.map_or_else(|| "without its keys file".to_owned(), |keys| keys.display().to_string());
        say(&format!("{}  {} MB  {keys}", data.display(), bytes.div_ceil(MB)));
    }
    Ok(ExitCode::SUCCESS)
}

fn copy_of(made: &Made) -> BackupCopy {
    BackupCopy {
        file: made.data.display().to_string(),
        bytes: i64::try_from(made.bytes).unwrap_or(i64::MAX),
        offsite: made.offsite.clone(),
    }
}

/// Opening would make an empty one, of which a backup is of no use.
pub(super) fn refuse_without_database(database: &DatabaseUrl) -> Result<(), Failure> {
    match database {
        DatabaseUrl::Sqlite(path) if !path.exists() => {
            Err(Failure::Other(format!("there is no database at {}", path.display())))
        }
        _ => Ok(()),
    }
}

/// Tells the admins. What cannot be noted changes nothing about what was done.
pub(super) async fn record(store: &Store, run: BackupRun) {
    if let Err(error) = store.run(RecordBackupRun(run)).await {
        complain(&format!("the shop's admins could not be told: {error}"));
    }
}
