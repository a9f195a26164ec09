//! Packages, purchases with pulsa, and what is on a number after them.

use serde_json::{Value, json};

use super::{Bench, NUMBER, purchase_query, really, told, trx_id};

const GB: u64 = 1 << 30;

#[tokio::test]
async fn packages_have_a_code_for_each_way_to_pay() {
    let bench = Bench::start().await;
    let envelope = bench.session("packagelist?api_key=apikey").await;
    let list = envelope["data"].as_array().unwrap();
    assert_eq!(list.len(), 23);
    let pulsa = json!({
        "package_code": "XLMALAM15_PULSA", "package_name": "[Metode Pulsa] Xtra Malam 15 GB",
        "package_description": "Xtra Malam 15 GB, berlaku 7 hari. Harga paket Rp15000.",
        "package_harga_int": 750, "no_need_login": false, "can_multi_trx": true, "have_daily_limit": false,
        "daily_limit_details": { "max_daily_transaction_limit": 0, "current_daily_transaction_count": 0 },
        "have_cut_off_time": true,
        "cut_off_time": { "prohibited_hour_starttime": "23:00", "prohibited_hour_endtime": "01:30" },
        "need_check_stock": false, "available_payment_methods": [{ "payment_method": "BALANCE" }],
    });
    assert!(list.contains(&pulsa), "{envelope}");
    let wallet = list.iter().find(|package| package["package_code"] == "XLMALAM15_EWALLET").unwrap();
    let methods: Vec<&Value> = wallet["available_payment_methods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|method| &method["payment_method"])
        .collect();
    assert_eq!(methods, ["DANA", "GOPAY", "SHOPEEPAY", "OVO", "QRIS"]);
}

#[tokio::test]
async fn pulsa_pays_for_the_package_and_the_deposit_for_the_fee() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    assert_eq!(bench.quota(&token).await, []);
    let query = format!(
        "packagepurchase?api_key=apikey&package_code=XLCOMBO10_PULSA&phone=6287812345678&access_token={token}\
         &payment_method=BALANCE&price_or_fee=1500"
    );
    let envelope = bench.session(&query).await;
    let trx_id = trx_id(&envelope);
    let expected = json!({
        "statusCode": 200, "status": true, "message": "Pembelian paket sedang diproses.",
        "data": {
            "trx_id": trx_id, "msisdn": "6287812345678", "package_code": "XLCOMBO10_PULSA",
            "package_name": "[Metode Pulsa] Xtra Combo Flex 10 GB", "package_processing_fee": 1_500,
            "have_deeplink": false, "deeplink_data": { "payment_method": "BALANCE", "deeplink_url": "" },
            "is_qris": false, "qris_data": [],
        },
    });
    assert_eq!(envelope, expected);
    assert_eq!(
        (bench.simulator.deposit_rupiah(), bench.simulator.pulsa_rupiah(NUMBER)),
        (49_998_500, 42_000)
    );
    let pending = json!({
        "trx_id": trx_id, "status": 2, "is_refunded": false, "refund_amount": 0, "refund_reason": "", "rc": "03",
        "rc_message": "Transaksi sedang diproses", "sn_only": "",
    });
    assert_eq!(bench.check(&trx_id).await, pending);
    assert_eq!(bench.quota(&token).await, [], "nothing is there before it is delivered");

    bench.pass_ms(3_000);
    let done = bench.check(&trx_id).await;
    let sn = done["sn_only"].as_str().unwrap();
    assert_eq!(sn.len(), 18);
    let success = json!({
        "trx_id": trx_id, "status": 1, "is_refunded": false, "refund_amount": 0, "refund_reason": "", "rc": "00",
        "rc_message": "Transaksi berhasil", "sn_only": sn,
    });
    assert_eq!(done, success);
    let benefits = [("Kuota Utama", 10 * GB), ("Kuota Lokal", 5 * GB), ("Nelpon Semua Operator", 1_800)];
    assert_eq!(bench.quota(&token).await, benefits.map(|(name, amount)| (name.to_owned(), amount)));
    assert_eq!(really(&bench.only_order(NUMBER, "XLCOMBO10_PULSA")), (1, 1, 1_500, 58_000));
}

#[tokio::test]
async fn the_quota_has_the_fields_of_the_contract() {
    let bench = Bench::start().await;
    let number = "6287800001230";
    let token = bench.sign_in(number).await;
    bench.buy(number, &token, "XLHARIAN1_PULSA", "BALANCE").await;
    let query = format!("quotadetails?api_key=apikey&access_token={token}");
    let envelope = bench.session(&query).await;
    let code = envelope["data"]["quotas"][0]["encrypted_package_code"].as_str().unwrap();
    assert_eq!(code.len(), 32);
    let expected = json!({ "quotas": [{
        "name": "[Metode Pulsa] Xtra Harian 1 GB", "expired_at": 1_772_323_200 + 86_400, "encrypted_package_code": code,
        "benefits": [{ "name": "Kuota Utama", "quota": GB, "remaining_quota": GB }],
    }] });
    assert_eq!(envelope["data"], expected);

    // Bought twice is there twice, until the day is over.
    bench.buy(number, &token, "XLHARIAN1_PULSA", "BALANCE").await;
    assert_eq!(bench.quota(&token).await.len(), 2);
    bench.pass_ms(86_400_000);
    let token = super::access_token(&bench.prolong(number, &token).await);
    assert_eq!(bench.quota(&token).await, []);
}

#[tokio::test]
async fn the_shared_test_numbers_and_their_ends() {
    let bench = Bench::start().await;
    for (digits, first, last, expected) in [
        ("1230", 1, 1, (1, 1, 500, 5_000)),
        ("1232", 0, 0, (0, 0, 0, 0)),
        ("1233", 2, 1, (1, 1, 500, 5_000)),
        ("1234", 2, 0, (0, 0, 0, 0)),
        ("1235", 2, 2, (1, 0, 500, 5_000)),
    ] {
        let number = format!("628780000{digits}");
        let token = bench.sign_in(&number).await;
        let trx_id = trx_id(&bench.buy(&number, &token, "XLHARIAN1_PULSA", "BALANCE").await);
        assert_eq!(bench.check(&trx_id).await["status"], first, "{digits}");
        bench.pass_ms(3_000);
        let seen = bench.check(&trx_id).await;
        assert_eq!(seen["status"], last, "{digits}");
        assert_eq!(seen["is_refunded"], last == 0, "{digits}");
        assert_eq!(seen["refund_amount"], if last == 0 { 500 } else { 0 }, "{digits}");
        assert_eq!(really(&bench.only_order(&number, "XLHARIAN1_PULSA")), expected, "{digits}");
        assert_eq!(bench.simulator.pulsa_rupiah(&number), 100_000 - expected.3, "{digits}");
        assert_eq!(bench.quota(&token).await.len(), expected.1 as usize, "{digits}");
    }
}

#[tokio::test]
async fn refuses_what_it_must() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    bench.admin("/admin/prices", json!({ "sku": "XLEDU2_PULSA", "active": false })).await;
    bench.admin("/admin/prices", json!({ "sku": "XLAKRAB48_PULSA", "stock": 0 })).await;
    for (code, method, refusal) in [
        ("NOTHING", "BALANCE", 404),
        ("XLEDU2_PULSA", "BALANCE", 404),
        ("XLCOMBO10_PULSA", "DANA", 405),
        ("XLCOMBO10_EWALLET", "BALANCE", 405),
        ("XLCOMBO10_PULSA", "", 405),
        ("XLAKRAB48_PULSA", "BALANCE", 434),
        ("RC432", "BALANCE", 432),
    ] {
        assert_eq!(told(&bench.buy(NUMBER, &token, code, method).await), (refusal, false), "{code} {method}");
    }
    assert_eq!(told(&bench.buy("6281212345678", &token, "XLCOMBO10_PULSA", "BALANCE").await), (406, false));
    bench.admin("/admin/pulsa", json!({ "msisdn": NUMBER, "set": 4_999 })).await;
    assert_eq!(told(&bench.buy(NUMBER, &token, "XLHARIAN1_PULSA", "BALANCE").await), (402, false));
    bench.admin("/admin/pulsa", json!({ "msisdn": NUMBER, "add": 1 })).await;
    bench.admin("/admin/deposit", json!({ "set": 499 })).await;
    assert_eq!(told(&bench.buy(NUMBER, &token, "XLHARIAN1_PULSA", "BALANCE").await), (436, false));
    assert_eq!(bench.get("/book").await["totals"]["references"], 0, "no order was made of any of them");
    bench.admin("/admin/deposit", json!({ "set": 500 })).await;
    assert_eq!(told(&bench.buy(NUMBER, &token, "XLHARIAN1_PULSA", "BALANCE").await), (200, true));
    assert_eq!((bench.simulator.deposit_rupiah(), bench.simulator.pulsa_rupiah(NUMBER)), (0, 0));
}

#[tokio::test]
async fn a_fee_above_the_expected_one_is_refused() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    let query = |expected: &str| {
        purchase_query(NUMBER, &token, "XLHARIAN1_PULSA", "BALANCE")
            .replace("price_or_fee=11500", &format!("price_or_fee={expected}"))
    };
    bench.admin("/admin/prices", json!({ "sku": "XLHARIAN1_PULSA", "fee": 501 })).await;
    assert_eq!(told(&bench.session(&query("500")).await), (417, false));
    assert_eq!(told(&bench.session(&query("5oo")).await), (400, false));
    let envelope = bench.session(&query("501")).await;
    assert_eq!(envelope["data"]["package_processing_fee"], 501);
}

#[tokio::test]
async fn a_package_without_sign_in() {
    let bench = Bench::start().await;
    let envelope = bench.buy(NUMBER, "", "XLMASA30_PULSA", "BALANCE").await;
    assert_eq!(told(&envelope), (200, true));
    bench.pass_ms(3_000);
    assert_eq!(really(&bench.only_order(NUMBER, "XLMASA30_PULSA")), (1, 1, 11_500, 0));
    assert_eq!(told(&bench.buy(NUMBER, "", "XLHARIAN1_PULSA", "BALANCE").await), (419, false));
}

#[tokio::test]
async fn the_last_one_in_stock_is_sold_once() {
    let bench = Bench::start().await;
    bench.admin("/admin/prices", json!({ "sku": "XLAKRAB18_PULSA", "stock": 1 })).await;
    let token = bench.sign_in(NUMBER).await;
    bench.admin("/admin/pulsa", json!({ "msisdn": NUMBER, "set": 1_000_000 })).await;
    let seen = bench.session("checkpackagestock?api_key=apikey&package_id=XLAKRAB18_PULSA").await;
    assert_eq!(seen["data"], json!({ "real_stock": 1, "is_out_of_stock": false }));
    // Each saw the last one; only one gets it.
    let buys = (0..8).map(|_| bench.buy(NUMBER, &token, "XLAKRAB18_PULSA", "BALANCE"));
    let answers = futures_util::future::join_all(buys).await;
    let bought = answers.iter().filter(|envelope| told(envelope) == (200, true)).count();
    let refused = answers.iter().filter(|envelope| told(envelope) == (434, false)).count();
    assert_eq!((bought, refused), (1, 7));
    let seen = bench.session("checkpackagestock?api_key=apikey&package_id=XLAKRAB18_PULSA").await;
    assert_eq!(seen["data"], json!({ "real_stock": 0, "is_out_of_stock": true }));
    bench.only_order(NUMBER, "XLAKRAB18_PULSA");
}

#[tokio::test]
async fn a_cut_off_goes_over_midnight() {
    let bench = Bench::start().await;
    // The bench starts at 07:00 WIB; 23:00 is sixteen hours later, 01:30 eighteen and a half.
    const HOUR_MS: i64 = 3_600_000;
    let mut token = bench.sign_in(NUMBER).await;
    for (ahead_ms, refusal) in [
        (16 * HOUR_MS - 1, None),
        (16 * HOUR_MS, Some((435, false))),
        (18 * HOUR_MS, Some((435, false))),
        (18 * HOUR_MS + HOUR_MS / 2, None),
    ] {
        bench.admin("/admin/clock", json!({ "ahead_ms": ahead_ms })).await;
        token = super::access_token(&bench.prolong(NUMBER, &token).await);
        let envelope = bench.buy(NUMBER, &token, "XLMALAM15_PULSA", "BALANCE").await;
        assert_eq!(told(&envelope), refusal.unwrap_or((200, true)), "{ahead_ms}");
    }
}

#[tokio::test]
async fn a_daily_limit_ends_at_midnight() {
    let bench = Bench::with(|config| {
        for package in &mut config.session_catalogue {
            package.daily_limit = package.daily_limit.map(|_| 2);
        }
    })
    .await;
    let token = bench.sign_in(NUMBER).await;
    for expected in [(200, true), (200, true), (431, false)] {
        assert_eq!(told(&bench.buy(NUMBER, &token, "XLEDU2_PULSA", "BALANCE").await), expected);
    }
    let envelope = bench.session("packagelist?api_key=apikey").await;
    let list = envelope["data"].as_array().unwrap();
    let listed = list.iter().find(|package| package["package_code"] == "XLEDU2_PULSA").unwrap();
    let details = json!({ "max_daily_transaction_limit": 2, "current_daily_transaction_count": 2 });
    assert_eq!(listed["daily_limit_details"], details);
    bench.pass_ms(17 * 3_600_000);
    let token = super::access_token(&bench.prolong(NUMBER, &token).await);
    assert_eq!(told(&bench.buy(NUMBER, &token, "XLEDU2_PULSA", "BALANCE").await), (200, true));
}

#[tokio::test]
async fn some_packages_may_be_open_once() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    let trx_id = trx_id(&bench.buy(NUMBER, &token, "XLYOUTUBE_PULSA", "BALANCE").await);
    assert_eq!(told(&bench.buy(NUMBER, &token, "XLYOUTUBE_PULSA", "BALANCE").await), (438, false));
    bench.pass_ms(3_000);
    assert_eq!(bench.check(&trx_id).await["status"], 1);
    assert_eq!(told(&bench.buy(NUMBER, &token, "XLYOUTUBE_PULSA", "BALANCE").await), (200, true));
}

#[tokio::test]
async fn an_unknown_transaction_is_refused() {
    let bench = Bench::start().await;
    bench.order("xld1", "087800001230", "of-the-other-dialect").await;
    for trx_id in ["", "nothing", "of-the-other-dialect"] {
        let envelope = bench.session(&format!("checktransaction?api_key=apikey&trx_id={trx_id}")).await;
        assert_eq!(told(&envelope), (404, false), "{trx_id}");
    }
}
