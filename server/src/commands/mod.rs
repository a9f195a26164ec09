//! What the commands do, one file each.

pub mod backup;
pub mod check;
pub mod create_admin;
pub mod healthcheck;
pub mod migrate;
pub mod qris;
pub mod restore;
pub mod restore_test;
pub mod rotate_keys;
pub mod seed;
pub mod serve;

use std::io::Write;

use store::ambient::Ambient;
use store::{Store, StoreConfig};

use crate::config::{ConfigError, StorageConfig, server_key};

/// Why a command could not do its work. Shown to the operator, who may see causes.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration cannot be used.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// The database could not be opened.
    #[error("{0}")]
    Open(#[from] store::OpenError),
    /// The store said no, or broke.
    #[error("{0}")]
    Store(#[from] store::Error),
    /// A file, a socket or a terminal failed.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Anything else, in words.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    /// Says what was being done when the system said no.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// Opens the store, with migrations.
///
/// # Errors
/// When the key or the database cannot be used.
pub async fn open_store(storage: &StorageConfig) -> Result<Store, Failure> {
    let ambient = Ambient::system();
    let key = server_key(storage, &ambient)?;
    let config = StoreConfig { database: storage.database.clone(), key, ambient };
    Ok(Store::open_noting(config, storage.slow_query).await?)
}

/// A line for the operator. A closed pipe is no reason to fail.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A line about what went wrong.
pub fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "xl-package-manager: {line}");
}
