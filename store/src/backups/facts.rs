use std::path::Path;

use crate::Store;
use crate::db::{Db, newest_migration, sql};
use crate::error::Error;

/// What a backup notes about its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupFacts {
    /// The number of the newest migration in it.
    pub schema: i64,
    /// About how large it is.
    pub bytes: u64,
    /// The server's major version; nothing for SQLite.
    pub postgres: Option<i64>,
}

/// The number of the newest migration that this program knows.
#[must_use]
pub fn newest_schema() -> i64 {
    newest_migration()
}

impl Store {
    /// What a backup has to know beforehand.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn backup_facts(&self) -> Result<BackupFacts, Error> {
        let schema = self.db().one(sql("SELECT MAX(version) AS version FROM _sqlx_migrations")).await?;
        let (size, postgres) = match self.db() {
            Db::Sqlite { .. } => {
                let size =
                    "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()";
                (self.db().one(sql(size)).await?, None)
            }
            Db::Postgres(_) => {
                let size = "SELECT pg_database_size(current_database()) AS bytes, \
                            current_setting('server_version_num')::BIGINT / 10000 AS major";
                let row = self.db().one(sql(size)).await?;
                let major = row.int("major")?;
                (row, Some(major))
            }
        };
        Ok(BackupFacts { schema: schema.int("version")?, bytes: size.int("bytes")?.unsigned_abs(), postgres })
    }

    /// Writes the SQLite database, as it is at this moment, to a new file. Writers go on meanwhile.
    ///
    /// # Errors
    /// Faults of the database; a full disk is one.
    pub async fn copy_sqlite(&self, to: &Path) -> Result<(), Error> {
        let Db::Sqlite { read, .. } = self.db() else {
            return Err(Error::corrupt("this is no SQLite database"));
        };
        let to = to.to_str().ok_or_else(|| Error::corrupt("the path is no text"))?;
        sqlx::query("VACUUM INTO ?1").bind(to).execute(read).await?;
        Ok(())
    }

    /// Whether this address leads to the very database that this store works on, however it is written. A lock that one
    /// connection holds is refused to another one of the same database only.
    ///
    /// # Errors
    /// When either cannot be asked.
    pub async fn is_the_same_postgres(&self, url: &str) -> Result<bool, Error> {
        use sqlx::Connection;

        let Db::Postgres(pool) = self.db() else { return Ok(false) };
        let key = i64::from_be_bytes(self.random_bits().to_be_bytes());
        let mut other = sqlx::PgConnection::connect(url).await?;
        // A transaction's lock ends with it, also when this is dropped half way.
        let mut held = pool.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(key).execute(&mut *held).await?;
        let free: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)")
            .bind(key)
            .fetch_one(&mut other)
            .await?;
        held.rollback().await?;
        other.close().await?;
        Ok(!free)
    }
}
