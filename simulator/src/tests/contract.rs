//! What a well-behaved gateway does.

use serde_json::{Value, json};

use super::{Bench, START_MS};
use crate::OrderState;

#[tokio::test]
async fn tells_the_deposit() {
    let bench = Bench::start().await;
    let request = r#"{"cmd":"deposit","username":"username","sign":"e251663c764fe6136a8f9c6861720241"}"#;
    let (status, body) = bench.post("/digiflazz/v1/cek-saldo", request).await.unwrap();
    assert_eq!((status, body.as_str()), (200, r#"{"data":{"deposit":50000000}}"#));
}

#[tokio::test]
async fn lists_prices_once_in_five_minutes() {
    let bench = Bench::start().await;
    let all = r#"{"cmd":"prepaid","username":"username","sign":"67408e55fae28a2b8adfc8f64efa94aa"}"#;
    let (_, body) = bench.post("/digiflazz/v1/price-list", all).await.unwrap();
    let list: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(list["data"].as_array().unwrap().len(), 30);
    let xld10 = json!({
        "product_name": "Xtra Combo 10 GB", "category": "Data", "brand": "XL", "type": "Umum",
        "seller_name": "Simulator", "price": 48250, "buyer_sku_code": "xld10", "buyer_product_status": true,
        "seller_product_status": true, "unlimited_stock": true, "stock": 0, "multi": true,
        "start_cut_off": "0:0", "end_cut_off": "0:0",
        "desc": "Kuota utama 10 GB, bonus lokal 5 GB, nelpon sesama XL, 28 hari.",
    });
    assert!(list["data"].as_array().unwrap().contains(&xld10));

    let (_, body) = bench.post("/digiflazz/v1/price-list", all).await.unwrap();
    assert!(body.contains(r#""rc":"83""#), "{body}");
    let one =
        r#"{"cmd":"prepaid","code":"xld10","username":"username","sign":"67408e55fae28a2b8adfc8f64efa94aa"}"#;
    let (_, body) = bench.post("/digiflazz/v1/price-list", one).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), json!({ "data": [xld10] }));
    bench.pass_ms(300_000);
    let (_, body) = bench.post("/digiflazz/v1/price-list", all).await.unwrap();
    assert!(!body.contains(r#""rc":"83""#));
}

#[tokio::test]
async fn the_first_test_number_succeeds() {
    let bench = Bench::start().await;
    let request = r#"{"username":"username","buyer_sku_code":"xld10","customer_no":"087800001230","ref_id":"test1","sign":"e54414720db8e70813b0ad379c9d1d7f","max_price":48250}"#;
    let (status, body) = bench.post("/digiflazz/v1/transaction", request).await.unwrap();
    let answer: Value = serde_json::from_str(&body).unwrap();
    let sn = answer["data"]["sn"].as_str().unwrap();
    assert_eq!(sn.len(), 18);
    let expected = json!({ "data": {
        "ref_id": "test1", "customer_no": "087800001230", "buyer_sku_code": "xld10", "message": "Transaksi Sukses",
        "status": "Sukses", "rc": "00", "sn": sn, "buyer_last_saldo": 49_951_750, "price": 48_250,
    }});
    assert_eq!((status, &answer), (200, &expected));

    // The same reference again is the status query.
    let (_, again) = bench.post("/digiflazz/v1/transaction", request).await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&again).unwrap(), expected);
    let book = bench.get("/book/test1").await;
    assert_eq!(book["times_received"], 2);
    assert_eq!((&book["times_charged"], &book["times_delivered"]), (&json!(1), &json!(1)));
    let totals = json!({
        "references": 1, "charged_rupiah": 48_250, "charges": 1, "deliveries": 1, "charged_twice": 0,
    });
    assert_eq!(bench.get("/book").await["totals"], totals);
}

#[tokio::test]
async fn the_other_test_numbers_and_their_ends() {
    let bench = Bench::start().await;
    let failed = bench.order("xld10", "087800001232", "b").await;
    assert_eq!((&failed["status"], &failed["rc"]), (&json!("Gagal"), &json!("02")));
    assert_eq!(bench.really("b"), Some((0, 0, 0)));

    for (number, rc, really) in [
        ("087800001233", "00", (1, 1, 4_150)),
        ("087800001234", "02", (0, 0, 0)),
        ("087800001235", "03", (1, 0, 4_150)),
        ("087812345678", "00", (1, 1, 4_150)),
    ] {
        let first = bench.order("xld1", number, number).await;
        assert_eq!((&first["status"], &first["rc"]), (&json!("Pending"), &json!("03")), "{number}");
        bench.pass_ms(2_999);
        assert_eq!(bench.order("xld1", number, number).await["rc"], "03", "{number}");
        bench.pass_ms(1);
        assert_eq!(bench.order("xld1", number, number).await["rc"], rc, "{number}");
        assert_eq!(bench.really(number), Some(really), "{number}");
    }
}

#[tokio::test]
async fn refuses_what_it_must() {
    let bench = Bench::start().await;
    let wrong_key = r#"{"username":"username","buyer_sku_code":"xld1","customer_no":"087800001230","ref_id":"k","sign":"00000000000000000000000000000000"}"#;
    let (_, body) = bench.post("/digiflazz/v1/transaction", wrong_key).await.unwrap();
    assert!(body.contains(r#""rc":"41""#) && body.contains(r#""ref_id":"k""#), "{body}");
    assert_eq!(bench.really("k"), None);
    let (_, body) = bench.post("/digiflazz/v1/transaction", "{}").await.unwrap();
    assert!(body.contains(r#""rc":"40""#), "{body}");

    bench.admin("/admin/prices", json!({ "sku": "xld3", "active": false })).await;
    bench.admin("/admin/prices", json!({ "sku": "xld4", "stock": 1 })).await;
    assert_eq!(bench.order("xld4", "087800001230", "last").await["rc"], "00");
    for (sku, number, rc) in [
        ("nothing", "087800001230", "43"),
        ("xld3", "087800001230", "43"),
        ("xld1", "0878", "57"),
        ("xld1", "081200001230", "52"),
        ("xld4", "087800001230", "68"),
        ("xld1", "087800001244", "44"),
        ("xld1", "087800001245", "68"),
    ] {
        let ref_id = format!("{sku}-{number}");
        assert_eq!(bench.order(sku, number, &ref_id).await["rc"], rc, "{ref_id}");
        assert_eq!(bench.really(&ref_id), Some((0, 0, 0)), "{ref_id}");
        assert_eq!(bench.simulator.order(&ref_id).unwrap().state, OrderState::NotFormed);
    }

    bench.admin("/admin/deposit", json!({ "set": 4_149 })).await;
    assert_eq!(bench.order("xld1", "087800001230", "poor").await["rc"], "44");
    bench.admin("/admin/deposit", json!({ "add": 1 })).await;
    assert_eq!(bench.order("xld1", "087800001230", "poor").await["rc"], "00");
    assert_eq!(bench.simulator.deposit_rupiah(), 0);
}

#[tokio::test]
async fn a_price_above_the_limit_is_refused() {
    let bench = Bench::start().await;
    bench.admin("/admin/prices", json!({ "sku": "xld10", "price": 48_251 })).await;
    let request = r#"{"username":"username","buyer_sku_code":"xld10","customer_no":"087800001230","ref_id":"test1","sign":"e54414720db8e70813b0ad379c9d1d7f","max_price":48250}"#;
    let (_, body) = bench.post("/digiflazz/v1/transaction", request).await.unwrap();
    assert!(body.contains(r#""rc":"69""#), "{body}");
    assert_eq!(bench.really("test1"), Some((0, 0, 0)));
}

#[tokio::test]
async fn a_reference_lives_ninety_days() {
    let bench = Bench::start().await;
    bench.order("xld1", "087800001230", "old").await;
    bench.admin("/admin/clock", json!({ "ahead_ms": 90 * 86_400_000_i64 })).await;
    bench.order("xld1", "087800001230", "old").await;
    assert_eq!(bench.really("old"), Some((1, 1, 4_150)));
    let now = bench.admin("/admin/clock", json!({ "ahead_ms": 90 * 86_400_000_i64 + 1 })).await;
    assert_eq!(now["now_ms"], START_MS + 90 * 86_400_000 + 1);
    bench.order("xld1", "087800001230", "old").await;
    assert_eq!(bench.really("old"), Some((2, 2, 8_300)));
}

#[tokio::test]
async fn one_reference_is_for_one_order() {
    let bench = Bench::start().await;
    bench.order("xld1", "087800001230", "r").await;
    assert_eq!(bench.order("xld2", "087800001230", "r").await["rc"], "49");
    assert_eq!(bench.order("xld1", "087900001230", "r").await["rc"], "49");
    assert_eq!(bench.really("r"), Some((1, 1, 4_150)));
}
