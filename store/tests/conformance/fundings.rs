//! What was paid into a deposit: recorded once, for a day that can be, and the comparison follows.

use domain::{AlarmKind, DAY_MS, DepositDayState, Refusal, Rupiah, start_of_wib_day};
use store::RecordFunding;

use crate::book::{COST, FULL, GATEWAY, alarms, bank, book, funding, last, next_day, read, sold, state};
use crate::shop::{Shop, on_both, refusal};

#[tokio::test]
async fn a_forgotten_funding_mends_its_day() {
    on_both(|shop| async {
        let bank = bank(&shop).await;
        read(&shop, FULL).await;
        next_day(&shop, FULL + 500_000).await;
        sold(&shop).await;
        next_day(&shop, FULL + 500_000 - COST).await;
        let differs = book(&shop).await.days.remove(1);
        assert_eq!((differs.state, differs.unexplained.get()), (DepositDayState::Differs, 500_000));
        assert_eq!(alarms(&shop).await, [(AlarmKind::CostsDiffer, format!("+{}", Rupiah::new(500_000)))]);

        let mend = funding(&shop, bank, 500_000, differs.day);
        shop.store.run(mend.clone()).await.unwrap();
        shop.store.run(mend.clone()).await.unwrap();
        let other = RecordFunding { amount: Rupiah::new(1), ..mend };
        assert_eq!(refusal(shop.store.run(other).await), Refusal::IdempotencyConflict);
        let days = book(&shop).await.days;
        assert!(days[..2].iter().all(|day| day.state == DepositDayState::Agrees), "{days:?}");
        assert_eq!((days[1].fundings.get(), days[1].difference), (500_000, Rupiah::ZERO));
        assert!(alarms(&shop).await.is_empty());

        // Recorded for the wrong day: taken back with a reason, and the day differs again.
        shop.store.run(funding(&shop, bank, -500_000, differs.day)).await.unwrap();
        assert_eq!(book(&shop).await.days[1].state, DepositDayState::Differs);
        shop.store.run(funding(&shop, bank, 500_000, differs.day)).await.unwrap();
        assert_eq!(book(&shop).await.fundings.len(), 3);

        // One for the open day counts when it closes.
        let today = start_of_wib_day(shop.store.now());
        shop.store.run(funding(&shop, bank, 10_000, today)).await.unwrap();
        next_day(&shop, FULL + 510_000 - COST).await;
        assert_eq!(state(&shop).await, (DepositDayState::Agrees, 0));
        shop
    })
    .await;
}

#[tokio::test]
async fn fundings_are_recorded_by_admins_for_a_day_that_can_be() {
    on_both(|shop| async {
        let bank = bank(&shop).await;
        let today = start_of_wib_day(shop.store.now());
        let before = today.plus_ms(-DAY_MS);
        shop.store.run(store::DueGateways { names: vec![GATEWAY.into()] }).await.unwrap();
        let good = funding(&shop, bank, FULL, before);
        for (wrong, why) in [
            (RecordFunding { admin: shop.member, ..good.clone() }, Refusal::NotAllowed),
            (RecordFunding { gateway: "none".into(), ..good.clone() }, Refusal::NotFound),
        ] {
            assert_eq!(refusal(shop.store.run(wrong).await), why);
        }
        for (wrong, field) in [
            (RecordFunding { amount: Rupiah::ZERO, ..good.clone() }, "amount"),
            (RecordFunding { amount: Rupiah::new(i64::MIN), ..good.clone() }, "amount"),
            (RecordFunding { note: " ".into(), ..good.clone() }, "note"),
            (RecordFunding { note: "x".repeat(201), ..good.clone() }, "note"),
            (RecordFunding { bank_account: bank + 1, ..good.clone() }, "bank_account"),
            (RecordFunding { day: before.plus_ms(1), ..good.clone() }, "day"),
            (RecordFunding { day: today, ..good.clone() }, "day"),
        ] {
            let refused = refusal(shop.store.run(wrong).await);
            assert!(
                matches!(&refused, Refusal::Invalid { fields } if fields[0].field == field),
                "{field}: {refused:?}"
            );
        }
        shop.store.run(good).await.unwrap();
        read(&shop, FULL).await;
        assert_eq!(last(&shop).await.state, DepositDayState::Base, "what was paid before is in the base");
        shop.store.run(funding(&shop, bank, 1_000, today)).await.unwrap();
        let tomorrow = today.plus_ms(DAY_MS);
        assert!(matches!(
            refusal(shop.store.run(funding(&shop, bank, 1_000, tomorrow)).await),
            Refusal::Invalid { .. }
        ));
        next_day(&shop, FULL + 1_000).await;
        assert_eq!(state(&shop).await, (DepositDayState::Agrees, 0));
        shop
    })
    .await;
}

#[tokio::test]
async fn changed_fundings_and_comparisons_are_seen() {
    for text in [
        "DELETE FROM funding",
        "UPDATE funding SET amount = amount + 1",
        "UPDATE funding SET gateway = 'other'",
        "UPDATE deposit_day SET fundings = 0 WHERE fundings <> 0",
        "UPDATE deposit_day SET difference = 1 WHERE state = 'agrees'",
    ] {
        for database in store::testing::databases().await {
            let shop = Shop::open(database).await;
            let bank = bank(&shop).await;
            read(&shop, FULL).await;
            shop.store.run(funding(&shop, bank, 1_000, start_of_wib_day(shop.store.now()))).await.unwrap();
            next_day(&shop, FULL + 1_000).await;
            assert!(shop.store.check().await.unwrap().breaches.is_empty());
            shop.database.tamper(text).await;
            let breaches = shop.store.check().await.unwrap().breaches;
            assert!(breaches.iter().any(|breach| breach.invariant == 12), "{text}: {breaches:?}");
        }
    }
}
