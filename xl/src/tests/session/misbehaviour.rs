//! Every misbehaviour of the simulator over real HTTP: the verdict, and what the simulator's own book says.

use std::sync::Arc;

use domain::{Ask, FailReason, Payment, PaymentMethod, PaymentWay, Rupiah, ShopTrouble, Verdict};
use serde_json::{Value, json};
use simulator::{RunningSimulator, Simulator, SimulatorConfig};

use super::{config, impatient_config};
use crate::session::outcome_table::{Said, TABLE};
use crate::tests::post;
use crate::{AccessToken, Answer, Gateway, Order, Otp, Session, SessionGateway, StoredRequest};

pub(super) const NUMBER: &str = "087812345678";
pub(super) const NOW_MS: i64 = 1_772_323_200_000;
const PULSA: &str = "XLMINGGU5_PULSA";
const WALLET: &str = "XLMINGGU5_EWALLET";
/// The fee of both.
const FEE: i64 = 1_000;
const FAILED: Verdict = Verdict::Failed { reason: FailReason::ProviderFailed };

pub(super) struct Shop {
    pub(super) simulator: Simulator,
    server: RunningSimulator,
    pub(super) gateway: Session,
    impatient: Session,
}

impl Shop {
    pub(super) async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    async fn open_with(change: impl FnOnce(&mut SimulatorConfig)) -> Self {
        // A clock that stands still: nothing settles unless told to.
        let mut simulated =
            SimulatorConfig::new("username", "se-cr-et-key", "hook-secret", 1, Arc::new(|| NOW_MS));
        change(&mut simulated);
        let simulator = Simulator::new(simulated).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = simulator.spawn(listener).unwrap();
        let gateway = Session::new(config(&server.session_url())).unwrap();
        let impatient = Session::new(impatient_config(&server.session_url())).unwrap();
        Self { simulator, server, gateway, impatient }
    }

    pub(super) async fn admin(&self, call: &str, body: Value) {
        post(&format!("{}/admin/{call}", self.server.url()), &body).await;
    }

    /// What really happens to the next purchase, and what is answered.
    async fn next(&self, fate: Value, answer: Value) {
        self.next_call("packagepurchase", fate, answer).await;
    }

    pub(super) async fn next_call(&self, call: &str, fate: Value, answer: Value) {
        let behaviour = json!({ "order": fate, "answer": answer });
        self.admin("behaviour", json!({ "behaviour": behaviour, "call": call, "times": 1 })).await;
    }

    /// The owner signs in.
    pub(super) async fn sign_in(&self, number: &str) -> AccessToken {
        let now = domain::UtcMillis(NOW_MS);
        let msisdn = number.parse().unwrap();
        let challenge = self.gateway.request_otp(&msisdn, now).await.unwrap();
        let otp = Otp::parse(&self.simulator.otp_of(number).unwrap()).unwrap();
        self.gateway.verify_otp(&challenge, &otp, now).await.unwrap().access
    }

    fn order(&self, sku: &str, number: &str, method: PaymentMethod) -> StoredRequest {
        let order = Order {
            client_ref: "unused".to_owned(),
            sku: sku.to_owned(),
            msisdn: number.parse().unwrap(),
            max_price: Rupiah::new(FEE),
        };
        let wallet = "081234567890".parse().ok();
        self.gateway.order_paid_by(&order, &Payment { method, wallet, needs_session: true })
    }

    async fn buy(&self, number: &str) -> Answer {
        let token = self.sign_in(number).await;
        self.buy_with(&self.gateway, PULSA, number, &token).await
    }

    async fn buy_with(&self, gateway: &Session, sku: &str, number: &str, token: &AccessToken) -> Answer {
        gateway.purchase(&self.order(sku, number, PaymentMethod::Pulsa), Some(token), &|| true).await
    }

    async fn ask(&self, number: &str, id: Option<&str>) -> Verdict {
        self.gateway.query(&self.order(PULSA, number, PaymentMethod::Pulsa), id, &|| true).await.verdict
    }

    /// `(orders, charges kept, deliveries)` of a number, by the book.
    fn book(&self, number: &str) -> (usize, u32, u32) {
        let orders = self.simulator.orders_of(number, PULSA);
        let kept = orders.iter().map(|order| order.times_charged - order.times_returned).sum();
        (orders.len(), kept, orders.iter().map(|order| order.times_delivered).sum())
    }
}

fn is_delivered(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Delivered { serial_number: Some(_), charged: None })
}

#[tokio::test]
async fn the_contracts_test_numbers() {
    let shop = Shop::open().await;
    for (number, first, settled, kept) in [
        ("087800001230", "delivered", "delivered", (1, 1, 1)),
        ("087800001232", "failed", "failed", (1, 0, 0)),
        ("087800001233", "pending", "delivered", (1, 1, 1)),
        ("087800001234", "pending", "failed", (1, 0, 0)),
        ("087800001235", "pending", "pending", (1, 1, 0)),
    ] {
        let answer = shop.buy(number).await;
        // Never more than "taken": the rest has to be asked for.
        assert_eq!(answer.verdict, Verdict::Pending, "{number}");
        assert_eq!(answer.evidence.charged, Some(Rupiah::new(FEE)), "{number}");
        let id = answer.evidence.provider_id;
        let word = |verdict: &Verdict| match verdict {
            Verdict::Delivered { .. } => "delivered",
            Verdict::Failed { .. } => "failed",
            Verdict::Pending => "pending",
            _ => "something else",
        };
        assert_eq!(word(&shop.ask(number, id.as_deref()).await), first, "{number}");
        shop.admin("settle", json!({})).await;
        assert_eq!(word(&shop.ask(number, id.as_deref()).await), settled, "{number}");
        assert_eq!(shop.book(number), kept, "{number}");
    }
}

#[tokio::test]
async fn answers_that_hide_what_happened_are_unknown_and_buy_once() {
    let shop = Shop::open().await;
    let kinds = [
        "hang",
        "close",
        "http500",
        "html502",
        "http429",
        "redirect",
        "truncated_json",
        "cut_body",
        "missing_trx_id",
    ];
    for (i, kind) in kinds.into_iter().enumerate() {
        for (fate, kept) in [("success", (1, 1, 1)), ("not_formed", (0, 0, 0))] {
            if (kind, fate) == ("missing_trx_id", "not_formed")
                || kind == "truncated_json" && fate == "not_formed"
            {
                // A refusal has no id to leave out, and half of one is half of anything.
                continue;
            }
            let number = format!("08781234{i}{}00", kept.0);
            let token = shop.sign_in(&number).await;
            shop.next(json!({ "kind": fate }), json!({ "kind": kind })).await;
            let answer = shop.buy_with(&shop.impatient, PULSA, &number, &token).await;
            assert_eq!(answer.verdict, Verdict::Unknown, "{kind} {fate} {answer:?}");
            assert_eq!(answer.evidence.provider_id, None, "{kind} {fate}");
            // Nothing was retried, no redirect followed; and nothing can be asked.
            assert_eq!(shop.book(&number), kept, "{kind} {fate}");
            assert_eq!(shop.ask(&number, None).await, Verdict::Unknown);
            assert_eq!(shop.book(&number), kept, "{kind} {fate}");
        }
    }
}

#[tokio::test]
async fn refusals_that_lie_are_not_believed() {
    let shop = Shop::open().await;
    // 1251: bought, and "status: false"; 1254 and 1255: "422 ipaas", bought or not.
    for (number, book) in
        [("087800001251", (1, 1, 1)), ("087800001254", (1, 1, 1)), ("087800001255", (0, 0, 0))]
    {
        assert_eq!(shop.buy(number).await.verdict, Verdict::Unknown, "{number}");
        assert_eq!(shop.book(number), book, "{number}");
    }
}

#[tokio::test]
async fn odd_but_readable_answers_are_read() {
    let shop = Shop::open_with(|simulated| simulated.session_numbers_as_strings = true).await;
    for number in ["087800001249", "087800001250"] {
        let answer = shop.buy(number).await;
        assert_eq!(answer.verdict, Verdict::Pending, "{number}");
        let id = answer.evidence.provider_id;
        assert!(is_delivered(&shop.ask(number, id.as_deref()).await), "{number}");
        assert_eq!(shop.book(number), (1, 1, 1));
    }
    assert_eq!(shop.gateway.deposit().await, Ok(Rupiah::new(shop.simulator.deposit_rupiah())));
    assert_eq!(shop.gateway.list_offers().await.unwrap().len(), simulator::default_session_catalogue().len());
}

#[tokio::test]
async fn answers_slower_than_we_wait_are_unknown() {
    let shop = Shop::open().await;
    for (number, answer) in [
        ("087812340001", json!({ "kind": "slow", "ms": 60_000 })),
        ("087812340002", json!({ "kind": "drip", "ms": 100 })),
    ] {
        let token = shop.sign_in(number).await;
        shop.next(json!({ "kind": "success" }), answer.clone()).await;
        let heard = shop.buy_with(&shop.impatient, PULSA, number, &token).await;
        assert_eq!((heard.verdict, heard.evidence.note.as_str()), (Verdict::Unknown, "no answer in time"));
        assert_eq!(shop.book(number), (1, 1, 1), "{answer}");
    }
}

#[tokio::test]
async fn every_code_in_both_columns() {
    let shop = Shop::open().await;
    let codes = TABLE.iter().filter_map(|row| match row.said {
        Said::Code(code) => Some((row, code)),
        _ => None,
    });
    for (i, (row, code)) in codes.enumerate() {
        let number = format!("0878123400{i:02}");
        let token = shop.sign_in(&number).await;
        let first = shop.buy_with(&shop.gateway, &format!("RC{code}"), &number, &token).await;
        let is_unknown = ["400", "422", "438"].contains(&code);
        assert_eq!(first.verdict == Verdict::Unknown, is_unknown, "{code}: {first:?}");
        assert_eq!(first.evidence.code.as_deref(), Some(code));
        assert!(shop.simulator.orders_of(&number, &format!("RC{code}")).is_empty(), "{code}");
        assert_eq!(first.verdict == Verdict::Unknown, row.proof(Ask::FirstSend) == row.proof(Ask::Query));

        // An order exists and was delivered; then a query is answered with the code.
        let number = format!("0878{i:02}001230");
        let bought = shop.buy(&number).await;
        shop.next_call(
            "checktransaction",
            json!({ "kind": "refuse", "rc": code }),
            json!({ "kind": "honest" }),
        )
        .await;
        let id = bought.evidence.provider_id;
        assert_eq!(shop.ask(&number, id.as_deref()).await, Verdict::Unknown, "{code}");
        assert!(is_delivered(&shop.ask(&number, id.as_deref()).await), "{code}");
    }
}

#[tokio::test]
async fn refusals_without_an_order() {
    let shop = Shop::open().await;
    let no_order = |reason| Verdict::NoOrder { reason };
    for (number, reason) in [
        ("087800001244", FailReason::Shop(ShopTrouble::Deposit)),
        ("087800001245", FailReason::OutOfStock),
        ("087800001258", FailReason::PriceRose),
        ("087800001265", FailReason::ActivePackage),
        ("087800001266", FailReason::OutsideArea),
        ("087800001267", FailReason::DailyLimit),
        ("087800001268", FailReason::BadNumber),
        ("087800001269", FailReason::CutOff),
    ] {
        assert_eq!(shop.buy(number).await.verdict, no_order(reason), "{number}");
        assert_eq!(shop.book(number), (0, 0, 0), "{number}");
    }
    let answer = shop.buy("087800001257").await;
    assert_eq!(answer.verdict, no_order(FailReason::PulsaTooLow));
    shop.admin("prices", json!({ "sku": PULSA, "fee": FEE + 1 })).await;
    assert_eq!(shop.buy(NUMBER).await.verdict, no_order(FailReason::PriceRose));
    let stranger = Session::new(crate::SessionConfig {
        api_key: "wrong".to_owned(),
        ..config(&shop.server.session_url())
    });
    let token = shop.sign_in("087812345679").await;
    let answer = shop.buy_with(&stranger.unwrap(), PULSA, NUMBER, &token).await;
    assert_eq!(answer.verdict, no_order(FailReason::Shop(ShopTrouble::Key)));
    assert_eq!(shop.book(NUMBER), (0, 0, 0));
}

#[tokio::test]
async fn the_owner_pays_a_wallet_order_or_does_not() {
    let shop = Shop::open().await;
    let token = shop.sign_in(NUMBER).await;
    for (method, way) in [
        (PaymentMethod::Dana, "link"),
        (PaymentMethod::Gopay, "link"),
        (PaymentMethod::Shopeepay, "link"),
        (PaymentMethod::Ovo, "wallet"),
        (PaymentMethod::Qris, "qr"),
    ] {
        let request = shop.order(WALLET, NUMBER, method);
        let mut ids = Vec::new();
        for _ in 0..2 {
            let answer = shop.gateway.purchase(&request, Some(&token), &|| true).await;
            assert_eq!(answer.verdict, Verdict::Pending, "{method:?}");
            let action = answer.evidence.action.unwrap();
            let told = match &action.way {
                PaymentWay::Deeplink(_) => "link",
                PaymentWay::Qr(_) => "qr",
                PaymentWay::InWallet => "wallet",
            };
            assert_eq!((told, action.expires_at.is_some()), (way, way == "qr"), "{method:?}");
            ids.push(answer.evidence.provider_id.unwrap());
        }
        let ask = async |id: &str| shop.gateway.query(&request, Some(id), &|| true).await;
        assert_eq!(ask(&ids[0]).await.verdict, Verdict::Pending, "nobody has paid");
        shop.admin("pay", json!({ "trx_id": ids[0] })).await;
        // Paid, and then delivered; the other one's time runs out.
        shop.admin("settle", json!({})).await;
        shop.admin("settle", json!({ "ref_id": ids[1] })).await;
        assert!(is_delivered(&ask(&ids[0]).await.verdict), "{method:?}");
        let unpaid = ask(&ids[1]).await;
        assert_eq!(
            (unpaid.verdict, unpaid.evidence.refunded),
            (FAILED, Some(Rupiah::new(FEE))),
            "{method:?}"
        );
    }
}

#[tokio::test]
async fn a_success_that_is_taken_back() {
    let shop = Shop::open().await;
    let fate = json!({ "kind": "success_then_refunded", "settling": { "after_queries": 2 } });
    shop.next(fate, json!({ "kind": "honest" })).await;
    let answer = shop.buy(NUMBER).await;
    let id = answer.evidence.provider_id;
    assert!(is_delivered(&shop.ask(NUMBER, id.as_deref()).await));
    assert_eq!(shop.ask(NUMBER, id.as_deref()).await, FAILED);
    assert_eq!(shop.book(NUMBER), (1, 0, 0));
}

#[tokio::test]
async fn answers_to_questions_that_prove_nothing() {
    let shop = Shop::open().await;
    let answer = shop.buy("087800001230").await;
    let id = answer.evidence.provider_id;
    for kind in [
        "close",
        "http500",
        "html502",
        "http429",
        "redirect",
        "truncated_json",
        "missing_status",
        "other_ref",
    ] {
        shop.next_call("checktransaction", json!({ "kind": "as_usual" }), json!({ "kind": kind })).await;
        assert_eq!(shop.ask("087800001230", id.as_deref()).await, Verdict::Unknown, "{kind}");
        assert!(is_delivered(&shop.ask("087800001230", id.as_deref()).await), "{kind}");
    }
    assert_eq!(shop.ask("087800001230", Some("not-known")).await, Verdict::Unknown);
    assert_eq!(shop.book("087800001230"), (1, 1, 1), "questions never buy");
}
