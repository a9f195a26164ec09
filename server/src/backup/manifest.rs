use serde::{Deserialize, Serialize};
use store::ServerKey;

use super::failure;
use crate::commands::Failure;

/// What a data file says of itself. Later versions may add fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The form of the archive.
    pub(super) form: u32,
    /// The version of the program that made it.
    pub(super) program: String,
    /// The number of the newest migration in the database.
    pub(super) schema: i64,
    /// When it was made: milliseconds since 1970 in UTC.
    pub(super) made_at_ms: i64,
    /// The same for people.
    pub(super) made_at: String,
    /// `sqlite` or `postgres`.
    pub(super) database: String,
    /// PostgreSQL's major version.
    pub(super) postgres: Option<i64>,
    /// Bytes of the snapshot.
    pub(super) bytes: u64,
    /// Its SHA-256.
    pub(super) sha256: String,
}

/// The form that this version writes and reads.
const FORM: u32 = 1;

pub(super) const SQLITE: &str = "sqlite";
pub(super) const POSTGRES: &str = "postgres";

impl Manifest {
    pub(super) const FORM: u32 = FORM;

    /// Reads one and sees whether the server with this key made it.
    pub(super) fn read(text: &[u8], seal: &str, key: &ServerKey) -> Result<Self, Failure> {
        if !key.made_backup(text, seal) {
            return Err(failure(
                "the keys do not fit the data: this backup was made by a server with another encryption key, or somebody \
                 changed it. Use the keys file of the same time",
            ));
        }
        let manifest: Self = serde_json::from_slice(text)
            .map_err(|error| failure(format!("the backup's manifest cannot be read: {error}")))?;
        if manifest.form > FORM || manifest.schema > store::newest_schema() {
            return Err(failure(format!(
                "this backup was made by version {} of the program, which is newer than this one: install that version first",
                manifest.program
            )));
        }
        Ok(manifest)
    }
}
