//! A well-behaved Tripay.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::super::{Bench, START_MS};
use super::{Shop, told, with_shop};
use crate::{ChargeState, PaymentAct};

/// Hexadecimal HMAC-SHA256 with the private key, written anew here.
pub(super) fn hmac(signed: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(b"simulated-private-key").unwrap();
    mac.update(signed);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn request(merchant_ref: &str, method: &str, amount: i64) -> Value {
    json!({
        "method": method, "merchant_ref": merchant_ref, "amount": amount, "customer_name": "Sari",
        "customer_email": "sari@example.com",
        "order_items": [{ "name": "Isi saldo", "price": amount, "quantity": 1 }],
        "signature": hmac(format!("T00000{merchant_ref}{amount}").as_bytes()),
    })
}

impl Bench {
    pub(super) async fn tripay(&self, merchant_ref: &str, method: &str, amount: i64) -> Value {
        let (status, answer) = self.create(&request(merchant_ref, method, amount), "DEV-simulated").await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    async fn create(&self, request: &Value, key: &str) -> (u16, Value) {
        let url = format!("{}/transaction/create", self.server.tripay_url());
        let request = self.client.post(url).bearer_auth(key).json(request);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub(super) async fn tripay_get(&self, path: &str) -> (u16, Value) {
        let url = format!("{}/{path}", self.server.tripay_url());
        let answer = self.client.get(url).bearer_auth("DEV-simulated").send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

#[tokio::test]
async fn a_transaction_is_paid() {
    let (bench, mut shop) = with_shop().await;
    let mut create = request("top-up-1", "QRIS2", 50_000);
    create["expired_time"] = json!(START_MS / 1_000 + 3_600);
    let (status, answer) = bench.create(&create, "DEV-simulated").await;
    let reference = answer["data"]["reference"].as_str().unwrap();
    let url = format!("{}/pay/tripay/{reference}", bench.server.url());
    let data = json!({
        "reference": reference, "merchant_ref": "top-up-1", "payment_selection_type": "static",
        "payment_method": "QRIS2", "payment_name": "QRIS", "customer_name": "Sari",
        "customer_email": "sari@example.com", "customer_phone": null, "callback_url": null, "return_url": null,
        "amount": 50000, "fee_merchant": 1100, "fee_customer": 0, "total_fee": 1100, "amount_received": 48900,
        "pay_code": null, "pay_url": null, "checkout_url": url, "status": "UNPAID", "expired_time": 1772326800,
        "order_items": [{ "sku": null, "name": "Isi saldo", "price": 50000, "quantity": 1, "subtotal": 50000 }],
        "instructions": [], "qr_string": answer["data"]["qr_string"], "qr_url": url,
    });
    assert_eq!((status, &answer), (200, &json!({ "success": true, "message": "", "data": data })));
    assert!(answer["data"]["qr_string"].as_str().unwrap().contains("540550000"));

    bench.pass_ms(60_000);
    bench.simulator.pay("top-up-1").unwrap();
    let (headers, body) = shop.told.recv().await.unwrap();
    assert_eq!(headers["x-callback-event"], "payment_status");
    assert_eq!(headers["x-callback-signature"], hmac(&body), "over the raw bytes");
    let expected = json!({
        "reference": reference, "merchant_ref": "top-up-1", "payment_method": "QRIS",
        "payment_method_code": "QRIS2", "total_amount": 50000, "fee_merchant": 1100, "fee_customer": 0,
        "total_fee": 1100, "amount_received": 48900, "is_closed_payment": 1, "status": "PAID",
        "paid_at": 1772323260, "note": null,
    });
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), expected);

    let (_, detail) = bench.tripay_get(&format!("transaction/detail?reference={reference}")).await;
    assert_eq!(
        (&detail["data"]["status"], &detail["data"]["paid_at"]),
        (&json!("PAID"), &json!("1772323260"))
    );
    let (_, list) = bench.tripay_get("merchant/transactions?merchant_ref=top-up-1").await;
    assert_eq!(
        (&list["data"][0]["paid_at"], &list["pagination"]["total_records"]),
        (&json!(1772323260), &json!(1))
    );
    let (_, channels) = bench.tripay_get("merchant/payment-channel").await;
    let codes: Vec<&str> = channels["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|channel| channel["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["BRIVA", "BNIVA", "BCAVA", "MANDIRIVA", "PERMATAVA", "QRIS", "QRISC", "QRIS2"]);
}

#[tokio::test]
async fn the_same_reference_makes_a_second_transaction() {
    let bench = Bench::start().await;
    bench.tripay("same", "BRIVA", 50_000).await;
    bench.tripay("same", "BRIVA", 50_000).await;
    assert_eq!(bench.simulator.payments_of("same").len(), 2);
    let (_, list) =
        bench.tripay_get("merchant/transactions?merchant_ref=same&sort=asc&per_page=1&page=2").await;
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    assert_eq!(list["pagination"]["last_page"], 2);
    let newest = &bench.simulator.payments_of("same")[1].reference;
    assert_eq!(&list["data"][0]["reference"], newest);
    // The newest is meant by the shop's name.
    bench.simulator.pay("same").unwrap();
    let (_, paid) = bench.tripay_get("merchant/transactions?status=PAID").await;
    assert_eq!(&paid["data"][0]["reference"], newest);
    assert_eq!(bench.get("/payments/book/same").await["totals"]["settled_rupiah"], 50_000);
}

#[tokio::test]
async fn refuses_what_it_must() {
    let bench = Bench::start().await;
    let good = request("a", "BRIVA", 50_000);
    let (status, answer) = bench.create(&good, "wrong").await;
    assert_eq!((status, answer), (401, json!({ "success": false, "message": "Invalid API Key" })));
    for (field, value) in [
        ("signature", json!("00")),
        ("amount", json!(49_000)),
        ("method", json!("PULSA")),
        ("customer_email", json!("")),
        ("order_items", json!([{ "name": "x", "price": 1, "quantity": 1 }])),
        ("expired_time", json!(START_MS / 1_000)),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        let (status, answer) = bench.create(&bad, "DEV-simulated").await;
        assert!(status == 400 && answer["success"] == false, "{field}: {answer}");
    }
    assert_eq!(bench.create(&request("a", "BRIVA", 9_999), "DEV-simulated").await.0, 400, "too little");
    assert_eq!(bench.simulator.payments(), []);
    assert_eq!(bench.tripay_get("transaction/detail?reference=x").await.0, 404);
    let production = Bench::with(|config| config.payments_in_production = true).await;
    assert_eq!(production.create(&good, "DEV-simulated").await.0, 401, "a key of the sandbox");
}

#[tokio::test]
async fn a_form_is_read_like_json() {
    let bench = Bench::start().await;
    let signature = hmac(b"T00000a50000");
    let form = format!(
        "method=BRIVA&merchant_ref=a&amount=50000&customer_name=Sari+Dewi&customer_email=s%40example.com&\
         order_items%5B0%5D%5Bname%5D=Saldo&order_items%5B0%5D%5Bprice%5D=50000&order_items%5B0%5D%5Bquantity%5D=1&\
         signature={signature}"
    );
    let url = format!("{}/transaction/create", bench.server.tripay_url());
    let request = bench.client.post(url).bearer_auth("DEV-simulated").body(form);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["data"]["customer_name"], "Sari Dewi", "{answer}");
    assert_eq!(bench.charged("a").gross_rupiah, 50_000);
}

#[tokio::test]
async fn every_end_has_its_word_and_is_called_back() {
    let (bench, mut shop) = with_shop().await;
    for order_id in ["paid", "expired", "refunded", "denied"] {
        bench.tripay(order_id, "BCAVA", 50_000).await;
    }
    bench.simulator.pay("paid").unwrap();
    bench.simulator.act_on_payment("expired", PaymentAct::Expire).unwrap();
    bench.simulator.pay("refunded").unwrap();
    bench.simulator.act_on_payment("refunded", PaymentAct::Refund { amount: None }).unwrap();
    bench.simulator.pay("denied").unwrap();
    bench.simulator.act_on_payment("denied", PaymentAct::Deny).unwrap();
    assert_eq!(bench.state("refunded"), ChargeState::Refund);
    let mut all = shop.all(&bench).await;
    all.sort_by_key(|told| told["merchant_ref"].as_str().unwrap().to_owned());
    assert_eq!(told(&all, "status"), ["PAID", "FAILED", "EXPIRED", "PAID", "PAID", "REFUND"]);
}

#[tokio::test]
async fn a_callback_that_is_not_acknowledged_comes_three_times_again() {
    let (bench, mut shop) = with_shop().await;
    let own = Shop::open().await;
    let mut create = request("own", "BRIVA", 50_000);
    create["callback_url"] = own.url.clone().into();
    bench.create(&create, "DEV-simulated").await;
    for _ in 0..4 {
        own.answers(axum::http::StatusCode::OK, "OK");
    }
    bench.simulator.pay("own").unwrap();
    bench.simulator.deliver_payment_notifications().await;
    for left in [1, 1, 0] {
        assert_eq!(bench.admin("/admin/payments/deliver", json!({})).await["waiting"], left);
    }
    let counters = bench.get("/admin/payments/counters").await;
    assert_eq!(counters["notifications"], json!({ "not_acknowledged": 4, "given_up": 1 }));
    assert!(shop.all(&bench).await.is_empty(), "its own address goes before");
}
