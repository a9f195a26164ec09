//! SQLite's one writer. A durable commit costs a disk sync, so it groups: it runs the operations that are waiting, each
//! under a savepoint, inside one transaction, commits once, and only then answers them all.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::query::{Conn, sql};
use super::{Operation, Tx};
use crate::ambient::Ambient;
use crate::crypto::ServerKey;
use crate::error::{Error, Fault};
use crate::news::{News, NewsSender};

/// Most operations in one transaction: a limit on what one bad operation makes others repeat.
const BATCH_MOST: usize = 128;
/// Longest time that a batch keeps collecting: a limit on what the first one waits for the last.
const BATCH_TIME: Duration = Duration::from_millis(20);
/// Operations that may wait. Beyond it callers wait in line.
const QUEUE_MOST: usize = 1024;

/// Begins the names of the rows that hold the marks.
const MARK: &str = "writer_mark:";

/// Hands operations to the writer task.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
}

/// How a job ended inside its savepoint.
enum Ran {
    /// Keep its effects.
    Done(Vec<News>),
    /// Undo its effects; the answer (a refusal or a constraint's error) stands.
    Undone,
    /// The connection or the transaction may be broken: undo everything.
    Broken,
}

/// An operation with the place for its result, its type forgotten.
trait Job: Send {
    fn run<'a>(&'a mut self, tx: &'a mut Tx<'_>) -> BoxFuture<'a, Ran>;
    fn answer(self: Box<Self>);
    fn fail(&mut self, fault: Fault);
}

struct Waiting<O: Operation> {
    operation: O,
    result: Option<Result<O::Output, Error>>,
    reply: oneshot::Sender<Result<O::Output, Error>>,
}

impl<O: Operation> Job for Waiting<O> {
    fn run<'a>(&'a mut self, tx: &'a mut Tx<'_>) -> BoxFuture<'a, Ran> {
        async move {
            let outcome = AssertUnwindSafe(self.operation.apply(tx)).catch_unwind().await;
            let (ran, result) = match outcome {
                Ok(Ok(output)) => (Ran::Done(std::mem::take(&mut tx.news)), Ok(output)),
                Ok(Err(error)) => match &error {
                    Error::Refused(_) => (Ran::Undone, Err(error)),
                    Error::Fault(Fault::Corrupt(_)) => (Ran::Undone, Err(error)),
                    Error::Fault(_) if error.is_constraint() => (Ran::Undone, Err(error)),
                    Error::Fault(_) => (Ran::Broken, Err(error)),
                },
                Err(_panic) => (Ran::Broken, Err(Error::Fault(Fault::Panicked))),
            };
            self.result = Some(result);
            ran
        }
        .boxed()
    }

    fn answer(self: Box<Self>) {
        let result = self.result.unwrap_or(Err(Error::Fault(Fault::Closing)));
        // A caller that went away cancels nothing.
        let _ = self.reply.send(result);
    }

    fn fail(&mut self, fault: Fault) {
        // What the operation itself said is more telling than how the transaction ended.
        if !matches!(self.result, Some(Err(_))) {
            self.result = Some(Err(Error::Fault(fault)));
        }
    }
}

impl Writer {
    /// Starts the writer task on a connection of its own.
    pub(crate) async fn start(
        options: SqliteConnectOptions,
        ambient: Ambient,
        key: ServerKey,
        news: NewsSender,
    ) -> Result<Self, sqlx::Error> {
        let mut conn = options.connect().await?;
        // Marks of processes that have ended. One that still runs writes its own anew with every commit.
        sqlx::query("DELETE FROM meta WHERE name LIKE 'writer_mark:%'").execute(&mut conn).await?;
        let (queue, jobs) = mpsc::channel(QUEUE_MOST);
        tokio::spawn(
            Task {
                options,
                conn: Some(conn),
                jobs,
                mark_name: MARK.to_owned() + &ambient.token(),
                ambient,
                key,
                news,
            }
            .serve(),
        );
        Ok(Self { queue })
    }

    /// Runs an operation; returns when it is durable, or refused.
    pub(crate) async fn run<O: Operation>(&self, operation: O) -> Result<O::Output, Error> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Waiting { operation, result: None, reply });
        self.queue.send(job).await.map_err(|_| Error::Fault(Fault::Closing))?;
        answer.await.map_err(|_| Error::Fault(Fault::Closing))?
    }

    /// How many operations wait for their turn.
    pub(crate) fn waiting(&self) -> usize {
        self.queue.max_capacity().saturating_sub(self.queue.capacity())
    }
}

struct Task {
    options: SqliteConnectOptions,
    /// None after trouble, until it could be opened again.
    conn: Option<SqliteConnection>,
    jobs: mpsc::Receiver<Box<dyn Job>>,
    /// This process's row for the mark of its last commit.
    mark_name: String,
    ambient: Ambient,
    key: ServerKey,
    news: NewsSender,
}

impl Task {
    async fn serve(mut self) {
        while let Some(first) = self.jobs.recv().await {
            let mut batch = vec![first];
            match self.run_batch(&mut batch, true).await {
                Ok(news) => self.tell(batch, news),
                Err(error) => {
                    tracing::warn!(%error, operations = batch.len(), "a batch was rolled back; each is run alone");
                    self.replay_alone(batch).await;
                }
            }
        }
    }

    /// Each operation of a broken batch once more, in a transaction of its own.
    async fn replay_alone(&mut self, batch: Vec<Box<dyn Job>>) {
        self.conn = None;
        for job in batch {
            let mut alone = vec![job];
            match self.run_batch(&mut alone, false).await {
                Ok(news) => self.tell(alone, news),
                Err(error) => {
                    tracing::error!(%error, "an operation failed");
                    self.conn = None;
                    for mut job in alone {
                        job.fail(Fault::Database(sqlx::Error::Protocol(error.to_string())));
                        job.answer();
                    }
                }
            }
        }
    }

    fn tell(&self, batch: Vec<Box<dyn Job>>, news: Vec<News>) {
        for job in batch {
            job.answer();
        }
        for item in news {
            self.news.tell(item);
        }
    }

    /// Runs the batch, taking in more that arrive meanwhile, and commits.
    async fn run_batch(&mut self, batch: &mut Vec<Box<dyn Job>>, grow: bool) -> Result<Vec<News>, Error> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.options.connect().await?,
        };
        let started = Instant::now();
        let mut news = Vec::new();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut conn).await?;
        let mut next = 0;
        while let Some(job) = batch.get_mut(next) {
            news.extend(self.run_one(&mut conn, job).await?);
            next += 1;
            let room = grow && batch.len() < BATCH_MOST && started.elapsed() < BATCH_TIME;
            if room
                && next == batch.len()
                && let Ok(job) = self.jobs.try_recv()
            {
                batch.push(job);
            }
        }
        if self.commit(&mut conn).await? == Commit::Confirmed {
            self.conn = Some(conn);
        }
        Ok(news)
    }

    async fn run_one(&self, conn: &mut SqliteConnection, job: &mut Box<dyn Job>) -> Result<Vec<News>, Error> {
        sqlx::query("SAVEPOINT operation").execute(&mut *conn).await?;
        let mut tx = Tx::new(Conn::Sqlite(&mut *conn), &self.ambient, &self.key);
        let ran = job.run(&mut tx).await;
        match ran {
            Ran::Done(news) => {
                sqlx::query("RELEASE operation").execute(&mut *conn).await?;
                Ok(news)
            }
            Ran::Undone => {
                sqlx::query("ROLLBACK TO operation").execute(&mut *conn).await?;
                sqlx::query("RELEASE operation").execute(&mut *conn).await?;
                Ok(Vec::new())
            }
            Ran::Broken => Err(Error::Fault(Fault::Database(sqlx::Error::WorkerCrashed))),
        }
    }

    /// Commits. When the database does not say whether it did, a mark written in the same transaction tells.
    async fn commit(&self, conn: &mut SqliteConnection) -> Result<Commit, Error> {
        let mark = self.ambient.token();
        // A row for each process: another one may commit between our commit and the look at the mark.
        sql("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2")
            .bind(&self.mark_name)
            .bind(mark.as_str())
            .execute(&mut Conn::Sqlite(&mut *conn))
            .await?;
        let Err(error) = sqlx::query("COMMIT").execute(&mut *conn).await else {
            return Ok(Commit::Confirmed);
        };
        if is_failed_sync(&error) {
            // After a failed fsync nobody knows what is on the disk; only a fresh start reads the truth.
            tracing::error!(%error, "the disk did not sync; stopping");
            std::process::abort();
        }
        tracing::error!(%error, "a commit was not confirmed; looking whether it happened");
        match self.committed_mark().await {
            Ok(Some(found)) if found == mark => Ok(Commit::Found),
            Ok(_) => Err(error.into()),
            Err(look) => {
                // Neither yes nor no: running the batch again could do it twice. A fresh start reads the truth.
                tracing::error!(%look, "whether a commit happened cannot be told; stopping");
                std::process::abort();
            }
        }
    }

    async fn committed_mark(&self) -> Result<Option<String>, Error> {
        let mut fresh = self.options.connect().await?;
        let row = sql("SELECT value FROM meta WHERE name = $1")
            .bind(&self.mark_name)
            .optional(&mut Conn::Sqlite(&mut fresh))
            .await?;
        let mark = row.map(|row| row.text("value")).transpose()?;
        let _ = fresh.close().await;
        Ok(mark)
    }
}

/// How a commit was found to have happened.
#[derive(PartialEq, Eq)]
enum Commit {
    /// The database said so.
    Confirmed,
    /// It did not say so, but it is there. The connection cannot be trusted any more.
    Found,
}

/// SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC.
fn is_failed_sync(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if matches!(error.code().as_deref(), Some("1034" | "1290")))
}
