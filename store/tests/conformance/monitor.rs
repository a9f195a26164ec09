//! What monitoring reads, against what was done.

use domain::{PurchaseState, SECOND_MS, Verdict};
use store::{GiveLeasesBack, SealEntries, TakeLease};

use crate::shop::{delivered, on_both};

#[tokio::test]
async fn what_is_open_and_what_waits() {
    on_both(|shop| async {
        let empty = shop.store.vitals().await.unwrap();
        assert!(empty.open.is_empty() && empty.alarms.is_empty(), "{empty:?}");
        assert_eq!(empty.queues.iter().map(|queue| queue.waiting).sum::<i64>(), 0);
        assert_eq!(empty.queues.len(), 5);

        shop.give(shop.member, 1_000_000).await;
        let first_at = shop.store.now();
        shop.store.run(shop.purchase("a")).await.unwrap();
        let job = shop.claim_one().await;
        shop.database.clock.advance_ms(7 * SECOND_MS);
        shop.store.run(store::PlacePurchase { buy_again: true, ..shop.purchase("b") }).await.unwrap();
        shop.database.clock.advance_ms(5 * SECOND_MS);
        let vitals = shop.store.vitals().await.unwrap();
        let open = |state| vitals.open.iter().find(|open| open.state == state).cloned();
        let sending = open(PurchaseState::Submitting).unwrap();
        assert_eq!(sending.count, 1);
        assert!((0..SECOND_MS).contains(&sending.oldest_at.since_ms(first_at)), "{sending:?}");
        assert_eq!(open(PurchaseState::Accepted).map(|open| open.count), Some(1));
        let queue = |name| vitals.queues.iter().find(|queue| queue.name == name).cloned().unwrap();
        let send = queue("send");
        assert_eq!(send.waiting, 1, "one is taken, one waits");
        let waits_ms = shop.store.now().since_ms(send.due_since.unwrap());
        assert!((5 * SECOND_MS..7 * SECOND_MS).contains(&waits_ms), "{waits_ms}");
        assert_eq!(queue("ask").due_since, None);

        // An outcome that is not known is asked about when its time has come.
        shop.answer(&job, Verdict::Unknown).await;
        shop.database.clock.advance_ms(600 * SECOND_MS);
        let vitals = shop.store.vitals().await.unwrap();
        assert_eq!(vitals.queues.iter().find(|queue| queue.name == "ask").unwrap().waiting, 1);
        shop
    })
    .await;
}

#[tokio::test]
async fn what_has_happened_is_summed_up() {
    on_both(|shop| async {
        shop.give(shop.member, 1_000_000).await;
        let before = shop.store.vitals().await.unwrap().sums;
        shop.buy().await;
        let job = shop.claim_one().await;
        shop.answer(&job, delivered()).await;
        while shop.store.run(SealEntries).await.unwrap() > 0 {}
        while shop.store.roll_up().await.unwrap() {}
        let sums = shop.store.vitals().await.unwrap().sums;
        assert_eq!((sums.placed - before.placed, sums.delivered - before.delivered, sums.failed), (1, 1, 0));
        shop
    })
    .await;
}

#[tokio::test]
async fn connections_are_counted_and_the_schema_is_known() {
    on_both(|shop| async {
        assert!(shop.store.schema_is_current().await.unwrap());
        let pool = shop.store.pool_use();
        assert!((1..=pool.most).contains(&(pool.busy + pool.idle)), "{pool:?}");
        // A newer version's migration is none of our business.
        shop.database
            .tamper(
                "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 SELECT 9999, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1",
            )
            .await;
        assert!(shop.store.schema_is_current().await.unwrap());
        shop.database.tamper("DELETE FROM _sqlx_migrations WHERE version = 2").await;
        assert!(!shop.store.schema_is_current().await.unwrap());
        shop
    })
    .await;
}

#[tokio::test]
async fn a_process_gives_back_only_its_own_leases() {
    on_both(|shop| async {
        let take = |name, holder: &str| TakeLease { name, holder: holder.into(), for_ms: 60_000 };
        for (name, holder) in [("seal", "a"), ("sweep", "a"), ("check", "b")] {
            assert!(shop.store.run(take(name, holder)).await.unwrap());
        }
        shop.store.run(GiveLeasesBack { holder: "a".into() }).await.unwrap();
        assert!(shop.store.run(take("seal", "c")).await.unwrap());
        assert!(shop.store.run(take("sweep", "c")).await.unwrap());
        assert!(!shop.store.run(take("check", "c")).await.unwrap(), "b still has it");
        shop
    })
    .await;
}
