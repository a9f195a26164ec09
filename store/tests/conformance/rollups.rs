//! The sums by day, against what the rows of purchases, attempts, payments and wallets say.

use domain::{DAY_MS, FailReason, Rupiah, UtcMillis, Verdict, start_of_wib_day};
use store::{AdjustBalance, DecidePurchase, Evidence, RecordVerdict, SealEntries, Source, Store};

use crate::shop::{PRICE, Shop, delivered, on_both};

/// What is wrong, and a query that counts it. `$1` is a day's length.
const WRONG: &[(&str, &str)] = &[
    (
        "purchases that were accepted",
        "SELECT COUNT(*) FROM rollup_day d WHERE placed <> \
         (SELECT COUNT(*) FROM purchase p WHERE p.created_at >= d.day AND p.created_at < d.day + $1)",
    ),
    (
        "purchases and their price that were delivered",
        "SELECT COUNT(*) FROM rollup_day d WHERE delivered <> (SELECT COUNT(*) FROM purchase p WHERE p.hold = 'captured' \
         AND p.state_at >= d.day AND p.state_at < d.day + $1) OR sales <> (SELECT COALESCE(SUM(p.price), 0) FROM purchase p \
         WHERE p.hold = 'captured' AND p.state_at >= d.day AND p.state_at < d.day + $1)",
    ),
    (
        "purchases that failed",
        "SELECT COUNT(*) FROM rollup_day d WHERE failed <> (SELECT COUNT(*) FROM purchase p JOIN entry e ON e.kind = 'release' \
         AND e.reference = p.public_id WHERE p.hold = 'released' AND e.created_at >= d.day AND e.created_at < d.day + $1)",
    ),
    (
        "costs",
        "SELECT COUNT(*) FROM rollup_day d WHERE cost <> (SELECT COALESCE(SUM(a.cost), 0) FROM attempt a JOIN entry e \
         ON e.kind = 'cost' AND e.reference = a.client_ref WHERE e.created_at >= d.day AND e.created_at < d.day + $1) \
         - (SELECT COALESCE(SUM(a.refunded), 0) FROM attempt a JOIN entry e ON e.kind = 'cost_refund' \
         AND e.reference = a.client_ref WHERE e.created_at >= d.day AND e.created_at < d.day + $1)",
    ),
    (
        "top-ups",
        "SELECT COUNT(*) FROM rollup_day d WHERE topups <> (SELECT COALESCE(SUM(y.amount - y.fee), 0) FROM payment y JOIN entry e \
         ON e.kind = 'credit' AND e.reference = y.entry_reference WHERE e.created_at >= d.day AND e.created_at < d.day + $1) \
         OR topup_count <> (SELECT COUNT(*) FROM entry e WHERE e.kind = 'credit' AND e.created_at >= d.day \
         AND e.created_at < d.day + $1)",
    ),
    (
        "what payment gateways kept",
        "SELECT COUNT(*) FROM rollup_day d WHERE fees <> (SELECT COALESCE(SUM(y.cost), 0) FROM payment y JOIN entry e \
         ON e.kind = 'pay_cost' AND e.reference = y.entry_reference WHERE e.created_at >= d.day AND e.created_at < d.day + $1) \
         + (SELECT COALESCE(SUM(o.fee), 0) FROM payout o WHERE o.created_at >= d.day AND o.created_at < d.day + $1)",
    ),
    (
        "how long deliveries took",
        "SELECT COUNT(*) FROM rollup_day d WHERE deliver_ms <> (SELECT COALESCE(SUM(e.created_at - p.created_at), 0) FROM entry e \
         JOIN purchase p ON p.public_id = e.reference WHERE e.kind = 'capture' AND e.actor IS NULL AND e.created_at >= d.day \
         AND e.created_at < d.day + $1) OR timed <> (SELECT COALESCE(SUM(s.purchases), 0) FROM rollup_speed s WHERE s.day = d.day)",
    ),
    (
        "why balances and debts changed",
        "SELECT COUNT(*) FROM rollup_day d WHERE balances + debts <> topups + corrections + returned - sales OR corrections <> \
         (SELECT COALESCE(SUM(q.amount), 0) FROM posting q JOIN entry e ON e.id = q.entry_id WHERE e.kind = 'adjust' \
         AND q.account = 'available' AND e.created_at >= d.day AND e.created_at < d.day + $1)",
    ),
    (
        "the parts by package and by gateway",
        "SELECT COUNT(*) FROM rollup_day d WHERE sales <> (SELECT COALESCE(SUM(r.sales), 0) FROM rollup_package r WHERE r.day = d.day) \
         OR cost <> (SELECT COALESCE(SUM(r.cost), 0) FROM rollup_package r WHERE r.day = d.day) \
         OR delivered <> (SELECT COALESCE(SUM(r.delivered), 0) FROM rollup_gateway r WHERE r.day = d.day) \
         OR failed <> (SELECT COALESCE(SUM(r.failed), 0) FROM rollup_gateway r WHERE r.day = d.day) \
         OR cost <> (SELECT COALESCE(SUM(r.cost), 0) FROM rollup_gateway r WHERE r.day = d.day)",
    ),
    (
        "all that customers have and owe",
        "SELECT COUNT(*) FROM (SELECT COALESCE(SUM(available + held), 0) AS has, COALESCE(SUM(receivable), 0) AS owes FROM wallet) w \
         WHERE $1 > 0 AND (w.has <> (SELECT COALESCE(SUM(balances), 0) FROM rollup_day) \
         OR w.owes <> (SELECT COALESCE(SUM(debts), 0) FROM rollup_day))",
    ),
    (
        "days that are missing",
        "SELECT CASE WHEN $1 > 0 AND (SELECT COUNT(*) FROM purchase) = (SELECT COALESCE(SUM(placed), 0) FROM rollup_day) \
         THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END",
    ),
];

/// Seals what there is and sums it, with two workers at once.
pub async fn catch_up(store: &Store, other: &Store) {
    while store.run(SealEntries).await.unwrap() > 0 {}
    let all = async |store: &Store| while store.roll_up().await.unwrap() {};
    tokio::join!(all(store), all(other));
}

/// Every sum is what the rows say.
pub async fn agree(shop: &Shop) {
    catch_up(&shop.store, &shop.store).await;
    for (what, query) in WRONG {
        let wrong = shop.database.number(query, UtcMillis(DAY_MS)).await;
        assert_eq!(wrong, 0, "{}: {what}", shop.database.kind);
    }
}

fn today(shop: &Shop) -> UtcMillis {
    start_of_wib_day(shop.store.now())
}

async fn figures(shop: &Shop, day: UtcMillis) -> store::Figures {
    let days = shop.store.figures_by_day(day, day.plus_ms(DAY_MS)).await.unwrap();
    days.first().map(|day| day.figures).unwrap_or_default()
}

#[tokio::test]
async fn a_day_adds_up_while_it_goes_on() {
    on_both(|shop| async {
        shop.give(shop.member, 10 * PRICE).await;
        catch_up(&shop.store, &shop.store).await;
        let day = today(&shop);
        assert_eq!(figures(&shop, day).await.corrections, Rupiah::new(10 * PRICE));

        let bought = shop.buy().await;
        let job = shop.claim_one().await;
        // What is not sealed is not in the sums, and the page says so.
        assert_eq!(figures(&shop, day).await.placed, 0);
        assert!(shop.store.rolled_up_to().await.unwrap() <= shop.store.now());
        shop.database.clock.advance_ms(3_000);
        let evidence = Evidence { body: "{}".into(), ..Evidence::default() };
        let record = RecordVerdict {
            purchase: bought,
            attempt: job.attempt,
            source: Source::Worker { ask: domain::Ask::FirstSend, token: job.token },
            verdict: Verdict::Delivered { serial_number: None, charged: Some(Rupiah::new(20_000)) },
            evidence,
            ask_every_ms: 60_000,
        };
        shop.store.run(record).await.unwrap();
        shop.buy().await;
        shop.answer(&shop.claim_one().await, Verdict::Failed { reason: FailReason::ProviderFailed }).await;
        agree(&shop).await;
        // Again, with nothing new: nothing changes.
        agree(&shop).await;
        let of_day = figures(&shop, day).await;
        assert_eq!((of_day.placed, of_day.delivered, of_day.failed), (2, 1, 1));
        assert_eq!(
            (of_day.sales.get(), of_day.cost.get(), of_day.profit().get()),
            (PRICE, 20_000, PRICE - 20_000)
        );
        assert!(of_day.deliver_ms >= 3_000 && of_day.timed == 1, "{of_day:?}");
        let speeds = shop.store.speeds(day, day.plus_ms(DAY_MS)).await.unwrap().unwrap();
        assert!((4_000..=15_000).contains(&speeds.median_ms), "{speeds:?}");
        let top = shop.store.top_packages(day, day.plus_ms(DAY_MS), 5).await.unwrap();
        assert_eq!((top.len(), &top[0].id, top[0].sold.sales.get()), (1, &shop.package, PRICE));
        assert_eq!(shop.store.rolled_up_to().await.unwrap().since_ms(shop.store.now()) / 1_000, 0);
        shop
    })
    .await;
}

/// A purchase that was given back and turns out to have been delivered counts as delivered on the day on which that was
/// decided, and no more as failed on the day on which it was given back.
#[tokio::test]
async fn what_is_found_later_makes_up_for_its_own_day() {
    on_both(|shop| async {
        shop.give(shop.member, 2 * PRICE).await;
        let bought = shop.buy().await;
        let job = shop.claim_one().await;
        shop.answer(&job, Verdict::Failed { reason: FailReason::ProviderFailed }).await;
        agree(&shop).await;
        let first = today(&shop);
        assert_eq!(figures(&shop, first).await.failed, 1);
        let before = shop.store.balances_before(first).await.unwrap();
        assert_eq!(before, (Rupiah::ZERO, Rupiah::ZERO));

        shop.database.clock.advance_ms(3 * DAY_MS);
        shop.record(&bought, job.attempt, Source::Webhook, delivered()).await;
        let decide =
            DecidePurchase { admin: shop.admin, purchase: bought, delivered: true, reason: "found".into() };
        shop.store.run(decide).await.unwrap();
        agree(&shop).await;
        let (then, now) = (figures(&shop, first).await, figures(&shop, today(&shop)).await);
        assert_eq!((then.placed, then.failed, then.delivered), (1, 0, 0));
        assert_eq!((now.failed, now.delivered, now.sales.get(), now.timed), (0, 1, PRICE, 0));
        let before = shop.store.balances_before(today(&shop)).await.unwrap();
        assert_eq!(before.0, Rupiah::new(2 * PRICE));
        shop
    })
    .await;
}

#[tokio::test]
async fn two_servers_add_each_block_once() {
    on_both(|shop| async {
        let other = shop.database.open().await;
        for n in 1..=40 {
            shop.give(shop.member, n).await;
            // Many small blocks.
            shop.store.run(SealEntries).await.unwrap();
            if n % 10 == 0 {
                let (a, b) = tokio::join!(shop.store.roll_up(), other.roll_up());
                assert!(a.unwrap() && b.unwrap());
            }
        }
        catch_up(&shop.store, &other).await;
        agree(&shop).await;
        assert_eq!(figures(&shop, today(&shop)).await.corrections, Rupiah::new(820));
        shop
    })
    .await;
}

/// What belongs to yesterday and is sealed only now.
#[tokio::test]
async fn what_is_sealed_late_counts_for_its_day() {
    on_both(|shop| async {
        let day = today(&shop);
        shop.give(shop.member, 5_000).await;
        shop.database.clock.advance_ms(DAY_MS);
        let amount = Rupiah::new(-2_000);
        let (admin, user) = (shop.admin, shop.member);
        let correct = AdjustBalance { admin, user, amount, reason: "late".into(), key: "late".into() };
        shop.store.run(correct).await.unwrap();
        agree(&shop).await;
        assert_eq!(figures(&shop, day).await.corrections, Rupiah::new(5_000));
        assert_eq!(figures(&shop, today(&shop)).await.corrections, Rupiah::new(-2_000));
        shop
    })
    .await;
}
