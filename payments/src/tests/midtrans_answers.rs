//! What Midtrans' answers prove, with answers as the contract paper writes them.

use domain::{
    CancelVerdict, ChargeFacts, ChargeRefusal, ChargeVerdict, PayTo, ProviderState, RefundVerdict, Rupiah,
    StatusVerdict, TopupMethod, UtcMillis,
};

use super::{charge_ref, http, midtrans, midtrans_config, one_answer, order, refund_of};
use crate::{Midtrans, MidtransConfig, PayAnswer, PayGateway};

const QRIS: &str = r#"{"status_code":"201","status_message":"QRIS transaction is created","transaction_id":"01bf5e23-7183-4cfe-862c-58a3f6e8f0a2","order_id":"topup-1","merchant_id":"G490526303","gross_amount":"50000.00","currency":"IDR","payment_type":"qris","transaction_time":"2021-07-06 17:23:49","transaction_status":"pending","fraud_status":"accept","actions":[{"name":"generate-qr-code","method":"GET","url":"https://api.midtrans.com/v2/qris/x/qr-code"}],"qr_string":"00020101021226620014COM.GO-JEK.WWW","acquirer":"gopay","expiry_time":"2021-07-06 17:38:49"}"#;

async fn charged(method: TopupMethod, status: u16, body: &str) -> PayAnswer<ChargeVerdict> {
    let (url, _seen) = one_answer(http(status, body));
    midtrans(&url).charge(&order(method)).await
}

async fn asked(method: TopupMethod, status: u16, body: &str) -> PayAnswer<StatusVerdict> {
    let (url, _seen) = one_answer(http(status, body));
    midtrans(&url).status(&charge_ref(method)).await
}

fn facts(state: ProviderState) -> ChargeFacts {
    ChargeFacts {
        order_id: "topup-1".to_owned(),
        transaction_id: None,
        gross: Rupiah::new(50_000),
        in_rupiah: true,
        own_merchant: true,
        state,
        pay_to: None,
        expires_at: None,
        fee: None,
        returned: None,
    }
}

/// A status answer with these three words.
fn status_body(code: &str, word: &str, more: &str) -> String {
    format!(
        r#"{{"status_code":"{code}","order_id":"topup-1","gross_amount":"50000.00","transaction_status":"{word}"{more}}}"#
    )
}

#[tokio::test]
async fn a_qris_charge_that_was_made() {
    let answer = charged(TopupMethod::Qris, 200, QRIS).await;
    let made = ChargeFacts {
        transaction_id: Some("01bf5e23-7183-4cfe-862c-58a3f6e8f0a2".to_owned()),
        pay_to: Some(PayTo::Qr("00020101021226620014COM.GO-JEK.WWW".to_owned())),
        expires_at: Some(UtcMillis(1_625_567_929_000)),
        ..facts(ProviderState::Pending)
    };
    assert_eq!(answer.verdict, ChargeVerdict::Made(made.clone()));
    assert_eq!((answer.evidence.http_status, answer.evidence.code.as_deref()), (Some(200), Some("201")));
    assert_eq!((answer.evidence.body.as_str(), answer.evidence.note.as_str()), (QRIS, "answered"));
    // The status of the same order reads the same.
    assert_eq!(asked(TopupMethod::Qris, 200, QRIS).await.verdict, StatusVerdict::Found(made.clone()));
    assert_eq!(charged(TopupMethod::Qris, 201, QRIS).await.verdict, ChargeVerdict::Made(made));
}

#[tokio::test]
async fn what_the_payer_needs_for_each_way_of_paying() {
    let account = |number: &str| Some(PayTo::Account(number.to_owned()));
    let bill = Some(PayTo::Bill { biller: "70012".to_owned(), key: "088123456".to_owned() });
    for (method, more, pay_to) in [
        (
            TopupMethod::VaBca,
            r#","va_numbers":[{"bank":"bca","va_number":"0123456789"}]"#,
            account("0123456789"),
        ),
        (
            TopupMethod::VaBni,
            r#","va_numbers":[{"bank":"bni","va_number":"9880069475028047"}]"#,
            account("9880069475028047"),
        ),
        (TopupMethod::VaBri, r#","va_numbers":[{"bank":"bri","va_number":"1234"}]"#, account("1234")),
        (TopupMethod::VaPermata, r#","permata_va_number":"8562000087926752""#, account("8562000087926752")),
        (TopupMethod::VaPermata, r#","va_numbers":[{"bank":"permata","va_number":"85"}]"#, account("85")),
        (TopupMethod::BillMandiri, r#","biller_code":"70012","bill_key":"088123456""#, bill),
        // Missing, of another type, or of another bank: then there is nothing to show.
        (TopupMethod::Qris, "", None),
        (TopupMethod::Qris, r#","qr_string":5"#, None),
        (TopupMethod::VaBca, r#","va_numbers":[]"#, None),
        (TopupMethod::VaBca, r#","va_numbers":[{"bank":"bni","va_number":"1234"}]"#, None),
        (TopupMethod::VaBca, r#","va_numbers":[{"bank":"bca","va_number":1234}]"#, None),
        (TopupMethod::VaBca, r#","va_numbers":[{"bank":"bca","va_number":"12 34"}]"#, None),
        (TopupMethod::VaBca, r#","permata_va_number":"1234""#, None),
        (TopupMethod::BillMandiri, r#","biller_code":"70012""#, None),
    ] {
        let answer = charged(method, 200, &status_body("201", "pending", more)).await;
        let made = ChargeFacts { pay_to, ..facts(ProviderState::Pending) };
        assert_eq!(answer.verdict, ChargeVerdict::Made(made), "{method:?} {more}");
    }
}

#[tokio::test]
async fn refusals_of_a_charge() {
    let refused = ChargeVerdict::Refused;
    for (status, code, verdict) in [
        (200, "400", refused(ChargeRefusal::Request)),
        (400, "400", refused(ChargeRefusal::Request)),
        (200, "401", refused(ChargeRefusal::Login)),
        (401, "401", refused(ChargeRefusal::Login)),
        (200, "402", refused(ChargeRefusal::Method)),
        (200, "406", ChargeVerdict::Exists),
        (406, "406", ChargeVerdict::Exists),
        (429, "429", ChargeVerdict::NotNow),
        (200, "404", ChargeVerdict::Unknown),
        (200, "407", ChargeVerdict::Unknown),
        (200, "412", ChargeVerdict::Unknown),
        (200, "500", ChargeVerdict::Unknown),
        (200, "505", ChargeVerdict::Unknown),
    ] {
        let body = format!(r#"{{"status_code":"{code}","status_message":"Words prove nothing: success"}}"#);
        let answer = charged(TopupMethod::Qris, status, &body).await;
        assert_eq!(answer.verdict, verdict, "{status} {code}");
        assert_eq!(answer.evidence.code.as_deref(), Some(code));
    }
    let denied = charged(TopupMethod::Qris, 200, &status_body("202", "deny", "")).await;
    assert_eq!(denied.verdict, ChargeVerdict::Made(facts(ProviderState::Denied)));
}

#[tokio::test]
async fn a_key_of_the_sandbox_in_production() {
    // As the gateway answers when key and host do not belong together.
    let body = r#"{"status_code":"401","status_message":"Access denied due to unauthorized transaction, please check client or server key","id":"x"}"#;
    let answer = charged(TopupMethod::Qris, 401, body).await;
    assert_eq!(answer.verdict, ChargeVerdict::Refused(ChargeRefusal::Login));
    // Of an order that may be there it proves nothing.
    assert_eq!(asked(TopupMethod::Qris, 401, body).await.verdict, StatusVerdict::Unknown);
}

#[tokio::test]
async fn paid_only_with_code_word_and_fraud_check_together() {
    for (code, word, more, state) in [
        ("200", "settlement", "", ProviderState::Paid),
        ("200", "settlement", r#","fraud_status":"accept""#, ProviderState::Paid),
        ("200", "settlement", r#","fraud_status":null"#, ProviderState::Paid),
        ("200", "capture", r#","fraud_status":"accept""#, ProviderState::Paid),
        ("200", "settlement", r#","fraud_status":"challenge""#, ProviderState::Unclear),
        ("200", "settlement", r#","fraud_status":"deny""#, ProviderState::Unclear),
        ("200", "settlement", r#","fraud_status":"""#, ProviderState::Unclear),
        ("201", "settlement", "", ProviderState::Unclear),
        ("202", "settlement", "", ProviderState::Unclear),
        ("407", "settlement", "", ProviderState::Unclear),
        ("200", "Settlement", "", ProviderState::Unclear),
        ("200", "authorize", "", ProviderState::Unclear),
        ("200", "paid", "", ProviderState::Unclear),
        ("200", "", "", ProviderState::Unclear),
        ("201", "pending", "", ProviderState::Pending),
        ("407", "expire", "", ProviderState::Expired),
        ("200", "cancel", "", ProviderState::Cancelled),
        ("202", "deny", "", ProviderState::Denied),
        ("200", "failure", "", ProviderState::Denied),
        ("200", "refund", "", ProviderState::Refunded),
        ("200", "partial_refund", "", ProviderState::PartlyRefunded),
        ("200", "chargeback", "", ProviderState::ChargedBack),
        ("200", "partial_chargeback", "", ProviderState::PartlyChargedBack),
    ] {
        let answer = asked(TopupMethod::Qris, 200, &status_body(code, word, more)).await;
        assert_eq!(answer.verdict, StatusVerdict::Found(facts(state)), "{code} {word} {more}");
    }
}

#[tokio::test]
async fn what_went_back_is_told_where_it_is_said() {
    for (more, returned) in [
        (r#","refund_amount":"20000.00""#, Some(Rupiah::new(20_000))),
        (r#","refund_amount":20000"#, Some(Rupiah::new(20_000))),
        (r#","refund_amount":null"#, None),
        ("", None),
    ] {
        let answer = asked(TopupMethod::Qris, 200, &status_body("200", "partial_refund", more)).await;
        let found = ChargeFacts { returned, ..facts(ProviderState::PartlyRefunded) };
        assert_eq!(answer.verdict, StatusVerdict::Found(found), "{more}");
    }
    let odd = status_body("200", "partial_refund", r#","refund_amount":"20000.50""#);
    assert_eq!(asked(TopupMethod::Qris, 200, &odd).await.verdict, StatusVerdict::Unknown);
}

#[tokio::test]
async fn only_the_body_can_say_that_there_is_no_such_order() {
    let missing = r#"{"status_code":"404","status_message":"Transaction doesn't exist.","id":"e73ed594"}"#;
    for status in [200, 404] {
        assert_eq!(asked(TopupMethod::Qris, status, missing).await.verdict, StatusVerdict::NoSuchOrder);
    }
    for (status, body) in [
        (404, "<html>404 Not Found</html>"),
        (404, r#"{"message":"no Route matched with those values"}"#),
        (404, r#"{"status_code":"400"}"#),
        (404, ""),
        (401, missing),
        (502, missing),
        (302, missing),
        (404, r#"{"status_code":"404","order_id":"topup-2"}"#),
    ] {
        assert_eq!(
            asked(TopupMethod::Qris, status, body).await.verdict,
            StatusVerdict::Unknown,
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn answers_that_prove_nothing() {
    for (status, body, note) in [
        (
            200,
            r#"{"status_code":"200","order_id":"topup-2","gross_amount":"50000.00","transaction_status":"settlement"}"#,
            "an answer about another order",
        ),
        (
            200,
            r#"{"status_code":"200","gross_amount":"50000.00","transaction_status":"settlement"}"#,
            "a field is missing or of another type",
        ),
        (
            200,
            r#"{"status_code":"200","order_id":"topup-1","gross_amount":"50000.00"}"#,
            "a field is missing or of another type",
        ),
        (
            200,
            r#"{"status_code":"200","order_id":5,"gross_amount":"50000.00","transaction_status":"settlement"}"#,
            "a field is missing or of another type",
        ),
        (
            200,
            r#"{"order_id":"topup-1","gross_amount":"50000.00","transaction_status":"settlement"}"#,
            "a field is missing or of another type",
        ),
        (
            200,
            r#"{"status_code":"200","order_id":"topup-1","transaction_status":"settlement"}"#,
            "an amount that cannot be read",
        ),
        (
            200,
            r#"{"status_code":"200","order_id":"topup-1","gross_amount":"50000.50","transaction_status":"settlement"}"#,
            "an amount that cannot be read",
        ),
        (
            200,
            r#"{"status_code":"200","order_id":"topup-1","gross_amount":50000.00,"transaction_status":"settlement"}"#,
            "an amount that cannot be read",
        ),
        (
            200,
            r#"{"status_code":"200","order_id":"topup-1","gross_amount":"0.00","transaction_status":"settlement"}"#,
            "an amount that cannot be read",
        ),
        (
            200,
            r#"{"status_code":"200","order_id":"topup-1","transaction_id":"a b","gross_amount":"50000.00","transaction_status":"settlement"}"#,
            "an id that cannot be read",
        ),
        (
            200,
            r#"{"status_code":"299","order_id":"topup-1","gross_amount":"50000.00","transaction_status":"settlement"}"#,
            "a code that the contract does not have",
        ),
        (
            400,
            r#"{"status_code":"200","order_id":"topup-1","gross_amount":"50000.00","transaction_status":"settlement"}"#,
            "HTTP status and code contradict each other",
        ),
        (
            500,
            r#"{"status_code":"200","order_id":"topup-1","gross_amount":"50000.00","transaction_status":"settlement"}"#,
            "a server error",
        ),
        (503, r#"{"status_code":"503"}"#, "a server error"),
        (301, r#"{"status_code":"200"}"#, "a redirect, not followed"),
        (200, r#"{"status_code":"200","order_id":"topup-1""#, "not JSON"),
        (200, "<html>OK</html>", "not JSON"),
        (200, "", "not JSON"),
        (429, "Too Many Requests", "not JSON"),
        (200, "[]", "a field is missing or of another type"),
    ] {
        let (charge, question) =
            (charged(TopupMethod::Qris, status, body).await, asked(TopupMethod::Qris, status, body).await);
        assert_eq!(
            (charge.verdict, charge.evidence.note.as_str()),
            (ChargeVerdict::Unknown, note),
            "{status} {body}"
        );
        assert_eq!(
            (question.verdict, question.evidence.note.as_str()),
            (StatusVerdict::Unknown, note),
            "{status} {body}"
        );
        assert_eq!((charge.evidence.body.as_str(), charge.evidence.http_status), (body, Some(status)));
    }
}

#[tokio::test]
async fn currency_and_merchant_are_compared() {
    for (more, in_rupiah, own_merchant) in [
        ("", true, true),
        (r#","currency":"IDR","merchant_id":"G490526303""#, true, true),
        (r#","currency":"USD""#, false, true),
        (r#","currency":"idr""#, false, true),
        (r#","merchant_id":"G000000000""#, true, false),
    ] {
        let answer = asked(TopupMethod::Qris, 200, &status_body("200", "settlement", more)).await;
        let found = ChargeFacts { in_rupiah, own_merchant, ..facts(ProviderState::Paid) };
        assert_eq!(answer.verdict, StatusVerdict::Found(found), "{more}");
    }
    // Without a configured merchant there is nothing to compare with.
    let body = status_body("200", "settlement", r#","merchant_id":"G000000000""#);
    let (url, _seen) = one_answer(http(200, &body));
    let gateway = Midtrans::new(MidtransConfig { merchant_id: None, ..midtrans_config(&url) }).unwrap();
    let answer = gateway.status(&charge_ref(TopupMethod::Qris)).await;
    assert_eq!(answer.verdict, StatusVerdict::Found(facts(ProviderState::Paid)));
}

#[tokio::test]
async fn cancellations() {
    for (status, body, verdict) in [
        (200, status_body("200", "cancel", ""), CancelVerdict::Cancelled),
        (200, status_body("200", "settlement", ""), CancelVerdict::Unknown),
        (200, r#"{"status_code":"200"}"#.to_owned(), CancelVerdict::Unknown),
        (200, r#"{"status_code":"200","transaction_status":"cancel"}"#.to_owned(), CancelVerdict::Unknown),
        (200, r#"{"status_code":"200","order_id":"topup-2","transaction_status":"cancel"}"#.to_owned(), CancelVerdict::Unknown),
        (200, r#"{"status_code":"412","status_message":"Merchant cannot modify the status of the transaction"}"#.to_owned(), CancelVerdict::TooLate),
        (412, r#"{"status_code":"412"}"#.to_owned(), CancelVerdict::TooLate),
        (200, r#"{"status_code":"407"}"#.to_owned(), CancelVerdict::TooLate),
        (404, r#"{"status_code":"404"}"#.to_owned(), CancelVerdict::NoSuchOrder),
        (404, "<html>".to_owned(), CancelVerdict::Unknown),
        (401, r#"{"status_code":"401"}"#.to_owned(), CancelVerdict::Unknown),
        (500, status_body("200", "cancel", ""), CancelVerdict::Unknown),
    ] {
        let (url, _seen) = one_answer(http(status, &body));
        let answer = midtrans(&url).cancel(&charge_ref(TopupMethod::VaBca)).await;
        assert_eq!(answer.verdict, verdict, "{status} {body}");
    }
}

#[tokio::test]
async fn refunds() {
    let key = r#","refund_key":"refund-1","refund_amount":"20000.00""#;
    for (status, body, verdict) in [
        (200, status_body("200", "partial_refund", key), RefundVerdict::Done),
        (200, status_body("200", "refund", key), RefundVerdict::Done),
        (200, status_body("200", "refund", ""), RefundVerdict::Done),
        (200, status_body("200", "refund", r#","refund_key":"refund-2""#), RefundVerdict::Unknown),
        (200, status_body("200", "settlement", key), RefundVerdict::Unknown),
        (200, status_body("201", "refund", key), RefundVerdict::Unknown),
        (200, r#"{"status_code":"200","transaction_status":"refund"}"#.to_owned(), RefundVerdict::Unknown),
        (200, r#"{"status_code":"402"}"#.to_owned(), RefundVerdict::Refused),
        // A repeat of a refund that was done could be answered with these as well.
        (200, r#"{"status_code":"400"}"#.to_owned(), RefundVerdict::Unknown),
        (200, r#"{"status_code":"406"}"#.to_owned(), RefundVerdict::Unknown),
        (200, r#"{"status_code":"412"}"#.to_owned(), RefundVerdict::Unknown),
        (200, r#"{"status_code":"414"}"#.to_owned(), RefundVerdict::Unknown),
        (401, r#"{"status_code":"401"}"#.to_owned(), RefundVerdict::Unknown),
        (404, r#"{"status_code":"404"}"#.to_owned(), RefundVerdict::Unknown),
        (502, "<html>".to_owned(), RefundVerdict::Unknown),
    ] {
        let (url, _seen) = one_answer(http(status, &body));
        let answer = midtrans(&url).refund(&refund_of(TopupMethod::Qris)).await;
        assert_eq!(answer.verdict, verdict, "{status} {body}");
    }
}

#[tokio::test]
async fn evidence_is_short_and_without_secrets() {
    let echo = r#"{"status_code":"401","key":"SB-Mid-server-abc123","header":"Basic U0ItTWlkLXNlcnZlci1hYmMxMjM6","signature_key":"e840fd33"}"#;
    let redacted = r#"{"status_code":"401","key":"[redacted]","header":"Basic [redacted]","signature_key":"[redacted]"}"#;
    assert_eq!(charged(TopupMethod::Qris, 401, echo).await.evidence.body, redacted);
    // A secret across the cut must not leave its beginning behind.
    let long = format!("{}SB-Mid-server-abc123", "é".repeat(2_046));
    let answer = asked(TopupMethod::Qris, 200, &long).await;
    assert!(answer.evidence.body.len() <= 4_096);
    assert!(!answer.evidence.body.contains("SB"), "{}", answer.evidence.body.len());
}
