//! What Tripay's answers about one order prove, with answers shaped as its developer guide shows them.

use domain::{
    ChargeFacts, ChargeRefusal, ChargeVerdict, PayTo, ProviderState, Rupiah, StatusVerdict, TopupMethod,
    UtcMillis,
};

use super::{charge_ref, http, one_answer, order, tripay};
use crate::tripay::outcome::{Charge, Question, Row, TABLE};
use crate::{ChargeRef, PayAnswer, PayGateway};

const MADE: &str = r#"{"success":true,"message":"","data":{"reference":"T0001000000000000006","merchant_ref":"topup-1","payment_selection_type":"static","payment_method":"BRIVA","payment_name":"BRI Virtual Account","customer_name":"7QK2-M9DA-X3TP","customer_email":"kasir@toko.example","customer_phone":null,"callback_url":null,"return_url":null,"amount":50000,"fee_merchant":4250,"fee_customer":0,"total_fee":4250,"amount_received":45750,"pay_code":"57585748548596587","pay_url":null,"checkout_url":"https://tripay.co.id/checkout/T0001000000000000006","status":"UNPAID","expired_time":1625574229,"order_items":[{"sku":null,"name":"Top-up","price":50000,"quantity":1,"subtotal":50000}],"instructions":[{"title":"Internet Banking","steps":["..."]}],"qr_string":null,"qr_url":null}}"#;

fn facts() -> ChargeFacts {
    ChargeFacts {
        order_id: "topup-1".to_owned(),
        transaction_id: Some("T0001000000000000006".to_owned()),
        gross: Rupiah::new(50_000),
        in_rupiah: true,
        own_merchant: true,
        state: ProviderState::Pending,
        pay_to: Some(PayTo::Account("57585748548596587".to_owned())),
        expires_at: Some(UtcMillis(1_625_574_229_000)),
        fee: Some(Rupiah::new(4_250)),
        returned: None,
    }
}

async fn charged(method: TopupMethod, status: u16, body: &str) -> PayAnswer<ChargeVerdict> {
    let (url, _seen) = one_answer(http(status, body));
    tripay(&url).charge(&order(method)).await
}

async fn asked(status: u16, body: &str) -> PayAnswer<StatusVerdict> {
    let (url, _seen) = one_answer(http(status, body));
    let reference = Some("T0001000000000000006".to_owned());
    tripay(&url).status(&ChargeRef { transaction_id: reference, ..charge_ref(TopupMethod::VaBri) }).await
}

fn changed(from: &str, to: &str) -> String {
    assert!(MADE.contains(from), "{from}");
    MADE.replace(from, to)
}

#[tokio::test]
async fn a_charge_that_was_made() {
    let answer = charged(TopupMethod::VaBri, 200, MADE).await;
    assert_eq!(answer.verdict, ChargeVerdict::Made(facts()));
    assert_eq!((answer.evidence.http_status, answer.evidence.code), (Some(200), None));
    assert_eq!((answer.evidence.body.as_str(), answer.evidence.note.as_str()), (MADE, "answered"));
    assert_eq!(charged(TopupMethod::VaBri, 201, MADE).await.verdict, ChargeVerdict::Made(facts()));

    let qris = changed(r#""qr_string":null"#, r#""qr_string":"000201010212""#)
        .replace(r#""pay_code":"57585748548596587""#, r#""pay_code":null"#);
    let made = ChargeFacts { pay_to: Some(PayTo::Qr("000201010212".to_owned())), ..facts() };
    assert_eq!(charged(TopupMethod::Qris, 200, &qris).await.verdict, ChargeVerdict::Made(made));
    // A number may have lost its leading zeros, so it is not shown.
    let number = changed(r#""57585748548596587""#, "57585748548596587");
    let made = ChargeFacts { pay_to: None, ..facts() };
    assert_eq!(charged(TopupMethod::VaBri, 200, &number).await.verdict, ChargeVerdict::Made(made));
}

#[tokio::test]
async fn refusals_of_a_charge() {
    const FAILED: &str = r#"{"success":false,"message":"Invalid API Key"}"#;
    let refused = ChargeVerdict::Refused;
    for (status, verdict) in [
        (400, refused(ChargeRefusal::Request)),
        (422, refused(ChargeRefusal::Request)),
        (401, refused(ChargeRefusal::Login)),
        (403, refused(ChargeRefusal::Login)),
        (429, ChargeVerdict::NotNow),
        // Nothing public says what these would mean.
        (200, ChargeVerdict::Unknown),
        (404, ChargeVerdict::Unknown),
        (408, ChargeVerdict::Unknown),
        (409, ChargeVerdict::Unknown),
        (500, ChargeVerdict::Unknown),
        (503, ChargeVerdict::Unknown),
    ] {
        assert_eq!(charged(TopupMethod::Qris, status, FAILED).await.verdict, verdict, "{status}");
        // Of an order that may be there none of them proves anything.
        assert_eq!(asked(status, FAILED).await.verdict, StatusVerdict::Unknown, "{status}");
    }
}

#[tokio::test]
async fn states_of_an_order() {
    for (word, state) in [
        ("UNPAID", ProviderState::Pending),
        ("PAID", ProviderState::Paid),
        ("EXPIRED", ProviderState::Expired),
        ("FAILED", ProviderState::Denied),
        ("REFUND", ProviderState::Refunded),
        ("paid", ProviderState::Unclear),
        ("SETTLED", ProviderState::Unclear),
        ("", ProviderState::Unclear),
    ] {
        let answer = asked(200, &changed("UNPAID", word)).await;
        assert_eq!(answer.verdict, StatusVerdict::Found(ChargeFacts { state, ..facts() }), "{word}");
    }
}

#[tokio::test]
async fn what_the_payer_pays_includes_a_fee_of_theirs() {
    for (amount, fee_customer, received, gross) in [
        // Nothing for the payer: the amount alone counts, whatever the merchant receives.
        ("50000", "0", "1", 50_000),
        ("50000", "null", "1", 50_000),
        // With the fee in the amount, and with it beside.
        ("54250", "4250", "45750", 54_250),
        ("50000", "4250", "45750", 54_250),
        (r#""50000.00""#, "0", "45750", 50_000),
    ] {
        let body = changed(r#""amount":50000"#, &format!(r#""amount":{amount}"#))
            .replace(r#""fee_customer":0"#, &format!(r#""fee_customer":{fee_customer}"#))
            .replace(r#""amount_received":45750"#, &format!(r#""amount_received":{received}"#));
        let found = ChargeFacts { gross: Rupiah::new(gross), ..facts() };
        assert_eq!(asked(200, &body).await.verdict, StatusVerdict::Found(found), "{amount} {fee_customer}");
    }
    // What the gateway keeps is told where it can be read, and keeps no payment from being seen.
    let body = changed(r#""fee_merchant":4250"#, r#""fee_merchant":4250.5"#);
    let found = ChargeFacts { fee: None, ..facts() };
    assert_eq!(asked(200, &body).await.verdict, StatusVerdict::Found(found));
}

#[tokio::test]
async fn answers_that_prove_nothing() {
    let amount = |to: &str| changed(r#""amount":50000"#, &format!(r#""amount":{to}"#));
    for (status, body, note) in [
        (200, changed("topup-1", "topup-2"), "an answer about another order"),
        (
            200,
            changed(r#""merchant_ref":"topup-1""#, r#""merchant_ref":null"#),
            "a field is missing or of another type",
        ),
        (200, changed(r#""reference":"#, r#""other":"#), "a field is missing or of another type"),
        (200, changed(r#""status":"#, r#""other":"#), "a field is missing or of another type"),
        (200, changed("T0001000000000000006", "a b"), "an id that cannot be read"),
        (200, amount("50000.5"), "an amount that cannot be read"),
        (200, amount("50000.0"), "an amount that cannot be read"),
        (200, amount(r#""50000.50""#), "an amount that cannot be read"),
        (200, amount("0"), "an amount that cannot be read"),
        (200, amount("-50000"), "an amount that cannot be read"),
        (200, amount("null"), "an amount that cannot be read"),
        (200, changed(r#""fee_customer":0"#, r#""fee_customer":0.5"#), "an amount that cannot be read"),
        (200, changed(r#""success":true"#, r#""success":"true""#), "a field is missing or of another type"),
        (200, r#"{"success":true}"#.to_owned(), "a field is missing or of another type"),
        (200, r#"{"success":true,"data":[]}"#.to_owned(), "a field is missing or of another type"),
        (400, MADE.to_owned(), "an HTTP status that proves nothing together with this answer"),
        (500, MADE.to_owned(), "a server error"),
        (302, MADE.to_owned(), "a redirect, not followed"),
        (200, MADE[..MADE.len() - 1].to_owned(), "not JSON"),
        (200, "<html>".to_owned(), "not JSON"),
        (429, "Too Many Requests".to_owned(), "not JSON"),
    ] {
        let answer = charged(TopupMethod::VaBri, status, &body).await;
        assert_eq!(
            (answer.verdict, answer.evidence.note.as_str()),
            (ChargeVerdict::Unknown, note),
            "{status} {body}"
        );
        let verdict = asked(status, &body).await.verdict;
        assert_eq!(verdict, StatusVerdict::Unknown, "{status} {body}");
    }
    // Asked by its reference, another order of the same id is another order.
    let other = changed("T0001000000000000006", "T0001000000000000007");
    assert_eq!(asked(200, &other).await.evidence.note, "an answer about another order");
}

#[tokio::test]
async fn evidence_is_short_and_without_secrets() {
    let echo = r#"{"success":false,"message":"DEV-api-key private-key"}"#;
    let answer = charged(TopupMethod::Qris, 401, echo).await;
    assert_eq!(answer.evidence.body, r#"{"success":false,"message":"[redacted] [redacted]"}"#);
    let long = format!("{}private-key", "x".repeat(4_092));
    let answer = charged(TopupMethod::Qris, 502, &long).await;
    assert!(answer.evidence.body.len() <= 4_096 && !answer.evidence.body.contains("priv"));
}

#[test]
fn every_row_of_the_table() {
    let table: Vec<_> = TABLE
        .iter()
        .map(|row| {
            let charge = match row.charge {
                Charge::Made => "made".to_owned(),
                Charge::Refused(refusal) => format!("refused: {}", refusal.as_str()),
                Charge::NotNow => "not now".to_owned(),
            };
            let question = match row.question {
                Question::Answered => "answered",
                Question::Login => "login",
                Question::Unknown => "unknown",
            };
            assert!(!row.meaning.is_empty());
            (row.http, row.success, charge, question)
        })
        .collect();
    let expected = [
        ((200, 299), true, "made", "answered"),
        ((400, 400), false, "refused: request", "unknown"),
        ((401, 401), false, "refused: login", "login"),
        ((403, 403), false, "refused: login", "login"),
        ((422, 422), false, "refused: request", "unknown"),
        ((429, 429), false, "not now", "unknown"),
    ];
    let expected: Vec<_> =
        expected.iter().map(|&(http, success, a, b)| (http, success, a.to_owned(), b)).collect();
    assert_eq!(table, expected);
    for (status, success) in
        [(200, false), (199, true), (300, true), (400, true), (402, false), (404, false), (500, false)]
    {
        assert!(Row::of(status, success).is_none(), "{status} {success}");
    }
}
