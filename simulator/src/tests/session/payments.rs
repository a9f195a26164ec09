//! E-wallets and QRIS: open, paid, expired, paid late.

use serde_json::json;

use super::{Bench, NUMBER, PATIENCE, purchase_query, really, told, trx_id};

#[tokio::test]
async fn a_wallet_gets_a_link() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    for method in ["DANA", "GOPAY", "SHOPEEPAY"] {
        let envelope = bench.buy(NUMBER, &token, "XLCOMBO10_EWALLET", method).await;
        let trx_id = trx_id(&envelope);
        let data = &envelope["data"];
        assert_eq!(data["have_deeplink"], true);
        let url = format!("{}/wallet/{trx_id}", bench.server.url());
        assert_eq!(data["deeplink_data"], json!({ "payment_method": method, "deeplink_url": url }));
        assert_eq!((&data["is_qris"], &data["qris_data"]), (&json!(false), &json!([])));
        let seen = bench.check(&trx_id).await;
        assert_eq!((&seen["status"], &seen["rc_message"]), (&json!(2), &json!("Menunggu pembayaran")));

        let order = bench.admin("/admin/pay", json!({ "trx_id": trx_id })).await;
        assert_eq!(order["session"]["times_paid"], 1);
        assert_eq!(bench.check(&trx_id).await["status"], 2, "paid, and in work");
        bench.pass_ms(3_000);
        assert_eq!(bench.check(&trx_id).await["status"], 1);
    }
    for order in bench.simulator.orders_of(NUMBER, "XLCOMBO10_EWALLET") {
        assert_eq!(really(&order), (1, 1, 1_500, 58_000));
    }
    assert_eq!(bench.simulator.pulsa_rupiah(NUMBER), 100_000, "not from the pulsa");
}

#[tokio::test]
async fn ovo_needs_the_wallets_number() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    let query = purchase_query(NUMBER, &token, "XLCOMBO10_EWALLET", "OVO");
    let envelope = bench.session(&query.replace("&ewallet_number=081200000000", "")).await;
    assert_eq!(told(&envelope), (400, false));
    let envelope = bench.session(&query).await;
    assert_eq!(told(&envelope), (200, true));
    assert_eq!(envelope["data"]["have_deeplink"], false, "OVO asks in its own app");
    let order = bench.only_order(NUMBER, "XLCOMBO10_EWALLET");
    assert_eq!(order.session.unwrap().ewallet_number.unwrap(), "081200000000");
}

#[tokio::test]
async fn qris_gets_a_code_that_expires() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    let envelope = bench.buy(NUMBER, &token, "XLCOMBO10_EWALLET", "QRIS").await;
    let trx_id = trx_id(&envelope);
    let data = &envelope["data"];
    assert_eq!((&data["have_deeplink"], &data["is_qris"]), (&json!(false), &json!(true)));
    let qr_code = data["qris_data"]["qr_code"].as_str().unwrap();
    assert!(qr_code.starts_with("000201010212") && qr_code.contains("540558000"), "{qr_code}");
    // The bench starts at 2026-03-01 00:00 UTC.
    assert_eq!(data["qris_data"], json!({ "qr_code": qr_code, "payment_expired_at": 1_772_323_800 }));

    bench.pass_ms(599_999);
    assert_eq!(bench.check(&trx_id).await["status"], 2);
    bench.pass_ms(1);
    let expected = json!({
        "trx_id": trx_id, "status": 0, "is_refunded": true, "refund_amount": 1_500,
        "refund_reason": "Pembayaran kedaluwarsa", "rc": "02", "rc_message": "Pembayaran kedaluwarsa", "sn_only": "",
    });
    assert_eq!(bench.check(&trx_id).await, expected);
    assert_eq!(really(&bench.only_order(NUMBER, "XLCOMBO10_EWALLET")), (0, 0, 0, 0));
    assert_eq!(bench.simulator.deposit_rupiah(), 50_000_000);
}

#[tokio::test]
async fn a_late_payment_goes_back_or_is_delivered() {
    let bench = Bench::start().await;
    for (late, status, expected) in [("refund", 0, (0, 0, 0, 0)), ("deliver", 1, (1, 1, 1_500, 58_000))] {
        let number = format!("62878123456{}", late.len());
        let token = bench.sign_in(&number).await;
        let trx_id = trx_id(&bench.buy(&number, &token, "XLCOMBO10_EWALLET", "QRIS").await);
        bench.pass_ms(600_000);
        assert_eq!(bench.check(&trx_id).await["status"], 0);
        bench.admin("/admin/pay", json!({ "trx_id": trx_id, "late": late })).await;
        assert_eq!(bench.check(&trx_id).await["status"], status, "{late}");
        let order = bench.only_order(&number, "XLCOMBO10_EWALLET");
        assert_eq!(really(&order), expected, "{late}");
        assert_eq!(order.session.unwrap().times_paid, 1, "{late}");
    }
}

#[tokio::test]
async fn an_order_is_paid_once() {
    let bench = Bench::start().await;
    let number = "6287800001230";
    let token = bench.sign_in(number).await;
    let trx_id = trx_id(&bench.buy(number, &token, "XLCOMBO10_EWALLET", "DANA").await);
    let pay = json!({ "trx_id": trx_id });
    bench.admin("/admin/pay", pay.clone()).await;
    assert_eq!(bench.check(&trx_id).await["status"], 1, "this number's orders succeed at once");
    let again = bench.admin("/admin/pay", pay).await;
    assert_eq!(again, json!({ "error": "this order does not wait for a payment" }));
    assert_eq!(really(&bench.only_order(number, "XLCOMBO10_EWALLET")), (1, 1, 1_500, 58_000));
    let (status, _) = bench.post_within(PATIENCE, "/admin/pay", r#"{"trx_id":"nothing"}"#).await.unwrap();
    assert_eq!(status, 404);
}

#[tokio::test]
async fn what_happens_after_the_payment_follows_the_number() {
    let bench = Bench::start().await;
    for (digits, status, expected) in [
        ("1232", 0, (0, 0, 0, 0)),
        ("1234", 0, (0, 0, 0, 0)),
        ("1235", 2, (1, 0, 1_500, 58_000)),
        ("1256", 0, (0, 0, 0, 0)),
    ] {
        let number = format!("628780000{digits}");
        let token = bench.sign_in(&number).await;
        let trx_id = trx_id(&bench.buy(&number, &token, "XLCOMBO10_EWALLET", "DANA").await);
        assert_eq!(bench.check(&trx_id).await["status"], 2, "{digits}");
        bench.admin("/admin/pay", json!({ "trx_id": trx_id })).await;
        bench.pass_ms(3_000);
        assert_eq!(bench.check(&trx_id).await["status"], status, "{digits}");
        assert_eq!(really(&bench.only_order(&number, "XLCOMBO10_EWALLET")), expected, "{digits}");
    }
}
