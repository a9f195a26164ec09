//! A well-behaved Midtrans.

use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::super::Bench;
use super::{BASIC, PATIENCE, START_MS, qris, told, with_shop};
use crate::{ChargeState, MoneyBackKind, PaymentAct};

/// As the paper has it, written anew here.
fn signature(told: &Value) -> String {
    let text = |field: &str| told[field].as_str().unwrap().to_owned();
    let signed = text("order_id") + &text("status_code") + &text("gross_amount") + "SB-Mid-server-simulated";
    Sha512::digest(signed).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_qris_charge_is_paid() {
    let (bench, mut shop) = with_shop().await;
    let request = json!({
        "payment_type": "qris",
        "transaction_details": { "order_id": "top-up-1", "gross_amount": 50000 },
        "qris": { "acquirer": "gopay" },
        "custom_expiry": { "expiry_duration": 30, "unit": "minute" },
    });
    let answer = bench.midtrans("charge", Some(&request)).await;
    let id = answer["transaction_id"].as_str().unwrap();
    let qr_string = answer["qr_string"].as_str().unwrap();
    let expected = json!({
        "status_code": "201", "status_message": "QRIS transaction is created", "transaction_id": id,
        "order_id": "top-up-1", "merchant_id": "G000000000", "gross_amount": "50000.00", "currency": "IDR",
        "payment_type": "qris", "transaction_time": "2026-03-01 07:00:00", "transaction_status": "pending",
        "fraud_status": "accept", "acquirer": "gopay", "expiry_time": "2026-03-01 07:30:00", "qr_string": qr_string,
        "actions": [{
            "name": "generate-qr-code", "method": "GET", "url": format!("{}/pay/midtrans/top-up-1", bench.server.url()),
        }],
    });
    assert_eq!(answer, expected);
    assert!(qr_string.starts_with("000201010212") && qr_string.contains("540550000"), "{qr_string}");

    let pending = shop.next().await.1;
    assert_eq!((&pending["transaction_status"], &pending["status_code"]), (&json!("pending"), &json!("201")));
    bench.pass_ms(61_000);
    bench.admin("/admin/payments/pay", json!({ "provider": "midtrans", "order_id": "top-up-1" })).await;
    let settled = shop.next().await.1;
    let expected = json!({
        "status_code": "200", "status_message": "midtrans payment notification", "transaction_id": id,
        "order_id": "top-up-1", "merchant_id": "G000000000", "gross_amount": "50000.00", "currency": "IDR",
        "payment_type": "qris", "acquirer": "gopay", "transaction_time": "2026-03-01 07:00:00",
        "settlement_time": "2026-03-01 07:01:01", "transaction_status": "settlement", "fraud_status": "accept",
        "signature_key": signature(&settled),
    });
    assert_eq!(settled, expected);
    let mut asked = bench.asked("top-up-1").await;
    assert_eq!(asked["status_message"].take(), "Success, transaction is found");
    let mut like_it = settled;
    like_it["status_message"].take();
    assert_eq!(asked, like_it);

    let book = bench.get("/payments/book/top-up-1").await;
    assert_eq!(book["totals"]["settled_rupiah"], 50_000);
    assert_eq!(book["orders"][0]["payments"][0]["at_ms"], START_MS + 61_000);
    assert_eq!(bench.get("/payments/book").await["totals"]["payments"], 1);
}

#[tokio::test]
async fn accounts_and_bills_have_fields_of_their_own() {
    let bench = Bench::start().await;
    for bank in ["bca", "bni", "bri"] {
        let request = json!({
            "payment_type": "bank_transfer", "bank_transfer": { "bank": bank },
            "transaction_details": { "order_id": bank, "gross_amount": 10000 },
        });
        let answer = bench.midtrans("charge", Some(&request)).await;
        assert_eq!(answer["payment_type"], "bank_transfer");
        assert_eq!(answer["va_numbers"][0]["bank"], bank);
        let number = answer["va_numbers"][0]["va_number"].as_str().unwrap();
        assert!(number.len() >= 11 && number.bytes().all(|digit| digit.is_ascii_digit()), "{number}");
        assert_eq!(bench.asked(bank).await["va_numbers"], answer["va_numbers"]);
        assert_eq!(answer["expiry_time"], "2026-03-02 07:00:00");
    }
    let permata = json!({
        "payment_type": "bank_transfer", "bank_transfer": { "bank": "permata" },
        "transaction_details": { "order_id": "permata", "gross_amount": 10000 },
    });
    let answer = bench.midtrans("charge", Some(&permata)).await;
    assert_eq!(answer["permata_va_number"].as_str().unwrap().len(), 16);
    assert_eq!(answer.get("va_numbers"), None);
    let mandiri = json!({
        "payment_type": "echannel", "echannel": { "bill_info1": "Saldo", "bill_info2": "toko" },
        "transaction_details": { "order_id": "mandiri", "gross_amount": 10000 },
    });
    let answer = bench.midtrans("charge", Some(&mandiri)).await;
    assert_eq!((&answer["payment_type"], &answer["biller_code"]), (&json!("echannel"), &json!("99012")));
    assert_eq!(answer["bill_key"].as_str().unwrap().len(), 12);
}

#[tokio::test]
async fn refuses_what_it_must() {
    let bench = Bench::start().await;
    let request = qris("a", 50_000);
    for authorization in ["Basic U0ItTWlkLXdyb25nOg==", "Bearer SB-Mid-server-simulated", "Basic %%%"] {
        let (status, body) =
            bench.try_midtrans(PATIENCE, authorization, "charge", Some(&request), None).await.unwrap();
        assert!(status == 401 && body.contains(r#""status_code":"401""#), "{status} {body}");
    }
    assert_eq!(bench.simulator.payment("a"), None);
    bench.charge("a", 50_000).await;
    assert_eq!(bench.charge("a", 50_000).await["status_code"], "406");
    assert_eq!(bench.asked("b").await["status_code"], "404");
    assert_eq!(bench.midtrans("b/cancel", None).await["status_code"], "404");
    assert_eq!(bench.midtrans("a/refund", Some(&json!({ "amount": 1 }))).await["status_code"], "412");
    for (name, value) in
        [("payment_type", json!("pulsa")), ("transaction_details", json!({ "order_id": "x" }))]
    {
        let mut request = qris("c", 50_000);
        request[name] = value;
        assert_eq!(bench.midtrans("charge", Some(&request)).await["status_code"], "400", "{name}");
    }
    let cimb = json!({
        "payment_type": "bank_transfer", "bank_transfer": { "bank": "cimb" },
        "transaction_details": { "order_id": "cimb", "gross_amount": 10000 },
    });
    assert_eq!(bench.midtrans("charge", Some(&cimb)).await["status_code"], "402");
    assert_eq!(bench.simulator.payments().len(), 1);
    assert_eq!(bench.get("/admin/payments/counters").await["refused"]["midtrans"], 3);
}

#[tokio::test]
async fn a_key_of_the_sandbox_is_wrong_in_production() {
    let bench = Bench::with(|config| config.payments_in_production = true).await;
    let request = qris("a", 50_000);
    let (status, _) = bench.try_midtrans(PATIENCE, BASIC, "charge", Some(&request), None).await.unwrap();
    assert_eq!((status, bench.simulator.payment("a")), (401, None));
    let bench = Bench::with(|config| {
        config.payments_in_production = true;
        config.midtrans_server_key = "Mid-server-simulated".to_owned();
        config.midtrans_http_follows_body = true;
    })
    .await;
    // `Mid-server-simulated:`
    let basic = "Basic TWlkLXNlcnZlci1zaW11bGF0ZWQ6";
    let (status, body) = bench.try_midtrans(PATIENCE, basic, "charge", Some(&request), None).await.unwrap();
    assert!(status == 201 && body.contains("qr_string"), "{status} {body}");
    assert_eq!(bench.try_midtrans(PATIENCE, basic, "charge", Some(&request), None).await.unwrap().0, 406);
}

#[tokio::test]
async fn an_idempotency_key_lives_five_minutes_and_keeps_successes() {
    let bench = Bench::start().await;
    let charge = async |order_id: &str, key: &str| {
        let request = qris(order_id, 50_000);
        let answer = bench.try_midtrans(PATIENCE, BASIC, "charge", Some(&request), Some(key)).await.unwrap();
        serde_json::from_str::<Value>(&answer.1).unwrap()
    };
    let first = charge("a", "key-1").await;
    bench.pass_ms(299_999);
    assert_eq!(charge("a", "key-1").await, first);
    bench.pass_ms(1);
    assert_eq!(charge("a", "key-1").await["status_code"], "406", "forgotten");
    // The refusal was not kept.
    assert_eq!(charge("b", "key-1").await["status_code"], "201");
    assert_eq!(bench.get("/admin/payments/counters").await["replayed"], 1);
    assert_eq!(bench.simulator.payments_of("a").len(), 1);
}

#[tokio::test]
async fn expires_by_the_clock_and_may_be_paid_late() {
    let (bench, mut shop) = with_shop().await;
    let mut request = qris("a", 50_000);
    request["custom_expiry"] = json!({ "expiry_duration": 20, "unit": "minute" });
    bench.midtrans("charge", Some(&request)).await;
    bench.admin("/admin/clock", json!({ "ahead_ms": 20 * 60_000 - 1 })).await;
    assert_eq!(bench.asked("a").await["transaction_status"], "pending");
    bench.admin("/admin/clock", json!({ "ahead_ms": 20 * 60_000 })).await;
    let asked = bench.asked("a").await;
    assert_eq!((&asked["status_code"], &asked["transaction_status"]), (&json!("407"), &json!("expire")));
    for call in ["a/cancel", "a/expire"] {
        assert_eq!(bench.midtrans(call, None).await["status_code"], "412", "{call}");
    }
    bench.simulator.pay("a").unwrap();
    assert_eq!(told(&shop.all(&bench).await, "transaction_status"), ["pending", "expire", "settlement"]);
    let order = bench.charged("a");
    assert!(order.payments[0].late && order.state == ChargeState::Settlement);
    assert_eq!(bench.asked("a").await["status_code"], "200");
}

#[tokio::test]
async fn cancels_expires_and_refunds() {
    let (bench, mut shop) = with_shop().await;
    bench.charge("a", 50_000).await;
    let cancelled = bench.midtrans("a/cancel", None).await;
    assert_eq!(
        (&cancelled["status_code"], &cancelled["transaction_status"]),
        (&json!("200"), &json!("cancel"))
    );
    assert_eq!(bench.midtrans("a/cancel", None).await["status_code"], "412");
    bench.charge("b", 50_000).await;
    let expired = bench.midtrans("b/expire", None).await;
    assert_eq!((&expired["status_code"], &expired["transaction_status"]), (&json!("407"), &json!("expire")));

    bench.charge("c", 50_000).await;
    bench.simulator.pay("c").unwrap();
    assert_eq!(bench.midtrans("c/cancel", None).await["status_code"], "412");
    let refund = async |key: &str, amount: i64| {
        let request = json!({ "refund_key": key, "amount": amount, "reason": "test" });
        bench.midtrans("c/refund", Some(&request)).await
    };
    let some = refund("r1", 20_000).await;
    assert_eq!(some["transaction_status"], "partial_refund");
    assert_eq!((&some["refund_key"], &some["refund_amount"]), (&json!("r1"), &json!("20000.00")));
    assert_eq!(refund("r1", 20_000).await["status_code"], "406");
    assert_eq!(refund("r2", 30_001).await["status_code"], "412");
    assert_eq!(refund("r2", 30_000).await["transaction_status"], "refund");
    assert_eq!(refund("r3", 1).await["status_code"], "412");
    let order = bench.charged("c");
    assert_eq!((order.settled_rupiah(), order.kept_rupiah()), (50_000, 0));
    assert_eq!(order.returned_rupiah(Some(MoneyBackKind::Refund)), 50_000);

    let mut words = shop.all(&bench).await;
    words.sort_by_key(|told| told["order_id"].as_str().unwrap().to_owned());
    let c = ["pending", "settlement", "partial_refund", "refund"];
    assert_eq!(told(&words, "transaction_status")[4..], c);
}

#[tokio::test]
async fn people_pay_twice_wrongly_and_take_it_back() {
    let (bench, mut shop) = with_shop().await;
    let first = bench.charge("a", 50_000).await["transaction_id"].clone();
    bench.admin("/admin/payments/pay", json!({ "order_id": "a", "times": 2 })).await;
    let notifications = shop.all(&bench).await;
    let ids = told(&notifications, "transaction_id");
    assert_eq!((ids[0], ids[1]), (first.as_str().unwrap(), first.as_str().unwrap()));
    assert_ne!(ids[2], ids[1], "a second payment has a name of its own");
    assert_eq!(bench.asked("a").await["transaction_id"], ids[2]);
    assert_eq!(bench.asked(ids[1]).await["transaction_id"], ids[1]);
    let totals = bench.simulator.payment_totals();
    assert_eq!((totals.settled_rupiah, totals.payments, totals.paid_twice), (100_000, 2, 1));

    bench.charge("b", 50_000).await;
    bench.admin("/admin/payments/pay", json!({ "order_id": "b", "amount": 49_000 })).await;
    assert_eq!(bench.asked("b").await["gross_amount"], "49000.00");
    bench.admin("/admin/payments/act", json!({ "order_id": "b", "act": "chargeback" })).await;
    assert_eq!(bench.asked("b").await["transaction_status"], "chargeback");

    bench.charge("c", 50_000).await;
    assert!(bench.simulator.act_on_payment("c", PaymentAct::Chargeback).is_err(), "nothing was paid");
    bench.simulator.pay("c").unwrap();
    bench.simulator.act_on_payment("c", PaymentAct::Deny).unwrap();
    let asked = bench.asked("c").await;
    assert_eq!((&asked["status_code"], &asked["transaction_status"]), (&json!("202"), &json!("deny")));
    assert_eq!(bench.charged("c").kept_rupiah(), 0);
    let totals = bench.simulator.payment_totals();
    assert_eq!((totals.charged_back_rupiah, totals.denied_rupiah), (49_000, 50_000));
    assert_eq!(bench.state("b"), ChargeState::Chargeback);
}
