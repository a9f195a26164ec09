//! What answers prove that a simulator would hardly give, and what broken connections prove.

use std::net::TcpListener;

use domain::{Ask, FailReason, Rupiah, ShopTrouble, Verdict};

use super::{any_gateway, gateway, http, impatient_gateway, one_answer, stored};
use crate::{Answer, Gateway, StoredRequest};

/// The verdict's kind in a word.
fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Delivered { .. } => "delivered",
        Verdict::Pending => "pending",
        Verdict::Failed { .. } => "failed",
        Verdict::NoOrder { .. } => "no order",
        Verdict::TryLater { .. } => "later",
        Verdict::Unknown => "unknown",
    }
}

async fn answered(ask: Ask, answer: impl Into<Vec<u8>>) -> Answer {
    let (url, _seen) = one_answer(answer);
    gateway(&url).send(&stored(), ask, &|| true).await
}

#[tokio::test]
async fn answers_that_prove_nothing_in_either_column() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "200 OK",
            r#"{"data":{"ref_id":"other","status":"Sukses","rc":"00"}}"#,
            "an answer about another order",
        ),
        (
            "200 OK",
            r#"{"data":{"ref_id":"test1","customer_no":"0878","status":"Gagal","rc":"02"}}"#,
            "an answer about another order",
        ),
        (
            "200 OK",
            r#"{"data":{"ref_id":"test1","buyer_sku_code":"xld1","status":"Gagal","rc":"02"}}"#,
            "an answer about another order",
        ),
        (
            "200 OK",
            r#"{"data":{"ref_id":"test1","status":"Gagal","rc":"00"}}"#,
            "status and code contradict each other",
        ),
        (
            "200 OK",
            r#"{"data":{"ref_id":"test1","status":"Sukses","rc":"02"}}"#,
            "status and code contradict each other",
        ),
        (
            "200 OK",
            r#"{"data":{"ref_id":"test1","status":"Pending","rc":"44"}}"#,
            "status and code contradict each other",
        ),
        (
            "200 OK",
            r#"{"data":{"ref_id":"test1","status":"sukses","rc":"00"}}"#,
            "status and code contradict each other",
        ),
        (
            "200 OK",
            r#"{"data":{"ref_id":"test1","status":"Gagal","rc":"42"}}"#,
            "a code that the contract does not have",
        ),
        (
            "200 OK",
            r#"{"data":{"ref_id":"test1","status":"Gagal","rc":"49"}}"#,
            "a code that proves nothing here",
        ),
        ("200 OK", r#"{"data":{"status":"Gagal","rc":"02"}}"#, "a field is missing or of another type"),
        ("200 OK", r#"{"data":{"ref_id":"test1","rc":"02"}}"#, "a field is missing or of another type"),
        (
            "200 OK",
            r#"{"data":{"ref_id":"test1","status":"Gagal"}}"#,
            "a field is missing or of another type",
        ),
        (
            "200 OK",
            r#"{"data":{"ref_id":"test1","status":"Gagal","rc":2}}"#,
            "a field is missing or of another type",
        ),
        ("200 OK", r#"{"data":[]}"#, "a field is missing or of another type"),
        ("200 OK", r#"{"data":{"ref_id":"test1","status":"Gagal","#, "not JSON"),
        ("200 OK", "", "not JSON"),
        ("200 OK", "<html>OK</html>", "not JSON"),
        (
            "307 Temporary Redirect",
            r#"{"data":{"ref_id":"test1","status":"Gagal","rc":"02"}}"#,
            "a redirect, not followed",
        ),
        (
            "500 Internal Server Error",
            r#"{"data":{"ref_id":"test1","status":"Gagal","rc":"44"}}"#,
            "a server error",
        ),
        (
            "400 Bad Request",
            r#"{"data":{"ref_id":"test1","status":"Sukses","rc":"00"}}"#,
            "HTTP status and code contradict each other",
        ),
        (
            "400 Bad Request",
            r#"{"data":{"ref_id":"test1","status":"Pending","rc":"03"}}"#,
            "HTTP status and code contradict each other",
        ),
        ("429 Too Many Requests", "Too Many Requests", "not JSON"),
        ("403 Forbidden", "<html>", "not JSON"),
    ];
    for (status, body, note) in cases {
        for ask in [Ask::FirstSend, Ask::Query] {
            let answer = answered(ask, http(status, body)).await;
            assert_eq!(answer.verdict, Verdict::Unknown, "{ask:?} {status} {body}");
            assert_eq!(answer.evidence.note, *note, "{ask:?} {status} {body}");
            assert_eq!(answer.evidence.body, *body);
            assert_eq!(
                answer.evidence.http_status.map(|code| status.starts_with(&code.to_string())),
                Some(true)
            );
        }
    }
}

#[tokio::test]
async fn refusals_may_come_as_http_errors() {
    for (status, rc, first_send, query) in [
        ("400 Bad Request", "44", "no order", "unknown"),
        ("429 Too Many Requests", "85", "later", "unknown"),
        ("400 Bad Request", "02", "failed", "failed"),
    ] {
        let body = format!(
            r#"{{"data":{{"ref_id":"test1","status":"Gagal","rc":"{rc}","message":"Transaksi Sukses"}}}}"#
        );
        assert_eq!(word(&answered(Ask::FirstSend, http(status, &body)).await.verdict), first_send, "{rc}");
        assert_eq!(word(&answered(Ask::Query, http(status, &body)).await.verdict), query, "{rc}");
    }
}

#[tokio::test]
async fn a_delivery_with_odd_details_is_still_a_delivery() {
    for (details, serial_number, charged) in [
        (r#""sn":"","price":0"#, None, None),
        (r#""sn":" A1 ","price":"4150""#, Some("A1"), Some(4_150)),
        (r#""sn":null,"price":null"#, None, None),
        (r#""price":"many""#, None, None),
        (r#""sn":"a\u0000b","price":-5"#, Some("a\u{fffd}b"), None),
    ] {
        let body = format!(r#"{{"data":{{"ref_id":"test1","status":"Sukses","rc":"00",{details}}}}}"#);
        let verdict = answered(Ask::Query, http("200 OK", &body)).await.verdict;
        let expected = Verdict::Delivered {
            serial_number: serial_number.map(str::to_owned),
            charged: charged.map(Rupiah::new),
        };
        assert_eq!(verdict, expected, "{details}");
    }
}

#[tokio::test]
async fn no_connection_proves_that_nothing_left() {
    // A port that was free a moment ago, so that nothing listens there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // The last one is reserved for names that do not exist.
    for url in [format!("http://127.0.0.1:{port}/v1"), "http://gateway.invalid/v1".to_owned()] {
        let answer = gateway(&url).send(&stored(), Ask::FirstSend, &|| true).await;
        assert_eq!(answer.verdict, Verdict::TryLater { reason: FailReason::NotReached }, "{url} {answer:?}");
        assert_eq!(answer.evidence.note, "no connection");
        // It says nothing about an order that was sent before.
        let answer = gateway(&url).send(&stored(), Ask::Query, &|| true).await;
        assert_eq!(answer.verdict, Verdict::Unknown, "{url}");
    }
}

#[tokio::test]
async fn a_server_without_tls_gets_no_order() {
    // It sees the beginning of the handshake, never the order.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/v1", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut connection, _) = listener.accept().unwrap();
        let mut seen = [0; 4096];
        let read = connection.read(&mut seen).unwrap();
        connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        String::from_utf8_lossy(&seen[..read]).into_owned()
    });
    let answer = gateway(&url).send(&stored(), Ask::FirstSend, &|| true).await;
    assert_eq!(answer.verdict, Verdict::TryLater { reason: FailReason::NotReached }, "{answer:?}");
    assert!(!server.join().unwrap().contains("ref_id"));
}

#[tokio::test]
async fn after_connecting_a_failure_proves_nothing() {
    for ask in [Ask::FirstSend, Ask::Query] {
        // Closed without a byte; garbage; a body shorter than promised.
        for (bytes, note) in [
            ("", "the connection broke after sending"),
            ("SSH-2.0-OpenSSH_9.2\r\n", "the connection broke after sending"),
            (
                "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"data\":",
                "the connection broke after sending",
            ),
        ] {
            let answer = answered(ask, bytes).await;
            assert_eq!(
                (&answer.verdict, answer.evidence.note.as_str()),
                (&Verdict::Unknown, note),
                "{bytes}"
            );
        }
        // Accepted by the system, never answered.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", silent.local_addr().unwrap());
        let answer = impatient_gateway(&url).send(&stored(), ask, &|| true).await;
        assert_eq!(
            (&answer.verdict, answer.evidence.note.as_str()),
            (&Verdict::Unknown, "no answer in time")
        );
    }
}

#[tokio::test]
async fn too_long_an_answer_is_not_read() {
    let body =
        format!(r#"{{"data":{{"ref_id":"test1","status":"Gagal","rc":"02","x":"{}"}}}}"#, "x".repeat(70_000));
    let answer = answered(Ask::FirstSend, http("200 OK", &body)).await;
    assert_eq!((answer.verdict, answer.evidence.note.as_str()), (Verdict::Unknown, "the answer is too long"));
    assert_eq!(answer.evidence.http_status, Some(200));
}

#[tokio::test]
async fn evidence_is_short_and_without_secrets() {
    let echo = r#"{"data":{"ref_id":"test1","status":"Gagal","rc":"41","sign":"e54414720db8e70813b0ad379c9d1d7f","key":"apikey"}}"#;
    let answer = answered(Ask::FirstSend, http("200 OK", echo)).await;
    let redacted =
        r#"{"data":{"ref_id":"test1","status":"Gagal","rc":"41","sign":"[redacted]","key":"[redacted]"}}"#;
    assert_eq!(answer.evidence.body, redacted);
    // A secret across the cut must not leave its beginning behind.
    let long = format!("{}apikey", "é".repeat(2_046));
    let answer = answered(Ask::FirstSend, http("502 Bad Gateway", &long)).await;
    assert!(answer.evidence.body.len() <= 4_096);
    assert!(!answer.evidence.body.contains("ap"), "{}", answer.evidence.body.len());
}

#[tokio::test]
async fn nothing_leaves_when_it_may_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let gateway = gateway(&format!("http://{}/v1", listener.local_addr().unwrap()));
    let answer = gateway.send(&stored(), Ask::FirstSend, &|| false).await;
    assert_eq!(answer.verdict, Verdict::TryLater { reason: FailReason::NotReached });
    assert_eq!(answer.evidence.note, "send_by passed");
    assert_eq!(gateway.send(&stored(), Ask::Query, &|| false).await.verdict, Verdict::Unknown);
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "somebody connected");
}

#[tokio::test]
async fn a_stored_request_that_is_none_is_never_sent() {
    for text in ["", "null", "{}", "[]", r#"{"ref_id":"a"}"#] {
        let request = StoredRequest::from_stored(text);
        let asked = || -> bool { panic!("it was about to be sent") };
        let answer = any_gateway().send(&request, Ask::FirstSend, &asked).await;
        let reason = FailReason::Shop(ShopTrouble::Request);
        assert_eq!(answer.verdict, Verdict::NoOrder { reason }, "{text}");
        assert_eq!(any_gateway().send(&request, Ask::Query, &asked).await.verdict, Verdict::Unknown);
    }
}
