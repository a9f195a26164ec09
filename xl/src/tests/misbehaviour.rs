//! Every misbehaviour of the simulator over real HTTP: the verdict, and what the simulator's own book says.

use std::sync::Arc;

use domain::{Ask, FailReason, Rupiah, ShopTrouble, Verdict};
use serde_json::{Value, json};
use simulator::{RunningSimulator, Simulator, SimulatorConfig};

use super::{gateway, impatient_gateway, order, post};
use crate::{Digiflazz, Gateway};

const NUMBER: &str = "087812345678";
/// The price of `xld1`.
const PRICE: i64 = 4_150;

struct Shop {
    simulator: Simulator,
    server: RunningSimulator,
    gateway: Digiflazz,
    impatient: Digiflazz,
}

impl Shop {
    async fn open() -> Self {
        // A clock that stands still: nothing settles unless told to.
        let config =
            SimulatorConfig::new("username", "apikey", "hook-secret", 1, Arc::new(|| 1_772_323_200_000));
        let simulator = Simulator::new(config).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = simulator.spawn(listener).unwrap();
        let gateway = gateway(&server.digiflazz_url());
        let impatient = impatient_gateway(&server.digiflazz_url());
        Self { simulator, server, gateway, impatient }
    }

    async fn admin(&self, call: &str, body: Value) {
        post(&format!("{}/admin/{call}", self.server.url()), &body).await;
    }

    /// What really happens to the next order, and what is answered.
    async fn next(&self, fate: Value, answer: Value) {
        self.admin("behaviour", json!({ "behaviour": { "order": fate, "answer": answer }, "times": 1 }))
            .await;
    }

    async fn send(&self, ask: Ask, client_ref: &str, sku: &str, number: &str) -> Verdict {
        let request = self.gateway.order(&order(client_ref, sku, number));
        self.gateway.send(&request, ask, &|| true).await.verdict
    }

    /// For an answer that will not come.
    async fn send_impatiently(&self, ask: Ask, client_ref: &str, number: &str) -> Verdict {
        let request = self.impatient.order(&order(client_ref, "xld1", number));
        self.impatient.send(&request, ask, &|| true).await.verdict
    }

    async fn first(&self, client_ref: &str, number: &str) -> Verdict {
        self.send(Ask::FirstSend, client_ref, "xld1", number).await
    }

    async fn query(&self, client_ref: &str, number: &str) -> Verdict {
        self.send(Ask::Query, client_ref, "xld1", number).await
    }

    /// `(charges kept, deliveries, requests)` of the book.
    fn book(&self, client_ref: &str) -> (u32, u32, u32) {
        let order = self.simulator.order(client_ref).unwrap();
        (order.times_charged - order.times_returned, order.times_delivered, order.times_received)
    }
}

fn is_delivered(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Delivered { serial_number: Some(_), charged } if *charged == Some(Rupiah::new(PRICE)))
}

#[tokio::test]
async fn the_contracts_test_numbers() {
    let shop = Shop::open().await;
    assert!(is_delivered(&shop.first("a", "087800001230").await));
    assert_eq!(shop.book("a"), (1, 1, 1));
    let failed = Verdict::Failed { reason: FailReason::ProviderFailed };
    assert_eq!(shop.first("b", "087800001232").await, failed);
    assert_eq!(shop.book("b"), (0, 0, 1));
    assert_eq!(shop.first("c", "087800001233").await, Verdict::Pending);
    assert_eq!(shop.first("d", "087800001234").await, Verdict::Pending);
    assert_eq!(shop.first("e", "087800001235").await, Verdict::Pending);
    assert_eq!(shop.query("c", "087800001233").await, Verdict::Pending);
    shop.admin("settle", json!({})).await;
    assert!(is_delivered(&shop.query("c", "087800001233").await));
    assert_eq!(shop.query("d", "087800001234").await, failed);
    assert_eq!(shop.query("e", "087800001235").await, Verdict::Pending);
    assert_eq!((shop.book("c"), shop.book("d"), shop.book("e")), ((1, 1, 3), (0, 0, 2), (1, 0, 2)));
    assert_eq!(shop.gateway.deposit().await, Ok(Rupiah::new(50_000_000 - 3 * PRICE)));
}

#[tokio::test]
async fn answers_that_hide_a_delivery_are_unknown_until_asked_again() {
    let shop = Shop::open().await;
    for kind in [
        "hang",
        "close",
        "http500",
        "html502",
        "http429",
        "redirect",
        "truncated_json",
        "cut_body",
        "missing_rc",
        "missing_status",
        "other_ref",
    ] {
        for ask in [Ask::FirstSend, Ask::Query] {
            let client_ref = format!("{kind}-{ask:?}");
            shop.next(json!({ "kind": "success" }), json!({ "kind": kind })).await;
            assert_eq!(
                shop.send_impatiently(ask, &client_ref, NUMBER).await,
                Verdict::Unknown,
                "{client_ref}"
            );
            // One request only: nothing was retried, no redirect followed.
            assert_eq!(shop.book(&client_ref), (1, 1, 1), "{client_ref}");
            assert!(is_delivered(&shop.query(&client_ref, NUMBER).await), "{client_ref}");
            assert_eq!(shop.book(&client_ref), (1, 1, 2), "{client_ref}");
        }
    }
}

#[tokio::test]
async fn requests_that_went_under_look_the_same_and_a_query_buys() {
    let shop = Shop::open().await;
    for kind in ["hang", "close", "http500", "http429"] {
        shop.next(json!({ "kind": "not_formed" }), json!({ "kind": kind })).await;
        assert_eq!(
            shop.send_impatiently(Ask::FirstSend, kind, "087800001230").await,
            Verdict::Unknown,
            "{kind}"
        );
        assert_eq!(shop.book(kind), (0, 0, 1), "{kind}");
        assert!(is_delivered(&shop.query(kind, "087800001230").await), "{kind}");
        assert_eq!(shop.book(kind), (1, 1, 2), "{kind}");
    }
}

#[tokio::test]
async fn odd_but_readable_answers_are_read() {
    let shop = Shop::open().await;
    for answer in [
        json!({ "kind": "strings_for_numbers" }),
        json!({ "kind": "slow", "ms": 20 }),
        json!({ "kind": "drip", "ms": 0 }),
    ] {
        shop.next(json!({ "kind": "success" }), answer.clone()).await;
        let client_ref = answer["kind"].as_str().unwrap();
        assert!(is_delivered(&shop.first(client_ref, NUMBER).await), "{answer}");
        assert_eq!(shop.book(client_ref), (1, 1, 1));
    }
    // Slower than we wait.
    for answer in [json!({ "kind": "slow", "ms": 60_000 }), json!({ "kind": "drip", "ms": 100 })] {
        shop.next(json!({ "kind": "success" }), answer.clone()).await;
        let client_ref = format!("late-{}", answer["kind"]);
        assert_eq!(
            shop.send_impatiently(Ask::FirstSend, &client_ref, NUMBER).await,
            Verdict::Unknown,
            "{answer}"
        );
        assert_eq!(shop.book(&client_ref), (1, 1, 1));
    }
}

#[tokio::test]
async fn every_code_in_both_columns() {
    let shop = Shop::open().await;
    for row in crate::digiflazz::outcome_table::TABLE {
        let sku = format!("rc{}", row.rc);
        let first_ref = format!("first-{}", row.rc);
        let first = shop.send(Ask::FirstSend, &first_ref, &sku, NUMBER).await;
        let (charged, delivered, _) = shop.book(&first_ref);
        match first {
            Verdict::Delivered { .. } => assert_eq!((charged, delivered), (1, 1), "{}", row.rc),
            Verdict::Pending => assert_eq!((charged, delivered), (1, 0), "{}", row.rc),
            // What we call refused or failed must really have cost nothing. The refund of 74 comes with the next step.
            Verdict::Failed { .. } | Verdict::NoOrder { .. } | Verdict::TryLater { .. } => {
                assert_eq!((charged, delivered), (0, 0), "{}", row.rc);
            }
            Verdict::Unknown => assert!(["01", "49", "50", "70"].contains(&row.rc), "{}", row.rc),
        }

        // An order exists and was delivered; then a query is answered with the code.
        let query_ref = format!("query-{}", row.rc);
        shop.first(&query_ref, "087800001230").await;
        let rule = json!({
            "behaviour": { "order": { "kind": "refuse", "rc": row.rc } }, "ref_id": query_ref, "times": 1,
        });
        shop.admin("behaviour", rule).await;
        let query = shop.query(&query_ref, "087800001230").await;
        let is_settled = matches!(query, Verdict::Delivered { .. } | Verdict::Failed { .. });
        assert_eq!(is_settled, ["00", "02", "74"].contains(&row.rc), "{}: {query:?}", row.rc);
        assert!(!matches!(query, Verdict::NoOrder { .. } | Verdict::TryLater { .. }), "{}", row.rc);
        assert_eq!(shop.book(&query_ref), (1, 1, 2));
    }
}

#[tokio::test]
async fn refusals_without_an_order() {
    let shop = Shop::open().await;
    let no_order = |reason| Verdict::NoOrder { reason };
    assert_eq!(shop.first("a", "087800001244").await, no_order(FailReason::Shop(ShopTrouble::Deposit)));
    assert_eq!(shop.first("b", "087800001245").await, no_order(FailReason::OutOfStock));
    assert_eq!(shop.first("c", "081234567890").await, no_order(FailReason::WrongOperator));
    let unknown_sku = shop.send(Ask::FirstSend, "d", "nothing", NUMBER).await;
    assert_eq!(unknown_sku, no_order(FailReason::PackageUnavailable));
    shop.admin("prices", json!({ "sku": "xld1", "price": 100_001 })).await;
    assert_eq!(shop.first("e", NUMBER).await, no_order(FailReason::PriceRose));
    for client_ref in ["a", "b", "c", "d", "e"] {
        assert_eq!(shop.book(client_ref), (0, 0, 1), "{client_ref}");
    }
    let stranger =
        crate::DigiflazzConfig { api_key: "wrong".to_owned(), ..super::config(&shop.server.digiflazz_url()) };
    let request = shop.gateway.order(&order("f", "xld1", NUMBER));
    let answer = Digiflazz::new(stranger).unwrap().send(&request, Ask::FirstSend, &|| true).await;
    assert_eq!(answer.verdict, no_order(FailReason::Shop(ShopTrouble::Key)));
    assert!(shop.simulator.order("f").is_none());
}

#[tokio::test]
async fn the_three_modes_of_duplicates() {
    let shop = Shop::open().await;
    shop.first("d", "087800001230").await;
    assert!(is_delivered(&shop.query("d", "087800001230").await));
    shop.admin("duplicates", json!({ "mode": "rc49" })).await;
    assert_eq!(shop.query("d", "087800001230").await, Verdict::Unknown);
    assert_eq!(shop.book("d"), (1, 1, 3));
    // Why a gateway of this kind must be configured without queries: the answer looks like any other.
    shop.admin("duplicates", json!({ "mode": "charges_twice" })).await;
    assert!(is_delivered(&shop.query("d", "087800001230").await));
    assert_eq!(shop.book("d"), (2, 2, 4));
}

#[tokio::test]
async fn a_success_that_is_taken_back() {
    let shop = Shop::open().await;
    let fate = json!({ "kind": "success_then_refunded", "settling": { "after_queries": 1 } });
    shop.next(fate, json!({ "kind": "honest" })).await;
    assert!(is_delivered(&shop.first("r", NUMBER).await));
    assert_eq!(shop.query("r", NUMBER).await, Verdict::Failed { reason: FailReason::ProviderFailed });
    assert_eq!(shop.book("r"), (0, 0, 2));
}

#[tokio::test]
async fn many_orders_at_once_are_one_each() {
    let shop = Shop::open().await;
    let refs: Vec<String> = (0..64).map(|i| format!("many-{i}")).collect();
    let sends = refs.iter().map(|client_ref| shop.first(client_ref, "087800001230"));
    let verdicts = futures_util::future::join_all(sends).await;
    assert!(verdicts.iter().all(is_delivered));
    assert!(refs.iter().all(|client_ref| shop.book(client_ref) == (1, 1, 1)));
}

#[tokio::test]
async fn the_simulators_price_list() {
    let shop = Shop::open().await;
    let list = shop.gateway.list_packages().await.unwrap();
    let catalogue = simulator::default_catalogue();
    assert_eq!(list.len(), catalogue.len());
    for (listed, sold) in list.iter().zip(&catalogue) {
        assert_eq!((&listed.sku, listed.price.get(), listed.is_active), (&sold.sku, sold.cost_rupiah, true));
    }
    assert!(shop.gateway.list_packages().await.is_err(), "the whole list once in five minutes");
}
