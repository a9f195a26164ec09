//! Requests to Midtrans byte for byte, and what the adapter says of itself.

use std::time::Duration;

use domain::{
    CancelVerdict, ChargeRefusal, ChargeVerdict, RefundVerdict, Rupiah, StatusVerdict, TopupMethod,
};

use super::{
    NOW, NOWHERE, charge_ref, has_line, http, midtrans, midtrans_config, one_answer, order, refund_of,
    request,
};
use crate::{
    ChargeOrder, ChargeRef, Midtrans, MidtransConfig, PayConfigError, PayError, PayGateway, RefundOrder,
};

const AUTHORIZATION: &str = "authorization: Basic U0ItTWlkLXNlcnZlci1hYmMxMjM6";

#[tokio::test]
async fn a_charge_for_each_way_of_paying() {
    for (method, body) in [
        (
            TopupMethod::Qris,
            r#"{"payment_type":"qris","transaction_details":{"order_id":"topup-1","gross_amount":50000},"qris":{"acquirer":"gopay"},"custom_expiry":{"expiry_duration":120,"unit":"minute"}}"#,
        ),
        (
            TopupMethod::VaBca,
            r#"{"payment_type":"bank_transfer","transaction_details":{"order_id":"topup-1","gross_amount":50000},"bank_transfer":{"bank":"bca"},"custom_expiry":{"expiry_duration":120,"unit":"minute"}}"#,
        ),
        (
            TopupMethod::VaBni,
            r#"{"payment_type":"bank_transfer","transaction_details":{"order_id":"topup-1","gross_amount":50000},"bank_transfer":{"bank":"bni"},"custom_expiry":{"expiry_duration":120,"unit":"minute"}}"#,
        ),
        (
            TopupMethod::VaBri,
            r#"{"payment_type":"bank_transfer","transaction_details":{"order_id":"topup-1","gross_amount":50000},"bank_transfer":{"bank":"bri"},"custom_expiry":{"expiry_duration":120,"unit":"minute"}}"#,
        ),
        (
            TopupMethod::VaPermata,
            r#"{"payment_type":"bank_transfer","transaction_details":{"order_id":"topup-1","gross_amount":50000},"bank_transfer":{"bank":"permata"},"custom_expiry":{"expiry_duration":120,"unit":"minute"}}"#,
        ),
        (
            TopupMethod::BillMandiri,
            r#"{"payment_type":"echannel","transaction_details":{"order_id":"topup-1","gross_amount":50000},"echannel":{"bill_info1":"Payment:","bill_info2":"Top-up"},"custom_expiry":{"expiry_duration":120,"unit":"minute"}}"#,
        ),
    ] {
        let (url, seen) = one_answer(http(200, "{}"));
        midtrans(&url).charge(&order(method)).await;
        let (head, sent) = request(seen);
        assert!(has_line(&head, "POST /base/v2/charge HTTP/1.1"), "{head}");
        for line in [
            AUTHORIZATION,
            "accept: application/json",
            "content-type: application/json",
            "idempotency-key: topup-1",
        ] {
            assert!(has_line(&head, line), "{line}: {head}");
        }
        assert_eq!(sent, body);
    }
}

#[tokio::test]
async fn the_time_to_pay_is_rounded_up_and_long_enough() {
    for (method, left_ms, minutes) in [
        (TopupMethod::Qris, 15 * 60_000, 15),
        (TopupMethod::Qris, 15 * 60_000 + 1, 16),
        (TopupMethod::Qris, 60_000, 15),
        (TopupMethod::Qris, -60_000, 15),
        (TopupMethod::VaBca, 60_001, 2),
        (TopupMethod::VaBca, 0, 1),
        (TopupMethod::VaBca, i64::MIN, 1),
    ] {
        let order = ChargeOrder { expires_at: NOW.plus_ms(left_ms), ..order(method) };
        let (url, seen) = one_answer(http(200, "{}"));
        midtrans(&url).charge(&order).await;
        let (_, sent) = request(seen);
        let expiry = format!(r#""custom_expiry":{{"expiry_duration":{minutes},"unit":"minute"}}}}"#);
        assert!(sent.ends_with(&expiry), "{left_ms}: {sent}");
    }
}

#[tokio::test]
async fn questions_and_wishes_about_an_order() {
    let (url, seen) = one_answer(http(200, "{}"));
    midtrans(&url).status(&charge_ref(TopupMethod::Qris)).await;
    let (head, body) = request(seen);
    assert!(
        has_line(&head, "GET /base/v2/topup-1/status HTTP/1.1") && has_line(&head, AUTHORIZATION),
        "{head}"
    );
    assert_eq!(body, "");

    let (url, seen) = one_answer(http(200, "{}"));
    midtrans(&url).cancel(&charge_ref(TopupMethod::Qris)).await;
    let (head, body) = request(seen);
    assert!(
        has_line(&head, "POST /base/v2/topup-1/cancel HTTP/1.1") && has_line(&head, AUTHORIZATION),
        "{head}"
    );
    assert_eq!(body, "");

    let (url, seen) = one_answer(http(200, "{}"));
    midtrans(&url).refund(&refund_of(TopupMethod::Qris)).await;
    let (head, body) = request(seen);
    assert!(
        has_line(&head, "POST /base/v2/topup-1/refund HTTP/1.1") && has_line(&head, AUTHORIZATION),
        "{head}"
    );
    assert_eq!(body, r#"{"refund_key":"refund-1","amount":20000,"reason":"Top-up paid back"}"#);
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_sent() {
    // Nobody listens there: a call that was made would be told by its note.
    let gateway = midtrans(NOWHERE);
    for method in [TopupMethod::StaticQris, TopupMethod::Transfer] {
        let answer = gateway.charge(&order(method)).await;
        assert_eq!(answer.verdict, ChargeVerdict::Refused(ChargeRefusal::Method), "{method:?}");
        assert_eq!(answer.evidence.note, "a way of paying that this gateway does not have");
    }
    for gross in [0, -50_000] {
        let answer =
            gateway.charge(&ChargeOrder { gross: Rupiah::new(gross), ..order(TopupMethod::Qris) }).await;
        assert_eq!(answer.verdict, ChargeVerdict::Refused(ChargeRefusal::Amount));
    }
    for order_id in ["", "..", "a/b", "topup 1"] {
        let order = ChargeOrder { order_id: order_id.to_owned(), ..order(TopupMethod::Qris) };
        assert_eq!(gateway.charge(&order).await.verdict, ChargeVerdict::Refused(ChargeRefusal::Request));
        let charge = ChargeRef { order_id: order_id.to_owned(), ..charge_ref(TopupMethod::Qris) };
        let (status, cancel) = (gateway.status(&charge).await, gateway.cancel(&charge).await);
        assert_eq!((status.verdict, cancel.verdict), (StatusVerdict::Unknown, CancelVerdict::Unknown));
        assert_eq!(status.evidence.note, "an order id that cannot be asked about");
    }
    for method in
        [TopupMethod::VaBca, TopupMethod::VaPermata, TopupMethod::BillMandiri, TopupMethod::Transfer]
    {
        let answer = gateway.refund(&refund_of(method)).await;
        assert_eq!(answer.verdict, RefundVerdict::Refused, "{method:?}");
        assert_eq!(answer.evidence.note, "only QRIS can be paid back through this gateway");
    }
    let nothing = RefundOrder { amount: Rupiah::ZERO, ..refund_of(TopupMethod::Qris) };
    assert_eq!(gateway.refund(&nothing).await.verdict, RefundVerdict::Refused);
}

#[tokio::test]
async fn address_and_key_are_probed_with_an_order_that_cannot_be() {
    for (status, body, expected) in [
        (404, r#"{"status_code":"404","status_message":"Transaction doesn't exist.","id":"x"}"#, Ok(())),
        (200, r#"{"status_code":"404","status_message":"Transaction doesn't exist.","id":"x"}"#, Ok(())),
        (401, r#"{"status_code":"401","status_message":"Access denied"}"#, Err(PayError::Login)),
        (200, r#"{"status_code":"401","status_message":"Access denied"}"#, Err(PayError::Login)),
        (404, "<html>Not Found</html>", Err(PayError::Unreadable)),
        (404, r#"{"message":"no Route matched"}"#, Err(PayError::Unreadable)),
        (500, r#"{"status_code":"404"}"#, Err(PayError::Unreadable)),
        (302, r#"{"status_code":"404"}"#, Err(PayError::Unreadable)),
        (200, r#"{"status_code":"200"}"#, Err(PayError::Unreadable)),
    ] {
        let (url, seen) = one_answer(http(status, body));
        assert_eq!(midtrans(&url).probe().await, expected, "{status} {body}");
        let (head, _) = request(seen);
        assert!(has_line(&head, "GET /base/v2/probe-of-address-and-key/status HTTP/1.1"), "{head}");
    }
    assert_eq!(midtrans(NOWHERE).probe().await, Err(PayError::NotReached));
    assert_eq!(midtrans(NOWHERE).paid_between(NOW, NOW).await, Ok(None));
}

#[test]
fn says_what_it_can() {
    let gateway = midtrans("https://api.sandbox.midtrans.com");
    assert_eq!(gateway.name(), "midtrans");
    let limits = gateway.limits();
    assert_eq!(limits.answer_within, Duration::from_secs(20));
    assert_eq!(limits.charge_repeats_within, Duration::from_secs(270));
    assert_eq!(limits.least_expiry, Duration::from_secs(900));
    let offered: Vec<_> =
        TopupMethod::ALL.iter().filter(|method| gateway.offers(**method)).copied().collect();
    assert_eq!(
        offered,
        [
            TopupMethod::Qris,
            TopupMethod::VaBca,
            TopupMethod::VaBni,
            TopupMethod::VaBri,
            TopupMethod::VaPermata,
            TopupMethod::BillMandiri
        ]
    );
    let usual = MidtransConfig::new("https://api.midtrans.com", "k");
    assert_eq!(
        (usual.connect_timeout, usual.total_timeout),
        (Duration::from_secs(5), Duration::from_secs(15))
    );
}

#[test]
fn the_account_names_host_and_merchant_and_no_key() {
    let account = |config| Midtrans::new(config).unwrap().account().to_owned();
    let named = midtrans_config("https://api.midtrans.com");
    assert_eq!(account(named.clone()), "G490526303@api.midtrans.com");
    let other_key = MidtransConfig { server_key: "other".to_owned(), ..named };
    assert_eq!(account(other_key), "G490526303@api.midtrans.com");

    let unnamed = |base_url: &str, key: &str| account(MidtransConfig::new(base_url, key));
    let fingerprint = "key-eb2c2185fd6407f7@api.midtrans.com";
    assert_eq!(unnamed("https://api.midtrans.com", "SB-Mid-server-abc123"), fingerprint);
    assert_eq!(unnamed("https://api.midtrans.com:8443/proxy/", "SB-Mid-server-abc123"), fingerprint);
    assert_ne!(unnamed("https://api.sandbox.midtrans.com", "SB-Mid-server-abc123"), fingerprint);
    assert_ne!(unnamed("https://api.midtrans.com", "Mid-server-live"), fingerprint);
}

#[test]
fn refuses_configurations_that_cannot_work() {
    for url in ["", "api.midtrans.com", "ftp://a", "https://u:p@a", "https://a?k=1", "https://a#x"] {
        assert_eq!(Midtrans::new(midtrans_config(url)).unwrap_err(), PayConfigError::BaseUrl, "{url}");
    }
    for key in ["", " ", "a b", "a\n", "é"] {
        let config = MidtransConfig::new("https://api.midtrans.com", key);
        assert_eq!(Midtrans::new(config).unwrap_err(), PayConfigError::Credentials, "{key:?}");
    }
    let config =
        MidtransConfig { merchant_id: Some(String::new()), ..midtrans_config("https://api.midtrans.com") };
    assert_eq!(Midtrans::new(config).unwrap_err(), PayConfigError::Credentials);
}

#[test]
fn debug_shows_no_secret_and_no_url() {
    let url = "https://hidden.example";
    let shown = format!("{:?} {:?}", midtrans_config(url), midtrans(url));
    for secret in ["SB-Mid-server-abc123", "U0ItTWlkLXNlcnZlci1hYmMxMjM6", "hidden.example"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("G490526303"), "{shown}");
}
