//! Whether the newest backup can be put back.

use std::path::{Path, PathBuf};

use store::ambient::Ambient;
use store::{CheckReport, DatabaseUrl, ForgetLeases, PostgresTarget, ServerKey, Store, StoreConfig};

use super::files::{PATIENCE, Workplace, list};
use super::manifest::{Manifest, POSTGRES};
use super::space::FreeSpace;
use super::{archive, blocking, crypt, failure, postgres};
use crate::commands::Failure;
use crate::config::{BackupPlace, StorageConfig, server_key};

/// A backup that could be put back.
#[derive(Debug)]
pub struct Tested {
    /// The file with the data.
    pub data: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// What the check of its books found.
    pub report: CheckReport,
}

/// Where a backup is put back for a test.
enum Scratch {
    /// A file beside the backups.
    Sqlite,
    /// A database that may be emptied, and its server's version.
    Postgres(String, i64),
}

/// Puts the newest backup back into a scratch database and checks its books. The shop may go on working.
///
/// # Errors
/// Words for the operator when it cannot be put back. What the check found is in the report.
pub async fn run(
    place: &BackupPlace,
    scratch_url: Option<&str>,
    storage: &StorageConfig,
    live: &Store,
    free: &FreeSpace,
) -> Result<Tested, Failure> {
    let (dir, token) = (place.dir.clone(), live.random_token());
    let workplace = blocking(move || Workplace::enter(&dir, &token, PATIENCE)).await?;
    let newest = list(&place.dir)?.into_iter().next();
    let newest = newest.ok_or_else(|| failure(format!("there is no backup in {}", place.dir.display())))?;
    let scratch = scratch_of(storage, scratch_url, live).await?;
    let key = server_key(storage, &Ambient::system())?;
    let (data, bytes) = newest.data;
    let (manifest, snapshot) = {
        let (data, key, free) = (data.clone(), key.clone(), free.clone());
        let (identity_file, folder) = (place.identity_file.clone(), workplace.partial.clone());
        blocking(move || {
            let identities = crypt::identities(&identity_file)?;
            archive::read_data(&data, &identities, &key, &folder, &free)
        })
        .await?
    };
    let report = match &scratch {
        Scratch::Sqlite => check_sqlite(&manifest, &snapshot, key).await?,
        Scratch::Postgres(url, major) => {
            let report = check_postgres(&manifest, &snapshot, key, url, *major).await;
            // Customers' data have no business there any longer than needed.
            let emptied = store::empty_scratch(url).await;
            let report = report?;
            emptied?;
            report
        }
    };
    Ok(Tested { data, bytes, report })
}

/// Never the live database, and never somebody's tables.
async fn scratch_of(storage: &StorageConfig, url: Option<&str>, live: &Store) -> Result<Scratch, Failure> {
    if matches!(storage.database, DatabaseUrl::Sqlite(_)) {
        return Ok(Scratch::Sqlite);
    }
    let url = url.map(str::trim).filter(|url| !url.is_empty()).ok_or_else(|| {
        failure(
            "BACKUP_SCRATCH_DATABASE_URL is missing: name an empty database of its own for restore tests (createdb), such as \
             postgres://shop:secret@localhost/shop_scratch",
        )
    })?;
    if live.is_the_same_postgres(url).await? {
        return Err(failure(
            "BACKUP_SCRATCH_DATABASE_URL names the shop's own database, which a test would empty",
        ));
    }
    let (target, major) = store::postgres_target(url).await?;
    match target {
        PostgresTarget::Empty => store::mark_scratch(url).await?,
        PostgresTarget::Scratch => store::empty_scratch(url).await?,
        PostgresTarget::InUse | PostgresTarget::HalfRestored => {
            return Err(failure(
                "BACKUP_SCRATCH_DATABASE_URL names a database with tables that no restore test has put there: name an empty \
                 one",
            ));
        }
    }
    Ok(Scratch::Postgres(url.to_owned(), major))
}

async fn check_sqlite(manifest: &Manifest, snapshot: &Path, key: ServerKey) -> Result<CheckReport, Failure> {
    if manifest.database == POSTGRES {
        return Err(failure(
            "the newest backup was made from PostgreSQL, and the shop runs on SQLite now: make a backup",
        ));
    }
    check(DatabaseUrl::Sqlite(snapshot.to_owned()), key).await
}

async fn check_postgres(
    manifest: &Manifest,
    snapshot: &Path,
    key: ServerKey,
    url: &str,
    major: i64,
) -> Result<CheckReport, Failure> {
    if manifest.database != POSTGRES {
        return Err(failure(
            "the newest backup was made from SQLite, and the shop runs on PostgreSQL now: make a backup",
        ));
    }
    let (snapshot, made_by, to) = (snapshot.to_owned(), manifest.postgres, url.to_owned());
    blocking(move || postgres::load(&to, &snapshot, made_by, major)).await?;
    check(DatabaseUrl::Postgres(url.to_owned()), key).await
}

/// The same check as on the living books. Nobody works on these, whatever the leases in them say.
async fn check(database: DatabaseUrl, key: ServerKey) -> Result<CheckReport, Failure> {
    let store = Store::open(StoreConfig { database, key, ambient: Ambient::system() }).await?;
    store.run(ForgetLeases).await?;
    Ok(store.check().await?)
}
