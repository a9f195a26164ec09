//! What answers prove that a simulator would hardly give, and what broken connections prove.

use std::net::TcpListener;

use domain::{Ask, FailReason, PaymentMethod, Rupiah, ShopTrouble, Verdict};

use super::{any_gateway, config, gateway, impatient_gateway, order, paid_by, stored, token};
use crate::tests::{http, one_answer};
use crate::{Answer, Exchange, Gateway, Session, StoredRequest};

const BOTH: [Ask; 2] = [Ask::FirstSend, Ask::Query];

async fn exchange(gateway: &Session, ask: Ask) -> Answer {
    match ask {
        Ask::FirstSend => gateway.purchase(&stored(), Some(&token()), &|| true).await,
        Ask::Query => gateway.query(&stored(), Some("t-1"), &|| true).await,
    }
}

async fn answered(ask: Ask, answer: impl Into<Vec<u8>>) -> Answer {
    let (url, _seen) = one_answer(answer);
    exchange(&gateway(&url), ask).await
}

fn envelope(code: &str, status: bool, data: &str) -> String {
    format!(r#"{{"statusCode":{code},"status":{status},"message":"Transaksi sukses","data":{data}}}"#)
}

fn no_order(reason: FailReason) -> Verdict {
    Verdict::NoOrder { reason }
}

#[tokio::test]
async fn answers_that_prove_nothing_in_either_column() {
    let proves_nothing = "an answer that proves nothing here";
    let contradiction = "status and code contradict each other";
    let field = "a field is missing or of another type";
    let good = r#"{"trx_id":"t-1","status":1}"#;
    let cases: Vec<(&str, String, &str)> = vec![
        ("200 OK", envelope("422", false, "null"), proves_nothing),
        ("200 OK", envelope("422", true, good), proves_nothing),
        ("200 OK", envelope(r#""422""#, false, "null"), proves_nothing),
        (
            "200 OK",
            r#"{"statusCode":400,"status":false,"message":"422 -> Failed call iPaaS purchase"}"#.to_owned(),
            proves_nothing,
        ),
        (
            "200 OK",
            envelope("200", true, r#"{"trx_id":"t-1","status":0,"rc_message":"422 from ipaas"}"#),
            proves_nothing,
        ),
        ("200 OK", envelope("438", false, "null"), proves_nothing),
        ("200 OK", envelope("418", false, "null"), "a code that the contract does not have"),
        ("200 OK", envelope("500", false, "null"), "a code that the contract does not have"),
        ("200 OK", envelope("200", false, good), contradiction),
        ("200 OK", envelope("402", true, good), contradiction),
        ("200 OK", envelope("null", false, "null"), field),
        ("200 OK", r#"{"status":true,"data":{"trx_id":"t-1","status":1}}"#.to_owned(), field),
        ("200 OK", r#"{"statusCode":402,"data":null}"#.to_owned(), field),
        ("200 OK", r#"{"statusCode":402,"status":"false","data":null}"#.to_owned(), field),
        ("200 OK", r#"{"statusCode":402,"status":0,"data":null}"#.to_owned(), field),
        ("200 OK", "[]".to_owned(), field),
        ("200 OK", r#"{"statusCode":402,"status":false,"#.to_owned(), "not JSON"),
        ("200 OK", String::new(), "not JSON"),
        ("200 OK", "<html>OK</html>".to_owned(), "not JSON"),
        ("302 Found", envelope("402", false, "null"), "a redirect, not followed"),
        ("307 Temporary Redirect", envelope("402", false, "null"), "a redirect, not followed"),
        ("500 Internal Server Error", envelope("402", false, "null"), "a server error"),
        ("502 Bad Gateway", "<html>".to_owned(), "a server error"),
        ("503 Service Unavailable", envelope("503", false, "null"), "a server error"),
        ("400 Bad Request", envelope("200", true, good), "HTTP status and code contradict each other"),
        ("201 Created", envelope("200", true, good), "HTTP status and code contradict each other"),
        ("429 Too Many Requests", "Too Many Requests".to_owned(), "not JSON"),
        (
            "200 OK",
            envelope("200", true, r#"{"trx_id":"t-1","status":1,"package_code":"OTHER"}"#),
            "an answer about another order",
        ),
        (
            "200 OK",
            envelope("200", true, r#"{"trx_id":"t-1","status":1,"msisdn":"087800001231"}"#),
            "an answer about another order",
        ),
    ];
    for (status, body, note) in cases {
        for ask in BOTH {
            let answer = answered(ask, http(status, &body)).await;
            assert_eq!(answer.verdict, Verdict::Unknown, "{ask:?} {status} {body}");
            assert_eq!(answer.evidence.note, note, "{ask:?} {status} {body}");
            assert_eq!((answer.evidence.body, answer.evidence.exchange), (body.clone(), Exchange::Answered));
        }
    }
}

#[tokio::test]
async fn a_success_without_an_id_proves_nothing() {
    for data in ["null", "{}", "[]", r#"{"trx_id":""}"#, r#"{"trx_id":null}"#, r#"{"trx_id":"a b"}"#] {
        let answer = answered(Ask::FirstSend, http("200 OK", &envelope("200", true, data))).await;
        assert_eq!((answer.verdict, answer.evidence.provider_id), (Verdict::Unknown, None), "{data}");
        assert_eq!(answer.evidence.note, "an answer that proves nothing here");
    }
}

#[tokio::test]
async fn refusals_prove_something_only_of_a_first_send() {
    let later = |reason| Verdict::TryLater { reason };
    for (code, status, expected) in [
        ("434", "200 OK", no_order(FailReason::OutOfStock)),
        (r#""434""#, "200 OK", no_order(FailReason::OutOfStock)),
        ("436", "400 Bad Request", no_order(FailReason::Shop(ShopTrouble::Deposit))),
        ("429", "429 Too Many Requests", later(FailReason::ProviderBusy)),
        ("503", "200 OK", later(FailReason::ProviderBusy)),
        ("401", "200 OK", later(FailReason::SessionEnded)),
        ("402", "200 OK", no_order(FailReason::PulsaTooLow)),
    ] {
        let answer = http(status, &envelope(code, false, "null"));
        let first = answered(Ask::FirstSend, answer.clone()).await;
        assert_eq!(first.verdict, expected, "{code}");
        let query = answered(Ask::Query, answer).await;
        assert_eq!(query.verdict, Verdict::Unknown, "{code}");
    }
}

#[tokio::test]
async fn the_three_statuses_of_a_transaction() {
    let failed = Verdict::Failed { reason: FailReason::ProviderFailed };
    let delivered = Verdict::Delivered { serial_number: None, charged: None };
    for (data, expected, refunded) in [
        (r#""status":1"#, delivered.clone(), None),
        (r#""status":"1","is_refunded":"false","sn_only":"""#, delivered, None),
        (r#""status":1,"is_refunded":true,"refund_amount":3500"#, Verdict::Unknown, Some(3_500)),
        (r#""status":2"#, Verdict::Pending, None),
        (r#""status":"2","is_refunded":true"#, Verdict::Unknown, None),
        (r#""status":0,"is_refunded":false,"refund_amount":3500"#, failed.clone(), None),
        (r#""status":"0","is_refunded":1,"refund_amount":"3500""#, failed, Some(3_500)),
        (r#""status":3"#, Verdict::Unknown, None),
        (r#""status":null"#, Verdict::Unknown, None),
        (r#""status":"""#, Verdict::Unknown, None),
        (r#""status":true"#, Verdict::Unknown, None),
        (r#""status":-1"#, Verdict::Unknown, None),
        (r#""status":1.0"#, Verdict::Unknown, None),
        (r#""status":0,"is_refunded":"perhaps""#, Verdict::Unknown, None),
        (r#""trx_id":"t-2","status":0"#, Verdict::Unknown, None),
        (r#""status":0,"rc":"422","rc_message":"x ipaas y""#, Verdict::Unknown, None),
    ] {
        let body = envelope("200", true, &format!("{{{data}}}"));
        let answer = answered(Ask::Query, http("200 OK", &body)).await;
        assert_eq!(answer.verdict, expected, "{data}");
        assert_eq!(answer.evidence.refunded.map(Rupiah::get), refunded, "{data}");
        assert_eq!(answer.evidence.provider_id.as_deref(), Some("t-1"), "it stays known");
    }
}

#[tokio::test]
async fn links_and_codes_that_nobody_should_follow_are_left_out() {
    for link in ["javascript:alert(1)", "http://evil.example/", "data:text/html,x", "https://a b", ""] {
        let data =
            format!(r#"{{"trx_id":"t-1","have_deeplink":true,"deeplink_data":{{"deeplink_url":"{link}"}}}}"#);
        let answer = answered(Ask::FirstSend, http("200 OK", &envelope("200", true, &data))).await;
        assert_eq!((answer.verdict, answer.evidence.action), (Verdict::Pending, None), "{link}");
    }
    let request = any_gateway().order_paid_by(&order(), &paid_by(PaymentMethod::Qris));
    for qris in ["[]", "{}", r#"{"qr_code":""}"#, r#"{"qr_code":"kode é"}"#] {
        let data = format!(r#"{{"trx_id":"t-1","is_qris":true,"qris_data":{qris}}}"#);
        let (url, _seen) = one_answer(http("200 OK", &envelope("200", true, &data)));
        let answer = gateway(&url).purchase(&request, Some(&token()), &|| true).await;
        assert_eq!((answer.verdict, answer.evidence.action), (Verdict::Pending, None), "{qris}");
    }
}

#[tokio::test]
async fn no_connection_proves_that_nothing_left() {
    // A port that was free a moment ago, so that nothing listens there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let gateway = gateway(&format!("http://127.0.0.1:{port}"));
    let answer = exchange(&gateway, Ask::FirstSend).await;
    assert_eq!(answer.verdict, Verdict::TryLater { reason: FailReason::NotReached });
    assert_eq!(answer.evidence.exchange, Exchange::NotConnected);
    // It says nothing about an order that was sent before.
    assert_eq!(exchange(&gateway, Ask::Query).await.verdict, Verdict::Unknown);
}

#[tokio::test]
async fn after_connecting_a_failure_proves_nothing() {
    for ask in BOTH {
        for bytes in
            ["", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"statusCode\":"]
        {
            let answer = answered(ask, bytes).await;
            assert_eq!(answer.verdict, Verdict::Unknown, "{bytes}");
            assert_eq!(answer.evidence.note, "the connection broke after sending");
            assert_eq!(answer.evidence.exchange, Exchange::Lost);
        }
        // Accepted by the system, never answered.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        let answer = exchange(&impatient_gateway(&url), ask).await;
        assert_eq!(answer.verdict, Verdict::Unknown);
        assert_eq!(answer.evidence.note, "no answer in time");
    }
}

#[tokio::test]
async fn too_long_an_answer_is_not_read() {
    let body = envelope("434", false, &format!(r#""{}""#, "x".repeat(70_000)));
    let answer = answered(Ask::FirstSend, http("200 OK", &body)).await;
    assert_eq!((answer.verdict, answer.evidence.note.as_str()), (Verdict::Unknown, "the answer is too long"));
}

#[tokio::test]
async fn evidence_is_without_secrets() {
    // Servers repeat addresses in their error pages.
    let page = "<html>GET /v1?api_key=se-cr-et-key&access_token=1097690%3Aec321a89-6593 1097690:ec321a89-6593</html>";
    let answer = answered(Ask::FirstSend, http("502 Bad Gateway", page)).await;
    let redacted =
        "<html>GET /v1?api_key=[redacted]&access_token=1097690%3A[redacted] 1097690:[redacted]</html>";
    assert_eq!(answer.evidence.body, redacted);
    let answer = answered(Ask::Query, http("502 Bad Gateway", "se-cr-et-key")).await;
    assert_eq!(answer.evidence.body, "[redacted]");
    // No error of any call carries an address.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = gateway(&format!("http://127.0.0.1:{port}")).deposit().await.unwrap_err();
    assert_eq!(format!("{error} {error:?}"), "the gateway cannot be reached NotReached");
}

#[tokio::test]
async fn nothing_leaves_when_it_may_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let gateway = Session::new(config(&format!("http://{}", listener.local_addr().unwrap()))).unwrap();
    let answer = gateway.purchase(&stored(), Some(&token()), &|| false).await;
    assert_eq!(answer.verdict, Verdict::TryLater { reason: FailReason::NotReached });
    assert_eq!(
        (answer.evidence.note.as_str(), answer.evidence.exchange),
        ("send_by passed", Exchange::NotBegun)
    );
    assert_eq!(gateway.query(&stored(), Some("t-1"), &|| false).await.verdict, Verdict::Unknown);
    // A package that is sold only in a session waits for one.
    let answer = gateway.purchase(&stored(), None, &|| true).await;
    assert_eq!(answer.verdict, Verdict::TryLater { reason: FailReason::SessionEnded });
    assert_eq!(answer.evidence.exchange, Exchange::NotBegun);
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "somebody connected");
}

#[tokio::test]
async fn a_stored_request_that_is_none_is_never_sent() {
    let asked = || -> bool { panic!("it was about to be sent") };
    let ovo_without_a_wallet = any_gateway().order_paid_by(&order(), &paid_by(PaymentMethod::Ovo));
    for text in ["", "null", "{}", "[]", r#"{"package_code":"a"}"#, ovo_without_a_wallet.as_str()] {
        let request = StoredRequest::from_stored(text);
        let answer = any_gateway().purchase(&request, Some(&token()), &asked).await;
        assert_eq!(answer.verdict, no_order(FailReason::Shop(ShopTrouble::Request)), "{text}");
        assert_eq!(any_gateway().query(&request, Some("t-1"), &asked).await.verdict, Verdict::Unknown);
    }
}
