//! Making a backup.

use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::UtcMillis;
use store::ambient::Ambient;
use store::{BackupFacts, DatabaseUrl, Store};

use super::archive::{self, Secrets};
use super::files::{PATIENCE, Workplace, written};
use super::manifest::{Manifest, POSTGRES, SQLITE};
use super::space::{FreeSpace, demand};
use super::{blocking, crypt, failure, offsite, postgres};
use crate::commands::Failure;
use crate::config::{BackupConfig, StorageConfig, key_path, server_key};

/// A backup that is there.
#[derive(Debug)]
pub struct Made {
    /// The file with the data.
    pub data: PathBuf,
    /// The file with the keys.
    pub keys: PathBuf,
    /// Bytes of the file with the data.
    pub bytes: u64,
    /// Older files that were deleted.
    pub deleted: Vec<PathBuf>,
    /// Where both were copied to.
    pub offsite: Option<String>,
    /// What went wrong after the files were there.
    pub trouble: Option<Failure>,
}

const SNAPSHOT: &str = "database";
const DATA: &str = "data.age";
const KEYS: &str = "keys.age";

/// Makes one backup. The shop may go on working.
///
/// # Errors
/// Words for the operator. Nothing that looks like a backup is left behind then.
pub async fn make(
    config: &BackupConfig,
    storage: &StorageConfig,
    store: &Store,
    free: &FreeSpace,
) -> Result<Made, Failure> {
    let (dir, token) = (config.place.dir.clone(), store.random_token());
    let workplace = blocking(move || Workplace::enter(&dir, &token, PATIENCE)).await?;
    let facts = store.backup_facts().await?;
    // The snapshot, and the file that it goes into: compressed, but nobody knows how well.
    demand(free, &config.place.dir, facts.bytes.saturating_mul(2), "for a backup")?;
    let mut at = store.now();
    if workplace.places(at).0.exists() {
        // Names tell seconds, and the one before was made in this one.
        tokio::time::sleep(Duration::from_secs(1)).await;
        at = store.now();
    }
    let (data, keys) = workplace.places(at);
    if data.exists() {
        return Err(failure(format!("{} is there already: the clock stands still", data.display())));
    }
    let snapshot = workplace.partial.join(SNAPSHOT);
    snap(storage, store, facts, &snapshot).await?;
    let work = Pack {
        config: config.clone(),
        storage: storage.clone(),
        partial: workplace.partial.clone(),
        snapshot,
        facts,
        at,
    };
    blocking(move || work.run()).await?;
    // The keys first: whoever finds the data finds both.
    workplace.publish(&workplace.partial.join(KEYS), &keys)?;
    workplace.publish(&workplace.partial.join(DATA), &data)?;
    let bytes = std::fs::metadata(&data).map_err(Failure::io(data.display().to_string()))?.len();
    Ok(afterwards(
        config,
        &workplace,
        Made { data, keys, bytes, deleted: Vec::new(), offsite: None, trouble: None },
    )
    .await)
}

/// The backup is there, whatever becomes of this.
async fn afterwards(config: &BackupConfig, workplace: &Workplace, mut made: Made) -> Made {
    match workplace.prune(config.keep) {
        Ok(deleted) => made.deleted = deleted,
        Err(error) => made.trouble = Some(error),
    }
    if let Some(remote) = &config.remote {
        match offsite::copy(remote, &[made.keys.clone(), made.data.clone()]).await {
            Ok(()) => made.offsite = Some(remote.as_str().to_owned()),
            Err(error) => made.trouble = Some(error),
        }
    }
    made
}

async fn snap(storage: &StorageConfig, store: &Store, facts: BackupFacts, to: &Path) -> Result<(), Failure> {
    match &storage.database {
        DatabaseUrl::Sqlite(_) => store.copy_sqlite(to).await.map_err(Failure::from),
        DatabaseUrl::Postgres(url) => {
            let (url, to) = (url.clone(), to.to_owned());
            let major = facts.postgres.unwrap_or_default();
            blocking(move || postgres::dump(&url, major, &to)).await
        }
    }
}

/// What is left to do once the snapshot is there.
struct Pack {
    config: BackupConfig,
    storage: StorageConfig,
    partial: PathBuf,
    snapshot: PathBuf,
    facts: BackupFacts,
    at: UtcMillis,
}

impl Pack {
    fn run(&self) -> Result<(), Failure> {
        let key = server_key(&self.storage, &Ambient::system())?;
        let (bytes, sha256) = archive::measure(&self.snapshot)?;
        let manifest = Manifest {
            form: Manifest::FORM,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            schema: self.facts.schema,
            made_at_ms: self.at.0,
            made_at: written(self.at),
            database: if self.facts.postgres.is_some() { POSTGRES } else { SQLITE }.to_owned(),
            postgres: self.facts.postgres,
            bytes,
            sha256,
        };
        let mut both = self.config.recipients.clone();
        let own = crypt::server_identity(&self.config.place.identity_file)?;
        both.extend(own.iter().map(crypt::Identity::to_public));
        archive::write_data(&self.partial.join(DATA), &both, &manifest, &key, &self.snapshot)?;
        // The server itself has no way to open the keys: whoever breaks in there finds no older ones.
        let secrets = self.secrets()?;
        archive::write_keys(&self.partial.join(KEYS), &self.config.recipients, self.at.0, &secrets)
    }

    fn secrets(&self) -> Result<Secrets, Failure> {
        let path = key_path(&self.storage);
        let key = std::fs::read_to_string(&path).map_err(Failure::io(path.display().to_string()))?;
        let settings = self
            .config
            .settings_file
            .as_deref()
            .map(|path| std::fs::read(path).map_err(Failure::io(path.display().to_string())));
        Ok(Secrets { key, settings: settings.transpose()? })
    }
}
