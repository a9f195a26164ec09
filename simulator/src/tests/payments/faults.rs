//! Every misbehaviour of the calls: what the shop sees, what the book says, and that it was counted.

use serde_json::{Value, json};

use super::super::Bench;
use super::qris;
use crate::{ChargeState, PaymentFault, PaymentRule};

fn rule(fault: PaymentFault) -> PaymentRule {
    PaymentRule {
        fault,
        provider: None,
        call: None,
        order_id: None,
        method: None,
        amount: None,
        percent: None,
        times: None,
    }
}

#[tokio::test]
async fn charges_that_were_made_but_not_told() {
    let bench = Bench::start().await;
    for (amount, name) in [(50_901, "hang"), (50_902, "close")] {
        let error = bench.try_charge(name, amount).await.unwrap_err();
        assert_eq!(error.is_timeout(), name == "hang", "{name}: {error:?}");
    }
    for (amount, name, status, text) in [
        (50_903, "http500", 500, "Internal Server Error"),
        (50_904, "html502", 502, "<html>"),
        (50_905, "truncated_json", 200, r#"{"acquirer""#),
    ] {
        let (seen, body) = bench.try_charge(name, amount).await.unwrap();
        assert!(seen == status && body.contains(text), "{name}: {seen} {body}");
        assert!(serde_json::from_str::<Value>(&body).is_err(), "{name}");
    }
    for name in ["hang", "close", "http500", "html502", "truncated_json"] {
        assert_eq!(bench.asked(name).await["transaction_status"], "pending", "{name}");
        let again = bench.charge(name, bench.charged(name).gross_rupiah).await;
        assert_eq!(again["status_code"], "406", "{name}: strikes once");
        assert_eq!((bench.struck(name).await, bench.simulator.payments_of(name).len()), (1, 1), "{name}");
    }
}

#[tokio::test]
async fn the_idempotency_key_gives_the_lost_answer() {
    let bench = Bench::start().await;
    let request = qris("a", 50_903);
    let charge = async || {
        bench
            .try_midtrans(super::PATIENCE, super::BASIC, "charge", Some(&request), Some("key"))
            .await
            .unwrap()
    };
    assert_eq!(charge().await.0, 500);
    let (status, body) = charge().await;
    assert!(status == 200 && body.contains("qr_string"), "{body}");
}

#[tokio::test]
async fn charges_that_were_never_made() {
    let bench = Bench::start().await;
    assert!(bench.try_charge("hang_undone", 50_906).await.unwrap_err().is_timeout());
    assert_eq!(bench.try_charge("too_many", 50_907).await.unwrap().0, 429);
    assert_eq!(bench.charge("false_duplicate", 50_912).await["status_code"], "406");
    for (name, amount) in [("hang_undone", 50_906), ("too_many", 50_907), ("false_duplicate", 50_912)] {
        assert_eq!(bench.simulator.payment(name), None);
        assert_eq!(bench.asked(name).await["status_code"], "404", "{name}");
        assert_eq!(bench.charge(name, amount).await["status_code"], "201", "{name}: strikes once");
        assert_eq!(bench.struck(name).await, 1);
    }
    for (amount, code) in [(50_909, "402"), (50_910, "400")] {
        for _ in 0..2 {
            assert_eq!(bench.charge(code, amount).await["status_code"], code);
        }
        assert_eq!(bench.simulator.payment(code), None);
    }
    assert_eq!(bench.struck("not_active").await, 4);
}

#[tokio::test]
async fn charges_with_crippled_answers() {
    let bench = Bench::start().await;
    let denied = bench.charge("denied", 50_908).await;
    assert_eq!((&denied["status_code"], &denied["transaction_status"]), (&json!("202"), &json!("deny")));
    assert_eq!(bench.state("denied"), ChargeState::Deny);
    let bare = bench.charge("bare", 50_911).await;
    assert_eq!((bare.get("qr_string"), bare.get("actions")), (None, None));
    assert!(bench.charged("bare").code.qr_string.is_some());
    let bank = json!({
        "payment_type": "bank_transfer", "bank_transfer": { "bank": "bca" },
        "transaction_details": { "order_id": "bare-bca", "gross_amount": 50_911 },
    });
    assert_eq!(bench.midtrans("charge", Some(&bank)).await.get("va_numbers"), None);
    let swapped = bench.charge("swapped", 50_913).await;
    assert_eq!((&swapped["status_code"], &swapped["gross_amount"]), (&json!(201), &json!(50913.0)));
    assert_eq!(bench.charge("other", 50_914).await["order_id"], "somebody-elses-order");
    assert_eq!(bench.charge("slow", 50_915).await["order_id"], "slow");
    for (name, times) in
        [("denied", 1), ("no_payment_data", 2), ("swapped_types", 1), ("other_order", 1), ("slow", 1)]
    {
        assert_eq!(bench.struck(name).await, times, "{name}");
    }
}

#[tokio::test]
async fn questions_that_are_answered_wrongly() {
    let bench = Bench::start().await;
    for (amount, field, lie, name) in [
        (50_918, "gross_amount", "51918.00", "wrong_amount"),
        (50_919, "merchant_id", "G999999999", "other_merchant"),
        (50_920, "currency", "USD", "other_currency"),
        (50_921, "transaction_status", "settling_soon", "unknown_word"),
    ] {
        assert_eq!(bench.charge(name, amount).await["transaction_status"], "pending");
        for times in 1..3 {
            assert_eq!(bench.asked(name).await[field], lie, "{name}");
            assert_eq!(bench.struck(name).await, times, "{name}");
        }
    }
}

#[tokio::test]
async fn status_fails_three_times_after_each_change() {
    let (bench, mut shop) = super::with_shop().await;
    for (order_id, amount, http, code) in [("down", 50_916, 503, "503"), ("missing", 50_917, 200, "404")] {
        bench.charge(order_id, amount).await;
        let path = format!("{order_id}/status");
        let ask = async || {
            let answer = bench.try_midtrans(super::PATIENCE, super::BASIC, &path, None, None).await.unwrap();
            (answer.0, serde_json::from_str::<Value>(&answer.1).unwrap()["status_code"].clone())
        };
        for state in ["pending", "settlement"] {
            for _ in 0..3 {
                assert_eq!(ask().await, (http, json!(code)), "{order_id}");
            }
            assert_eq!(bench.asked(order_id).await["transaction_status"], state, "{order_id}");
            bench.simulator.pay(order_id).unwrap();
        }
        assert_eq!(bench.struck(order_id).await, 6);
    }
    // What it tells is valid all the same.
    assert!(super::told(&shop.all(&bench).await, "transaction_status").contains(&"settlement"));
}

#[tokio::test]
async fn rules_strike_what_they_name() {
    let bench = Bench::start().await;
    let body = json!({
        "fault": { "kind": "down" }, "provider": "midtrans", "call": "cancel", "order_id": "a", "method": "qris",
        "amount": 50_000, "times": 1,
    });
    bench.admin("/admin/payments/behaviour", body).await;
    for order_id in ["a", "b"] {
        bench.charge(order_id, 50_000).await;
        assert_eq!(bench.asked(order_id).await["transaction_status"], "pending");
    }
    let cancel = async |order_id: &str| {
        let path = format!("{order_id}/cancel");
        bench.try_midtrans(super::PATIENCE, super::BASIC, &path, None, None).await.unwrap().0
    };
    assert_eq!((cancel("b").await, cancel("a").await), (200, 503));
    assert_eq!(bench.state("a"), ChargeState::Pending, "not done");
    assert_eq!(cancel("a").await, 200, "used up");

    // Any call, by chance; the same seed gives the same number.
    let any = PaymentRule { call: Some("any".to_owned()), percent: Some(30), ..rule(PaymentFault::TooMany) };
    bench.simulator.add_payment_rule(any);
    for _ in 0..50 {
        let _ = bench.try_midtrans(super::PATIENCE, super::BASIC, "a/status", None, None).await.unwrap();
    }
    let struck = bench.struck("too_many").await;
    assert!((5..26).contains(&struck), "{struck}");
    bench.client.delete(format!("{}/admin/payments/behaviour", bench.server.url())).send().await.unwrap();
    bench.asked("a").await;
    assert_eq!(bench.struck("too_many").await, struck);
    assert_eq!(bench.simulator.payment_faults_struck()["down"], 1);
    assert_eq!(bench.post("/admin/payments/behaviour", r#"{"fault":{"kind":"x"}}"#).await.unwrap().0, 422);
}

#[tokio::test]
async fn the_other_gateway_misbehaves_too() {
    let bench = Bench::start().await;
    let bare = bench.tripay("bare", "QRIS2", 50_911).await;
    assert_eq!(bare["data"]["qr_string"], Value::Null);
    assert!(bench.charged("bare").code.qr_string.is_some());
    let swapped = bench.tripay("swapped", "BRIVA", 50_913).await;
    assert_eq!(swapped["data"]["amount"], "50913");
    let url = format!("{}/transaction/create", bench.server.tripay_url());
    let body = super::tripay::request("twice", "BRIVA", 50_903);
    for status in [500, 200] {
        let answer = bench.client.post(&url).bearer_auth("DEV-simulated").json(&body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
    }
    assert_eq!(bench.simulator.payments_of("twice").len(), 2, "nothing keeps it from a second one");
    let wrong = bench.tripay("wrong", "BRIVA", 50_918).await;
    let reference = wrong["data"]["reference"].as_str().unwrap();
    let (_, detail) = bench.tripay_get(&format!("transaction/detail?reference={reference}")).await;
    assert_eq!(detail["data"]["amount"], 51_918);
    let currency = PaymentRule { times: Some(1), ..rule(PaymentFault::OtherCurrency) };
    bench.simulator.add_payment_rule(currency);
    bench.tripay_get(&format!("transaction/detail?reference={reference}")).await;
    assert_eq!(bench.struck("other_currency").await, 0, "there is none in its answers");
}
