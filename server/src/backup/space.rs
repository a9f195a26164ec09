use std::path::Path;
use std::sync::Arc;

use super::failure;
use crate::commands::Failure;

/// Tells how many bytes a folder's disk has left; tests bring their own.
#[derive(Clone)]
pub struct FreeSpace(Arc<Look>);

type Look = dyn Fn(&Path) -> std::io::Result<u64> + Send + Sync;

/// What other programs may write meanwhile.
const MARGIN_BYTES: u64 = 64 * 1024 * 1024;
const MB: u64 = 1024 * 1024;

impl FreeSpace {
    /// One's own answer.
    pub fn told_by(look: impl Fn(&Path) -> std::io::Result<u64> + Send + Sync + 'static) -> Self {
        Self(Arc::new(look))
    }
}

impl Default for FreeSpace {
    /// What the system says.
    fn default() -> Self {
        Self::told_by(|folder| {
            let disk = rustix::fs::statvfs(folder)?;
            Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
        })
    }
}

/// Refuses before a disk gets full, rather than half way: the shop itself may write there.
pub(super) fn demand(free: &FreeSpace, folder: &Path, bytes: u64, why: &str) -> Result<(), Failure> {
    let left = (free.0)(folder).map_err(Failure::io(folder.display().to_string()))?;
    let wanted = bytes.saturating_add(MARGIN_BYTES);
    if left >= wanted {
        return Ok(());
    }
    Err(failure(format!(
        "the disk of {} has {} MB left, and {} MB are needed {why}: make room, or use another folder",
        folder.display(),
        left / MB,
        wanted.div_ceil(MB)
    )))
}
