//! `rotate-keys`: a new encryption key, and every secret sealed anew with it.

use std::process::ExitCode;

use store::SealSecretsAnew;
use store::ambient::Ambient;

use super::{Failure, open_store, say};
use crate::config::{StorageConfig, add_key};

/// Makes a new key and uses it. The old ones stay in the file: they prove the blocks that were sealed with them.
///
/// # Errors
/// When a server is running, or the key's file or the database cannot be used.
pub async fn run(storage: &StorageConfig) -> Result<ExitCode, Failure> {
    let before = open_store(storage).await?;
    if before.is_served().await? {
        return Err(Failure::Other(
            "a server is running, and could not read what is sealed with a key that it does not know. Stop all servers \
             first, and wait half a minute"
                .to_owned(),
        ));
    }
    drop(before);
    let path = add_key(storage, &Ambient::system()).map_err(Failure::io("the key's file"))?;
    let count = open_store(storage).await?.run(SealSecretsAnew).await?;
    say(&format!(
        "{count} secrets are sealed with a new key, the first line of {}. Keep the other lines: older records are proven \
         with them. Copy the file to every server before you start it.",
        path.display()
    ));
    Ok(ExitCode::SUCCESS)
}
