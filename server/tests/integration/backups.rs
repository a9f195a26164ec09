//! Backups of a shop at work, put back elsewhere.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use domain::{AlarmKind, PurchaseState, Refusal, Rupiah, TopupMethod};
use http::StatusCode;
use server::backup::restore::{self, RestoreFiles, Restored};
use server::backup::run::{Made, make};
use server::backup::{FreeSpace, list, new_identity, test};
use server::commands::Failure;
use server::config::{BackupConfig, BackupFlags, MakeBackupFlags, StorageConfig};
use server::engine;
use store::testing::TestDatabase;
use store::{
    AdjustBalance, ClaimSends, DatabaseUrl, PlacePurchase, RequestTopup, SaveBankAccount, Saving,
    WrittenOrder,
};
use tokio_util::sync::CancellationToken;

use crate::engine::{Gateway, PRICE, SETTLED, Stall, reached};
use crate::notices::until;
use crate::shop::{Setup, Shop, on_each_database};

/// A server's folder: where its data, key and backups are, and its owner's keys.
pub struct Place {
    pub storage: StorageConfig,
    pub config: BackupConfig,
    pub identity: PathBuf,
}

/// The key that `store::testing` opens its databases with.
fn key() -> String {
    "07".repeat(32)
}

pub fn storage(database: &TestDatabase, key_file: Option<PathBuf>) -> StorageConfig {
    let data_dir = database.folder.join("data");
    std::fs::create_dir_all(&data_dir).unwrap();
    StorageConfig { data_dir, database: database.url.clone(), password: None, key_file, slow_query: None }
}

impl Place {
    pub fn open(database: &TestDatabase) -> Self {
        let file = |name: &str, text: &str| {
            let path = database.folder.join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
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

    pub async fn back_up(&self, shop: &Shop) -> Made {
        let made = make(&self.config, &self.storage, &shop.store, &FreeSpace::default()).await.unwrap();
        assert!(made.trouble.is_none(), "{made:?}");
        made
    }

    pub fn files(&self, made: &Made) -> RestoreFiles {
        RestoreFiles {
            data: made.data.clone(),
            keys: Some(made.keys.clone()),
            identity: self.identity.clone(),
        }
    }
}

/// An empty database of the same kind.
pub async fn empty(kind: &str) -> TestDatabase {
    store::testing::databases().await.into_iter().find(|database| database.kind == kind).unwrap()
}

pub async fn put_back(files: &RestoreFiles, to: &StorageConfig) -> Result<Restored, Failure> {
    restore::run(files, to, &FreeSpace::default()).await
}

pub fn words<T>(outcome: Result<T, Failure>) -> String {
    outcome.map(|_| ()).unwrap_err().to_string()
}

/// Two purchases that were claimed and never heard of, three that wait, and a top-up.
pub async fn at_work(shop: &Shop, stall: &Stall) -> RequestTopup {
    for n in 0..5 {
        shop.store.run(stall.purchase(&format!("08787777000{n}"))).await.unwrap();
    }
    let write_order = Arc::new(|order: &store::NewOrder| {
        Some(WrittenOrder { request: order.client_ref.clone(), account: "toko".into() })
    });
    assert_eq!(shop.store.run(ClaimSends { limit: 2, write_order }).await.unwrap().len(), 2);
    let admin = shop.store.user_for_sign_in("bos").await.unwrap().unwrap().0;
    let account = SaveBankAccount {
        admin: admin.id,
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

/// More than are bought while a backup is made.
const MOST_BOUGHT: usize = 4_000;

/// Buys again and again until it is told to stop; how often.
fn buying(
    shop: &Shop,
    stall: &Stall,
    stop: &Arc<AtomicBool>,
) -> (tokio::task::JoinHandle<()>, Arc<AtomicUsize>) {
    let (store, stop, count) = (shop.store.clone(), Arc::clone(stop), Arc::new(AtomicUsize::new(0)));
    let (counted, first) = (Arc::clone(&count), stall.purchase("087877779999"));
    let task = tokio::spawn(async move {
        while !stop.load(Ordering::SeqCst) && counted.load(Ordering::SeqCst) < MOST_BOUGHT {
            let key = format!("while-{}", counted.load(Ordering::SeqCst));
            store.run(PlacePurchase { key, ..first.clone() }).await.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (task, count)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_at_work_is_put_back_elsewhere_and_stays_closed_until_an_admin_has_looked() {
    on_each_database(Setup::default(), async |shop| {
        let place = Place::open(&shop.database);
        let stall = Stall::open(&shop).await;
        let topup = at_work(&shop, &stall).await;
        let give = AdjustBalance {
            admin: shop.store.user_for_sign_in("bos").await.unwrap().unwrap().0.id,
            user: stall.buyer,
            amount: Rupiah::new(5_000 * PRICE),
            reason: "for the test".into(),
            key: "more".into(),
        };
        shop.store.run(give).await.unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let (writer, count) = buying(&shop, &stall, &stop);
        until("the writer is at work", async || (count.load(Ordering::SeqCst) > 2).then_some(())).await;
        let made = place.back_up(&shop).await;
        stop.store(true, Ordering::SeqCst);
        writer.await.unwrap();
        assert_eq!(list(&place.config.place.dir).unwrap()[0].keys.as_ref(), Some(&made.keys));

        let kind = shop.database.kind;
        let target = empty(kind).await;
        let elsewhere = storage(&target, None);
        let restored = put_back(&place.files(&made), &elsewhere).await.unwrap();
        assert_eq!(restored.report.breaches, [], "{kind}");
        let open = usize::try_from(restored.purchases).unwrap();
        assert!((7..=5 + count.load(Ordering::SeqCst)).contains(&open), "{kind}: {open}");
        let settings = std::fs::read_to_string(restored.settings.unwrap()).unwrap();
        assert_eq!(settings, "PUBLIC_URL=https://toko.example\n");
        assert_eq!(std::fs::read_to_string(elsewhere.data_dir.join("encryption.key")).unwrap(), key());
        for folder in [&elsewhere.data_dir, &target.folder] {
            assert!(!folder.join(".restoring").exists(), "nothing unencrypted is left lying");
        }
        let again = words(put_back(&place.files(&made), &elsewhere).await);
        assert!(again.contains("nothing is put over"), "{kind}: {again}");

        let shop = Shop::open(target, &Setup::default()).await;
        goes_on_only_by_an_admins_word(&shop, &stall, topup).await;
    })
    .await;
}

/// Orders at the gateway for the numbers that were bought for before the backup.
fn orders_of_before(gateway: &Gateway) -> usize {
    let numbers = (0..5).map(|n| format!("08787777000{n}")).chain(["087877779999".to_owned()]);
    numbers.map(|number| gateway.simulator.orders_of(&number, "xld10").len()).sum()
}

/// A restored shop, from its start to its first sale.
async fn goes_on_only_by_an_admins_word(shop: &Shop, stall: &Stall, topup: RequestTopup) {
    let gateway = Gateway::open().await;
    let shutdown = CancellationToken::new();
    let workers = engine::start(shop.store.clone(), gateway.adapters(), shutdown.clone());
    let refused = |outcome: Result<domain::PublicId, store::Error>| match outcome {
        Err(store::Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let sale = stall.purchase("087800001230");
    assert_eq!(refused(shop.store.run(sale.clone()).await), Refusal::SalesStopped);
    let another = RequestTopup { key: "another".into(), ..topup };
    assert_eq!(refused(shop.store.run(another.clone()).await), Refusal::MethodClosed);
    let alarms = shop.store.alarms().await.unwrap();
    assert!(alarms.iter().any(|alarm| alarm.kind == AlarmKind::Restored), "{alarms:?}");

    let mut admin = shop.visitor();
    admin.sign_in("bos").await;
    let todo = admin.get("/admin/exceptions").await.body;
    assert!(todo.contains("/admin/backups"), "{todo}");
    let action = admin.action("/admin/backups", "end_restoration").await;
    let id = shop.store.open_restoration().await.unwrap().unwrap().id;
    let fields = [("restoration", id.as_str())];
    let refused = admin.post_form(&action, "/admin/backups", &fields).await;
    let page = admin.get(refused.location()).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("aria-invalid"), "{}", page.body);
    assert!(shop.store.open_restoration().await.unwrap().is_some());

    // The engine has had its turns by now, and the gateway has heard of nothing.
    until("the engine is at work", async || shop.store.is_served().await.unwrap().then_some(())).await;
    assert_eq!(orders_of_before(&gateway), 0);
    let agreed = [("restoration", id.as_str()), ("reconciled", "on")];
    let ended = admin.post_form(&action, "/admin/backups", &agreed).await;
    assert_eq!(ended.location(), "/admin/backups?done=saved");
    assert!(admin.get("/admin/backups").await.body.contains("No backup yet"));

    // Sales are open; only what is bought now is sent.
    let sold = shop.store.run(PlacePurchase { key: "new".into(), ..sale }).await.unwrap();
    assert_eq!(reached(&shop.store, &sold, SETTLED).await, PurchaseState::Succeeded);
    shop.store.run(another).await.unwrap();
    assert_eq!(gateway.charged_and_delivered(&sold), (1, 1));
    assert_eq!(orders_of_before(&gateway), 0);
    shutdown.cancel();
    workers.await;
    shop.books_are_in_order().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_backup_is_tested_without_touching_the_shop() {
    on_each_database(Setup::default(), async |shop| {
        let place = Place::open(&shop.database);
        let kind = shop.database.kind;
        let scratch = empty(kind).await;
        let scratch_url = match &scratch.url {
            DatabaseUrl::Postgres(url) => Some(url.as_str()),
            DatabaseUrl::Sqlite(_) => None,
        };
        let free = FreeSpace::default();
        let run = async |url: Option<&str>| {
            test::run(&place.config.place, url, &place.storage, &shop.store, &free).await
        };
        assert!(words(run(scratch_url).await).contains("there is no backup"));
        let stall = Stall::open(&shop).await;
        at_work(&shop, &stall).await;
        let made = place.back_up(&shop).await;
        for _ in 0..2 {
            let tested = run(scratch_url).await.unwrap();
            assert_eq!((tested.report.breaches.len(), &tested.data), (0, &made.data), "{kind}");
            assert_eq!(tested.report.purchases, 5);
        }
        let Some(url) = scratch_url else {
            // What was unpacked is gone.
            assert!(std::fs::read_dir(&place.config.place.dir).unwrap().count() == 3);
            return;
        };
        assert_eq!(store::postgres_target(url).await.unwrap().0, store::PostgresTarget::Scratch);
        let tables = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public' AND $1 > 0";
        assert_eq!(
            scratch.number(tables, domain::UtcMillis(1)).await,
            0,
            "customers' data do not stay there"
        );
        assert!(words(run(None).await).contains("BACKUP_SCRATCH_DATABASE_URL is missing"));
        let DatabaseUrl::Postgres(live) = &shop.database.url else { unreachable!() };
        assert!(words(run(Some(live)).await).contains("the shop's own database"));
        let somebodys = empty(kind).await;
        somebodys.tamper("CREATE TABLE theirs (id BIGINT)").await;
        let DatabaseUrl::Postgres(theirs) = &somebodys.url else { unreachable!() };
        assert!(words(run(Some(theirs)).await).contains("no restore test has put there"));
        // Nobody restores into the scratch database: the next test would empty the shop.
        let into_scratch = words(put_back(&place.files(&made), &storage(&scratch, None)).await);
        assert!(into_scratch.contains("scratch database"), "{into_scratch}");
    })
    .await;
}
