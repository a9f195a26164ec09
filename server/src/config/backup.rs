use std::path::{Path, PathBuf};

use clap::Args;

use super::{ConfigError, Problems, StorageConfig};
use crate::backup::{Keep, Recipient, Remote, parse_recipients};

/// Where backups go and who can open them, as flags.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Backups")]
pub struct BackupFlags {
    /// Folder for backups; made when it is missing. Without it, `backups` in the data folder
    #[arg(long, env = "BACKUP_DIR", value_name = "FOLDER", hide_env_values = true)]
    pub backup_dir: Option<PathBuf>,
    /// The server's own age identity, by which restore-test opens data files; made when it is missing. Without it,
    /// `backup-identity.txt` in the data folder. It is in no backup
    #[arg(long, env = "BACKUP_IDENTITY_FILE", value_name = "FILE", hide_env_values = true)]
    pub backup_identity_file: Option<PathBuf>,
}

/// What only `backup` needs.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Backups")]
pub struct MakeBackupFlags {
    /// Public keys (age1…) of the owner, who keeps the identities elsewhere. Several are parted by commas
    #[arg(long, env = "BACKUP_RECIPIENTS", value_name = "AGE1…", default_value = "")]
    pub backup_recipients: String,
    /// A file with the server's settings, to be kept with the keys
    #[arg(long, env = "BACKUP_SETTINGS_FILE", value_name = "FILE", hide_env_values = true)]
    pub backup_settings_file: Option<PathBuf>,
    /// Days of which the newest backup is kept
    #[arg(long, env = "BACKUP_KEEP_DAYS", value_name = "NUMBER", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub backup_keep_days: u32,
    /// Weeks of which the newest backup is kept
    #[arg(long, env = "BACKUP_KEEP_WEEKS", value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=520))]
    pub backup_keep_weeks: u32,
    /// Months of which the newest backup is kept
    #[arg(long, env = "BACKUP_KEEP_MONTHS", value_name = "NUMBER", default_value_t = 12, value_parser = clap::value_parser!(u32).range(0..=1_200))]
    pub backup_keep_months: u32,
    /// Copies each backup there with rclone: REMOTE:PATH
    #[arg(long, env = "BACKUP_RCLONE_REMOTE", value_name = "REMOTE:PATH", default_value = "")]
    pub backup_rclone_remote: String,
}

/// Where backups are, checked.
#[derive(Clone, Debug)]
pub struct BackupPlace {
    /// The folder; it may not exist yet.
    pub dir: PathBuf,
    /// The server's own identity; it may not exist yet.
    pub identity_file: PathBuf,
}

/// How backups are made, checked.
#[derive(Clone, Debug)]
pub struct BackupConfig {
    /// Where.
    pub place: BackupPlace,
    /// Who can open them beside the server; never empty.
    pub recipients: Vec<Recipient>,
    /// Settings to be kept with the keys.
    pub settings_file: Option<PathBuf>,
    /// What is kept.
    pub keep: Keep,
    /// Where each is copied to.
    pub remote: Option<Remote>,
}

const FOLDER: &str = "backups";
const IDENTITY_FILE: &str = "backup-identity.txt";
const RECIPIENT_EXAMPLE: &str = "age1… (make one with: xl-package-manager backup --new-identity)";

impl BackupFlags {
    /// Where backups are.
    #[must_use]
    pub fn place(&self, storage: &StorageConfig) -> BackupPlace {
        let or = |path: &Option<PathBuf>, name: &str| {
            let named = path.clone().filter(|path| !path.as_os_str().is_empty());
            named.unwrap_or_else(|| storage.data_dir.join(name))
        };
        BackupPlace {
            dir: or(&self.backup_dir, FOLDER),
            identity_file: or(&self.backup_identity_file, IDENTITY_FILE),
        }
    }
}

impl MakeBackupFlags {
    /// Checks the flags.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn check(&self, place: BackupPlace) -> Result<BackupConfig, ConfigError> {
        let mut problems = Problems::default();
        let recipients = parse_recipients(&self.backup_recipients);
        let recipients = problems.take("BACKUP_RECIPIENTS", recipients, RECIPIENT_EXAMPLE);
        let remote = self.backup_rclone_remote.trim();
        let remote = if remote.is_empty() { Ok(None) } else { Remote::parse(remote).map(Some) };
        let remote = problems.take("BACKUP_RCLONE_REMOTE", remote, "drive:shop-backups");
        let settings_file = self.backup_settings_file.clone().filter(|path| !path.as_os_str().is_empty());
        if let Some(path) = settings_file.as_deref().filter(|path| !is_readable(path)) {
            problems.note(
                "BACKUP_SETTINGS_FILE",
                format!("{} cannot be read", path.display()),
                "/etc/xl-package-manager.env",
            );
        }
        let keep = Keep {
            days: self.backup_keep_days,
            weeks: self.backup_keep_weeks,
            months: self.backup_keep_months,
        };
        let config = recipients.zip(remote).map(|(recipients, remote)| BackupConfig {
            place,
            recipients,
            settings_file,
            keep,
            remote,
        });
        problems.finish(config)
    }
}

fn is_readable(path: &Path) -> bool {
    path.is_file() && std::fs::File::open(path).is_ok()
}
