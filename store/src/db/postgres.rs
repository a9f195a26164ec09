//! PostgreSQL's way of running operations, and the news between processes.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::query::Conn;
use super::{Operation, Tx};
use crate::ambient::Ambient;
use crate::crypto::ServerKey;
use crate::error::Error;
use crate::news::{News, NewsSender};

/// Tries of an operation that PostgreSQL gave up in favour of another one.
const TRIES_MOST: usize = 4;
/// News are gathered for so long before they are sent on. NOTIFY takes a lock that all commits queue for, so it has no
/// place in the money's transactions; the others look every few seconds anyway.
const NOTIFY_EVERY: Duration = Duration::from_millis(50);
/// A payload may have 8,000 bytes; an item takes about 20.
const NOTIFY_ITEMS_MOST: usize = 200;
const CHANNEL: &str = "xlpm_news";

/// Runs an operation in a transaction; returns when it is durable, or refused.
pub(super) async fn run<O: Operation>(
    pool: &PgPool,
    operation: &O,
    ambient: &Ambient,
    key: &ServerKey,
) -> Result<(O::Output, Vec<News>), Error> {
    let mut tries = 1;
    loop {
        match run_once(pool, operation, ambient, key).await {
            Err(error) if error.is_serialization() && tries < TRIES_MOST => tries += 1,
            outcome => return outcome,
        }
    }
}

async fn run_once<O: Operation>(
    pool: &PgPool,
    operation: &O,
    ambient: &Ambient,
    key: &ServerKey,
) -> Result<(O::Output, Vec<News>), Error> {
    let mut transaction = pool.begin().await?;
    let mut tx = Tx::new(Conn::Postgres(&mut transaction), ambient, key);
    let output = operation.apply(&mut tx).await?;
    let news = std::mem::take(&mut tx.news);
    transaction.commit().await?;
    Ok((output, news))
}

/// Tells other processes what this one has committed.
#[derive(Clone)]
pub(crate) struct Notifier {
    queue: mpsc::UnboundedSender<News>,
    _listening: Arc<Listening>,
}

/// Ends when the store is dropped, and gives its connection back.
struct Listening(AbortHandle);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Notifier {
    /// Starts sending to and listening for other processes.
    pub(crate) fn start(pool: PgPool, process: String, sender: &NewsSender) -> Self {
        let (queue, items) = mpsc::unbounded_channel();
        tokio::spawn(send_on(pool.clone(), process.clone(), items));
        let listening = tokio::spawn(listen(pool, process, sender.clone())).abort_handle();
        Self { queue, _listening: Arc::new(Listening(listening)) }
    }

    pub(crate) fn tell(&self, news: News) {
        let _ = self.queue.send(news);
    }
}

async fn send_on(pool: PgPool, process: String, mut items: mpsc::UnboundedReceiver<News>) {
    while let Some(first) = items.recv().await {
        tokio::time::sleep(NOTIFY_EVERY).await;
        let mut words = vec![process.clone(), first.to_string()];
        while words.len() < NOTIFY_ITEMS_MOST
            && let Ok(news) = items.try_recv()
        {
            let word = news.to_string();
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let sent =
            sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(words.join(" ")).execute(&pool).await;
        if let Err(error) = sent {
            tracing::debug!(%error, "news were not passed on; the others look for themselves");
        }
    }
}

async fn listen(pool: PgPool, process: String, sender: NewsSender) {
    while !sender.is_closed() {
        let heard = async {
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.listen(CHANNEL).await?;
            loop {
                let notification = listener.recv().await?;
                let mut words = notification.payload().split(' ');
                if words.next() != Some(process.as_str()) {
                    words.filter_map(|word| word.parse().ok()).for_each(|news| sender.tell(news));
                }
            }
        };
        let outcome: Result<(), sqlx::Error> = heard.await;
        if let Err(error) = outcome {
            tracing::debug!(%error, "no news from other processes; trying again");
        }
        if pool.is_closed() {
            return;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

impl super::Db {
    /// Runs an operation; returns its output and the news to tell (SQLite's writer tells its own).
    pub(crate) async fn run<O: Operation>(
        &self,
        operation: O,
        ambient: &Ambient,
        key: &ServerKey,
    ) -> Result<(O::Output, Vec<News>), Error> {
        match self {
            Self::Sqlite { write, .. } => Ok((write.run(operation).await?, Vec::new())),
            Self::Postgres(pool) => run(pool, &operation, ambient, key).await,
        }
    }
}
