//! Every misbehaviour of notifications, and how often they are tried.

use axum::http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::super::Bench;
use super::{Shop, told, with_shop};
use crate::{ChargeState, PaymentFault, PaymentRule};

/// Whether what came is signed by Midtrans.
fn is_signed(told: &Value) -> bool {
    let text = |field: &str| told[field].as_str().unwrap().to_owned();
    let signed = text("order_id") + &text("status_code") + &text("gross_amount") + "SB-Mid-server-simulated";
    let digest: String = Sha512::digest(signed).iter().map(|byte| format!("{byte:02x}")).collect();
    told["signature_key"] == digest
}

/// Charges, pays and gives all that was told.
async fn paid(bench: &Bench, shop: &mut Shop, order_id: &str, amount: i64) -> Vec<Value> {
    bench.charge(order_id, amount).await;
    let mut all = shop.all(bench).await;
    bench.simulator.pay(order_id).unwrap();
    all.extend(shop.all(bench).await);
    all
}

#[tokio::test]
async fn by_the_digits_of_the_amount() {
    let (bench, mut shop) = with_shop().await;
    let words = |all: &[Value]| -> Vec<String> {
        told(all, "transaction_status").into_iter().map(str::to_owned).collect()
    };
    let never = paid(&bench, &mut shop, "never", 50_922).await;
    assert!(never.is_empty() && bench.state("never") == ChargeState::Settlement);

    let many = paid(&bench, &mut shop, "duplicates", 50_923).await;
    assert_eq!(words(&many).iter().filter(|word| *word == "settlement").count(), 50);
    assert!(many.len() == 100 && many.iter().all(is_signed));

    let reordered = paid(&bench, &mut shop, "reordered", 50_925).await;
    assert_eq!(words(&reordered), ["settlement", "pending", "expire"]);
    assert_eq!(told(&reordered, "status_code"), ["200", "201", "407"]);
    assert!(reordered.iter().all(is_signed));

    let altered = paid(&bench, &mut shop, "altered_status", 50_926).await;
    assert_eq!(words(&altered), ["settlement", "settlement"]);
    assert_eq!(told(&altered, "status_code"), ["201", "200"], "the first is a lie");
    assert!(altered.iter().all(is_signed));

    let unknown = paid(&bench, &mut shop, "unknown_order", 50_928).await;
    let ids = told(&unknown, "order_id");
    assert_eq!(ids, ["nobodys-unknown_order", "unknown_order", "nobodys-unknown_order", "unknown_order"]);
    assert!(unknown.iter().all(is_signed));

    let other = paid(&bench, &mut shop, "other_amount", 50_930).await;
    assert_eq!(told(&other, "gross_amount"), ["51930.00", "51930.00"]);
    assert!(other.iter().all(is_signed));
    assert_eq!(bench.asked("other_amount").await["gross_amount"], "50930.00");

    let wrong = paid(&bench, &mut shop, "wrong_bit", 50_927).await;
    assert!(wrong.len() == 2 && !wrong.iter().any(is_signed));
    for (name, times) in [("never", 2), ("duplicates", 2), ("reordered", 2), ("altered_status", 1)] {
        assert_eq!(bench.struck(name).await, times, "{name}");
    }
}

#[tokio::test]
async fn one_bit_is_one_bit() {
    let (bench, mut shop) = with_shop().await;
    bench.charge("a", 50_927).await;
    let wrong = shop.next().await.1;
    bench.charge("b", 50_000).await;
    let digits = |told: &Value| told["signature_key"].as_str().unwrap().to_owned();
    assert!(is_signed(&shop.next().await.1));
    let text = |field: &str| wrong[field].as_str().unwrap().to_owned();
    let signed = text("order_id") + &text("status_code") + &text("gross_amount") + "SB-Mid-server-simulated";
    let right: String = Sha512::digest(signed).iter().map(|byte| format!("{byte:02x}")).collect();
    let bits: u32 = right
        .chars()
        .zip(digits(&wrong).chars())
        .map(|(a, b)| (a.to_digit(16).unwrap() ^ b.to_digit(16).unwrap()).count_ones())
        .sum();
    assert_eq!(bits, 1);
}

#[tokio::test]
async fn one_comes_before_the_charges_answer() {
    let (bench, mut shop) = with_shop().await;
    bench.charge("a", 50_924).await;
    // Nothing waits: it is here already.
    let (_, body) = shop.told.try_recv().unwrap();
    assert!(String::from_utf8_lossy(&body).contains(r#""transaction_status":"pending""#));

    let fault = json!({ "kind": "before_answer", "paid": true });
    bench.admin("/admin/payments/behaviour", json!({ "fault": fault })).await;
    assert_eq!(bench.charge("b", 50_000).await["transaction_status"], "pending");
    let words: Vec<Value> = std::iter::from_fn(|| shop.told.try_recv().ok())
        .map(|(_, body)| serde_json::from_slice(&body).unwrap())
        .collect();
    assert_eq!(told(&words, "transaction_status"), ["pending", "settlement"]);
    bench.tripay("c", "BRIVA", 50_000).await;
    let words: Vec<Value> = std::iter::from_fn(|| shop.told.try_recv().ok())
        .map(|(_, body)| serde_json::from_slice(&body).unwrap())
        .collect();
    assert_eq!(told(&words, "status"), ["UNPAID", "PAID"]);
}

#[tokio::test]
async fn late_ones_wait_for_the_clock() {
    let (bench, mut shop) = with_shop().await;
    bench.charge("a", 50_929).await;
    let waiting = bench.get("/admin/payments/notifications").await;
    assert_eq!(waiting["waiting"][0]["order_id"], "a");
    assert!(shop.told.try_recv().is_err());
    bench.admin("/admin/clock", json!({ "ahead_ms": 15 * 60_000 - 1 })).await;
    assert_eq!(bench.get("/admin/payments/notifications").await["waiting"].as_array().unwrap().len(), 1);
    bench.admin("/admin/clock", json!({ "ahead_ms": 15 * 60_000 })).await;
    assert_eq!(shop.next().await.1["order_id"], "a");
}

#[tokio::test]
async fn what_fails_is_tried_again_as_the_paper_says() {
    let (bench, mut shop) = with_shop().await;
    for _ in 0..6 {
        shop.answers(StatusCode::SERVICE_UNAVAILABLE, "");
    }
    let mut request = super::qris("a", 50_000);
    request["custom_expiry"] = json!({ "expiry_duration": 7, "unit": "day" });
    bench.midtrans("charge", Some(&request)).await;
    shop.next().await;
    for minutes in [2, 10, 30, 90, 210] {
        // Until the failure is written down, there is nothing that the clock could bring.
        bench.until_waiting(1).await;
        bench.pass_ms(minutes * 60_000 - 1);
        let waiting = bench.get("/admin/payments/notifications").await;
        assert_eq!(waiting["waiting"].as_array().unwrap().len(), 1, "{minutes} minutes");
        assert!(shop.told.try_recv().is_err());
        bench.pass_ms(1);
        let told = shop.next().await.1;
        assert_eq!(told["order_id"], "a");
    }
    assert!(shop.all(&bench).await.is_empty());
    let counters = bench.get("/admin/payments/counters").await;
    assert_eq!(counters["notifications"], json!({ "unavailable": 6, "given_up": 1 }));
}

#[tokio::test]
async fn the_address_can_be_set_and_a_lie_chosen() {
    let bench = Bench::start().await;
    let mut shop = Shop::open().await;
    bench.charge("a", 50_000).await;
    assert_eq!(bench.get("/admin/payments/counters").await["notifications"]["no_url"], 1);
    let url = json!({ "provider": "midtrans", "url": shop.url });
    bench.admin("/admin/payments/notifications", url).await;
    let fault = json!({ "kind": "altered_status", "status": "deny" });
    let rule = json!({ "fault": fault, "order_id": "a", "times": 1 });
    bench.admin("/admin/payments/behaviour", rule).await;
    bench.simulator.pay("a").unwrap();
    let told = shop.next().await.1;
    assert!(told["transaction_status"] == "deny" && is_signed(&told), "{told}");
    assert_eq!(bench.asked("a").await["transaction_status"], "settlement");
}

#[tokio::test]
async fn the_other_gateway_tells_lies_too() {
    let (bench, mut shop) = with_shop().await;
    bench.tripay("altered", "BRIVA", 50_926).await;
    let told = shop.next().await.1;
    assert!(told["status"] == "PAID" && told["paid_at"] == Value::Null, "{told}");
    bench.tripay("wrong", "BRIVA", 50_927).await;
    bench.simulator.pay("wrong").unwrap();
    let (headers, body) = shop.told.recv().await.unwrap();
    let right = super::tripay::hmac(&body);
    let given = headers["x-callback-signature"].to_str().unwrap();
    assert!(given != right && given[..63] == right[..63], "{given}");
    let once = PaymentRule { times: Some(1), ..PaymentRule::new(PaymentFault::Never) };
    bench.simulator.add_payment_rule(once);
    bench.tripay("never", "BRIVA", 50_000).await;
    bench.simulator.pay("never").unwrap();
    bench.simulator.pay("never").unwrap();
    let all: Vec<Value> =
        shop.all(&bench).await.into_iter().filter(|told| told["merchant_ref"] == "never").collect();
    assert_eq!(all.len(), 1, "silence about a new one uses no rule up");
}
