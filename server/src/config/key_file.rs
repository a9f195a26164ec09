use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use store::ServerKey;
use store::ambient::Ambient;

use super::{ConfigError, Problems, StorageConfig};

/// The key's file in the data folder, when the operator names none.
const KEY_FILE: &str = "encryption.key";
const KEY_BYTES: usize = 32;
/// The current key, and one for each time that it was changed.
const KEYS_MOST: usize = 100;
const EXAMPLE: &str = "/etc/xl-package-manager/key";

/// The server's key: from the file that the operator names, else from the data folder, where it is made at the first
/// start, readable by its owner only. The database remembers which key it was made with and refuses another one.
///
/// # Errors
/// When the file cannot be read, written or understood.
pub fn server_key(storage: &StorageConfig, ambient: &Ambient) -> Result<ServerKey, ConfigError> {
    let mut problems = Problems::default();
    let key = match &storage.key_file {
        Some(path) => read(path),
        None => read_or_make(&storage.data_dir.join(KEY_FILE), ambient),
    };
    let key = problems.take("ENCRYPTION_KEY_FILE", key, EXAMPLE);
    problems.finish(key)
}

fn read_or_make(path: &PathBuf, ambient: &Ambient) -> Result<ServerKey, String> {
    let made = format!("{}{}", ambient.token(), ambient.token());
    let mut options = OpenOptions::new();
    // `create_new`: of two processes that start at once, one makes the key and the other reads it.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            file.write_all(made.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
            parse_key(path, &made)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => read(path),
        Err(error) => Err(format!("{} cannot be made: {error}", path.display())),
    }
}

fn read(path: &Path) -> Result<ServerKey, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    if is_open(path) {
        tracing::warn!(file = %path.display(), "other users of this machine can read the key (chmod 600 closes it)");
    }
    parse_key(path, text.trim())
}

/// Whether everyone on this machine may read or write the file. Its group may: services are often run so.
#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o006 != 0)
}

#[cfg(not(unix))]
const fn is_open(_path: &Path) -> bool {
    false
}

/// One key a line, the current one first. Never repeats the text in a message: it may be most of a key.
///
/// # Errors
/// Words that name the file.
pub fn parse_key(path: &Path, text: &str) -> Result<ServerKey, String> {
    let wrong = || {
        format!(
            "{} must hold {} hexadecimal digits a line (make one with: openssl rand -hex 32)",
            path.display(),
            KEY_BYTES * 2
        )
    };
    let mut keys = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        keys.push(key(line).ok_or_else(wrong)?);
    }
    if keys.is_empty() || keys.len() > KEYS_MOST {
        return Err(wrong());
    }
    let older = keys.split_off(1);
    let current = keys.pop().ok_or_else(wrong)?;
    Ok(ServerKey::new(current).with_older(older))
}

fn key(line: &str) -> Option<[u8; KEY_BYTES]> {
    if line.len() != KEY_BYTES * 2 || !line.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; KEY_BYTES];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(line.get(i * 2..i * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Where the key is, or will be.
#[must_use]
pub fn key_path(storage: &StorageConfig) -> PathBuf {
    storage.key_file.clone().unwrap_or_else(|| storage.data_dir.join(KEY_FILE))
}

/// Puts a new key before those in the file, in one step: whoever reads it finds the old file or the new one.
///
/// # Errors
/// When the file cannot be read or written.
pub fn add_key(storage: &StorageConfig, ambient: &Ambient) -> Result<PathBuf, std::io::Error> {
    let path = key_path(storage);
    let old = std::fs::read_to_string(&path)?;
    let beside = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(format!("{}{}\n{}\n", ambient.token(), ambient.token(), old.trim()).as_bytes())?;
    // Who owned the old file and could read it, owns and reads the new one.
    file.set_permissions(std::fs::metadata(&path)?.permissions())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let owner = std::fs::metadata(&path)?;
        std::os::unix::fs::fchown(&file, Some(owner.uid()), Some(owner.gid()))?;
    }
    file.sync_all()?;
    std::fs::rename(&beside, &path)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::DatabaseUrl;

    fn storage(folder: &Path) -> StorageConfig {
        StorageConfig {
            data_dir: folder.to_owned(),
            database: DatabaseUrl::Sqlite(folder.join("db")),
            password: None,
            key_file: None,
            slow_query: None,
        }
    }

    #[test]
    fn made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let storage = storage(folder.path());
        server_key(&storage, &Ambient::system()).unwrap();
        let path = folder.path().join(KEY_FILE);
        let first = std::fs::read_to_string(&path).unwrap();
        server_key(&storage, &Ambient::system()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            assert!(!is_open(&path));
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(is_open(&path));
        }
    }

    #[test]
    fn a_new_key_comes_first_and_the_old_ones_stay() {
        let folder = tempfile::tempdir().unwrap();
        let storage = storage(folder.path());
        server_key(&storage, &Ambient::system()).unwrap();
        let path = folder.path().join(KEY_FILE);
        let first = std::fs::read_to_string(&path).unwrap();
        assert_eq!(add_key(&storage, &Ambient::system()).unwrap(), path);
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[1]), (2, first.trim()));
        server_key(&storage, &Ambient::system()).unwrap();
        #[cfg(unix)]
        assert!(!is_open(&path));
    }

    #[test]
    fn a_spoilt_key_is_named_but_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "deadbeef").unwrap();
        let storage = StorageConfig { key_file: Some(path), ..storage(folder.path()) };
        let error = server_key(&storage, &Ambient::system()).unwrap_err().to_string();
        assert!(error.contains("ENCRYPTION_KEY_FILE") && !error.contains("deadbeef"), "{error}");
    }
}
