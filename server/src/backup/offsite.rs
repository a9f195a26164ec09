use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::child;
use super::{blocking, failure};
use crate::commands::Failure;

/// A place that rclone knows: `REMOTE:PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote(String);

/// For one file, over a slow line.
const COPY_MOST: Duration = Duration::from_secs(3 * 3600);

impl Remote {
    /// Reads one. It is handed to rclone as one word, never to a shell; and it cannot be taken for a flag.
    ///
    /// # Errors
    /// Words about what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let is_named = text.split_once(':').is_some_and(|(name, _)| {
            !name.is_empty()
                && !name.starts_with('-')
                && name.chars().all(|c| c.is_alphanumeric() || "_-. +@".contains(c))
        });
        if !is_named || text.chars().any(char::is_control) {
            return Err("must be REMOTE:PATH, with a remote that `rclone config` has made".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// The place as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of a file there.
    fn of(&self, file: &Path) -> String {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let parted = self.0.ends_with(':') || self.0.ends_with('/');
        format!("{}{}{name}", self.0, if parted { "" } else { "/" })
    }
}

/// Copies files there, one after the other.
pub(super) async fn copy(remote: &Remote, files: &[PathBuf]) -> Result<(), Failure> {
    for file in files {
        let (file, to) = (file.clone(), remote.of(file));
        blocking(move || {
            let mut command = Command::new("rclone");
            command.arg("copyto").arg(&file).arg(&to);
            child::run(command, "rclone", COPY_MOST)
                .map_err(|error| failure(format!("{} was not copied to {to}: {error}", file.display())))
        })
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes() {
        let file = Path::new("/srv/xl-backup-1");
        for (typed, address) in [
            ("drive:shop", "drive:shop/xl-backup-1"),
            ("s3-1:bucket/", "s3-1:bucket/xl-backup-1"),
            ("drive:", "drive:xl-backup-1"),
        ] {
            assert_eq!(Remote::parse(typed).unwrap().of(file), address);
        }
        for wrong in ["", "drive", ":local", "--config:x", "a;b:c", "drive:a\nb", "/srv/backups"] {
            assert!(Remote::parse(wrong).is_err(), "{wrong}");
        }
    }
}
