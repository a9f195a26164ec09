//! Backups and restores that go wrong, and the commands themselves.

use std::path::Path;
use std::process::Command;

use domain::{AlarmKind, Role};
use server::backup::restore::{self, RestoreFiles};
use server::backup::run::make;
use server::backup::{FreeSpace, list, new_identity};
use server::config::StorageConfig;
use store::DatabaseUrl;
use store::testing::TestDatabase;

use crate::backups::{Place, at_work, empty, put_back, storage, words};
use crate::engine::Stall;
use crate::shop::{Setup, Shop, on_each_database};

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

/// A command of the program.
fn program(arguments: &[&str], database: &TestDatabase, key: Option<&Path>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xl-package-manager"));
    let url = match &database.url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
    command.current_dir(&database.folder).args(arguments).env("DATABASE_URL", url);
    command.env("DATA_DIR", database.folder.join("data"));
    command.envs(key.map(|key| ("ENCRYPTION_KEY_FILE", key)));
    command
}

/// Runs it to its end, which is this one; what it said.
fn done(mut command: Command, code: i32) -> String {
    let output = command.output().unwrap();
    let all = [output.stdout.as_slice(), output.stderr.as_slice()].map(String::from_utf8_lossy).concat();
    assert_eq!(output.status.code(), Some(code), "{all}");
    all
}

/// The scripts put what was there back when a restore fails, and must not when only the books were broken already.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn books_that_were_broken_before_are_put_back_as_they_were() {
    for database in store::testing::databases().await {
        let shop = Shop::open(database, &Setup::default()).await;
        let place = Place::open(&shop.database);
        let stall = Stall::open(&shop).await;
        at_work(&shop, &stall).await;
        shop.database.tamper("UPDATE wallet SET available = available + 1").await;
        let files = place.files(&place.back_up(&shop).await);
        let target = empty(shop.database.kind).await;
        let path = |path: &Path| path.display().to_string();
        let (data, keys, identity) = (path(&files.data), path(&files.keys.unwrap()), path(&files.identity));
        let arguments = ["restore", &data, "--keys", &keys, "--identity", &identity];
        let key = target.folder.join("a.key");
        let told = done(program(&arguments, &target, Some(&key)), 3);
        assert!(told.contains("put back, but") && told.contains("/admin/backups"), "{told}");
        assert!(done(program(&["check"], &target, Some(&key)), 1).contains("rule"), "the data is there");
    }
}

/// The program itself, as the timers call it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_do_it_and_tell_the_admins() {
    on_each_database(Setup::default(), async |shop| {
        let place = Place::open(&shop.database);
        let stall = Stall::open(&shop).await;
        at_work(&shop, &stall).await;
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
        // Within the same second, perhaps.
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
        // Of a day only the newest is kept.
        let newest = list(&place.config.place.dir).unwrap().remove(0);
        assert!(!Path::new(files[0]).exists());
        let (data, keys) = (newest.data.0.display().to_string(), newest.keys.unwrap().display().to_string());
        let arguments = ["restore", &data, "--keys", &keys, "--identity", &identity];
        let told = done(program(&arguments, &target, Some(&target.folder.join("not-there.key"))), 0);
        assert!(told.contains("5 purchases") && told.contains("/admin/backups"), "{told}");
        assert!(target.folder.join("not-there.key").is_file(), "the key is where ENCRYPTION_KEY_FILE says");
        let checked = done(program(&["check"], &target, Some(&target.folder.join("not-there.key"))), 0);
        assert!(checked.contains("in order"), "{checked}");
    })
    .await;
}
