//! What is kept about backups, and a shop that was put back from one.

use domain::{
    AlarmKind, DAY_MS, HOUR_MS, ProviderState, PurchaseState, Refusal, TopupMethod, TopupState, UtcMillis,
    Verdict,
};
use store::{
    BackupCopy, BackupRun, BackupRunKind, CloseAlarm, DecidePurchase, EndRestoration, MarkRestored,
    OpenError, PostgresTarget, RecordBackupRun, RefundState, RefundTopup, RequestTopup, SaveSettings,
    SettingsGroup, Source, StopSales, WatchBackups,
};

use crate::shop::{PRICE, Shop, delivered, on_both, refusal};
use crate::till::{claim, hinted, open_till, record, state as topup_state, status, told, waiting};

async fn alarms(shop: &Shop) -> Vec<AlarmKind> {
    let mut kinds: Vec<_> = shop.store.alarms().await.unwrap().into_iter().map(|alarm| alarm.kind).collect();
    kinds.sort_by_key(|kind| kind.as_str());
    kinds
}

async fn note(shop: &Shop, kind: BackupRunKind, ok: bool, problem: Option<&str>) {
    let now = shop.store.now();
    let copy = BackupCopy {
        file: "/srv/xl-backup-1-data.tar.gz.age".into(),
        bytes: 42,
        offsite: Some("drive:x".into()),
    };
    let run = BackupRun {
        kind,
        ok,
        began_at: now,
        ended_at: now.plus_ms(3_000),
        copy: ok.then_some(copy),
        problem: problem.map(str::to_owned),
    };
    shop.store.run(RecordBackupRun(run.clone())).await.unwrap();
    assert_eq!(shop.store.backup_runs(kind, 5).await.unwrap().first(), Some(&run));
}

async fn restored(shop: &Shop) -> i64 {
    let backup_at = shop.store.now().plus_ms(-HOUR_MS);
    let count = shop.store.run(MarkRestored { backup_at }).await.unwrap();
    shop.store.reload_settings().await.unwrap();
    count
}

fn opening(shop: &Shop) -> SaveSettings {
    SaveSettings::changed(shop.admin, SettingsGroup::Selling, &shop.store.settings(), |shop| {
        shop.sales_open = true
    })
}

#[tokio::test]
async fn failed_and_old_backups_call_a_human_until_a_good_one_is_made() {
    use BackupRunKind::{Backup, Test};
    on_both(|shop| async {
        let clock = shop.database.clock.clone();
        clock.advance_ms(30 * DAY_MS);
        shop.store.run(WatchBackups).await.unwrap();
        assert_eq!(alarms(&shop).await, [], "a shop that never made one is left alone");

        note(&shop, Backup, false, Some("the disk is full")).await;
        assert_eq!(alarms(&shop).await, [AlarmKind::BackupFailed]);
        assert_eq!(shop.store.alarms().await.unwrap()[0].detail, "the disk is full");
        note(&shop, Backup, true, None).await;
        assert_eq!(alarms(&shop).await, []);
        note(&shop, Backup, true, Some("it was not copied elsewhere")).await;
        assert_eq!(alarms(&shop).await, [AlarmKind::BackupFailed]);
        note(&shop, Backup, true, None).await;

        clock.advance_ms(25 * HOUR_MS);
        shop.store.run(WatchBackups).await.unwrap();
        assert_eq!(alarms(&shop).await, []);
        clock.advance_ms(2 * HOUR_MS);
        for _ in 0..2 {
            shop.store.run(WatchBackups).await.unwrap();
            assert_eq!(alarms(&shop).await, [AlarmKind::BackupOld]);
        }
        note(&shop, Backup, false, Some("again")).await;
        assert_eq!(
            alarms(&shop).await,
            [AlarmKind::BackupFailed, AlarmKind::BackupOld],
            "a failed one makes it no newer"
        );
        clock.advance_ms(8 * DAY_MS);
        note(&shop, Backup, true, None).await;
        shop.store.run(WatchBackups).await.unwrap();
        assert_eq!(alarms(&shop).await, [AlarmKind::RestoreTestOld], "nobody ever tested one");
        note(&shop, Test, false, Some("3 breaches")).await;
        assert_eq!(alarms(&shop).await, [AlarmKind::RestoreTestFailed, AlarmKind::RestoreTestOld]);
        note(&shop, Test, true, None).await;
        shop.store.run(WatchBackups).await.unwrap();
        assert_eq!(alarms(&shop).await, []);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_restored_shop_sends_nothing_and_sells_nothing_until_an_admin_ends_it() {
    on_both(|shop| async {
        shop.give(shop.member, 6 * PRICE).await;
        // One in each state that is open, and one that is settled.
        let ids = [shop.buy().await, shop.buy().await, shop.buy().await, shop.buy().await];
        let jobs = shop.claim().await;
        let [sent, pending, unknown, done] =
            ids.each_ref().map(|id| jobs.iter().find(|job| job.purchase == *id).unwrap());
        shop.answer(pending, Verdict::Pending).await;
        shop.answer(unknown, Verdict::Unknown).await;
        shop.answer(done, delivered()).await;
        let accepted = shop.buy().await;

        assert_eq!(restored(&shop).await, 4);
        for id in [&sent.purchase, &pending.purchase, &unknown.purchase, &accepted] {
            assert_eq!(shop.state(id).await, PurchaseState::Review);
        }
        assert_eq!(shop.state(&done.purchase).await, PurchaseState::Succeeded);
        shop.database.clock.advance_ms(HOUR_MS);
        assert_eq!(shop.store.sweep_purchases().await.unwrap(), 0);
        assert!(shop.claim().await.is_empty());
        assert!(shop.store.run(store::ClaimQueries { limit: 10 }).await.unwrap().is_empty());
        assert_eq!(refusal(shop.store.run(shop.purchase("after")).await), Refusal::SalesStopped);
        assert_eq!(refusal(shop.store.run(opening(&shop)).await), Refusal::Restored);
        assert_eq!(shop.store.stopped_by_check().await.unwrap(), None, "it is not the books that disagree");

        // A worker of before comes late and changes nothing. What the gateway tells of its own accord is kept: from then on
        // it cannot be decided otherwise.
        assert_eq!(shop.answer(sent, Verdict::Unknown).await, PurchaseState::Review);
        let told = shop.record(&pending.purchase, pending.attempt, Source::Webhook, delivered()).await;
        assert_eq!(told, PurchaseState::Review);
        let decide = |purchase: &domain::PublicId, delivered: bool| DecidePurchase {
            admin: shop.admin,
            purchase: purchase.clone(),
            delivered,
            reason: "as the gateway's book says".into(),
        };
        let paid_back = shop.store.run(decide(&pending.purchase, false)).await;
        assert_eq!(refusal(paid_back), Refusal::StateChanged);
        shop.store.run(decide(&pending.purchase, true)).await.unwrap();
        shop.store.run(decide(&accepted, false)).await.unwrap();

        let open = shop.store.open_restoration().await.unwrap().unwrap();
        assert_eq!((open.purchases, open.in_review, open.opens_sales), (4, 2, true));
        let alarm = shop.store.alarms().await.unwrap().remove(0);
        assert_eq!(alarm.kind, AlarmKind::Restored);
        let waved = CloseAlarm { admin: shop.admin, id: alarm.id };
        assert_eq!(refusal(shop.store.run(waved).await), Refusal::StateChanged, "it is not waved through");
        let end = EndRestoration { admin: shop.admin, restoration: open.id.clone() };
        let by_member = EndRestoration { admin: shop.member, ..end.clone() };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        let other = EndRestoration { restoration: shop.store.new_id(), ..end.clone() };
        assert_eq!(refusal(shop.store.run(other).await), Refusal::StateChanged);
        shop.store.run(end.clone()).await.unwrap();
        assert_eq!(refusal(shop.store.run(end).await), Refusal::StateChanged);
        shop.store.reload_settings().await.unwrap();
        assert!(shop.store.settings().sales_open);
        assert_eq!((alarms(&shop).await, shop.store.open_restoration().await.unwrap()), (vec![], None));
        let bought = shop.buy().await;
        assert_eq!(shop.claim_one().await.purchase, bought, "what was open stays with the humans");
        shop
    })
    .await;
}

#[tokio::test]
async fn sales_that_were_closed_stay_closed_and_a_second_restore_takes_the_place_of_the_first() {
    on_both(|shop| async {
        restored(&shop).await;
        let first = shop.store.open_restoration().await.unwrap().unwrap();
        restored(&shop).await;
        let second = shop.store.open_restoration().await.unwrap().unwrap();
        assert!(second.id != first.id && second.opens_sales, "sales had been open before the first");
        let end = |id: &domain::PublicId| EndRestoration { admin: shop.admin, restoration: id.clone() };
        assert_eq!(refusal(shop.store.run(end(&first.id)).await), Refusal::StateChanged);
        // The books do not agree meanwhile: no end opens the sales.
        shop.store.run(StopSales).await.unwrap();
        shop.store.run(end(&second.id)).await.unwrap();
        shop.store.reload_settings().await.unwrap();
        assert!(!shop.store.settings().sales_open);
        shop.store.run(opening(&shop)).await.unwrap();
        shop
    })
    .await;
}

#[tokio::test]
async fn payments_are_still_asked_about_but_nothing_is_charged_or_paid_back() {
    on_both(|shop| async {
        open_till(&shop).await;
        let back = waiting(&shop, "back", TopupMethod::Qris, 30_000).await;
        told(&shop, &back, ProviderState::Paid).await;
        let refund = RefundTopup {
            admin: shop.admin,
            topup: back.id.clone(),
            by_gateway: true,
            reason: "asked".into(),
        };
        shop.store.run(refund).await.unwrap();
        let open = waiting(&shop, "open", TopupMethod::Qris, 50_000).await;
        let request = RequestTopup {
            user: shop.member,
            method: TopupMethod::Qris,
            bank_account: None,
            base: domain::Rupiah::new(20_000),
            key: "new".into(),
        };
        let new = shop.store.run(request.clone()).await.unwrap();

        restored(&shop).await;
        assert!(shop.store.open_methods().await.unwrap().is_empty());
        let another = RequestTopup { key: "another".into(), ..request };
        assert_eq!(refusal(shop.store.run(another.clone()).await), Refusal::MethodClosed);
        assert!(shop.store.run(store::ClaimRefunds { limit: 5 }).await.unwrap().is_empty());
        assert_eq!(
            shop.store.refunds_of(&back.id).await.unwrap()[0].state,
            RefundState::Refused,
            "a human's"
        );
        // The payer paid after the backup: that is found out, and credited once.
        let job = hinted(&shop, &open, 1).await;
        record(&shop, &job, status(&job, ProviderState::Paid)).await;
        assert_eq!(topup_state(&shop, &open.id).await, TopupState::Credited);
        assert!(claim(&shop).await.iter().all(|job| job.order_id != format!("{}-1", new.as_str())));

        let id = shop.store.open_restoration().await.unwrap().unwrap().id;
        shop.store.run(EndRestoration { admin: shop.admin, restoration: id }).await.unwrap();
        let jobs = claim(&shop).await;
        let job = jobs.iter().find(|job| job.order_id == format!("{}-1", new.as_str())).unwrap();
        assert!(!matches!(job.todo, store::ChargeTodo::Charge), "it may have been sent: {:?}", job.todo);
        assert!(shop.store.run(store::ClaimRefunds { limit: 5 }).await.unwrap().is_empty());
        shop.store.run(another).await.unwrap();
        shop
    })
    .await;
}

#[tokio::test]
async fn where_a_restore_was_cut_off_no_new_shop_begins() {
    for database in store::testing::databases().await {
        let store::DatabaseUrl::Sqlite(path) = &database.url else { continue };
        let mark = format!("{}.restoring", path.display());
        std::fs::write(&mark, "").unwrap();
        let opened = database.open_with(database.key()).await.map(|_| ());
        assert!(matches!(opened, Err(OpenError::HalfRestored)), "{opened:?}");
        assert!(!path.exists(), "and nothing is made");
        std::fs::remove_file(&mark).unwrap();
        database.open().await;
        std::fs::write(&mark, "").unwrap();
        let opened = database.open_with(database.key()).await.map(|_| ());
        assert!(opened.is_ok(), "a file that is in its place is whole: {opened:?}");
    }
}

#[tokio::test]
async fn what_may_be_emptied_is_known_by_its_mark() {
    for database in store::testing::databases().await {
        let store::DatabaseUrl::Postgres(url) = &database.url else { continue };
        let looked = async || store::postgres_target(url).await.unwrap().0;
        assert_eq!(looked().await, PostgresTarget::Empty);
        store::begin_restoring(url).await.unwrap();
        assert_eq!(looked().await, PostgresTarget::Empty, "nothing came of it");
        database.tamper("CREATE TABLE half (id BIGINT)").await;
        assert_eq!(looked().await, PostgresTarget::HalfRestored);
        let opened = database.open_with(database.key()).await.map(|_| ());
        assert!(matches!(opened, Err(OpenError::HalfRestored)), "{opened:?}");
        store::end_restoring(url).await.unwrap();
        assert_eq!(looked().await, PostgresTarget::InUse);
        store::empty_scratch(url).await.unwrap();
        assert_eq!(looked().await, PostgresTarget::InUse, "without the mark nothing is dropped");
        database.tamper("DROP TABLE half").await;
        store::mark_scratch(url).await.unwrap();
        let shop = database.open().await;
        assert_eq!(looked().await, PostgresTarget::Scratch);
        assert!(shop.is_the_same_postgres(url).await.unwrap());
        assert!(shop.is_the_same_postgres(&format!("{url}?application_name=x")).await.unwrap());
        store::empty_scratch(url).await.unwrap();
        assert_eq!(
            database
                .number("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public' AND $1 > 0", UtcMillis(1))
                .await,
            0
        );
    }
}
