//! Purchases, top-ups and corrections in one list; purchases that need someone; packages that fail.

use domain::{DAY_MS, FailReason, HOUR_MS, Rupiah, UtcMillis, Verdict, start_of_wib_day};
use store::{Transaction, TransactionFilter, TransactionKind, What};

use crate::rollups::agree;
use crate::shop::{PRICE, Shop, number, on_both};
use crate::topups::{request, with_account};

fn all() -> TransactionFilter {
    TransactionFilter { limit: 100, ..TransactionFilter::default() }
}

async fn listed(shop: &Shop, filter: TransactionFilter) -> Vec<Transaction> {
    shop.store.transactions(&filter).await.unwrap().items
}

/// Three purchases of which one failed, two top-ups, and three corrections, an hour between each.
async fn busy(shop: Shop) -> Shop {
    let shop = with_account(shop).await;
    let later = || shop.database.clock.advance_ms(HOUR_MS);
    shop.give(shop.member, 10 * PRICE).await;
    for n in 0..3 {
        later();
        let purchase = store::PlacePurchase {
            msisdn: number(&format!("08780000{n}234")),
            ..shop.purchase(&shop.store.random_token())
        };
        shop.store.run(purchase).await.unwrap();
        let job = shop.claim_one().await;
        let verdict = match n {
            0 => Verdict::Failed { reason: FailReason::ProviderFailed },
            1 => Verdict::Delivered { serial_number: None, charged: Some(Rupiah::new(20_000)) },
            _ => Verdict::Unknown,
        };
        shop.answer(&job, verdict).await;
    }
    for key in ["first", "second"] {
        later();
        request(&shop, key, 50_000).await;
    }
    later();
    shop.give(shop.member, -1_000).await;
    shop.give(shop.reseller, 7_000).await;
    shop
}

#[tokio::test]
async fn every_kind_comes_by_time_and_each_once() {
    on_both(|shop| async {
        let shop = busy(shop).await;
        let whole = listed(&shop, all()).await;
        let kinds: Vec<TransactionKind> = whole.iter().map(|one| one.what.kind()).collect();
        use TransactionKind::{Correction, Purchase, Topup};
        assert_eq!(
            kinds,
            [Correction, Correction, Topup, Topup, Purchase, Purchase, Purchase, Correction],
            "{whole:#?}"
        );
        assert!(whole.is_sorted_by(|a, b| a.at >= b.at));
        assert_eq!(whole.iter().map(|one| one.amount.get()).take(2).sum::<i64>(), 6_000);

        for limit in 1..=8 {
            let (mut paged, mut after) = (Vec::new(), None);
            loop {
                let filter = TransactionFilter { limit, after: after.take(), ..TransactionFilter::default() };
                let page = shop.store.transactions(&filter).await.unwrap();
                assert!(page.items.len() <= usize::try_from(limit).unwrap());
                paged.extend(page.items);
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            assert_eq!(paged, whole, "pages of {limit}");
        }
        let forged = TransactionFilter { after: Some("'; DROP TABLE users".into()), ..all() };
        assert_eq!(listed(&shop, forged).await, whole);
        shop
    })
    .await;
}

/// Many of one moment: no page loses or repeats any.
#[tokio::test]
async fn pages_within_one_moment() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        for n in 1..=9 {
            shop.give(shop.member, n).await;
        }
        shop.database.tamper("UPDATE entry SET created_at = 1700000000000").await;
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let filter = TransactionFilter { limit: 2, after: after.take(), ..TransactionFilter::default() };
            let page = shop.store.transactions(&filter).await.unwrap();
            seen.extend(page.items.iter().map(|one| one.amount.get()));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
        // Put back as far as the check needs it: nothing was sealed yet.
        shop.database.tamper("DELETE FROM posting").await;
        shop.database.tamper("DELETE FROM entry").await;
        shop.database.tamper("UPDATE wallet SET available = 0").await;
        shop
    })
    .await;
}

#[tokio::test]
async fn filters_leave_what_was_asked_for() {
    on_both(|shop| async {
        let shop = busy(shop).await;
        let count = async |filter: TransactionFilter| listed(&shop, filter).await.len();
        let state = |word: &str| TransactionFilter { state: word.into(), ..all() };
        assert_eq!(count(state("succeeded")).await, 1);
        assert_eq!(count(state("unknown")).await, 1);
        assert_eq!(count(state("pending")).await, 2, "two top-ups wait for money");
        assert_eq!(count(TransactionFilter { kind: Some(TransactionKind::Topup), ..all() }).await, 2);
        assert_eq!(count(TransactionFilter { user: Some(shop.reseller), ..all() }).await, 1);
        assert_eq!(count(TransactionFilter { digits: "1234".into(), ..all() }).await, 1);
        assert_eq!(count(TransactionFilter { digits: "234".into(), ..all() }).await, 3);
        assert_eq!(count(TransactionFilter { msisdn: Some(number("087800002234")), ..all() }).await, 1);
        assert_eq!(count(TransactionFilter { package: Some(shop.package.clone()), ..all() }).await, 3);
        assert_eq!(count(TransactionFilter { gateway: "digiflazz".into(), ..all() }).await, 3);
        assert_eq!(count(TransactionFilter { gateway: "other".into(), ..all() }).await, 0);
        assert_eq!(count(TransactionFilter { amount: Some(Rupiah::new(PRICE)), ..all() }).await, 3);
        assert_eq!(count(TransactionFilter { amount: Some(Rupiah::new(1_000)), ..all() }).await, 1, "taken");
        assert_eq!(count(TransactionFilter { amount: Some(Rupiah::new(50_000)), ..all() }).await, 2, "asked");
        let now = shop.store.now();
        let from = Some(now.plus_ms(-HOUR_MS / 2));
        assert_eq!(count(TransactionFilter { from, ..all() }).await, 2);
        assert_eq!(count(TransactionFilter { until: from, ..all() }).await, 6);

        let one = listed(&shop, state("succeeded")).await.remove(0);
        let What::Purchase { id, cost, .. } = one.what else { panic!("{one:?}") };
        assert_eq!(cost, Some(Rupiah::new(20_000)));
        assert_eq!(count(TransactionFilter { id: Some(id), ..all() }).await, 1);
        let correction =
            listed(&shop, TransactionFilter { user: Some(shop.reseller), ..all() }).await.remove(0);
        let What::Correction { reason, by } = correction.what else { panic!("{:?}", correction.what) };
        assert_eq!((reason.as_str(), by.as_deref()), ("for the test", Some("admin")));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_report_ends_with_what_customers_have() {
    on_both(|shop| async {
        let shop = busy(shop).await;
        let first = start_of_wib_day(shop.store.now()).plus_ms(-2 * DAY_MS);
        shop.database.clock.advance_ms(2 * DAY_MS);
        shop.give(shop.member, 500).await;
        agree(&shop).await;
        let until = start_of_wib_day(shop.store.now()).plus_ms(DAY_MS);
        let report = shop.store.report(first, until).await.unwrap();
        assert_eq!(report.lines.len(), 5, "every day, also those without anything");
        assert_eq!(report.opening, Rupiah::ZERO);
        let (member, reseller) = (shop.wallet(shop.member).await, shop.wallet(shop.reseller).await);
        let has = member.available.get() + member.held.get() + reseller.available.get();
        assert_eq!((report.closing.get(), report.closing_debts), (has, Rupiah::ZERO));
        let total = report.total;
        assert_eq!((total.sales.get(), total.cost.get(), total.placed), (PRICE, 20_000, 3));
        assert_eq!(total.corrections.get(), 10 * PRICE - 1_000 + 7_000 + 500);
        let moved = total.topups.get() + total.corrections.get() + total.returned.get() - total.sales.get();
        assert_eq!(report.opening.get() + moved, report.closing.get());
        let last = shop.store.report(until.plus_ms(-DAY_MS), until).await.unwrap();
        assert_eq!((last.closing, last.opening.get()), (report.closing, has - 500));
        shop
    })
    .await;
}

#[tokio::test]
async fn what_is_stuck_and_what_fails() {
    on_both(|shop| async {
        let shop = busy(shop).await;
        let stuck = shop.store.stuck_purchases().await.unwrap();
        assert_eq!(stuck.len(), 1, "the one whose outcome is not known");
        shop.buy().await;
        assert_eq!(
            shop.store.stuck_purchases().await.unwrap().len(),
            1,
            "one that was just accepted is not stuck"
        );
        shop.database.clock.advance_ms(HOUR_MS);
        assert_eq!(shop.store.stuck_purchases().await.unwrap().len(), 2);
        assert_eq!(shop.store.failing_packages().await.unwrap(), [], "one of two");

        shop.store.sweep_purchases().await.unwrap();
        for _ in 0..3 {
            shop.buy().await;
            shop.answer(&shop.claim_one().await, Verdict::Failed { reason: FailReason::ProviderFailed })
                .await;
        }
        // The number's own fault tells nothing about the package.
        shop.buy().await;
        shop.answer(&shop.claim_one().await, Verdict::Failed { reason: FailReason::BadNumber }).await;
        let failing = shop.store.failing_packages().await.unwrap();
        assert_eq!(failing.len(), 1);
        assert!(failing[0].failed >= 4 && failing[0].of <= 6, "{failing:?}");
        shop.database.clock.advance_ms(2 * DAY_MS);
        assert_eq!(shop.store.failing_packages().await.unwrap(), [], "that was long ago");
        assert_eq!(shop.store.stopped_by_check().await.unwrap(), None);
        shop.store.run(store::StopSales).await.unwrap();
        shop.store.reload_settings().await.unwrap();
        assert!(shop.store.stopped_by_check().await.unwrap() > Some(UtcMillis(0)));
        shop
    })
    .await;
}
