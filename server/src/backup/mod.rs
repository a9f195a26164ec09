//! Backups: an encrypted file with the database, and one with the keys. [`run::make`] makes them, [`test::run`] shows that
//! the newest one can be put back, [`restore::run`] puts one back on an empty machine.
//!
//! Both are age files around a tar archive, so that with the owner's identity `age` and `tar` open them without this
//! program. The data file can also be opened by the server, for the test; the keys file only by the owner. age does not say
//! who made a file, so its manifest is sealed with the server's key: what somebody else put in its place is not believed.

mod archive;
mod child;
mod crypt;
mod files;
mod manifest;
mod offsite;
mod postgres;
pub mod restore;
mod retention;
pub mod run;
mod space;
pub mod test;

pub use crypt::{Identity, Recipient, new_identity, parse_recipients};
pub use files::{BackupSet, list};
pub use offsite::Remote;
pub use retention::{Keep, kept};
pub use space::FreeSpace;

use crate::commands::Failure;

/// Runs what reads and writes files, without holding up the runtime.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Failure::Other(error.to_string()))?
}

fn failure(words: impl Into<String>) -> Failure {
    Failure::Other(words.into())
}
