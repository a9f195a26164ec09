//! For tests: stores on throwaway databases of both kinds, and a clock that can be set.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::UtcMillis;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::ambient::{Ambient, Clock, Random};
use crate::{DatabaseUrl, OpenError, ServerKey, Store, StoreConfig};

const KEY: [u8; 32] = [7; 32];

/// A clock that a test moves on. It starts at the machine's time.
#[derive(Clone)]
pub struct TestClock {
    system: Ambient,
    ahead_ms: Arc<AtomicI64>,
}

impl Default for TestClock {
    fn default() -> Self {
        Self { system: Ambient::system(), ahead_ms: Arc::default() }
    }
}

impl TestClock {
    /// Moves on.
    pub fn advance_ms(&self, ms: i64) {
        self.ahead_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> UtcMillis {
        self.system.now().plus_ms(self.ahead_ms.load(Ordering::SeqCst))
    }
}

struct SystemRandom(Ambient);

impl Random for SystemRandom {
    fn bits(&self) -> u64 {
        self.0.bits()
    }
}

/// A database of a test's own, removed when dropped.
pub struct TestDatabase {
    /// `sqlite` or `postgres`.
    pub kind: &'static str,
    /// How to reach it.
    pub url: DatabaseUrl,
    /// The clock of stores opened by [`TestDatabase::open`].
    pub clock: TestClock,
    /// Where files of the test may go; removed too.
    pub folder: PathBuf,
    admin_url: Option<(String, String)>,
}

/// One fresh database of each kind: SQLite always, PostgreSQL when `TEST_DATABASE_URL` names a server.
///
/// # Panics
/// When a database cannot be made: the test cannot go on.
#[expect(clippy::expect_used, clippy::unwrap_used, reason = "for tests")]
pub async fn databases() -> Vec<TestDatabase> {
    let mut databases = vec![sqlite()];
    if let Ok(server) = std::env::var("TEST_DATABASE_URL") {
        let name = format!("xlpm_test_{}", Ambient::system().token());
        let mut conn =
            PgConnection::connect(&server).await.expect("TEST_DATABASE_URL names a server that answers");
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create).execute(&mut conn).await.expect("a test may create databases");
        conn.close().await.unwrap();
        databases.push(TestDatabase {
            kind: "postgres",
            url: DatabaseUrl::Postgres(with_database(&server, &name)),
            clock: TestClock::default(),
            folder: new_folder(),
            admin_url: Some((server, name)),
        });
    }
    databases
}

/// A fresh SQLite database.
#[must_use]
pub fn sqlite() -> TestDatabase {
    let folder = new_folder();
    TestDatabase {
        kind: "sqlite",
        url: DatabaseUrl::Sqlite(folder.join("test.db")),
        clock: TestClock::default(),
        folder,
        admin_url: None,
    }
}

#[expect(clippy::expect_used, reason = "for tests")]
fn new_folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("xlpm-test-{}", Ambient::system().token()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    folder
}

/// The server's URL with another database's name.
fn with_database(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
    let after_scheme = base.find("://").map_or(0, |at| at + 3);
    let end =
        base.get(after_scheme..).and_then(|rest| rest.find('/')).map_or(base.len(), |at| after_scheme + at);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", base.get(..end).unwrap_or(base))
}

impl TestDatabase {
    /// Opens a store on it, with the test's clock.
    ///
    /// # Panics
    /// When it cannot be opened.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub async fn open(&self) -> Store {
        self.open_with(self.key()).await.expect("the test database opens")
    }

    /// Opens a store on it with another key than usual.
    ///
    /// # Errors
    /// When the database refuses the key.
    pub async fn open_with(&self, key: ServerKey) -> Result<Store, OpenError> {
        let ambient = Ambient::new(self.clock.clone(), SystemRandom(Ambient::system()));
        Store::open(StoreConfig { database: self.url.clone(), key, ambient }).await
    }

    /// The one number that a query answers with, past the store: to judge it by what stands in the rows. `at` is bound
    /// to `$1` where the query has one.
    ///
    /// # Panics
    /// When there is no such number.
    #[expect(clippy::unwrap_used, reason = "for tests")]
    pub async fn number(&self, query: &'static str, at: UtcMillis) -> i64 {
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path).read_only(true);
                let mut conn = options.connect().await.unwrap();
                sqlx::query_scalar(query).bind(at.0).fetch_one(&mut conn).await.unwrap()
            }
            DatabaseUrl::Postgres(url) => {
                let mut conn = PgConnection::connect(url).await.unwrap();
                sqlx::query_scalar(query).bind(at.0).fetch_one(&mut conn).await.unwrap()
            }
        }
    }

    /// Changes rows, or the schema, behind the store's back, past every guard that SQLite lets itself be talked out of.
    ///
    /// # Panics
    /// When the database refuses.
    #[expect(clippy::unwrap_used, reason = "for tests")]
    pub async fn tamper(&self, text: &'static str) {
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let mut conn = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
                sqlx::raw_sql("PRAGMA ignore_check_constraints = 1").execute(&mut conn).await.unwrap();
                sqlx::query(text).execute(&mut conn).await.unwrap();
            }
            DatabaseUrl::Postgres(url) => {
                let mut conn = PgConnection::connect(url).await.unwrap();
                sqlx::query(text).execute(&mut conn).await.unwrap();
            }
        }
    }

    /// The key of [`TestDatabase::open`].
    #[must_use]
    pub const fn key(&self) -> ServerKey {
        ServerKey::new(KEY)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let Some((server, name)) = self.admin_url.take() else {
            return;
        };
        // A server that is thrown away itself needs no cleaning, and dropping can take it a minute.
        if std::env::var_os("TEST_DATABASE_THROWAWAY").is_some() {
            return;
        }
        // A thread of its own: a runtime cannot be entered from within another.
        let dropped = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            runtime.block_on(async {
                let Ok(mut conn) = PgConnection::connect(&server).await else {
                    return;
                };
                let drop = sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                let _ = sqlx::query(drop).execute(&mut conn).await;
            });
        });
        let _ = dropped.join();
    }
}
