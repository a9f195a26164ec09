//! The admin's figures, what waits, the list of all transactions and the month's report, through the pages and their files.

use std::sync::Arc;

use app::month::Month;
use domain::{Ask, DAY_MS, PublicId, PurchaseState, Rupiah, UtcMillis, Verdict};
use http::StatusCode;
use store::{
    AdjustBalance, ClaimSends, Evidence, NewOrder, RecordVerdict, SealEntries, Source, Viewer, WrittenOrder,
};

use crate::engine::{PRICE, Stall};
use crate::shop::{Setup, Shop, on_each_database};

/// What a purchase costs at the gateway.
const COST: i64 = 50_000;

fn write_order(order: &NewOrder) -> Option<WrittenOrder> {
    Some(WrittenOrder { request: order.client_ref.clone(), account: "toko".into() })
}

/// Buys for a number, and the gateway says this.
async fn buy(shop: &Shop, stall: &Stall, number: &str, verdict: Verdict) -> PublicId {
    let id = shop.store.run(stall.purchase(number)).await.unwrap();
    let claim = ClaimSends { limit: 10, write_order: Arc::new(write_order) };
    let job = shop.store.run(claim).await.unwrap().remove(0);
    let record = RecordVerdict {
        purchase: id.clone(),
        attempt: job.attempt,
        source: Source::Worker { ask: Ask::FirstSend, token: job.token },
        verdict,
        evidence: Evidence { body: "{}".into(), ..Evidence::default() },
        ask_every_ms: 60_000,
    };
    shop.store.run(record).await.unwrap();
    id
}

const fn delivered() -> Verdict {
    Verdict::Delivered { serial_number: None, charged: Some(Rupiah::new(COST)) }
}

async fn rolled_up(shop: &Shop) {
    while shop.store.run(SealEntries).await.unwrap() > 0 {}
    while shop.store.roll_up().await.unwrap() {}
}

fn rupiah(amount: i64) -> String {
    Rupiah::new(amount).to_string()
}

#[tokio::test]
async fn figures_follow_a_sale() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        rolled_up(&shop).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let before = admin.get("/admin").await;
        assert!(before.body.contains("No sales on these days yet"), "{}", before.body);

        buy(&shop, &stall, "087800001230", delivered()).await;
        // What is not sealed yet is not in the figures.
        assert!(!admin.get("/admin").await.body.contains(&rupiah(PRICE - COST)));
        rolled_up(&shop).await;
        let today = admin.get("/admin").await.body;
        for part in [
            &rupiah(PRICE),
            &rupiah(PRICE - COST),
            "▲ up from 0 (all of yesterday)",
            "Figures up to",
            "role=\"img\"",
            "See it as a table",
            "1 sold",
            "100.0%",
        ] {
            assert!(today.contains(part), "{part} is not in {today}");
        }

        // Tomorrow it is in the days before, and in the seven days.
        shop.database.clock.advance_ms(DAY_MS);
        let tomorrow = admin.get("/admin?days=1").await.body;
        assert!(tomorrow.contains("▼ down 100.0% from"), "{tomorrow}");
        let week = admin.get("/admin?days=7").await.body;
        assert!(week.contains(&rupiah(PRICE - COST)) && week.contains("(the 7 days before)"), "{week}");
        assert!(admin.get("/admin?days=8").await.body.contains("(all of yesterday)"), "no such period");
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_decided_from_one_list() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        assert!(admin.get("/admin/exceptions").await.body.contains("Nothing is waiting"));
        let id = buy(&shop, &stall, "087800001234", Verdict::Unknown).await;
        let page = format!("/admin/transactions/{}", id.as_str());
        for list in ["/admin", "/admin/exceptions"] {
            let body = admin.get(list).await.body;
            assert!(body.contains(&format!("href=\"{page}\"")) && body.contains("Decide"), "{list}: {body}");
        }
        // Not without saying what shows it.
        let fields = |reason: &'static str| {
            [
                ("purchase", id.as_str().to_owned()),
                ("delivered", "yes".to_owned()),
                ("reason", reason.to_owned()),
            ]
        };
        let post = async |admin: &mut crate::shop::Visitor<'_>, reason: &'static str| {
            let fields = fields(reason);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            admin.post_form("/api/decide_purchase", &page, &fields).await
        };
        assert!(post(&mut admin, "").await.location().contains("form="));
        assert_eq!(
            shop.store.purchase(&id, Viewer::Admin).await.unwrap().purchase.state,
            PurchaseState::Unknown
        );
        assert_eq!(post(&mut admin, "seen at the gateway").await.status, StatusCode::SEE_OTHER);
        let detail = shop.store.purchase(&id, Viewer::Admin).await.unwrap();
        assert_eq!(detail.purchase.state, PurchaseState::Succeeded);
        assert!(admin.get(&page).await.body.contains("seen at the gateway"), "it stands in the timeline");
        assert!(admin.get("/admin/exceptions").await.body.contains("Nothing is waiting"));

        shop.store.run(store::StopSales).await.unwrap();
        shop.store.reload_settings().await.unwrap();
        assert!(admin.get("/admin").await.body.contains("The books do not agree"));
    })
    .await;
}

#[tokio::test]
async fn filters_live_in_the_address() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let first = buy(&shop, &stall, "087800001230", delivered()).await;
        let second = buy(&shop, &stall, "087800004321", Verdict::Unknown).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let package = stall.package.as_str();
        let page = format!("/admin/transactions?q=4321&kind=purchase&state=unknown&from=2020-01-01&package={package}&gateway=digiflazz&amount=60.000");
        let body = admin.get(&page).await.body;
        assert!(body.contains(second.as_str()) && !body.contains(first.as_str()), "{body}");
        // Each further choice keeps the others.
        let kept = format!("q=4321&amp;kind=purchase&amp;state=succeeded&amp;from=2020-01-01&amp;package={package}&amp;gateway=digiflazz&amp;amount=60.000");
        assert!(body.contains(&kept), "{body}");
        assert!(body.contains("value=\"4321\"") && body.contains("value=\"2020-01-01\""), "{body}");
        assert!(body.contains(&format!("/admin/transactions.csv?{}", kept.replace("state=succeeded", "state=unknown"))));

        for (query, finds) in [
            ("q=rina", true),
            ("q=rina&kind=correction", false),
            ("q=087800004321", true),
            (&format!("q={}", second.as_str().to_lowercase()), true),
            ("q=nobody", false),
            ("amount=1", false),
            ("gateway=elsewhere", false),
            ("to=2020-01-01", false),
            ("from=yesterday", false),
            ("amount=much", false),
        ] {
            let body = admin.get(&format!("/admin/transactions?{query}")).await.body;
            assert_eq!(body.contains(&format!("/admin/transactions/{}", second.as_str())), finds, "{query}: {body}");
        }
        let told = admin.get("/admin/transactions?amount=much").await.body;
        assert!(told.contains("The amount cannot be read") && told.contains("value=\"much\""), "{told}");
        let told = admin.get("/admin/transactions?amount=60.000").await.body;
        assert!(told.contains("the latest 7 days"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn a_file_has_what_the_list_has() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let id = buy(&shop, &stall, "087800001230", delivered()).await;
        let admin_id = shop.user(domain::Role::Admin, "lain").await.id;
        let correct = AdjustBalance {
            admin: admin_id,
            user: stall.buyer,
            amount: Rupiah::new(-7_000),
            reason: "=HYPERLINK(\"https://evil.example\")".into(),
            key: "k".into(),
        };
        shop.store.run(correct).await.unwrap();
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let file = admin.get("/admin/transactions.csv").await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"transaksi.csv\"");
        let rows: Vec<&str> = file.body.trim_end().split("\r\n").collect();
        assert_eq!(rows.len(), 4, "a head, two corrections, a purchase: {rows:#?}");
        assert!(rows[1].contains("\"'=HYPERLINK") && rows[1].contains(",-7000,,lain"), "{}", rows[1]);
        assert!(rows[2].starts_with(&format!("purchase,{id},")), "{}", rows[2]);
        assert!(rows[2].ends_with(",087800001230,digiflazz,succeeded,60000,50000,"), "{}", rows[2]);
        let only = admin.get("/admin/transactions.csv?kind=correction&q=rina").await.body;
        assert_eq!(only.trim_end().split("\r\n").count(), 3);
        assert_eq!(admin.get("/admin/transactions.csv?amount=much").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// More rows than are read at a time.
#[tokio::test]
async fn a_long_file_is_written_in_parts() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let admin_id = shop.user(domain::Role::Admin, "lain").await.id;
        for n in 1..=501 {
            let (user, reason, key) = (stall.buyer, n.to_string(), format!("k{n}"));
            let correct = AdjustBalance { admin: admin_id, user, amount: Rupiah::new(n), reason, key };
            shop.store.run(correct).await.unwrap();
        }
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let file = admin.get("/admin/transactions.csv?kind=correction").await.body;
        let reasons: Vec<i64> =
            file.lines().skip(1).filter_map(|row| row.split(',').nth(4)?.parse().ok()).collect();
        assert_eq!(reasons, (1..=501).rev().collect::<Vec<i64>>());
    })
    .await;
}

/// The report, its file and the ledger's rows have the same sums.
#[tokio::test]
async fn a_month_agrees_with_the_ledger() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        for number in ["087800001230", "087800001231", "087800001232"] {
            buy(&shop, &stall, number, delivered()).await;
        }
        buy(&shop, &stall, "087800001233", Verdict::Unknown).await;
        rolled_up(&shop).await;
        let month = Month::of(shop.store.now());
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let page = admin.get(&format!("/admin/report?month={}", month.written())).await.body;
        let file = admin.get(&format!("/admin/report.csv?month={}", month.written())).await.body;
        let head: Vec<&str> = file.lines().next().unwrap().split(',').collect();
        let total: Vec<&str> = file.lines().last().unwrap().split(',').collect();
        let of = |column: &str| -> i64 {
            total[head.iter().position(|name| *name == column).unwrap()].parse().unwrap()
        };
        // `$1` is never reached.
        const SUM: [(&str, &str); 4] = [
            ("sales_rupiah", "SELECT CAST(SUM(amount) AS BIGINT) FROM posting WHERE account = 'sales' AND entry_id < $1"),
            ("cost_rupiah", "SELECT CAST(-SUM(amount) AS BIGINT) FROM posting WHERE account = 'cost:digiflazz' AND entry_id < $1"),
            ("corrections_rupiah", "SELECT CAST(-SUM(amount) AS BIGINT) FROM posting WHERE account = 'adjustment' AND entry_id < $1"),
            ("customers_balances_rupiah", "SELECT CAST(SUM(available + held) AS BIGINT) FROM wallet WHERE user_id < $1"),
        ];
        for (column, query) in SUM {
            let ledger = shop.database.number(query, UtcMillis(i64::MAX)).await;
            assert_eq!(of(column), ledger, "{column}");
            assert!(page.contains(&rupiah(ledger)), "{column} is not in {page}");
        }
        assert_eq!((of("profit_rupiah"), of("delivered"), of("placed")), (3 * (PRICE - COST), 3, 4));
        let days = file.lines().count() - 2;
        assert!((1..=31).contains(&days), "{days}");
        // A month from before there was anything, and one that is still to come.
        let empty = admin.get("/admin/report.csv?month=2020-02").await.body;
        assert_eq!(empty.lines().count(), 31, "a head, 29 days and the total");
        let future = admin.get("/admin/report?month=2999-01").await.body;
        assert!(future.contains(&format!("value=\"{}\"", month.written())), "the present month in its stead");
    })
    .await;
}
