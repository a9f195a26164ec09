//! Connections, transactions and the way operations are run. Nothing here knows what the shop sells.

mod open;
mod postgres;
mod query;
mod sqlite;

use domain::{PublicId, UtcMillis};
use sqlx::{PgPool, SqlitePool};

pub(crate) use open::{newest_migration, open, refuse_half_restored};
pub(crate) use postgres::Notifier;
pub(crate) use query::{Conn, Query, Row, Value, insert_rows, sql};
pub(crate) use sqlite::Writer;

use crate::ambient::Ambient;
use crate::crypto::ServerKey;
use crate::error::Error;
use crate::monitor::PoolUse;
use crate::news::News;

/// Both kinds of database. SQLite has one writer and many readers.
#[derive(Clone)]
pub(crate) enum Db {
    Sqlite { read: SqlitePool, write: Writer },
    Postgres(PgPool),
}

/// A change of the database: a value that holds its input, does no input or output but the database's, and can be run
/// again from the start when the first run was rolled back through no fault of its own.
pub trait Operation: Send + Sync + 'static {
    /// What the caller gets.
    type Output: Send + 'static;

    /// Does it, inside one transaction. An error undoes everything.
    fn apply(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Output, Error>> + Send;
}

/// What an operation works with: a transaction, the time at which it began, and randomness.
pub struct Tx<'t> {
    pub(crate) conn: Conn<'t>,
    pub(crate) ambient: &'t Ambient,
    pub(crate) key: &'t ServerKey,
    /// One time for the whole operation.
    pub(crate) now: UtcMillis,
    /// Told after the commit, and only then.
    pub(crate) news: Vec<News>,
}

impl<'t> Tx<'t> {
    pub(crate) fn new(conn: Conn<'t>, ambient: &'t Ambient, key: &'t ServerKey) -> Self {
        Self { conn, ambient, key, now: ambient.now(), news: Vec::new() }
    }

    pub(crate) fn new_id(&self) -> PublicId {
        PublicId::from_random(self.ambient.bits())
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Postgres(_))
    }
}

impl Db {
    /// Rows of a statement that only reads.
    pub(crate) async fn all(&self, query: Query) -> Result<Vec<Row>, Error> {
        match self {
            Self::Sqlite { read, .. } => query.all(&mut Conn::Sqlite(&mut *read.acquire().await?)).await,
            Self::Postgres(pool) => query.all(&mut Conn::Postgres(&mut *pool.acquire().await?)).await,
        }
    }

    /// The first row of a statement that only reads.
    pub(crate) async fn optional(&self, query: Query) -> Result<Option<Row>, Error> {
        match self {
            Self::Sqlite { read, .. } => query.optional(&mut Conn::Sqlite(&mut *read.acquire().await?)).await,
            Self::Postgres(pool) => query.optional(&mut Conn::Postgres(&mut *pool.acquire().await?)).await,
        }
    }

    /// How the connections are used.
    pub(crate) fn pool_use(&self) -> PoolUse {
        let of = |size: u32, idle: usize, most: u32, writes_waiting: usize| {
            let idle = u32::try_from(idle).unwrap_or(size).min(size);
            PoolUse { busy: size - idle, idle, most, writes_waiting }
        };
        match self {
            Self::Sqlite { read, write } => {
                of(read.size(), read.num_idle(), read.options().get_max_connections(), write.waiting())
            }
            Self::Postgres(pool) => of(pool.size(), pool.num_idle(), pool.options().get_max_connections(), 0),
        }
    }

    /// The one row of a statement that only reads.
    pub(crate) async fn one(&self, query: Query) -> Result<Row, Error> {
        self.optional(query).await?.ok_or_else(|| Error::from(sqlx::Error::RowNotFound))
    }
}
