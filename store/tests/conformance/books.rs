//! The check finds what was tampered with, and nothing else.

use domain::{Refusal, Rupiah};
use store::testing::TestDatabase;
use store::{AdjustBalance, Breach, SealEntries, ServerKey, Store, StoreConfig};

use crate::shop::{PRICE, Shop, delivered, on_both, refusal};

async fn used_shop(database: TestDatabase) -> Shop {
    let shop = Shop::open(database).await;
    shop.give(shop.member, 100_000).await;
    shop.buy().await;
    let job = shop.claim_one().await;
    shop.answer(&job, delivered()).await;
    shop.buy().await;
    while shop.store.run(SealEntries).await.unwrap() > 0 {}
    assert_eq!(shop.store.check().await.unwrap().breaches, [], "clean before");
    shop
}

#[tokio::test]
async fn every_kind_of_tampering_is_seen() {
    let cases: [(u8, &'static str); 9] = [
        (1, "UPDATE posting SET amount = amount + 1 WHERE account = 'sales'"),
        (3, "UPDATE wallet SET available = available + 5000 WHERE available > 0"),
        (5, "UPDATE idempotency SET result = '000000000000' WHERE operation = 'purchase'"),
        (6, "UPDATE attempt SET state = 'failed' WHERE id IN (SELECT MIN(id) FROM attempt)"),
        (11, "UPDATE entry SET memo = 'a gift' WHERE kind = 'adjust'"),
        (
            11,
            "DELETE FROM sealed WHERE item_id IN (SELECT MIN(item_id) FROM sealed WHERE stream = 'entry') AND stream = 'entry'",
        ),
        (11, "UPDATE audit SET detail = 'nothing' WHERE action = 'adjust_balance'"),
        (12, "UPDATE purchase SET state = 'failed' WHERE state = 'succeeded'"),
        (12, "UPDATE purchase SET price = price + 1 WHERE state = 'accepted'"),
    ];
    for (invariant, text) in cases {
        for database in store::testing::databases().await {
            let kind = database.kind;
            let shop = used_shop(database).await;
            if invariant == 6 {
                // A second attempt that may have made an order.
                shop.database.tamper("INSERT INTO attempt (purchase_id, n, gateway, account, client_ref, request, state, send_by, \
                        query_until, created_at, updated_at) SELECT purchase_id, 2, gateway, account, 'twice', request, 'unknown', 0, 0, 0, 0 \
                        FROM attempt").await;
            } else {
                shop.database.tamper(text).await;
            }
            let breaches = shop.store.check().await.unwrap().breaches;
            assert!(
                breaches.iter().any(|breach: &Breach| breach.invariant == invariant),
                "{kind}: {text}: {breaches:#?}"
            );
        }
    }
}

#[tokio::test]
async fn sealing_goes_on_in_blocks() {
    on_both(|shop| async {
        for n in 0..3 {
            shop.give(shop.member, PRICE).await;
            assert!(shop.store.run(SealEntries).await.unwrap() > 0, "block {n}");
            assert_eq!(shop.store.run(SealEntries).await.unwrap(), 0, "nothing left");
            shop.database.clock.advance_ms(domain::HOUR_MS);
        }
        assert_eq!(shop.store.check().await.unwrap().unsealed, 0);
        shop
    })
    .await;
}

#[tokio::test]
async fn adjustments_are_guarded() {
    on_both(|shop| async {
        let adjust = |amount: i64, key: &str| AdjustBalance {
            admin: shop.admin,
            user: shop.member,
            amount: Rupiah::new(amount),
            reason: "counted again".into(),
            key: key.into(),
        };
        shop.store.run(adjust(5_000, "a")).await.unwrap();
        shop.store.run(adjust(5_000, "a")).await.unwrap();
        assert_eq!(shop.wallet(shop.member).await.available.get(), 5_000, "one key, one effect");
        let too_much = refusal(shop.store.run(adjust(-6_000, "b")).await);
        assert_eq!(too_much, Refusal::BalanceTooLow { shortfall: Rupiah::new(1_000) });
        let own = AdjustBalance { user: shop.admin, ..adjust(1_000, "c") };
        assert_eq!(refusal(shop.store.run(own).await), Refusal::OwnCase);
        let by_member = AdjustBalance { admin: shop.member, user: shop.reseller, ..adjust(1_000, "d") };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        let silent = AdjustBalance { reason: " ".into(), ..adjust(1_000, "e") };
        assert!(matches!(refusal(shop.store.run(silent).await), Refusal::Invalid { .. }));
        let nothing = adjust(0, "f");
        assert!(matches!(refusal(shop.store.run(nothing).await), Refusal::Invalid { .. }));
        shop
    })
    .await;
}

#[tokio::test]
async fn another_key_is_refused() {
    for database in store::testing::databases().await {
        database.open().await;
        let ambient = store::ambient::Ambient::system();
        let config = StoreConfig { database: database.url.clone(), key: ServerKey::new([8; 32]), ambient };
        assert!(matches!(Store::open(config).await, Err(store::OpenError::OtherKey)));
    }
}
