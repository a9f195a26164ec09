use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use store::DatabaseUrl;

use super::{ConfigError, Problems, Secret};

/// Where everything is kept, as flags that every command takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Storage")]
pub struct StorageFlags {
    /// Folder for the SQLite file, the key and the demo's files; made when it is missing
    #[arg(
        long,
        env = "DATA_DIR",
        value_name = "FOLDER",
        global = true,
        default_value = "data",
        hide_env_values = true
    )]
    pub data_dir: PathBuf,
    /// postgres://… for PostgreSQL, or sqlite:FILE; without it a SQLite file in the data folder
    #[arg(long, env = "DATABASE_URL", value_name = "URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
    /// File with PostgreSQL's password, which then stands in no address (a container's secret)
    #[arg(long, env = "DATABASE_PASSWORD_FILE", value_name = "FILE", global = true, hide_env_values = true)]
    pub database_password_file: Option<PathBuf>,
    /// The key for encrypted values (64 hexadecimal digits). Without it, one is made in the data folder at the first
    /// start. Several servers on one database must share it
    #[arg(long, env = "ENCRYPTION_KEY_FILE", value_name = "FILE", global = true, hide_env_values = true)]
    pub encryption_key_file: Option<PathBuf>,
    /// Statements that take longer than so many milliseconds are noted in the log, without their values; 0 for none
    /// [default: 500]
    #[arg(long, env = "SLOW_QUERY_MS", value_name = "NUMBER", global = true)]
    pub slow_query_ms: Option<String>,
}

/// Where everything is kept, checked.
#[derive(Clone, Debug)]
pub struct StorageConfig {
    /// The data folder; it exists.
    pub data_dir: PathBuf,
    /// The database.
    pub database: DatabaseUrl,
    /// PostgreSQL's password, when it stands in a file of its own and not in the address.
    pub password: Option<Secret>,
    /// The file with the key, when the operator names one.
    pub key_file: Option<PathBuf>,
    /// From when on a statement is slow; `None` for never.
    pub slow_query: Option<Duration>,
}

/// Ten times what the slowest page needs of a large book.
const SLOW_QUERY_MS: u64 = 500;
const SQLITE_FILE: &str = "xl-package-manager.sqlite3";
const DATABASE_EXAMPLE: &str = "postgres://shop:secret@localhost/shop";
const PASSWORD_EXAMPLE: &str = "/run/secrets/database_password";

impl StorageFlags {
    /// Checks the flags and makes the data folder.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn check(&self) -> Result<StorageConfig, ConfigError> {
        let mut problems = Problems::default();
        let storage = self.check_into(&mut problems);
        problems.finish(storage)
    }

    /// The same before the key's file is there: a restore brings it.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn check_for_restore(&self) -> Result<StorageConfig, ConfigError> {
        let key_file = self.encryption_key_file.clone().filter(|path| !path.as_os_str().is_empty());
        let without = Self { encryption_key_file: None, ..self.clone() };
        Ok(StorageConfig { key_file, ..without.check()? })
    }

    /// The same for a caller that has more to check.
    #[must_use]
    pub fn check_into(&self, problems: &mut Problems) -> Option<StorageConfig> {
        let data_dir = problems.take("DATA_DIR", folder(&self.data_dir), "/var/lib/xl-package-manager");
        let fallback = self.data_dir.join(SQLITE_FILE);
        // An earlier version read it. Passing over it would start an empty shop on SQLite.
        if std::env::var_os("DATABASE_URL_FILE").is_some_and(|path| !path.is_empty()) {
            problems.note(
                "DATABASE_URL_FILE",
                "is not read any more: write the address without its password to DATABASE_URL, and name the password's file in \
                 DATABASE_PASSWORD_FILE",
                "",
            );
        }
        let password = problems.take("DATABASE_PASSWORD_FILE", self.password(), PASSWORD_EXAMPLE)?;
        let database = database(self.database_url.as_deref(), fallback).and_then(|database| match database {
            DatabaseUrl::Postgres(url) => with_password(&url, password.as_ref()).map(DatabaseUrl::Postgres),
            // Falling back to a fresh SQLite file would look like a shop that has lost everything.
            DatabaseUrl::Sqlite(_) if password.is_some() => {
                Err("names no PostgreSQL, and DATABASE_PASSWORD_FILE is given".to_owned())
            }
            DatabaseUrl::Sqlite(file) => Ok(DatabaseUrl::Sqlite(file)),
        });
        let database = problems.take("DATABASE_URL", database, DATABASE_EXAMPLE);
        let key_file = self.encryption_key_file.clone().filter(|path| !path.as_os_str().is_empty());
        if let Some(path) = &key_file
            && !path.is_file()
        {
            problems.note(
                "ENCRYPTION_KEY_FILE",
                format!("{} is no file (make one with: openssl rand -hex 32)", path.display()),
                "/etc/xl-package-manager/key",
            );
        }
        let slow_query = problems.take("SLOW_QUERY_MS", slow_query(self.slow_query_ms.as_deref()), "500")?;
        Some(StorageConfig { data_dir: data_dir?, database: database?, password, key_file, slow_query })
    }
}

impl StorageFlags {
    fn password(&self) -> Result<Option<Secret>, String> {
        let Some(path) = self.database_password_file.as_ref().filter(|path| !path.as_os_str().is_empty())
        else {
            return Ok(None);
        };
        let read = std::fs::read_to_string(path);
        let text = read.map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let text = text.trim();
        if text.is_empty() {
            return Err(format!("{} is empty", path.display()));
        }
        Ok(Some(Secret::new(text.to_owned())))
    }
}

impl StorageConfig {
    /// A PostgreSQL address with the password of the file, when there is one.
    ///
    /// # Errors
    /// What is wrong with the address, without repeating it.
    pub fn with_password(&self, url: &str) -> Result<String, String> {
        with_password(url, self.password.as_ref())
    }
}

fn with_password(url: &str, password: Option<&Secret>) -> Result<String, String> {
    let Some(password) = password else {
        return Ok(url.to_owned());
    };
    let mut parsed = reqwest::Url::parse(url).map_err(|error| format!("cannot be read: {error}"))?;
    if parsed.password().is_some() {
        return Err("has a password, and DATABASE_PASSWORD_FILE has one too; keep one of them".to_owned());
    }
    parsed
        .set_password(Some(password.expose()))
        .map_err(|()| "names no host that a password could be for".to_owned())?;
    Ok(parsed.into())
}

/// The outer result is about mistakes, the inner `None` says never.
fn slow_query(text: Option<&str>) -> Result<Option<Duration>, String> {
    let ms = match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => SLOW_QUERY_MS,
        Some(text) => text.parse().map_err(|_| format!("`{text}` is not a whole number"))?,
    };
    Ok((ms > 0).then(|| Duration::from_millis(ms)))
}

/// Makes the folder for its owner's eyes only: it holds the key and the database.
fn folder(path: &Path) -> Result<PathBuf, String> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| format!("folder {} cannot be made: {error}", path.display()))?;
    #[cfg(unix)]
    close(path);
    std::path::absolute(path).map_err(|error| format!("folder {} cannot be used: {error}", path.display()))
}

/// A folder that was there before may be open to others. One of another owner is not ours to close, and one where
/// everyone may put files (`/tmp`) is no data folder.
#[cfg(unix)]
fn close(path: &Path) {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    const OTHERS: u32 = 0o077;
    const STICKY: u32 = 0o1000;
    let Ok(folder) = std::fs::metadata(path) else { return };
    if folder.mode() & OTHERS == 0 {
        return;
    }
    // Linux tells who we are without a call of its own; elsewhere the system decides whether it is ours.
    let ours = std::fs::metadata("/proc/self").map_or(true, |process| process.uid() == folder.uid());
    let closed = ours
        && folder.mode() & STICKY == 0
        && std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).is_ok();
    if !closed {
        tracing::warn!(folder = %path.display(), "other users of this machine can look into the data folder");
    }
}

/// Never repeats the address in a message: it holds a password.
fn database(url: Option<&str>, fallback: PathBuf) -> Result<DatabaseUrl, String> {
    let Some(url) = url.map(str::trim).filter(|url| !url.is_empty()) else {
        return Ok(DatabaseUrl::Sqlite(fallback));
    };
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return match reqwest::Url::parse(url) {
            Ok(parsed) if parsed.path().len() > 1 => Ok(DatabaseUrl::Postgres(url.to_owned())),
            Ok(_) => Err("names no database after the host".to_owned()),
            Err(error) => {
                Err(format!("cannot be read: {error} (signs in a password must be percent-encoded)"))
            }
        };
    }
    match url.strip_prefix("sqlite:").map(|rest| rest.trim_start_matches("//")) {
        Some(file) if !file.is_empty() => Ok(DatabaseUrl::Sqlite(PathBuf::from(file))),
        _ => Err("must begin with postgres:// or sqlite:".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_folder_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o1777;
        let parent = tempfile::tempdir().unwrap();
        let (open, shared) = (parent.path().join("open"), parent.path().join("shared"));
        for (path, bits) in [(&open, 0o755), (&shared, 0o1777)] {
            std::fs::create_dir(path).unwrap();
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(bits)).unwrap();
            folder(path).unwrap();
        }
        assert_eq!(mode(&open), 0o700);
        assert_eq!(mode(&shared), 0o1777, "not ours alone");
        let made = parent.path().join("a/b");
        folder(&made).unwrap();
        assert_eq!(mode(&made), 0o700);
    }

    #[test]
    fn the_password_may_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        let flags = |url: &str| StorageFlags {
            data_dir: folder.path().to_owned(),
            database_url: Some(url.to_owned()),
            database_password_file: Some(path.clone()),
            ..StorageFlags::default()
        };
        let without = "postgres://shop@localhost/shop?sslmode=disable";
        let problem = |url: &str| flags(url).check().unwrap_err().to_string();
        assert!(problem(without).contains("DATABASE_PASSWORD_FILE"), "there is no such file");
        std::fs::write(&path, "\n").unwrap();
        assert!(problem(without).contains("is empty"));
        std::fs::write(&path, "h/u@s:h\n").unwrap();
        let storage = flags(without).check().unwrap();
        let DatabaseUrl::Postgres(url) = &storage.database else { panic!("{:?}", storage.database) };
        assert_eq!(url, "postgres://shop:h%2Fu%40s%3Ah@localhost/shop?sslmode=disable");
        let scratch = storage.with_password("postgres://shop@localhost/scratch").unwrap();
        assert_eq!(scratch, "postgres://shop:h%2Fu%40s%3Ah@localhost/scratch");
        for wrong in
            ["postgres://shop:other@localhost/shop", "sqlite:shop.db", "", "postgres:///shop?host=/run"]
        {
            let told = problem(wrong);
            assert!(told.contains("DATABASE_URL") && !told.contains("other@"), "{told}");
        }
    }

    #[test]
    fn databases() {
        let read = |url: &str| database(Some(url), PathBuf::from("fallback"));
        assert!(
            matches!(database(None, PathBuf::from("f")), Ok(DatabaseUrl::Sqlite(path)) if path == Path::new("f"))
        );
        assert!(matches!(read(" "), Ok(DatabaseUrl::Sqlite(path)) if path == Path::new("fallback")));
        assert!(matches!(read("postgres://u:p@localhost/shop"), Ok(DatabaseUrl::Postgres(_))));
        assert!(
            matches!(read("sqlite:///srv/shop.db"), Ok(DatabaseUrl::Sqlite(path)) if path == Path::new("/srv/shop.db"))
        );
        assert!(
            matches!(read("sqlite:shop.db"), Ok(DatabaseUrl::Sqlite(path)) if path == Path::new("shop.db"))
        );
        for wrong in ["mysql://u:hush@localhost/shop", "postgres://localhost", "shop.db", "sqlite:"] {
            let message = read(wrong).unwrap_err();
            assert!(!message.contains("hush"), "{message}");
        }
    }
}
