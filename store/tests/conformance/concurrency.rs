use std::collections::HashSet;

use domain::{PublicId, Refusal, Verdict};
use store::{ApproveTopup, Error, Found, PlacePurchase, SaveBankAccount, Saving};

use crate::shop::{PRICE, on_both, refusal};

const MANY: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn money_for_one_buys_one() {
    on_both(|shop| async {
        shop.give(shop.member, PRICE + 100).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..MANY {
            let (store, place) = (shop.store.clone(), shop.purchase(&format!("key-{n}")));
            tasks.spawn(async move { store.run(place).await });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        for result in results.into_iter().filter(Result::is_err) {
            assert!(matches!(refusal(result), Refusal::BalanceTooLow { .. }));
        }
        assert_eq!(shop.wallet(shop.member).await.available.get(), 100);
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_buys_one() {
    on_both(|shop| async {
        shop.give(shop.member, PRICE * 64).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..MANY {
            let (store, place) = (shop.store.clone(), shop.purchase("the key"));
            tasks.spawn(async move { store.run(place).await.unwrap() });
        }
        let ids: HashSet<PublicId> = tasks.join_all().await.into_iter().collect();
        assert_eq!(ids.len(), 1, "everyone gets the same answer");
        assert_eq!(shop.wallet(shop.member).await.held.get(), PRICE);
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tabs_cannot_both_pass_the_repeat_guard() {
    on_both(|shop| async {
        shop.give(shop.member, PRICE * 8).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let place = PlacePurchase { buy_again: false, ..shop.purchase(&format!("tab-{n}")) };
            let store = shop.store.clone();
            tasks.spawn(async move { store.run(place).await });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let asked = |result: &Result<PublicId, Error>| {
            matches!(result, Err(Error::Refused(Refusal::BoughtJustNow { .. })))
        };
        assert_eq!(results.iter().filter(|result| asked(result)).count(), 7);
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_send_each_purchase_once() {
    on_both(|shop| async {
        shop.give(shop.member, PRICE * 40).await;
        for _ in 0..40 {
            shop.buy().await;
        }
        let claims = futures_util::future::join_all((0..8).map(|_| shop.claim())).await;
        let jobs: Vec<_> = claims.into_iter().flatten().collect();
        let distinct: HashSet<_> = jobs.iter().map(|job| job.purchase.clone()).collect();
        assert_eq!(jobs.len(), distinct.len());
        futures_util::future::join_all(jobs.iter().map(|job| shop.answer(job, Verdict::Unknown))).await;
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_approvals_credit_once() {
    on_both(|shop| async {
        let account = SaveBankAccount {
            admin: shop.admin,
            id: Saving::fresh(&shop.store),
            bank: "Bank Contoh".into(),
            number: "1234567890".into(),
            holder: "Toko Contoh".into(),
            active: true,
        };
        shop.store.run(account).await.unwrap();
        let topup = crate::topups::request(&shop, "k", 50_000).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..MANY {
            let approve = ApproveTopup {
                admin: shop.admin,
                topup: topup.id.clone(),
                found: Found::Typed { reference: format!("REF-{n}"), received: topup.payable },
            };
            let store = shop.store.clone();
            tasks.spawn(async move { store.run(approve).await });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        assert_eq!(shop.wallet(shop.member).await.available, topup.payable);
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_may_start_at_once() {
    for database in store::testing::databases().await {
        let stores = futures_util::future::join_all((0..4).map(|_| database.open())).await;
        let first = stores[0].run(store::MakeSetupLink).await.unwrap();
        assert!(first.is_some());
    }
}
