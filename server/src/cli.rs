//! The commands of the program and their flags. Each flag has its environment variable; a file `.env` in the current
//! folder is read first.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{BackupFlags, DEFAULT_LISTEN, MakeBackupFlags, ServeFlags, StorageFlags};
use crate::{commands, log};

/// Sells XL and AXIS data packages: members and resellers buy them from a prepaid balance.
#[derive(Debug, Parser)]
#[command(name = "xl-package-manager", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    #[expect(missing_docs, reason = "a comment here would become the program's help")]
    pub storage: StorageFlags,
    /// How logs are written, text or json; RUST_LOG says how much
    #[arg(
        long,
        env = "LOG_FORMAT",
        global = true,
        value_enum,
        default_value = "text",
        hide_possible_values = true
    )]
    #[arg(help_heading = "Log")]
    pub log_format: LogFormat,
    #[command(subcommand)]
    #[expect(missing_docs, reason = "each command has its own help")]
    pub command: Command,
}

/// Form of the log lines.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the shop
    Serve(Box<ServeFlags>),
    /// Bring the database up to date, and end
    Migrate,
    /// Make a user who runs the shop. Asks for the password, or reads it from a file or from standard input
    CreateAdmin(CreateAdmin),
    /// Check that the books agree: every rule of the ledger. Ends with 1 and a list when one is broken
    Check(Check),
    /// Fill the database with plausible users, packages and purchases, to try how it behaves when it is big
    Seed(Seed),
    /// Make a new encryption key and seal every secret anew with it. All servers must be stopped
    RotateKeys,
    /// Make an encrypted backup: one file with the data, one with the keys. The shop may go on working
    Backup(Box<Backup>),
    /// Put the newest backup back into a scratch database and check its books. Ends with 0 or 1
    RestoreTest(RestoreTest),
    /// Put a backup back into an empty place. The shop then starts with sales closed, until an admin has reconciled it
    Restore(Restore),
    /// Read a QRIS code, or make one for a single payment
    #[command(subcommand)]
    Qris(QrisCommand),
    /// Ask a running server whether it is well. For containers: ends with 0 or 1
    Healthcheck(Healthcheck),
}

/// What can be done with a QRIS code.
#[derive(Debug, Subcommand)]
pub enum QrisCommand {
    /// Say in JSON what a code says. Ends with 1 and the reason when it is none
    Inspect {
        /// The code's text
        payload: String,
    },
    /// Make a code for one payment of a code that can be paid again and again
    SetAmount {
        /// The code's text
        payload: String,
        /// How many rupiah
        rupiah: i64,
    },
}

/// Flags of `create-admin`.
#[derive(Args, Debug)]
pub struct CreateAdmin {
    /// Name to sign in with
    #[arg(long, env = "ADMIN_USERNAME", value_name = "NAME")]
    pub username: String,
    /// E-mail address
    #[arg(long, env = "ADMIN_EMAIL", value_name = "ADDRESS")]
    pub email: String,
    /// Mobile number
    #[arg(long, env = "ADMIN_PHONE", value_name = "NUMBER")]
    pub phone: String,
    /// A file whose first line is the password; without it you are asked, or standard input is read
    #[arg(long, env = "ADMIN_PASSWORD_FILE", value_name = "FILE")]
    pub password_file: Option<std::path::PathBuf>,
}

/// Flags of `check`.
#[derive(Args, Debug)]
pub struct Check {
    /// Answer in JSON
    #[arg(long, env = "CHECK_JSON")]
    pub json: bool,
}

/// Flags of `backup`.
#[derive(Args, Debug)]
pub struct Backup {
    /// Say which backups there are, and make none
    #[arg(long, env = "BACKUP_LIST", conflicts_with = "new_identity")]
    pub list: bool,
    /// Make a pair of keys for the owner, print both once, and make no backup
    #[arg(long, env = "BACKUP_NEW_IDENTITY")]
    pub new_identity: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a comment here would become the command's help")]
    pub place: BackupFlags,
    #[command(flatten)]
    #[expect(missing_docs, reason = "a comment here would become the command's help")]
    pub make: MakeBackupFlags,
}

/// Flags of `restore-test`.
#[derive(Args, Debug)]
pub struct RestoreTest {
    #[command(flatten)]
    #[expect(missing_docs, reason = "a comment here would become the command's help")]
    pub place: BackupFlags,
    /// An empty PostgreSQL database for tests only, which each of them empties. SQLite needs none
    #[arg(long, env = "BACKUP_SCRATCH_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub scratch_database_url: Option<String>,
}

/// Flags of `restore`.
#[derive(Args, Debug)]
pub struct Restore {
    /// The file with the data
    #[arg(env = "RESTORE_DATA_FILE", value_name = "DATA_FILE")]
    pub data: std::path::PathBuf,
    /// The file with the keys, of the same time. Without it, the server's key must be here already
    #[arg(long, env = "RESTORE_KEYS_FILE", value_name = "KEYS_FILE", hide_env_values = true)]
    pub keys: Option<std::path::PathBuf>,
    /// The owner's age identity file, which opens both
    #[arg(long, env = "RESTORE_IDENTITY_FILE", value_name = "FILE", hide_env_values = true)]
    pub identity: std::path::PathBuf,
}

/// Flags of `seed`.
#[derive(Args, Debug)]
pub struct Seed {
    /// How many users
    #[arg(long, env = "SEED_USERS", value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(i64).range(0..=10_000_000))]
    pub users: i64,
    /// How many packages
    #[arg(long, env = "SEED_PACKAGES", value_name = "NUMBER", default_value_t = 30, value_parser = clap::value_parser!(i64).range(0..=10_000))]
    pub packages: i64,
    /// How many purchases
    #[arg(long, env = "SEED_PURCHASES", value_name = "NUMBER", default_value_t = 10_000, value_parser = clap::value_parser!(i64).range(0..=100_000_000))]
    pub purchases: i64,
}

/// Flags of `healthcheck`.
#[derive(Args, Debug)]
pub struct Healthcheck {
    /// Address and port that the server listens on
    #[arg(long, env = "LISTEN_ADDR", value_name = "ADDRESS:PORT", default_value = DEFAULT_LISTEN)]
    pub listen: String,
    /// Ask whether it can be used (database, workers), not only whether the process answers
    #[arg(long, env = "HEALTHCHECK_READY")]
    pub ready: bool,
}

/// How long threads that nobody waits for may still take at the end.
const LEFTOVERS_WITHIN: Duration = Duration::from_millis(500);

/// Runs the program: reads `.env` and the flags, and does what the command says.
#[must_use]
pub fn main() -> ExitCode {
    // Before any thread starts: reading the file sets environment variables.
    let dotenv = dotenvy::from_path(".env");
    let cli = Cli::parse();
    // `serve` tells its story; the other commands speak for themselves and log only what goes wrong.
    log::start(cli.log_format, if matches!(cli.command, Command::Serve(_)) { "info" } else { "warn" });
    if let Err(error) = dotenv
        && !error.not_found()
    {
        commands::complain(&format!(".env cannot be read: {error}"));
        return ExitCode::FAILURE;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            commands::complain(&format!("no threads can be started: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(run(cli));
    // What is still on a thread of its own, such as looking up a name, must not keep the process.
    runtime.shutdown_timeout(LEFTOVERS_WITHIN);
    match outcome {
        Ok(code) => code,
        Err(error) => {
            commands::complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode, commands::Failure> {
    match cli.command {
        Command::Serve(flags) => commands::serve::run(flags.check(&cli.storage)?).await,
        Command::Migrate => commands::migrate::run(&cli.storage.check()?).await,
        Command::CreateAdmin(args) => commands::create_admin::run(&cli.storage.check()?, args).await,
        Command::Check(args) => commands::check::run(&cli.storage.check()?, args.json).await,
        Command::Seed(args) => commands::seed::run(&cli.storage.check()?, &args).await,
        Command::RotateKeys => commands::rotate_keys::run(&cli.storage.check()?).await,
        Command::Backup(args) if args.new_identity => Ok(commands::backup::new_identity()),
        Command::Backup(args) => commands::backup::run(&cli.storage.check()?, &args).await,
        Command::RestoreTest(args) => commands::restore_test::run(&cli.storage.check()?, &args).await,
        Command::Restore(args) => commands::restore::run(&cli.storage.check_for_restore()?, args).await,
        Command::Qris(QrisCommand::Inspect { payload }) => commands::qris::inspect(&payload),
        Command::Qris(QrisCommand::SetAmount { payload, rupiah }) => {
            Ok(commands::qris::set_amount(&payload, rupiah))
        }
        Command::Healthcheck(args) => commands::healthcheck::run(&args.listen, args.ready).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_fit_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_its_variable() {
        for command in std::iter::once(&Cli::command()).chain(Cli::command().get_subcommands()) {
            for flag in
                command.get_arguments().filter(|flag| !matches!(flag.get_id().as_str(), "help" | "version"))
            {
                assert!(flag.get_env().is_some(), "{} --{}", command.get_name(), flag.get_id());
            }
        }
    }

    #[test]
    fn help_shows_no_value_of_a_secret() {
        for command in std::iter::once(&Cli::command()).chain(Cli::command().get_subcommands()) {
            for flag in command.get_arguments() {
                let name = flag.get_id().as_str();
                if name.contains("key") || name.contains("secret") || name.contains("database") {
                    assert!(flag.is_hide_env_values_set(), "{name}");
                }
            }
        }
    }
}
