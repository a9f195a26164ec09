use std::fmt;

use domain::Refusal;

/// Why an operation changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An expected "no", meant for the person who asked.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Something broke. For the log only: it may name tables and values.
    #[error("{0}")]
    Fault(#[source] Fault),
}

/// What broke.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database said no, or is gone.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// What the database holds cannot be, or an invariant would break. Nothing was written.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// The writer has ended, or the process is stopping.
    #[error("the store is closing")]
    Closing,
    /// The operation panicked; its effects were rolled back.
    #[error("an operation panicked")]
    Panicked,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(Fault::Database(error))
    }
}

impl Error {
    /// Data that cannot be.
    pub(crate) fn corrupt(what: impl fmt::Display) -> Self {
        Self::Fault(Fault::Corrupt(what.to_string()))
    }

    /// Whether the database refused a row (as opposed to being in trouble itself): safe to roll back to a savepoint.
    pub(crate) fn is_constraint(&self) -> bool {
        matches!(self, Self::Fault(Fault::Database(sqlx::Error::Database(error)))
            if error.is_unique_violation() || error.is_check_violation() || error.is_foreign_key_violation())
    }

    /// Whether PostgreSQL gave up one of two transactions that stood in each other's way; the same again may work.
    pub(crate) fn is_serialization(&self) -> bool {
        matches!(self, Self::Fault(Fault::Database(sqlx::Error::Database(error)))
            if matches!(error.code().as_deref(), Some("40001" | "40P01")))
    }
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database cannot be reached or read.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The folder or the lock file beside the SQLite file cannot be used.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database was made with another key.
    #[error(
        "this database was made with another encryption key. All servers of one shop share the key: copy the key file \
         of the first one here, or name it in ENCRYPTION_KEY_FILE"
    )]
    OtherKey,
    /// A restore into it did not get to its end.
    #[error(
        "a restore into this database was interrupted: what is there is not safe to run. Restore again, on PostgreSQL into an \
         empty database; or bring back what was put aside for it (its name ends in before and a time)"
    )]
    HalfRestored,
    /// The database holds something that cannot be.
    #[error("{0}")]
    Store(String),
}
