use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use log::LevelFilter;
use sqlx::migrate;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::{Db, Writer};
use crate::config::{DatabaseUrl, StoreConfig};
use crate::error::OpenError;
use crate::news::NewsSender;

/// Migrations only add, so that a version can still run on the schema of the next one: an upgrade that fails can be taken
/// back.
fn tolerant(mut migrations: Migrator) -> Migrator {
    migrations.set_ignore_missing(true);
    migrations
}

fn sqlite_migrations() -> Migrator {
    tolerant(migrate!("../migrations/sqlite"))
}

fn postgres_migrations() -> Migrator {
    tolerant(migrate!("../migrations/postgres"))
}

impl Db {
    /// How many migrations this version knows, and the newest one's number.
    pub(crate) fn known_migrations(&self) -> (i64, i64) {
        let known = match self {
            Self::Sqlite { .. } => sqlite_migrations(),
            Self::Postgres(_) => postgres_migrations(),
        };
        let newest = known.iter().map(|migration| migration.version).max();
        (i64::try_from(known.iter().count()).unwrap_or_default(), newest.unwrap_or_default())
    }
}

/// Slow statements go to the log with their text, never with their values.
fn noting<O: ConnectOptions>(options: O, slow_after: Option<Duration>) -> O {
    match slow_after {
        Some(slow_after) => options.log_slow_statements(LevelFilter::Warn, slow_after),
        None => options.log_slow_statements(LevelFilter::Off, Duration::MAX),
    }
}

/// The number of the newest migration.
pub(crate) fn newest_migration() -> i64 {
    sqlite_migrations().iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// A restore that was cut off leaves books that nobody has made safe to run yet, or none where a shop was: what is made
/// in their place would look like a new shop.
pub(crate) async fn refuse_half_restored(url: &DatabaseUrl) -> Result<(), OpenError> {
    let url = match url {
        DatabaseUrl::Postgres(url) => url,
        // The file is put in its place only when it is safe to run. Whoever has moved it aside leaves this mark.
        DatabaseUrl::Sqlite(path) => {
            let mark = format!("{}.restoring", path.display());
            let half = !path.exists() && std::path::Path::new(&mark).exists();
            return if half { Err(OpenError::HalfRestored) } else { Ok(()) };
        }
    };
    let mut conn = PgConnection::connect(url).await?;
    let half: bool = sqlx::query_scalar("SELECT to_regnamespace('xlpm_restoring') IS NOT NULL")
        .fetch_one(&mut conn)
        .await?;
    conn.close().await?;
    if half { Err(OpenError::HalfRestored) } else { Ok(()) }
}

/// Connections for reading. Two cores do not read quicker with more.
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long to wait for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait for another process that is migrating.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);
const LOCK_LOOK_EVERY: Duration = Duration::from_millis(20);
/// Statements that stay prepared: more than the program has.
const STATEMENTS_KEPT: usize = 400;

/// Connects, and brings the schema up to date. Several processes may do so at once: PostgreSQL's migrator takes an
/// advisory lock, SQLite's a lock on a file beside the database.
pub(crate) async fn open(
    config: &StoreConfig,
    slow_after: Option<Duration>,
    news: &NewsSender,
) -> Result<Db, OpenError> {
    let StoreConfig { database, key, ambient } = config;
    match database {
        DatabaseUrl::Sqlite(path) => {
            let options = noting(sqlite_options(path), slow_after);
            let lock = lock_beside(path).await?;
            let mut conn = options.connect().await?;
            sqlite_migrations().run(&mut conn).await?;
            conn.close().await?;
            drop(lock);
            let write = Writer::start(options.clone(), ambient.clone(), key.clone(), news.clone()).await?;
            let read = SqlitePoolOptions::new()
                .max_connections(SQLITE_READERS)
                .connect_with(options.read_only(true))
                .await?;
            Ok(Db::Sqlite { read, write })
        }
        DatabaseUrl::Postgres(url) => {
            let options: PgConnectOptions = noting(url.parse()?, slow_after);
            migrate_postgres(&options).await?;
            let options = options.statement_cache_capacity(STATEMENTS_KEPT).options([
                // A forgotten transaction must not hold locks, nor an entry appear long after its number was given out.
                ("idle_in_transaction_session_timeout", "30000"),
                ("statement_timeout", "60000"),
            ]);
            let pool =
                PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).connect_with(options).await?;
            Ok(Db::Postgres(pool))
        }
    }
}

/// By a connection of its own: an index over years of entries may take longer than any statement of the shop. Locks are waited
/// for no longer than another process that migrates, because everybody else queues behind who waits for one.
async fn migrate_postgres(options: &PgConnectOptions) -> Result<(), OpenError> {
    let lock_timeout = LOCK_TIMEOUT.as_millis().to_string();
    let mut conn = options.clone().options([("lock_timeout", lock_timeout.as_str())]).connect().await?;
    postgres_migrations().run(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: what was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .statement_cache_capacity(STATEMENTS_KEPT)
}

/// Waits for its turn without blocking the thread: the one who has it may need this very thread to finish.
async fn lock_beside(path: &Path) -> Result<File, OpenError> {
    let lock_path = path.with_extension("lock");
    let named = |source| OpenError::File { path: lock_path.display().to_string(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|source| OpenError::File { path: folder.display().to_string(), source })?;
    }
    let file = File::create(&lock_path).map_err(named)?;
    let turn_is_waited_until = tokio::time::Instant::now() + LOCK_TIMEOUT;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if tokio::time::Instant::now() < turn_is_waited_until => {
                tokio::time::sleep(LOCK_LOOK_EVERY).await;
            }
            Err(error) => return Err(named(error.into())),
        }
    }
}
