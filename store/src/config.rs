use std::path::PathBuf;

use crate::ambient::Ambient;
use crate::crypto::ServerKey;

/// Which database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file; made when it is not there.
    Sqlite(PathBuf),
    /// `postgres://…`.
    Postgres(String),
}

/// What a store needs to open.
#[derive(Clone)]
pub struct StoreConfig {
    /// Which database.
    pub database: DatabaseUrl,
    /// The server's key.
    pub key: ServerKey,
    /// Time and chance.
    pub ambient: Ambient,
}
