//! Databases that something is put back into. They are not a shop yet, so no [`crate::Store`] is opened on them.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::error::OpenError;

/// What a PostgreSQL database holds, as far as it matters to whoever wants to put something there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostgresTarget {
    /// Nothing at all.
    Empty,
    /// Nothing but what tests of backups leave, which may be emptied.
    Scratch,
    /// What a restore left behind that did not get to its end.
    HalfRestored,
    /// Somebody's tables.
    InUse,
}

/// A schema by this name marks a database whose tables may be dropped. It is made only in an empty one.
macro_rules! scratch {
    () => {
        "xlpm_scratch"
    };
}
/// A schema by this name marks a database that is being restored: no shop is opened on it.
macro_rules! restoring {
    () => {
        "xlpm_restoring"
    };
}

/// How long other connections of this process may take to let go of a SQLite file.
const LET_GO_WITHIN: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Looks what a PostgreSQL database holds, and the server's major version.
///
/// # Errors
/// When it cannot be reached.
pub async fn postgres_target(url: &str) -> Result<(PostgresTarget, i64), OpenError> {
    let mut conn = PgConnection::connect(url).await?;
    let schemas: (bool, bool) = sqlx::query_as(concat!(
        "SELECT to_regnamespace('",
        scratch!(),
        "') IS NOT NULL, to_regnamespace('",
        restoring!(),
        "') IS NOT NULL"
    ))
    .fetch_one(&mut conn)
    .await?;
    let tables: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname <> 'information_schema' \
         AND n.nspname NOT LIKE 'pg\\_%'",
    )
    .fetch_one(&mut conn)
    .await?;
    let major: i64 = sqlx::query_scalar("SELECT current_setting('server_version_num')::BIGINT / 10000")
        .fetch_one(&mut conn)
        .await?;
    conn.close().await?;
    let target = match (schemas, tables) {
        ((true, _), _) => PostgresTarget::Scratch,
        // Whatever was begun there has left nothing.
        ((false, _), 0) => PostgresTarget::Empty,
        ((false, true), _) => PostgresTarget::HalfRestored,
        ((false, false), _) => PostgresTarget::InUse,
    };
    Ok((target, major))
}

/// Marks an empty database as one whose tables may be dropped.
///
/// # Errors
/// When the database refuses.
pub async fn mark_scratch(url: &str) -> Result<(), OpenError> {
    run(url, concat!("CREATE SCHEMA IF NOT EXISTS ", scratch!())).await
}

/// Drops the tables of a database that is marked so; in another one nothing happens.
///
/// # Errors
/// When the database refuses.
pub async fn empty_scratch(url: &str) -> Result<(), OpenError> {
    run(
        url,
        concat!(
            "DO $$ DECLARE t record; BEGIN IF to_regnamespace('",
            scratch!(),
            "') IS NOT NULL THEN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP \
             EXECUTE format('DROP TABLE public.%I CASCADE', t.tablename); END LOOP; END IF; END $$"
        ),
    )
    .await
}

/// Marks a database as one that is being restored, before anything is put there.
///
/// # Errors
/// When the database refuses.
pub async fn begin_restoring(url: &str) -> Result<(), OpenError> {
    run(url, concat!("CREATE SCHEMA IF NOT EXISTS ", restoring!())).await
}

/// Takes that mark away: what is there is whole, and safe to run.
///
/// # Errors
/// When the database refuses.
pub async fn end_restoring(url: &str) -> Result<(), OpenError> {
    run(url, concat!("DROP SCHEMA IF EXISTS ", restoring!())).await
}

async fn run(url: &str, text: &'static str) -> Result<(), OpenError> {
    let mut conn = PgConnection::connect(url).await?;
    sqlx::raw_sql(text).execute(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

/// Puts all of a SQLite database into its one file, so that it can be moved: nothing is left in a log beside it. Every store
/// on it must have been dropped; their connections close a moment later.
///
/// # Errors
/// When the file cannot be written, or somebody still has it open.
pub async fn settle_sqlite(path: &Path) -> Result<(), OpenError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Delete)
        .busy_timeout(Duration::ZERO);
    let deadline = tokio::time::Instant::now() + LET_GO_WITHIN;
    loop {
        let settled = async {
            let mut conn = options.connect().await?;
            // A mode that cannot be had yet is no error: the old one stays.
            let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut conn).await?;
            conn.close().await?;
            if mode == "delete" {
                Ok(())
            } else {
                Err(sqlx::Error::Protocol("the file is still in use".into()))
            }
        };
        match settled.await {
            Err(_) if tokio::time::Instant::now() < deadline => tokio::time::sleep(LOOK_EVERY).await,
            outcome => return outcome.map_err(OpenError::from),
        }
    }
}
