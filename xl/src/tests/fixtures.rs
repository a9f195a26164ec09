//! Requests byte for byte, and answers as the contract paper writes them.

use std::time::Duration;

use domain::{Ask, Rupiah, ShopTrouble, Verdict};

use super::{STORED, any_gateway, config, gateway, http, one_answer, order, stored};
use crate::{ConfigError, Digiflazz, DigiflazzConfig, Gateway, GatewayError, QueryKind, StoredRequest};

fn body_of(request: &str) -> &str {
    request.split_once("\r\n\r\n").unwrap().1
}

#[test]
fn an_order_is_stored_without_secrets() {
    let order =
        crate::Order { max_price: Rupiah::new(48_250), ..order("test1", "xld10", "+62 878-0000-1230") };
    let text = any_gateway().order(&order);
    assert_eq!(text.as_str(), STORED);
    assert_eq!(serde_json::from_str::<StoredRequest>(&serde_json::to_string(&text).unwrap()).unwrap(), text);
}

#[tokio::test]
async fn a_first_send_and_a_query_send_the_same_bytes() {
    const BODY: &str = r#"{"username":"username","sign":"e54414720db8e70813b0ad379c9d1d7f","buyer_sku_code":"xld10","customer_no":"087800001230","ref_id":"test1","max_price":48250}"#;
    const ANSWER: &str = r#"{"data":{"ref_id":"test1","customer_no":"087800001230","buyer_sku_code":"xld10","message":"Transaksi Sukses","status":"Sukses","rc":"00","sn":"1234567890","buyer_last_saldo":100000,"price":48000}}"#;
    for ask in [Ask::FirstSend, Ask::Query] {
        let (url, seen) = one_answer(http("200 OK", ANSWER));
        let answer = gateway(&url).send(&stored(), ask, &|| true).await;
        let request = seen.join().unwrap();
        assert!(request.starts_with("POST /v1/transaction HTTP/1.1\r\n"), "{request}");
        assert!(request.contains("content-type: application/json\r\n"), "{request}");
        assert_eq!(body_of(&request), BODY);
        let delivered = Verdict::Delivered {
            serial_number: Some("1234567890".to_owned()),
            charged: Some(Rupiah::new(48_000)),
        };
        assert_eq!(answer.verdict, delivered);
        assert_eq!((answer.evidence.http_status, answer.evidence.code.as_deref()), (Some(200), Some("00")));
        assert_eq!((answer.evidence.body.as_str(), answer.evidence.note.as_str()), (ANSWER, "answered"));
    }
}

#[tokio::test]
async fn a_stored_order_keeps_its_bytes_whatever_their_form() {
    // An older version may have stored other fields, spaces or another order of fields.
    let text = r#"{ "ref_id": "test1", "max_price": 1, "later": "x", "customer_no": "0878", "buyer_sku_code": "a" }"#;
    let (url, seen) = one_answer(http("200 OK", "{}"));
    gateway(&url).send(&StoredRequest::from_stored(text), Ask::Query, &|| true).await;
    let request = seen.join().unwrap();
    let expected = format!(
        r#"{{"username":"username","sign":"e54414720db8e70813b0ad379c9d1d7f",{}"#,
        text.strip_prefix('{').unwrap()
    );
    assert_eq!(body_of(&request), expected);
}

#[tokio::test]
async fn asks_for_the_deposit() {
    for (answer, expected) in [
        (r#"{"data":{"deposit":500000000}}"#, Ok(Rupiah::new(500_000_000))),
        (r#"{"data":{"deposit":"500000000"}}"#, Ok(Rupiah::new(500_000_000))),
        (r#"{"data":{"deposit":1.5}}"#, Err(GatewayError::Unreadable("no deposit"))),
        (r#"{"data":{}}"#, Err(GatewayError::Unreadable("no deposit"))),
        ("<html>", Err(GatewayError::Unreadable("not JSON"))),
        (
            r#"{"data":{"rc":"41","message":"Signature tidak valid"}}"#,
            Err(GatewayError::Refused { code: "41".to_owned(), trouble: Some(ShopTrouble::Key) }),
        ),
        (
            r#"{"data":{"rc":"45","message":"IP"}}"#,
            Err(GatewayError::Refused { code: "45".to_owned(), trouble: Some(ShopTrouble::Address) }),
        ),
    ] {
        let (url, seen) = one_answer(http("200 OK", answer));
        assert_eq!(gateway(&url).deposit().await, expected, "{answer}");
        let request = seen.join().unwrap();
        assert!(request.starts_with("POST /v1/cek-saldo HTTP/1.1\r\n"), "{request}");
        let body = r#"{"cmd":"deposit","username":"username","sign":"e251663c764fe6136a8f9c6861720241"}"#;
        assert_eq!(body_of(&request), body);
    }
    let (url, _seen) = one_answer(http("502 Bad Gateway", "<html>"));
    assert_eq!(gateway(&url).deposit().await, Err(GatewayError::Http(502)));
    assert_eq!(any_gateway().deposit().await, Err(GatewayError::NotReached));
}

#[tokio::test]
async fn reads_a_price_list() {
    const ANSWER: &str = r#"{"data":[
        {"product_name":"Xtra Combo 10 GB","category":"Data","brand":"XL","type":"Umum","seller_name":"PT A","price":48250,
         "buyer_sku_code":"xld10","buyer_product_status":true,"seller_product_status":true,"unlimited_stock":true,"stock":0,
         "multi":true,"start_cut_off":"0:0","end_cut_off":"0:0","desc":"Kuota 10 GB"},
        {"product_name":"AXIS 2 GB","category":"Data","brand":"AXIS","type":"Bronet","seller_name":"PT B","price":"15600",
         "buyer_sku_code":"axb2","buyer_product_status":true,"seller_product_status":false,"unlimited_stock":false,"stock":"3",
         "multi":false,"start_cut_off":"23:30","end_cut_off":"0:30","desc":"-"},
        {"product_name":"Without a price","buyer_sku_code":"odd"}]}"#;
    let (url, seen) = one_answer(http("200 OK", ANSWER));
    let list = gateway(&url).list_packages().await.unwrap();
    let request = seen.join().unwrap();
    assert!(request.starts_with("POST /v1/price-list HTTP/1.1\r\n"), "{request}");
    let body = r#"{"cmd":"prepaid","username":"username","sign":"67408e55fae28a2b8adfc8f64efa94aa"}"#;
    assert_eq!(body_of(&request), body);

    let [xld10, axb2] = list.as_slice() else { panic!("{list:?}") };
    assert_eq!((xld10.sku.as_str(), xld10.price), ("xld10", Rupiah::new(48_250)));
    assert_eq!(
        (xld10.is_active, xld10.stock, &xld10.cut_off, xld10.is_repeatable),
        (true, None, &None, true)
    );
    assert_eq!(
        (axb2.brand.as_str(), axb2.kind.as_str(), axb2.price),
        ("AXIS", "Bronet", Rupiah::new(15_600))
    );
    assert_eq!((axb2.is_active, axb2.stock, axb2.is_repeatable), (false, Some(3), false));
    assert_eq!(axb2.cut_off, Some(("23:30".to_owned(), "0:30".to_owned())));

    let (url, _seen) = one_answer(http("200 OK", r#"{"data":{"rc":"83","message":"Limitasi"}}"#));
    let too_often = GatewayError::TooOften { code: "83".to_owned() };
    assert_eq!(gateway(&url).list_packages().await, Err(too_often));
}

#[test]
fn says_what_it_can() {
    let gateway = any_gateway();
    assert_eq!((gateway.name(), gateway.query_kind()), ("digiflazz", QueryKind::Resend));
    let limits = gateway.limits();
    assert_eq!(limits.answer_within, Duration::from_secs(20));
    assert_eq!(limits.between_queries, Duration::from_secs(60));
    assert_eq!(limits.query_until_age, Duration::from_secs(6_912_000));
    let usual = DigiflazzConfig::new("https://api.digiflazz.com/v1", "u", "k");
    assert_eq!(
        (usual.connect_timeout, usual.total_timeout),
        (Duration::from_secs(5), Duration::from_secs(30))
    );
}

#[test]
fn refuses_configurations_that_cannot_work() {
    for url in
        ["", "api.digiflazz.com", "ftp://a/v1", "https://u:p@a/v1", "https://a/v1?k=1", "https://a/v1#x"]
    {
        assert_eq!(Digiflazz::new(config(url)).unwrap_err(), ConfigError::BaseUrl, "{url}");
    }
    let no_key = DigiflazzConfig::new("https://api.digiflazz.com/v1", "username", "");
    assert_eq!(Digiflazz::new(no_key).unwrap_err(), ConfigError::Credentials);
}

#[test]
fn debug_shows_no_secret_and_no_url() {
    let shown =
        format!("{:?} {:?}", config("https://hidden.example/v1"), gateway("https://hidden.example/v1"));
    for secret in ["apikey", "hook-secret", "hidden.example"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
