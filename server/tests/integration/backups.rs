//! Backups of a shop at work, put back elsewhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use domain::{AlarmKind, PurchaseState, Refusal, Role, Rupiah, TopupMethod};
use http::StatusCode;
use server::backup::restore::{self, RestoreFiles, Restored};
use server::backup::run::{Made, make};
use server::backup::{FreeSpace, list, new_identity, test};
use server::commands::Failure;
use server::config::{BackupConfig, BackupFlags, MakeBackupFlags, StorageConfig};
use server::engine;
use store::testing::TestDatabase;
use store::{ClaimSends, DatabaseUrl, PlacePurchase, RequestTopup, SaveBankAccount, Saving, WrittenOrder};
use tokio_util::sync::CancellationToken;

use crate::engine::{Gateway, PRICE, SETTLED, Stall, reached};
use crate::notices::until;
use crate::shop::{Setup, Shop, on_each_database};

/// A server's folder: where its data, key and backups are, and its owner's keys.
struct Place {
    storage: StorageConfig,
    config: BackupConfig,
    identity: PathBuf,
}

/// The key that `store::testing` opens its databases with.
fn key() -> String {
    "07".repeat(32)
}

fn storage(database: &TestDatabase, key_file: Option<PathBuf>) -> StorageConfig {
    let data_dir = database.folder.join("data");
    std::fs::create_dir_all(&data_dir).unwrap();
    StorageConfig { data_dir, database: database.url.clone(), key_file }
}

impl Place {
    fn open(database: &TestDatabase) -> Self {
        let file = |name: &str, text: &str| {
            let path = database.folder.join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (text, public) = new_identity();
        let storage = storage(database, Some(file("test.key", &key())));
        let flags = MakeBackupFlags {
            backup_recipients: public,
            backup_settings_file: Some(file("settings.env", "PUBLIC_URL=https://toko.example\n")),
            backup_keep_days: 7,
            ..MakeBackupFlags::default()
        };
        let config = flags.check(BackupFlags::default().place(&storage)).unwrap();
        Self { storage, config, identity: file("owner.txt", &text) }
    }

    async fn back_up(&self, shop: &Shop) -> Made {
        let made = make(&self.config, &self.storage, &shop.store, &FreeSpace::default()).await.unwrap();
        assert!(made.trouble.is_none(), "{made:?}");
        made
    }

    fn files(&self, made: &Made) -> RestoreFiles {
        RestoreFiles { data: made.data.clone(), keys: Some(made.keys.clone()), identity: self.identity.clone() }
    }
}

/// An empty database of the same kind.
async fn empty(kind: &str) -> TestDatabase {
    store::testing::databases().await.into_iter().find(|database| database.kind == kind).unwrap()
}

async fn put_back(files: &RestoreFiles, to: &StorageConfig) -> Result<Restored, Failure> {
    restore::run(files, to, &FreeSpace::default()).await
}

fn words<T>(outcome: Result<T, Failure>) -> String {
    outcome.map(|_| ()).unwrap_err().to_string()
}

/// Two purchases that were claimed and never heard of, three that wait, and a top-up.
async fn at_work(shop: &Shop, stall: &Stall) -> RequestTopup {
    for n in 0..5 {
        shop.store.run(stall.purchase(&format!("08787777000{n}"))).await.unwrap();
    }
    let write_order = Arc::new(|order: &store::NewOrder| {
        Some(WrittenOrder { request: order.client_ref.clone(), account: "toko".into() })
    });
    assert_eq!(shop.store.run(ClaimSends { limit: 2, write_order }).await.unwrap().len(), 2);
    let admin = shop.store.user_named("bos").await;
    let account = SaveBankAccount {
        admin,
        id: Saving::fresh(&shop.store),
        bank: "BCA".into(),
        number: "000-123-4567".into(),
        holder: "Toko".into(),
        active: true,
    };
    shop.store.run(account).await.unwrap();
    let request = RequestTopup {
        user: stall.buyer,
        method: TopupMethod::Transfer,
        bank_account: Some(shop.store.bank_accounts(true).await.unwrap()[0].id),
        base: Rupiah::new(50_000),
        key: "k".into(),
    };
    shop.store.run(request.clone()).await.unwrap();
    request
}
