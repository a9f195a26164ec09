//! Backups of a shop at work, put back elsewhere.

use std::os::unix::fs::PermissionsExt;
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
use store::{
    AdjustBalance, ClaimSends, DatabaseUrl, PlacePurchase, RequestTopup, SaveBankAccount, Saving,
    WrittenOrder,
};
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

    async fn back_up(&self, shop: &Shop) -> Made {
        let made = make(&self.config, &self.storage, &shop.store, &FreeSpace::default()).await.unwrap();
        assert!(made.trouble.is_none(), "{made:?}");
        made
    }

    fn files(&self, made: &Made) -> RestoreFiles {
        RestoreFiles {
            data: made.data.clone(),
            keys: Some(made.keys.clone()),
            identity: self.identity.clone(),
        }
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_wrong_is_told_clearly_and_leaves_nothing_behind() {
    on_each_database(Setup::default(), async |shop| {
        let place = Place::open(&shop.database);
        shop.user(Role::Admin, "bos").await;
        let full = FreeSpace::told_by(|_| Ok(1_000_000));
        let no_room = words(make(&place.config, &place.storage, &shop.store, &full).await);
        assert!(no_room.contains("MB left"), "{no_room}");
        assert!(list(&place.config.place.dir).unwrap().is_empty());
        let made = place.back_up(&shop).await;
        let good = place.files(&made);

        let target = empty(shop.database.kind).await;
        let to = storage(&target, None);
        let is_told = async |files: &RestoreFiles, what: &str| {
            let told = words(put_back(files, &to).await);
            assert!(told.contains(what), "{what}: {told}");
        };
        let damaged = |name: &str, change: fn(&mut Vec<u8>)| {
            let mut bytes = std::fs::read(&made.data).unwrap();
            change(&mut bytes);
            let path = shop.database.folder.join(name);
            std::fs::write(&path, bytes).unwrap();
            RestoreFiles { data: path, ..good.clone() }
        };
        is_told(
            &damaged("changed", |bytes| {
                let at = bytes.len() - 300;
                bytes[at] ^= 1;
            }),
            "damaged",
        )
        .await;
        is_told(&damaged("cut", |bytes| bytes.truncate(bytes.len() - 1)), "damaged").await;
        is_told(&damaged("cut early", |bytes| bytes.truncate(40)), "damaged").await;
        is_told(&damaged("other", |bytes| *bytes = b"hello".to_vec()), "damaged").await;
        let other = Place::open(&empty("sqlite").await);
        is_told(&RestoreFiles { identity: other.identity.clone(), ..good.clone() }, "No such file").await;
        let stranger = shop.database.folder.join("stranger.txt");
        std::fs::write(&stranger, new_identity().0).unwrap();
        is_told(&RestoreFiles { identity: stranger, ..good.clone() }, "does not open").await;
        is_told(&RestoreFiles { keys: Some(made.data.clone()), ..good.clone() }, "no keys file").await;
        is_told(&RestoreFiles { keys: None, ..good.clone() }, "--keys").await;

        // The server can open the data for its tests, and never the keys.
        let own = place.config.place.identity_file.clone();
        is_told(&RestoreFiles { identity: own.clone(), ..good.clone() }, "does not open").await;

        // Keys of another shop.
        let key_file = target.folder.join("other.key");
        std::fs::write(&key_file, "08".repeat(32)).unwrap();
        let with_key = StorageConfig { key_file: Some(key_file.clone()), ..to.clone() };
        let not_theirs = words(put_back(&RestoreFiles { keys: None, ..good.clone() }, &with_key).await);
        assert!(not_theirs.contains("the keys do not fit"), "{not_theirs}");
        let kept = words(put_back(&good, &with_key).await);
        assert!(
            kept.contains("another key") && std::fs::read_to_string(&key_file).unwrap() == "08".repeat(32)
        );
        let no_room = words(restore::run(&good, &to, &FreeSpace::told_by(|_| Ok(0))).await);
        assert!(no_room.contains("MB left"), "{no_room}");

        // After all that the place is as empty as before.
        let with_own = StorageConfig { key_file: place.storage.key_file.clone(), ..to.clone() };
        let by_server = RestoreFiles { keys: None, identity: own, ..good };
        assert_eq!(put_back(&by_server, &with_own).await.unwrap().report.breaches, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_one_kind_of_database_does_not_go_into_the_other() {
    let kinds = store::testing::databases().await;
    let [from, to] = kinds.as_slice() else { return };
    for (from, to) in [(from, to), (to, from)] {
        let place = Place::open(from);
        let store = from.open().await;
        let made = make(&place.config, &place.storage, &store, &FreeSpace::default()).await.unwrap();
        let other = empty(to.kind).await;
        let told = words(put_back(&place.files(&made), &storage(&other, None)).await);
        assert!(told.contains(&format!("was made from {}", from.kind)), "{told}");
    }
}

/// The program itself, as the timers call it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_do_it_and_tell_the_admins() {
    on_each_database(Setup::default(), async |shop| {
        let place = Place::open(&shop.database);
        let stall = Stall::open(&shop).await;
        at_work(&shop, &stall).await;
        let program = |arguments: &[&str], database: &TestDatabase, key: Option<&Path>| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xl-package-manager"));
            let url = match &database.url {
                DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
                DatabaseUrl::Postgres(url) => url.clone(),
            };
            command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
            command.current_dir(&database.folder).args(arguments).env("DATABASE_URL", url);
            command.env("DATA_DIR", database.folder.join("data"));
            command.envs(key.map(|key| ("ENCRYPTION_KEY_FILE", key)));
            command
        };
        let done = |mut command: std::process::Command, code: i32| {
            let output = command.output().unwrap();
            let all =
                [output.stdout.as_slice(), output.stderr.as_slice()].map(String::from_utf8_lossy).concat();
            assert_eq!(output.status.code(), Some(code), "{all}");
            all
        };
        let key_file = place.storage.key_file.as_deref();
        let live = |arguments: &[&str]| program(arguments, &shop.database, key_file);
        assert!(
            done(live(&["backup"]), 1).contains("--new-identity"),
            "without an owner's key there is no backup"
        );
        assert_eq!(shop.store.alarms().await.unwrap()[0].kind, AlarmKind::BackupFailed);
        let printed = done(live(&["backup", "--new-identity"]), 0);
        assert!(
            printed.contains("AGE-SECRET-KEY-1") && printed.contains("BACKUP_RECIPIENTS=age1"),
            "{printed}"
        );
        std::fs::write(&place.identity, &printed[..printed.find("xl-package-manager:").unwrap()]).unwrap();
        let public = printed.split("BACKUP_RECIPIENTS=").nth(1).unwrap().trim().to_owned();

        let mut backup = live(&["backup"]);
        backup.env("BACKUP_RECIPIENTS", &public);
        let printed = done(backup, 0);
        let files: Vec<&str> = printed.lines().collect();
        assert!(files.len() == 2 && files.iter().all(|file| Path::new(file).is_file()), "{printed}");
        assert!(done(live(&["backup", "--list"]), 0).contains(files[0]));
        let mut remote = live(&["backup"]);
        remote.env("BACKUP_RECIPIENTS", &public).env("BACKUP_RCLONE_REMOTE", "drive:x");
        // Not within the same second: names tell no less.
        until("a second has gone by", async || {
            let seen = list(&place.config.place.dir).unwrap()[0].at;
            (shop.store.now().0 / 1_000 > seen.0 / 1_000).then_some(())
        })
        .await;
        let not_copied = done(remote, 1);
        assert!(not_copied.contains("rclone"), "{not_copied}");
        let runs = shop.store.backup_runs(store::BackupRunKind::Backup, 5).await.unwrap();
        assert_eq!(
            runs.iter().map(|run| (run.ok, run.problem.is_some())).collect::<Vec<_>>(),
            [(true, true), (true, false), (false, true)]
        );

        let scratch = empty(shop.database.kind).await;
        let mut tested = live(&["restore-test"]);
        if let DatabaseUrl::Postgres(url) = &scratch.url {
            tested.env("BACKUP_SCRATCH_DATABASE_URL", url);
        }
        assert!(done(tested, 0).contains("in order"));
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let page = admin.get("/admin/backups").await.body;
        for words in ["Passed", "Not complete", "Only on this server", "rclone", files[0]] {
            assert!(page.contains(words), "{words}: {page}");
        }

        let target = empty(shop.database.kind).await;
        let identity = place.identity.display().to_string();
        let arguments = ["restore", files[0], "--keys", files[1], "--identity", &identity];
        let told = done(program(&arguments, &target, Some(&target.folder.join("not-there.key"))), 0);
        assert!(told.contains("5 purchases") && told.contains("/admin/backups"), "{told}");
        assert!(target.folder.join("not-there.key").is_file(), "the key is where ENCRYPTION_KEY_FILE says");
        let checked = done(program(&["check"], &target, Some(&target.folder.join("not-there.key"))), 0);
        assert!(checked.contains("in order"), "{checked}");
    })
    .await;
}
