//! Putting a backup back on an empty machine.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use domain::UtcMillis;
use store::ambient::Ambient;
use store::{
    CheckReport, DatabaseUrl, MarkRestored, PostgresTarget, SealEntries, ServerKey, Store, StoreConfig,
};

use super::archive::{self, Secrets};
use super::crypt::{self, Identity};
use super::files::private_folder;
use super::manifest::{Manifest, POSTGRES, SQLITE};
use super::space::FreeSpace;
use super::{blocking, failure, postgres};
use crate::commands::Failure;
use crate::config::{StorageConfig, key_path, parse_key, server_key};

/// What is put back.
#[derive(Clone, Debug)]
pub struct RestoreFiles {
    /// The file with the data.
    pub data: PathBuf,
    /// The file with the keys; without it the server's key has to be there already.
    pub keys: Option<PathBuf>,
    /// The owner's age identity.
    pub identity: PathBuf,
}

/// A shop that was put back.
#[derive(Debug)]
pub struct Restored {
    /// When the backup was made.
    pub backup_at: UtcMillis,
    /// Purchases that were open then, and are for a human to decide now.
    pub purchases: i64,
    /// Where the settings of the lost server were put.
    pub settings: Option<PathBuf>,
    /// What the check of the books found.
    pub report: CheckReport,
}

const SETTINGS: &str = "restored-settings.env";
const WORKPLACE: &str = ".restoring";

/// Puts a backup back into an empty place, and makes it safe to run.
///
/// # Errors
/// Words for the operator. A database that was in use is never touched.
pub async fn run(
    files: &RestoreFiles,
    storage: &StorageConfig,
    free: &FreeSpace,
) -> Result<Restored, Failure> {
    let major = refuse_in_use(&storage.database).await?;
    let identities = crypt::identities(&files.identity)?;
    let secrets = match &files.keys {
        Some(keys) => Some(archive::read_keys(keys, &identities)?),
        None => None,
    };
    let key = key_for(storage, secrets.as_ref())?;
    let folder = match &storage.database {
        // Beside the place where the database goes, so that it can be moved there in one step.
        DatabaseUrl::Sqlite(path) => path.parent().unwrap_or(Path::new(".")).join(WORKPLACE),
        DatabaseUrl::Postgres(_) => storage.data_dir.join(WORKPLACE),
    };
    let _ = std::fs::remove_dir_all(&folder);
    private_folder(&folder).map_err(Failure::io(folder.display().to_string()))?;
    let restore = Restore { data: files.data.clone(), storage, major, identities, key, folder };
    let restored = restore.put_back(secrets, free).await;
    let _ = std::fs::remove_dir_all(&restore.folder);
    restored
}

/// One restore, once it is known that it may be done.
struct Restore<'r> {
    data: PathBuf,
    storage: &'r StorageConfig,
    /// The server's version, for PostgreSQL.
    major: i64,
    identities: Vec<Identity>,
    key: ServerKey,
    /// Where nothing is in its place yet.
    folder: PathBuf,
}

impl Restore<'_> {
    async fn put_back(&self, secrets: Option<Secrets>, free: &FreeSpace) -> Result<Restored, Failure> {
        let (manifest, snapshot) = {
            let (data, identities, key) = (self.data.clone(), self.identities.clone(), self.key.clone());
            let (folder, free) = (self.folder.clone(), free.clone());
            blocking(move || archive::read_data(&data, &identities, &key, &folder, &free)).await?
        };
        refuse_other_kind(&manifest, &self.storage.database)?;
        let settings = secrets.map(|secrets| keep(self.storage, &secrets)).transpose()?.flatten();
        let backup_at = UtcMillis(manifest.made_at_ms);
        let (purchases, report) = match &self.storage.database {
            DatabaseUrl::Sqlite(path) => self.to_sqlite(path, &snapshot, backup_at).await?,
            DatabaseUrl::Postgres(url) => self.to_postgres(url, &snapshot, &manifest).await?,
        };
        Ok(Restored { backup_at, purchases, settings, report })
    }

    /// It is safe to run before it is in its place.
    async fn to_sqlite(
        &self,
        path: &Path,
        snapshot: &Path,
        backup_at: UtcMillis,
    ) -> Result<(i64, CheckReport), Failure> {
        let marked = self.mark(DatabaseUrl::Sqlite(snapshot.to_owned()), backup_at).await?;
        store::settle_sqlite(snapshot).await?;
        std::fs::File::open(snapshot)
            .and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(snapshot, path))
            .map_err(Failure::io(path.display().to_string()))?;
        Ok(marked)
    }

    /// Until it is safe to run, no server starts on it.
    async fn to_postgres(
        &self,
        url: &str,
        snapshot: &Path,
        manifest: &Manifest,
    ) -> Result<(i64, CheckReport), Failure> {
        store::begin_restoring(url).await?;
        let (to, from, made_by, major) = (url.to_owned(), snapshot.to_owned(), manifest.postgres, self.major);
        if let Err(error) = blocking(move || postgres::load(&to, &from, made_by, major)).await {
            // All or nothing was put there: nothing.
            let _ = store::end_restoring(url).await;
            return Err(error);
        }
        let backup_at = UtcMillis(manifest.made_at_ms);
        let marked = self.mark(DatabaseUrl::Postgres(url.to_owned()), backup_at).await?;
        store::end_restoring(url).await?;
        Ok(marked)
    }

    /// Brings the schema up to date, closes the shop, and looks whether the books agree.
    async fn mark(&self, database: DatabaseUrl, backup_at: UtcMillis) -> Result<(i64, CheckReport), Failure> {
        let config = StoreConfig { database, key: self.key.clone(), ambient: Ambient::system() };
        let store = Store::open_restoring(config).await?;
        let purchases = store.run(MarkRestored { backup_at }).await?;
        while store.run(SealEntries).await? > 0 {}
        let report = store.check().await?;
        Ok((purchases, report))
    }
}

/// The server's major version, for PostgreSQL.
async fn refuse_in_use(database: &DatabaseUrl) -> Result<i64, Failure> {
    match database {
        DatabaseUrl::Sqlite(path) => {
            let log = PathBuf::from(format!("{}-wal", path.display()));
            if path.exists() || log.exists() {
                return Err(failure(format!(
                    "there is a database at {}, and nothing is put over it. Stop the shop and move it away, with its -wal and \
                     -shm files, or name another DATA_DIR",
                    path.display()
                )));
            }
            Ok(0)
        }
        DatabaseUrl::Postgres(url) => {
            let (target, major) = store::postgres_target(url).await?;
            let how = "Make an empty one (createdb) and name it in DATABASE_URL";
            match target {
                PostgresTarget::Empty => Ok(major),
                PostgresTarget::InUse => Err(failure(format!(
                    "the database that DATABASE_URL names has tables, and nothing is put over them. {how}"
                ))),
                PostgresTarget::HalfRestored => Err(failure(format!(
                    "an earlier restore into this database was interrupted, and what it left is not safe to run. {how}, or \
                     drop this one first"
                ))),
                PostgresTarget::Scratch => Err(failure(format!(
                    "DATABASE_URL names the scratch database of the restore tests, which each test empties. {how}"
                ))),
            }
        }
    }
}

fn refuse_other_kind(manifest: &Manifest, database: &DatabaseUrl) -> Result<(), Failure> {
    let (own, how) = match database {
        DatabaseUrl::Sqlite(_) => (SQLITE, "name an empty PostgreSQL database in DATABASE_URL"),
        DatabaseUrl::Postgres(_) => (POSTGRES, "leave DATABASE_URL away to restore into a SQLite file"),
    };
    if manifest.database == own {
        return Ok(());
    }
    Err(failure(format!("this backup was made from {}: {how}", manifest.database)))
}

/// The key that the books were sealed with: from the keys file, or the one that is here.
fn key_for(storage: &StorageConfig, secrets: Option<&Secrets>) -> Result<ServerKey, Failure> {
    let path = key_path(storage);
    match secrets {
        Some(secrets) => {
            if let Ok(present) = std::fs::read_to_string(&path)
                && present.trim() != secrets.key.trim()
            {
                return Err(failure(format!(
                    "{} holds another key than the keys file, and is not overwritten: move it away first",
                    path.display()
                )));
            }
            parse_key(&path, &secrets.key).map_err(failure)
        }
        None if path.is_file() => Ok(server_key(storage, &Ambient::system())?),
        None => Err(failure(format!(
            "the books cannot be read without the server's key: name the keys file (--keys), or put the key to {}",
            path.display()
        ))),
    }
}

/// Writes the key to its place, and the old server's settings beside the data, for a human to compare.
fn keep(storage: &StorageConfig, secrets: &Secrets) -> Result<Option<PathBuf>, Failure> {
    let path = key_path(storage);
    if !path.exists() {
        write_private(&path, secrets.key.as_bytes())?;
    }
    let Some(settings) = &secrets.settings else { return Ok(None) };
    let path = storage.data_dir.join(SETTINGS);
    let _ = std::fs::remove_file(&path);
    write_private(&path, settings)?;
    Ok(Some(path))
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(Failure::io(path.display().to_string()))
}
