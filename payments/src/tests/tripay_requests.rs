//! Requests to Tripay byte for byte, and what the adapter says of itself.

use std::time::Duration;

use domain::{
    CancelVerdict, ChargeRefusal, ChargeVerdict, RefundVerdict, Rupiah, StatusVerdict, TopupMethod,
};

use super::{
    NOW, NOWHERE, charge_ref, has_line, http, one_answer, order, refund_of, request, tripay, tripay_config,
};
use crate::{ChargeOrder, ChargeRef, PayConfigError, PayError, PayGateway, Tripay, TripayConfig};

const AUTHORIZATION: &str = "authorization: Bearer DEV-api-key";

#[tokio::test]
async fn a_charge_byte_for_byte() {
    // Two hours after 1,625,567,029; the signature was computed apart, with Python's hmac.
    const BODY: &str = r#"{"method":"BRIVA","merchant_ref":"topup-1","amount":50000,"customer_name":"7QK2-M9DA-X3TP","customer_email":"kasir@toko.example","order_items":[{"name":"Top-up","price":50000,"quantity":1}],"expired_time":1625574229,"signature":"633b9880fef4b7b7ba90e1077ba6f1b6d7de6135b5f736095b135991cde2e555"}"#;
    let (url, seen) = one_answer(http(200, "{}"));
    tripay(&url).charge(&order(TopupMethod::VaBri)).await;
    let (head, sent) = request(seen);
    assert!(has_line(&head, "POST /base/transaction/create HTTP/1.1"), "{head}");
    for line in [AUTHORIZATION, "accept: application/json", "content-type: application/json"] {
        assert!(has_line(&head, line), "{line}: {head}");
    }
    assert_eq!(sent, BODY);
}

#[tokio::test]
async fn without_an_address_of_the_shops_nobody_gets_receipts() {
    let (url, seen) = one_answer(http(200, "{}"));
    let config = TripayConfig { receipt_email: None, ..tripay_config(&url) };
    Tripay::new(config).unwrap().charge(&order(TopupMethod::VaBri)).await;
    let (_, sent) = request(seen);
    assert!(sent.contains(r#""customer_email":"no-reply@example.com""#), "{sent}");
}

#[tokio::test]
async fn the_signature_of_the_public_example() {
    // The developer guide's own example of merchant, order, amount, key and signature.
    let (url, seen) = one_answer(http(200, "{}"));
    let key = "ytf6ooi2gmlNPfpchd94jDOk8hRWOu".to_owned();
    let gateway = Tripay::new(TripayConfig { private_key: key, ..tripay_config(&url) }).unwrap();
    let order = ChargeOrder {
        order_id: "INV55567".to_owned(),
        gross: Rupiah::new(1_500_000),
        ..order(TopupMethod::VaBca)
    };
    gateway.charge(&order).await;
    let (_, sent) = request(seen);
    let signature = r#""signature":"9f167eba844d1fcb369404e2bda53702e2f78f7aa12e91da6715414e65b8c86a"}"#;
    assert!(sent.ends_with(signature), "{sent}");
}

#[tokio::test]
async fn channels_and_their_times_to_pay() {
    for (method, qris_channel, left_minutes, code, kept_minutes) in [
        (TopupMethod::VaBca, "QRIS2", 120, "BCAVA", 120),
        (TopupMethod::VaBni, "QRIS2", 120, "BNIVA", 120),
        (TopupMethod::VaBri, "QRIS2", 15, "BRIVA", 61),
        (TopupMethod::VaPermata, "QRIS2", 15, "PERMATAVA", 61),
        (TopupMethod::VaBca, "QRIS2", 0, "BCAVA", 16),
        (TopupMethod::VaBca, "QRIS2", 100_000, "BCAVA", 1_439),
        (TopupMethod::Qris, "QRIS2", 120, "QRIS2", 120),
        (TopupMethod::Qris, "QRISC", 5, "QRISC", 11),
        (TopupMethod::Qris, "QRIS", 120, "QRIS", 59),
    ] {
        let (url, seen) = one_answer(http(200, "{}"));
        let config = TripayConfig { qris_channel: qris_channel.to_owned(), ..tripay_config(&url) };
        let order = ChargeOrder { expires_at: NOW.plus_ms(left_minutes * 60_000), ..order(method) };
        Tripay::new(config).unwrap().charge(&order).await;
        let (_, sent) = request(seen);
        assert!(sent.starts_with(&format!(r#"{{"method":"{code}","#)), "{sent}");
        let expired_time = 1_625_567_029 + kept_minutes * 60;
        assert!(
            sent.contains(&format!(r#""expired_time":{expired_time},"#)),
            "{method:?} {left_minutes}: {sent}"
        );
    }
}

#[tokio::test]
async fn questions_about_an_order() {
    let (url, seen) = one_answer(http(200, "{}"));
    let known = ChargeRef { transaction_id: Some("DEV-T1&x".to_owned()), ..charge_ref(TopupMethod::Qris) };
    tripay(&url).status(&known).await;
    let (head, body) = request(seen);
    assert!(has_line(&head, "GET /base/transaction/detail?reference=DEV-T1%26x HTTP/1.1"), "{head}");
    assert!(has_line(&head, AUTHORIZATION), "{head}");
    assert_eq!(body, "");

    let (url, seen) = one_answer(http(200, "{}"));
    tripay(&url).status(&charge_ref(TopupMethod::Qris)).await;
    let (head, _) = request(seen);
    let line = "GET /base/merchant/transactions?merchant_ref=topup-1&sort=desc&per_page=50 HTTP/1.1";
    assert!(has_line(&head, line) && has_line(&head, AUTHORIZATION), "{head}");
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_sent() {
    // Nobody listens there: a call that was made would be told by its note.
    let gateway = tripay(NOWHERE);
    for method in [TopupMethod::BillMandiri, TopupMethod::StaticQris, TopupMethod::Transfer] {
        let answer = gateway.charge(&order(method)).await;
        assert_eq!(answer.verdict, ChargeVerdict::Refused(ChargeRefusal::Method), "{method:?}");
    }
    let nothing = ChargeOrder { gross: Rupiah::ZERO, ..order(TopupMethod::Qris) };
    assert_eq!(gateway.charge(&nothing).await.verdict, ChargeVerdict::Refused(ChargeRefusal::Amount));
    let odd = ChargeOrder { order_id: "a b".to_owned(), ..order(TopupMethod::Qris) };
    assert_eq!(gateway.charge(&odd).await.verdict, ChargeVerdict::Refused(ChargeRefusal::Request));
    let odd = ChargeRef { order_id: "a b".to_owned(), ..charge_ref(TopupMethod::Qris) };
    let answer = gateway.status(&odd).await;
    assert_eq!(answer.verdict, StatusVerdict::Unknown);
    assert_eq!(answer.evidence.note, "an order id that cannot be asked about");

    let answer = gateway.cancel(&charge_ref(TopupMethod::Qris)).await;
    let told = (answer.verdict, answer.evidence.note.as_str());
    assert_eq!(told, (CancelVerdict::TooLate, "this gateway cannot call off"));
    let answer = gateway.refund(&refund_of(TopupMethod::Qris)).await;
    let told = (answer.verdict, answer.evidence.note.as_str());
    assert_eq!(told, (RefundVerdict::Refused, "this gateway cannot pay back"));
}

#[tokio::test]
async fn address_and_key_are_probed_with_the_list_of_channels() {
    for (status, body, expected) in [
        (200, r#"{"success":true,"message":"Success","data":[]}"#, Ok(())),
        (401, r#"{"success":false,"message":"Invalid API Key"}"#, Err(PayError::Login)),
        (403, r#"{"success":false,"message":"Invalid API Key"}"#, Err(PayError::Login)),
        (200, r#"{"success":false,"message":"?"}"#, Err(PayError::Unreadable)),
        (400, r#"{"success":false,"message":"?"}"#, Err(PayError::Unreadable)),
        (401, r#"{"success":true}"#, Err(PayError::Unreadable)),
        (500, r#"{"success":true}"#, Err(PayError::Unreadable)),
        (200, "<html>", Err(PayError::Unreadable)),
    ] {
        let (url, seen) = one_answer(http(status, body));
        assert_eq!(tripay(&url).probe().await, expected, "{status} {body}");
        let (head, _) = request(seen);
        assert!(has_line(&head, "GET /base/merchant/payment-channel HTTP/1.1"), "{head}");
    }
}

#[test]
fn says_what_it_can() {
    let gateway = tripay("https://tripay.co.id/api");
    assert_eq!(gateway.name(), "tripay");
    let limits = gateway.limits();
    assert_eq!(limits.answer_within, Duration::from_secs(40));
    assert_eq!(
        (limits.charge_repeats_within, limits.least_expiry),
        (Duration::ZERO, Duration::from_secs(3_600))
    );
    let offered: Vec<_> =
        TopupMethod::ALL.iter().filter(|method| gateway.offers(**method)).copied().collect();
    assert_eq!(
        offered,
        [
            TopupMethod::Qris,
            TopupMethod::VaBca,
            TopupMethod::VaBni,
            TopupMethod::VaBri,
            TopupMethod::VaPermata
        ]
    );
}

#[test]
fn the_account_tells_the_sandbox_apart() {
    let account = |base_url| tripay(base_url).account().to_owned();
    assert_eq!(account("https://tripay.co.id/api"), "T0001@tripay.co.id");
    assert_eq!(account("https://tripay.co.id:8443/other/"), "T0001@tripay.co.id");
    assert_eq!(account("https://tripay.co.id/api-sandbox/"), "sandbox:T0001@tripay.co.id");
}

#[test]
fn refuses_configurations_that_cannot_work() {
    let refused = |config| Tripay::new(config).unwrap_err();
    let good = || tripay_config("https://tripay.co.id/api");
    assert_eq!(refused(tripay_config("tripay.co.id")), PayConfigError::BaseUrl);
    for bad in ["", "a b", "a\n"] {
        for config in [
            TripayConfig { merchant_code: bad.to_owned(), ..good() },
            TripayConfig { api_key: bad.to_owned(), ..good() },
            TripayConfig { private_key: bad.to_owned(), ..good() },
        ] {
            assert_eq!(refused(config), PayConfigError::Credentials, "{bad:?}");
        }
    }
    for bad in ["", "kasir", "a@b"] {
        let config = TripayConfig { receipt_email: Some(bad.to_owned()), ..good() };
        assert_eq!(refused(config), PayConfigError::ReceiptEmail, "{bad:?}");
    }
    for bad in ["", "qris", "QRIS3", "OVO"] {
        let config = TripayConfig { qris_channel: bad.to_owned(), ..good() };
        assert_eq!(refused(config), PayConfigError::QrisChannel, "{bad:?}");
    }
}

#[test]
fn debug_shows_no_secret_and_no_url() {
    let url = "https://hidden.example";
    let shown = format!("{:?} {:?}", tripay_config(url), tripay(url));
    for secret in ["DEV-api-key", "private-key", "kasir@toko.example", "hidden.example"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("T0001"), "{shown}");
}
