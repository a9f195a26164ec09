//! The folder with the backups: what files are called, who works in it, and what is thrown away.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::UtcMillis;
use time::{Date, Month, OffsetDateTime, Time};

use super::failure;
use super::retention::{Keep, kept};
use crate::commands::Failure;

/// One backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupSet {
    /// When it was made, to the second.
    pub at: UtcMillis,
    /// The file with the data, and its bytes.
    pub data: (PathBuf, u64),
    /// The file with the keys; it may have been moved elsewhere.
    pub keys: Option<PathBuf>,
}

const BEGINS: &str = "xl-backup-";
const DATA_ENDS: &str = "-data.tar.gz.age";
const KEYS_ENDS: &str = "-keys.tar.gz.age";
const LOCK: &str = ".lock";
/// How long one that works there is waited for: a restore test of a large shop takes its time.
pub(super) const PATIENCE: Duration = Duration::from_mins(30);
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Folders of a run that is under way, or was killed.
const PARTIAL: &str = ".partial-";

/// The folder, with nobody else at work in it.
pub(super) struct Workplace {
    dir: PathBuf,
    /// Where nothing is a backup yet.
    pub(super) partial: PathBuf,
    _lock: File,
}

impl Workplace {
    /// Makes the folder where it is missing, waits for who works there already, and clears away what a killed run has left.
    /// Blocks the thread.
    pub(super) fn enter(dir: &Path, token: &str, patience: Duration) -> Result<Self, Failure> {
        let named = |path: &Path| Failure::io(path.display().to_string());
        private_folder(dir).map_err(named(dir))?;
        let lock_path = dir.join(LOCK);
        let lock = File::create(&lock_path).map_err(named(&lock_path))?;
        let mut waited = Duration::ZERO;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if waited < patience => {
                    std::thread::sleep(LOOK_EVERY);
                    waited += LOOK_EVERY;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(failure(format!(
                        "another backup or restore test works in {} and does not end",
                        dir.display()
                    )));
                }
                Err(TryLockError::Error(error)) => return Err(named(&lock_path)(error)),
            }
        }
        for entry in std::fs::read_dir(dir).map_err(named(dir))? {
            let entry = entry.map_err(named(dir))?;
            if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
                std::fs::remove_dir_all(entry.path()).map_err(named(&entry.path()))?;
            }
        }
        let partial = dir.join(format!("{PARTIAL}{token}"));
        private_folder(&partial).map_err(named(&partial))?;
        Ok(Self { dir: dir.to_owned(), partial, _lock: lock })
    }

    /// Where the two files of this time go.
    pub(super) fn places(&self, at: UtcMillis) -> (PathBuf, PathBuf) {
        let stamp = stamp(at);
        let place = |ends: &str| self.dir.join(format!("{BEGINS}{stamp}{ends}"));
        (place(DATA_ENDS), place(KEYS_ENDS))
    }

    /// Moves a finished file to its place, and makes that last.
    pub(super) fn publish(&self, from: &Path, to: &Path) -> Result<(), Failure> {
        let moved = std::fs::rename(from, to).and_then(|()| File::open(&self.dir)?.sync_all());
        moved.map_err(Failure::io(to.display().to_string()))
    }

    /// Deletes what is not to be kept; which files.
    pub(super) fn prune(&self, keep: Keep) -> Result<Vec<PathBuf>, Failure> {
        let sets = list(&self.dir)?;
        let times: Vec<UtcMillis> = sets.iter().map(|set| set.at).collect();
        let kept = kept(&times, keep);
        let gone = sets.into_iter().filter(|set| !kept.contains(&set.at));
        let files: Vec<PathBuf> = gone.flat_map(|set| [Some(set.data.0), set.keys]).flatten().collect();
        for file in &files {
            std::fs::remove_file(file).map_err(Failure::io(file.display().to_string()))?;
        }
        Ok(files)
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.partial);
    }
}

/// The backups in a folder, the newest first. Whatever else lies there is passed over, and so is a keys file without data.
///
/// # Errors
/// When the folder cannot be read; one that is not there holds none.
pub fn list(dir: &Path) -> Result<Vec<BackupSet>, Failure> {
    let named = || Failure::io(dir.display().to_string());
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(named()(error)),
    };
    let (mut data, mut keys) = (BTreeMap::new(), BTreeMap::new());
    for entry in entries {
        let entry = entry.map_err(named())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(rest) = name.strip_prefix(BEGINS) else { continue };
        if let Some(at) = rest.strip_suffix(DATA_ENDS).and_then(read_stamp) {
            let bytes = entry.metadata().map_err(named())?.len();
            data.insert(at, (entry.path(), bytes));
        } else if let Some(at) = rest.strip_suffix(KEYS_ENDS).and_then(read_stamp) {
            keys.insert(at, entry.path());
        }
    }
    let sets = data.into_iter().rev();
    Ok(sets.map(|(at, data)| BackupSet { at, data, keys: keys.remove(&at) }).collect())
}

/// For its owner's eyes only: the snapshot lies there unencrypted for a while.
pub(super) fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn utc(at: UtcMillis) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// `20261126T164500Z`.
fn stamp(at: UtcMillis) -> String {
    let at = utc(at);
    let (month, day) = (u8::from(at.month()), at.day());
    format!("{:04}{month:02}{day:02}T{:02}{:02}{:02}Z", at.year(), at.hour(), at.minute(), at.second())
}

/// `2026-11-26 16:45:00 UTC`, for people.
pub(super) fn written(at: UtcMillis) -> String {
    let at = utc(at);
    let (month, day) = (u8::from(at.month()), at.day());
    format!("{:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", at.year(), at.hour(), at.minute(), at.second())
}

fn read_stamp(text: &str) -> Option<UtcMillis> {
    let part = |from: usize, until: usize| text.get(from..until)?.parse::<u8>().ok();
    let year = text.get(..4)?.parse().ok()?;
    let date = Date::from_calendar_date(year, Month::try_from(part(4, 6)?).ok()?, part(6, 8)?).ok()?;
    let time = Time::from_hms(part(9, 11)?, part(11, 13)?, part(13, 15)?).ok()?;
    let at = UtcMillis(date.with_time(time).assume_utc().unix_timestamp().checked_mul(1_000)?);
    // Whatever else may be read so is no name of ours.
    (stamp(at) == text).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        let at = UtcMillis(1_795_711_500_000);
        assert_eq!(
            (stamp(at).as_str(), written(at).as_str()),
            ("20261126T164500Z", "2026-11-26 16:45:00 UTC")
        );
        assert_eq!(read_stamp("20261126T164500Z"), Some(at));
        for wrong in [
            "",
            "20261126T164500",
            "20261326T164500Z",
            "20261126T164500Z-2",
            "+0261126T164500Z",
            "2026ä126T1645Z",
        ] {
            assert_eq!(read_stamp(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_backup_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        assert_eq!(list(&dir.join("none")).unwrap(), []);
        for name in [
            "xl-backup-20261126T164500Z-data.tar.gz.age",
            "xl-backup-20261126T164500Z-keys.tar.gz.age",
            "xl-backup-20261125T164500Z-data.tar.gz.age",
            "xl-backup-20261124T164500Z-keys.tar.gz.age",
            "xl-backup-20261123T164500Z-data.tar.gz.age.part",
            "notes.txt",
        ] {
            std::fs::write(dir.join(name), "12345").unwrap();
        }
        std::fs::create_dir(dir.join(".partial-killed")).unwrap();
        std::fs::write(dir.join(".partial-killed/database"), "plain").unwrap();
        let sets = list(dir).unwrap();
        let seen: Vec<_> = sets.iter().map(|set| (stamp(set.at), set.data.1, set.keys.is_some())).collect();
        assert_eq!(seen, [("20261126T164500Z".into(), 5, true), ("20261125T164500Z".into(), 5, false)]);

        let workplace = Workplace::enter(dir, "now", Duration::ZERO).unwrap();
        assert!(!dir.join(".partial-killed").exists(), "what a killed run has left is gone");
        let second = Workplace::enter(dir, "second", Duration::ZERO).map(|_| ()).unwrap_err().to_string();
        assert!(second.contains("another backup"), "{second}");
        let keep = Keep { days: 1, weeks: 0, months: 0 };
        assert_eq!(workplace.prune(keep).unwrap(), [dir.join("xl-backup-20261125T164500Z-data.tar.gz.age")]);
        let patient = {
            let dir = dir.to_owned();
            std::thread::spawn(move || Workplace::enter(&dir, "patient", PATIENCE).map(drop))
        };
        drop(workplace);
        patient.join().unwrap().unwrap();
        assert!(!dir.join(".partial-now").exists());
        assert!(dir.join("notes.txt").exists());
    }
}
