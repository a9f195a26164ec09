//! The process is killed at each named point of a top-up's way, on each database, and started again: the payment is in the
//! balance exactly once, and the gateway has exactly one order that can be paid.

use domain::{PayDialect, PublicId, Role, Rupiah, TopupMethod, TopupState};
use store::{RequestTopup, Viewer};

use crate::counter::{Bank, until};
use crate::crash::Server;
use crate::engine::Gateway;
use crate::shop::{Setup, Shop};

/// Where the process ends before anybody could pay, so that the payer comes after the second start.
const BEFORE_PAYING: &[&str] = &["charge-claimed", "after-charge", "charge-recorded"];

async fn survives(point: &'static str) {
    for database in store::testing::databases().await {
        let kind = database.kind;
        let shop = Shop::open(database, &Setup::default()).await;
        let admin = shop.user(Role::Admin, "bos").await.id;
        let buyer = shop.user(Role::Member, "rina").await.id;
        let clock = shop.store.clone();
        let bank = Bank::open(PayDialect::Midtrans, move || clock.now().0).await;
        let gateway = Gateway::open().await;
        {
            // The ways of paying are set up by a server that is not killed.
            let setting_up = Server::start(&shop.database, &gateway, None);
            setting_up.ready().await;
            bank.set_up(&shop.store, admin).await;
        }
        let request = RequestTopup {
            user: buyer,
            method: TopupMethod::Qris,
            bank_account: None,
            base: Rupiah::new(50_000),
            key: "k".into(),
        };
        let id = shop.store.run(request).await.unwrap();
        let mut first = Server::start(&shop.database, &gateway, Some(point));
        bank.calls(&first.address);
        if !BEFORE_PAYING.contains(&point) {
            pay(&bank, &id).await;
        }
        first.crashed(point).await;
        let after = shop.store.check().await.unwrap().breaches;
        assert_eq!(after, [], "{kind}: {point}: right after the crash");
        let balance = shop.store.wallet(buyer).await.unwrap().available.get();
        let state = shop.store.topup(&id, Viewer::Admin).await.unwrap().state;
        assert_eq!(balance == 50_000, state == TopupState::Credited, "{kind}: {point}: both or neither");

        let second = Server::start(&shop.database, &gateway, None);
        second.ready().await;
        bank.calls(&second.address);
        if bank.simulator.payment(&format!("{}-1", id.as_str())).is_none_or(|order| order.payments.is_empty())
        {
            until("the order can be paid", async || {
                let topup = shop.store.topup(&id, Viewer::Admin).await.unwrap();
                topup.pay_to.is_some().then_some(())
            })
            .await;
            pay(&bank, &id).await;
        }
        until(&format!("{kind}: {point}: credited"), async || {
            let state = shop.store.topup(&id, Viewer::Admin).await.unwrap().state;
            (state == TopupState::Credited).then_some(())
        })
        .await;
        assert_eq!(shop.store.wallet(buyer).await.unwrap().available.get(), 50_000, "{kind}: {point}");
        assert_eq!(bank.simulator.payment_totals().settled_rupiah, 50_000, "{kind}: {point}");
        assert_eq!(shop.store.check().await.unwrap().breaches, [], "{kind}: {point}");
    }
}

/// Somebody pays the newest order of a top-up, as soon as there is one.
async fn pay(bank: &Bank, id: &PublicId) {
    let order_id = until("the gateway has an order", async || {
        let mut ids = (1..=3).rev().map(|n| format!("{}-{n}", id.as_str()));
        ids.find(|order_id| bank.simulator.payment(order_id).is_some())
    })
    .await;
    bank.simulator.pay(&order_id).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_the_gateway_is_asked_to_collect() {
    survives("charge-claimed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_when_the_gateway_has_the_order_and_we_do_not_know_it() {
    survives("after-charge").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_the_order_is_written_down() {
    survives("charge-recorded").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_when_we_have_just_heard_how_it_stands() {
    survives("after-status").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_the_payment_and_its_credit() {
    survives("payment-inserted").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_the_credit_and_the_top_up() {
    survives("payment-credited").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_just_before_a_gateways_credit_is_committed() {
    survives("topup-credited-before-commit").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_just_after_a_credit() {
    survives("topup-credited").await;
}
