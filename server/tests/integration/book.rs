//! The deposit book through the real engine, forms and pages.

use domain::{AlarmKind, DAY_MS, DepositDayState, MINUTE_MS, PurchaseState, Role, Rupiah, start_of_wib_day};
use http::StatusCode;
use serde_json::json;
use server::engine;
use store::{DepositDay, DueGateways, KeepReading, SaveBankAccount, Saving, User};
use tokio_util::sync::CancellationToken;

use crate::engine::{Gateway, SETTLED, Stall, reached};
use crate::notices::until;
use crate::shop::{Setup, Shop, on_each_database};

const GATEWAY: &str = "digiflazz";
const PAGE: &str = "/admin/gateways/digiflazz/book";

async fn bank(shop: &Shop, admin: &User) -> String {
    let account = SaveBankAccount {
        admin: admin.id,
        id: Saving::fresh(&shop.store),
        bank: "BCA".into(),
        number: "000-123-4567".into(),
        holder: "Toko".into(),
        active: true,
    };
    shop.store.run(account).await.unwrap();
    shop.store.bank_accounts(false).await.unwrap()[0].id.to_string()
}

/// What the gateway tells, as the engine would keep it.
async fn read(shop: &Shop, deposit: i64) {
    let mark = shop.store.mark_ledger(GATEWAY, "toko").await.unwrap().unwrap();
    let open = shop.store.orders_around(&mark).await.unwrap();
    shop.store.run(KeepReading { mark, open, deposit: Rupiah::new(deposit) }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_engine_compares_each_day() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let gateway = Gateway::open().await;
        let shutdown = CancellationToken::new();
        let workers = engine::start(shop.store.clone(), gateway.adapters(), shutdown.clone());
        let day = async |count: usize| -> DepositDay {
            until("the deposit is read", async || {
                let days = shop.store.deposit_book(GATEWAY).await.unwrap().days;
                (days.len() == count).then(|| days.into_iter().next().unwrap())
            })
            .await
        };
        let base = day(1).await;
        assert_eq!(base.state, DepositDayState::Base);

        let purchase = shop.store.run(stall.purchase("087800001230")).await.unwrap();
        assert_eq!(reached(&shop.store, &purchase, SETTLED).await, PurchaseState::Succeeded);
        shop.database.clock.advance_ms(DAY_MS);
        let quiet = day(2).await;
        assert_eq!((quiet.state, quiet.difference), (DepositDayState::Agrees, Rupiah::ZERO));
        assert!(quiet.costs.is_positive() && quiet.deposit < base.deposit, "{quiet:?}");

        gateway.call("deposit", &json!({ "add": -7_000 })).await;
        shop.database.clock.advance_ms(DAY_MS);
        let robbed = day(3).await;
        assert_eq!((robbed.state, robbed.unexplained.get()), (DepositDayState::Differs, -7_000));
        let alarms = shop.store.alarms().await.unwrap();
        assert!(alarms.iter().any(|alarm| alarm.kind == AlarmKind::CostsDiffer), "{alarms:?}");
        shutdown.cancel();
        workers.await;
        shop.books_are_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn the_forms_of_the_book() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        shop.user(Role::Member, "siti").await;
        shop.store.run(DueGateways { names: vec![GATEWAY.to_owned()] }).await.unwrap();
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let page = admin.get(PAGE).await;
        assert!(!page.body.contains("record_funding"), "without a bank account there is no form");
        let bank = bank(&shop, &bos).await;
        read(&shop, 1_000_000).await;
        shop.database.clock.advance_ms(DAY_MS);
        read(&shop, 1_500_000).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;

        let day = start_of_wib_day(shop.store.now()).plus_ms(-DAY_MS).0.to_string();
        let fields = |amount: &'static str, note: &'static str| {
            [
                ("_form", "record_funding"),
                ("key", "k1"),
                ("gateway", GATEWAY),
                ("direction", "add"),
                ("bank_account", bank.as_str()),
                ("amount", amount),
                ("day", day.as_str()),
                ("note", note),
            ]
        };
        let action = admin.action(PAGE, "record_funding").await;
        let answer = admin.post_form(&action, PAGE, &fields("1,5", "")).await;
        let back = admin.get(answer.location()).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(back.body.matches("aria-invalid=\"true\"").count(), 2, "{}", back.body);
        assert!(back.body.contains("value=\"1,5\""), "what was typed is kept");

        let settle = |seen: &'static str, reason: &'static str| {
            [("gateway", GATEWAY), ("day", day.as_str()), ("seen", seen), ("reason", reason)]
        };
        let action = admin.action(PAGE, "settle_deposit_day").await;
        let answer = admin.post_form(&action, PAGE, &settle("500000", " ")).await;
        let back = admin.get(answer.location()).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.body.contains("aria-invalid=\"true\""));

        let mut member = shop.visitor();
        member.sign_in("siti").await;
        assert_eq!(member.get(PAGE).await.status, StatusCode::NOT_FOUND);
        let answer = member.post_for_json("/api/record_funding", &fields("500000", "TRF-1")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");
        let answer = member.post_for_json("/api/settle_deposit_day", &settle("500000", "x")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");

        shop.database.clock.advance_ms(31 * MINUTE_MS);
        for (action, fields) in [
            ("/api/record_funding", &fields("500000", "TRF-1")[..]),
            ("/api/settle_deposit_day", &settle("500000", "bonus")[..]),
        ] {
            let answer = admin.post_form(action, PAGE, fields).await;
            assert!(
                answer.location().starts_with("/confirm?next="),
                "an old sign-in moves nothing: {answer:?}"
            );
        }
        let book = shop.store.deposit_book(GATEWAY).await.unwrap();
        assert!(book.fundings.is_empty() && book.days[0].state == DepositDayState::Differs);

        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        for _ in 0..2 {
            let answer = admin.post_form("/api/record_funding", PAGE, &fields("500.000", "TRF-1")).await;
            assert_eq!(answer.location(), format!("{PAGE}?done=saved"));
        }
        let book = shop.store.deposit_book(GATEWAY).await.unwrap();
        assert_eq!((book.fundings.len(), book.days[0].state), (1, DepositDayState::Agrees));
        let overview = admin.get("/admin").await;
        assert!(!overview.body.contains(PAGE), "the alarm is gone");
        assert_eq!(admin.get(PAGE).await.status, StatusCode::OK);
    })
    .await;
}
