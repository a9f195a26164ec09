//! Everything that touches the database. Each change is an [`Operation`]: a value that holds its input and does its work
//! in one transaction; [`Store::run`] runs it. Reads are methods of [`Store`]. Money moves only through `ledger`.

mod accounts;
pub mod ambient;
mod backups;
mod book;
mod charges;
mod config;
mod corrections;
pub mod crash;
mod crypto;
mod db;
mod error;
mod gateways;
mod ledger;
mod model;
mod monitor;
mod news;
mod notices;
mod outbox;
pub mod password;
mod pay_settings;
mod purchases;
mod receipts;
mod rollups;
mod saved_numbers;
mod seed;
mod shop;
mod statements;
#[cfg(any(test, feature = "crash-points"))]
pub mod testing;
mod topups;
mod transactions;
mod xl_accounts;

use std::sync::{Arc, RwLock};
use std::time::Duration;

use domain::{PublicId, UtcMillis};
use tokio::sync::broadcast;

pub use accounts::*;
pub use backups::*;
pub use book::*;
pub use charges::*;
pub use config::{DatabaseUrl, StoreConfig};
pub use corrections::*;
pub use crypto::{ServerKey, hash_token};
pub use db::{Operation, Tx};
pub use error::{Error, Fault, OpenError};
pub use gateways::*;
pub use ledger::{
    AUDIT_LOOKED_AT_MOST, AdjustBalance, AuditFilter, AuditRow, Breach, Cause, CheckReport, Direction,
    LastCheck, NoteCheck, Person, SealEntries, StatementLine, StatementSpan, StatementSums,
};
pub use model::*;
pub use monitor::{OpenPurchases, PoolUse, Queue, Sums, Vitals};
pub use news::News;
pub use notices::*;
pub use outbox::*;
pub use pay_settings::*;
pub use purchases::*;
pub use receipts::*;
pub use rollups::*;
pub use saved_numbers::*;
pub use seed::{SeedProgress, SeedSize};
pub use shop::*;
pub use statements::*;
pub use topups::*;
pub use transactions::*;
pub use xl_accounts::*;

use ambient::Ambient;
use db::{Db, Notifier};
use news::NewsSender;

/// The shop's memory. Cheap to clone; one for a process.
#[derive(Clone)]
pub struct Store(Arc<Inner>, Access);

/// What a handle on the store is good for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Full,
    Reading,
}

struct Inner {
    db: Db,
    ambient: Ambient,
    key: ServerKey,
    news: NewsSender,
    notifier: Option<Notifier>,
    settings: RwLock<Arc<ShopSettings>>,
    process: String,
}

impl Store {
    /// Connects, brings the schema up to date and checks that the key is the one the database was made with.
    ///
    /// # Errors
    /// [`OpenError`], in words for the person who starts the server.
    pub async fn open(config: StoreConfig) -> Result<Self, OpenError> {
        Self::open_noting(config, None).await
    }

    /// The same; statements that take longer than `slow_after` are noted in the log, without their values.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_noting(config: StoreConfig, slow_after: Option<Duration>) -> Result<Self, OpenError> {
        db::refuse_half_restored(&config.database).await?;
        Self::open_anyhow(config, slow_after).await
    }

    /// The same for whoever restores: also while that has not come to its end.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_restoring(config: StoreConfig) -> Result<Self, OpenError> {
        Self::open_anyhow(config, None).await
    }

    async fn open_anyhow(config: StoreConfig, slow_after: Option<Duration>) -> Result<Self, OpenError> {
        let news = NewsSender::new();
        let db = db::open(&config, slow_after, &news).await?;
        let process = config.ambient.token();
        let notifier = match &db {
            Db::Postgres(pool) => Some(Notifier::start(pool.clone(), process.clone(), &news)),
            Db::Sqlite { .. } => None,
        };
        let inner = Inner {
            db,
            ambient: config.ambient,
            key: config.key,
            news,
            notifier,
            settings: RwLock::new(Arc::new(ShopSettings::default())),
            process,
        };
        let store = Self(Arc::new(inner), Access::Full);
        if !store.run(shop::CheckKey).await.map_err(|error| OpenError::Store(error.to_string()))? {
            return Err(OpenError::OtherKey);
        }
        store.reload_settings().await.map_err(|error| OpenError::Store(error.to_string()))?;
        Ok(store)
    }

    /// The same store for somebody who may only look: it runs no operation, whichever it is.
    #[must_use]
    pub fn reading(&self) -> Self {
        Self(self.0.clone(), Access::Reading)
    }

    /// Runs an operation: returns when its effects are durable, or when it was refused and changed nothing.
    ///
    /// # Errors
    /// The operation's refusals, and faults of the database; [`domain::Refusal::ViewOnly`] from [`Store::reading`].
    pub async fn run<O: Operation>(&self, operation: O) -> Result<O::Output, Error> {
        if self.1 == Access::Reading {
            return Err(domain::Refusal::ViewOnly.into());
        }
        let (output, news) = self.0.db.run(operation, &self.0.ambient, &self.0.key).await?;
        for item in news {
            if let Some(notifier) = &self.0.notifier {
                notifier.tell(item.clone());
            }
            self.0.news.tell(item);
        }
        Ok(output)
    }

    /// Hears of everything that is committed from now on, by any process.
    #[must_use]
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.0.news.subscribe()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> UtcMillis {
        self.0.ambient.now()
    }

    /// 64 random bits.
    #[must_use]
    pub fn random_bits(&self) -> u64 {
        self.0.ambient.bits()
    }

    /// 128 random bits as text: for tokens and idempotency keys.
    #[must_use]
    pub fn random_token(&self) -> String {
        self.0.ambient.token()
    }

    /// A new public id.
    #[must_use]
    pub fn new_id(&self) -> PublicId {
        PublicId::from_random(self.0.ambient.bits())
    }

    /// A name of this process, for leases.
    #[must_use]
    pub fn process(&self) -> &str {
        &self.0.process
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn server_key(&self) -> &ServerKey {
        &self.0.key
    }
}
