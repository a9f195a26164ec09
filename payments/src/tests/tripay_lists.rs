//! Tripay's list of orders: the way to an order whose reference is not known, and to a day's payments.

use domain::{PayTo, ProviderState, Rupiah, StatusVerdict, TopupMethod, UtcMillis};

use super::{answers, charge_ref, has_line, http, one_answer, tripay};
use crate::{ListedPayment, PayAnswer, PayError, PayGateway};

/// An entry as the public papers show it, with an account that is a number.
fn entry(reference: &str, merchant_ref: &str, status: &str, created_at: i64, paid_at: &str) -> String {
    format!(
        r#"{{"reference":"{reference}","merchant_ref":{merchant_ref},"payment_selection_type":"static","payment_method":"QRIS2","payment_name":"QRIS","customer_name":"7QK2-M9DA-X3TP","customer_email":"kasir@toko.example","customer_phone":null,"callback_url":null,"return_url":null,"amount":50000,"fee_merchant":1100,"fee_customer":0,"total_fee":1100,"amount_received":48900,"pay_code":45649878666155,"pay_url":null,"checkout_url":"https://tripay.co.id/checkout/x","order_items":[],"status":"{status}","note":null,"created_at":{created_at},"expired_at":1625574229,"paid_at":{paid_at}}}"#
    )
}

fn ours(reference: &str, status: &str) -> String {
    entry(reference, r#""topup-1""#, status, 1_625_567_029, "null")
}

fn list(entries: &[String]) -> String {
    format!(
        r#"{{"success":true,"message":"Success","data":[{}],"pagination":{{"sort":"desc","offset":{{"from":1,"to":1}},"current_page":1,"previous_page":null,"next_page":null,"last_page":1,"per_page":50,"total_records":{}}}}}"#,
        entries.join(","),
        entries.len()
    )
}

async fn looked_up(status: u16, body: &str) -> PayAnswer<StatusVerdict> {
    let (url, _seen) = one_answer(http(status, body));
    tripay(&url).status(&charge_ref(TopupMethod::Qris)).await
}

#[tokio::test]
async fn only_an_empty_list_means_that_there_is_no_order() {
    assert_eq!(looked_up(200, &list(&[])).await.verdict, StatusVerdict::NoSuchOrder);
    let bare = r#"{"success":true,"message":"Success","data":[]}"#;
    assert_eq!(looked_up(200, bare).await.verdict, StatusVerdict::NoSuchOrder);
    for (status, body, note) in [
        (200, list(&[entry("T1", r#""topup-11""#, "PAID", 1, "2")]), "a list of other orders"),
        (200, list(&[entry("T1", "null", "PAID", 1, "2")]), "a list of other orders"),
        (
            200,
            list(&[]).replace(r#""total_records":0"#, r#""total_records":3"#),
            "an empty page of a list that is not empty",
        ),
        (200, r#"{"success":true,"data":null}"#.to_owned(), "a field is missing or of another type"),
        (200, r#"{"success":true}"#.to_owned(), "a field is missing or of another type"),
        (
            401,
            r#"{"success":false,"message":"Invalid API Key"}"#.to_owned(),
            "a failure that proves nothing here",
        ),
        (
            404,
            r#"{"success":false,"message":"Not found"}"#.to_owned(),
            "an HTTP status that proves nothing together with this answer",
        ),
        (404, list(&[]), "an HTTP status that proves nothing together with this answer"),
        (500, list(&[]), "a server error"),
        (200, "<html>".to_owned(), "not JSON"),
    ] {
        let answer = looked_up(status, &body).await;
        assert_eq!(
            (answer.verdict, answer.evidence.note.as_str()),
            (StatusVerdict::Unknown, note),
            "{status} {body}"
        );
    }
}

/// Reference, state, time to pay and QR code of what was found.
fn found(answer: &PayAnswer<StatusVerdict>) -> (&str, ProviderState, Option<UtcMillis>, Option<&PayTo>) {
    let StatusVerdict::Found(facts) = &answer.verdict else { panic!("{answer:?}") };
    assert_eq!((facts.gross, facts.fee), (Rupiah::new(50_000), Some(Rupiah::new(1_100))));
    (facts.transaction_id.as_deref().unwrap(), facts.state, facts.expires_at, facts.pay_to.as_ref())
}

#[tokio::test]
async fn money_goes_before_time_among_orders_of_one_id() {
    const ENDS: Option<UtcMillis> = Some(UtcMillis(1_625_574_229_000));
    let answer = looked_up(200, &list(&[ours("T1", "PAID")])).await;
    assert_eq!(found(&answer), ("T1", ProviderState::Paid, ENDS, None));
    let other = entry("T0", r#""topup-2""#, "PAID", 1, "2");
    let several = [other, ours("T3", "EXPIRED"), ours("T2", "PAID"), ours("T1", "UNPAID")];
    assert_eq!(found(&looked_up(200, &list(&several)).await), ("T2", ProviderState::Paid, ENDS, None));
    let several = [ours("T3", "EXPIRED"), ours("T2", "FAILED")];
    assert_eq!(found(&looked_up(200, &list(&several)).await), ("T3", ProviderState::Expired, ENDS, None));
    // Two payments are for a human.
    let answer = looked_up(200, &list(&[ours("T2", "PAID"), ours("T1", "PAID")])).await;
    assert_eq!(answer.verdict, StatusVerdict::Unknown);
    assert_eq!(answer.evidence.note, "several paid orders under one id");
    // One of ours that cannot be read could be the paid one.
    let odd = ours("T1", "PAID").replace(r#""amount":50000"#, r#""amount":50000.5"#);
    assert_eq!(looked_up(200, &list(&[ours("T2", "EXPIRED"), odd])).await.verdict, StatusVerdict::Unknown);
}

#[tokio::test]
async fn the_detail_is_asked_for_what_the_list_does_not_have() {
    let listed = http(200, &list(&[ours("T1", "UNPAID")]));
    let detail = format!(
        r#"{{"success":true,"message":"","data":{}}}"#,
        ours("T1", "UNPAID")
            .replace(r#""pay_code":45649878666155"#, r#""pay_code":null,"qr_string":"000201""#)
    );
    let (url, seen) = answers(vec![listed.clone(), http(200, &detail)]);
    let answer = tripay(&url).status(&charge_ref(TopupMethod::Qris)).await;
    let (reference, state, _, pay_to) = found(&answer);
    assert_eq!((reference, state), ("T1", ProviderState::Pending));
    assert_eq!(pay_to, Some(&PayTo::Qr("000201".to_owned())));
    let requests = seen.join().unwrap();
    assert!(has_line(&requests[1], "GET /base/transaction/detail?reference=T1 HTTP/1.1"), "{requests:?}");

    // Without it the order is still found.
    let (url, _seen) = answers(vec![listed, http(500, "<html>")]);
    let answer = tripay(&url).status(&charge_ref(TopupMethod::Qris)).await;
    let (reference, state, _, pay_to) = found(&answer);
    assert_eq!((reference, state, pay_to), ("T1", ProviderState::Pending, None));
}

#[tokio::test]
async fn a_days_payments_page_by_page() {
    const DAY: i64 = 1_625_500_000;
    let paid = |number: i64, paid_at: i64| {
        entry(
            &format!("T{number}"),
            &format!(r#""topup-{number}""#),
            "PAID",
            DAY + 100 - number,
            &paid_at.to_string(),
        )
    };
    // The last of the first page stands on the second as well, as a payment came between the two questions.
    let first: Vec<_> = (0..50).map(|number| paid(number, DAY + number)).collect();
    let second = [
        paid(49, DAY + 49),
        paid(50, DAY - 1),
        paid(51, DAY + 60),
        entry("T52", "null", "PAID", DAY, "5"),
        paid(53, DAY + 40),
    ];
    let (url, seen) = answers(vec![http(200, &list(&first)), http(200, &list(&second))]);
    let (from, until) = (UtcMillis(DAY * 1_000), UtcMillis((DAY + 60) * 1_000));
    let payments = tripay(&url).paid_between(from, until).await.unwrap().unwrap();
    let ids: Vec<_> = payments.iter().map(|payment| payment.transaction_id.clone()).collect();
    let expected: Vec<_> = (0..50).chain([53]).map(|number| format!("T{number}")).collect();
    assert_eq!(ids, expected);
    let one = ListedPayment {
        order_id: "topup-53".to_owned(),
        transaction_id: "T53".to_owned(),
        gross: Rupiah::new(50_000),
        fee: Some(Rupiah::new(1_100)),
        paid_at: UtcMillis((DAY + 40) * 1_000),
    };
    assert_eq!(payments.last(), Some(&one));
    let requests = seen.join().unwrap();
    for (request, page) in requests.iter().zip(1..) {
        let line =
            format!("GET /base/merchant/transactions?status=PAID&sort=desc&per_page=50&page={page} HTTP/1.1");
        assert!(has_line(request, &line), "{request}");
    }
}

#[tokio::test]
async fn old_orders_end_the_reading() {
    const DAY: i64 = 1_625_500_000;
    // A full page whose last order was made a day and an hour before, and a second more.
    let page = |last_made_at: i64| {
        let mut entries: Vec<_> = (0..49)
            .map(|number| entry(&format!("T{number}"), r#""a""#, "PAID", DAY, &DAY.to_string()))
            .collect();
        entries.push(entry("T49", r#""a""#, "PAID", last_made_at, &DAY.to_string()));
        http(200, &list(&entries))
    };
    let (from, until) = (UtcMillis(DAY * 1_000), UtcMillis((DAY + 60) * 1_000));
    let (url, _seen) = answers(vec![page(DAY - 25 * 3_600 - 1)]);
    assert_eq!(tripay(&url).paid_between(from, until).await.unwrap().map(|list| list.len()), Some(50));
    // One second younger, and the next page is asked for: it is not there.
    let (url, _seen) = answers(vec![page(DAY - 25 * 3_600), http(500, "")]);
    assert_eq!(tripay(&url).paid_between(from, until).await, Err(PayError::Unreadable));
}

#[tokio::test]
async fn half_a_list_is_no_list() {
    let good = entry("T1", r#""a""#, "PAID", 1, "2");
    for (status, body, error) in [
        (401, r#"{"success":false,"message":"Invalid API Key"}"#.to_owned(), PayError::Login),
        (200, r#"{"success":false,"message":"?"}"#.to_owned(), PayError::Unreadable),
        (200, list(&[good.replace(r#""amount":50000"#, r#""amount":50000.5"#)]), PayError::Unreadable),
        (200, list(&[good.replace(r#""paid_at":2"#, r#""paid_at":null"#)]), PayError::Unreadable),
        (200, list(&[good.replace("T1", "a b")]), PayError::Unreadable),
        (200, list(&["5".to_owned()]), PayError::Unreadable),
        (200, r#"{"success":true,"data":{}}"#.to_owned(), PayError::Unreadable),
        (502, "<html>".to_owned(), PayError::Unreadable),
    ] {
        let (url, _seen) = one_answer(http(status, &body));
        let (from, until) = (UtcMillis(0), UtcMillis(10_000));
        assert_eq!(tripay(&url).paid_between(from, until).await, Err(error), "{status} {body}");
    }
}
