//! What broken connections and odd servers prove, for both adapters alike.

use std::net::TcpListener;
use std::time::Duration;

use domain::{CancelVerdict, ChargeVerdict, RefundVerdict, StatusVerdict, TopupMethod};

use super::{
    charge_ref, http, midtrans, midtrans_config, one_answer, order, refund_of, tripay, tripay_config,
};
use crate::{Midtrans, MidtransConfig, PayError, PayGateway, Tripay, TripayConfig};

fn both(url: &str) -> [Box<dyn PayGateway>; 2] {
    [Box::new(midtrans(url)), Box::new(tripay(url))]
}

#[tokio::test]
async fn no_connection_proves_that_this_call_made_nothing() {
    // A port that was free a moment ago, so that nothing listens there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // The last one is reserved for names that do not exist.
    for url in [format!("http://127.0.0.1:{port}"), "http://gateway.invalid".to_owned()] {
        for gateway in both(&url) {
            let answer = gateway.charge(&order(TopupMethod::Qris)).await;
            assert_eq!(
                (answer.verdict, answer.evidence.note.as_str()),
                (ChargeVerdict::NotNow, "no connection")
            );
            // It says nothing about an order that may be there.
            let answer = gateway.status(&charge_ref(TopupMethod::Qris)).await;
            assert_eq!(
                (answer.verdict, answer.evidence.note.as_str()),
                (StatusVerdict::Unknown, "no connection")
            );
            assert_eq!(gateway.probe().await, Err(PayError::NotReached));
        }
        let gateway = midtrans(&url);
        assert_eq!(gateway.cancel(&charge_ref(TopupMethod::Qris)).await.verdict, CancelVerdict::Unknown);
        assert_eq!(gateway.refund(&refund_of(TopupMethod::Qris)).await.verdict, RefundVerdict::Unknown);
    }
}

#[tokio::test]
async fn after_connecting_a_failure_proves_nothing() {
    // Closed without a byte; garbage; a body shorter than promised.
    for bytes in
        ["", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"status_code\":"]
    {
        for at in 0..2 {
            let (url, _seen) = one_answer(bytes);
            let answer = both(&url)[at].charge(&order(TopupMethod::Qris)).await;
            assert_eq!(answer.verdict, ChargeVerdict::Unknown, "{bytes}");
            assert_eq!(answer.evidence.note, "the connection broke after sending");
            let (url, _seen) = one_answer(bytes);
            let answer = both(&url)[at].status(&charge_ref(TopupMethod::Qris)).await;
            assert_eq!(answer.verdict, StatusVerdict::Unknown, "{bytes}");
        }
    }
}

#[tokio::test]
async fn silence_proves_nothing() {
    // Accepted by the system, never answered. The adapters wait long enough for the request to arrive.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let total_timeout = Duration::from_secs(1);
    let gateways: [Box<dyn PayGateway>; 2] = [
        Box::new(Midtrans::new(MidtransConfig { total_timeout, ..midtrans_config(&url) }).unwrap()),
        Box::new(Tripay::new(TripayConfig { total_timeout, ..tripay_config(&url) }).unwrap()),
    ];
    for gateway in gateways {
        let answer = gateway.charge(&order(TopupMethod::Qris)).await;
        assert_eq!(
            (answer.verdict, answer.evidence.note.as_str()),
            (ChargeVerdict::Unknown, "no answer in time")
        );
        let answer = gateway.status(&charge_ref(TopupMethod::Qris)).await;
        assert_eq!(
            (answer.verdict, answer.evidence.note.as_str()),
            (StatusVerdict::Unknown, "no answer in time")
        );
    }
}

#[tokio::test]
async fn too_long_an_answer_is_not_read() {
    let refusal = format!(r#"{{"status_code":"401","success":false,"x":"{}"}}"#, "x".repeat(70_000));
    for at in 0..2 {
        let (url, _seen) = one_answer(http(401, &refusal));
        let answer = both(&url)[at].charge(&order(TopupMethod::Qris)).await;
        assert_eq!(
            (answer.verdict, answer.evidence.note.as_str()),
            (ChargeVerdict::Unknown, "the answer is too long")
        );
        assert_eq!((answer.evidence.http_status, answer.evidence.body.as_str()), (Some(401), ""));
    }
    let (url, _seen) =
        one_answer(http(404, &format!(r#"{{"status_code":"404","x":"{}"}}"#, "x".repeat(70_000))));
    assert_eq!(midtrans(&url).probe().await, Err(PayError::Unreadable));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    target.set_nonblocking(true).unwrap();
    let location = target.local_addr().unwrap();
    for at in 0..2 {
        let redirect = format!(
            "HTTP/1.1 307 Word\r\nlocation: http://{location}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let (url, _seen) = one_answer(redirect);
        let answer = both(&url)[at].charge(&order(TopupMethod::Qris)).await;
        assert_eq!(
            (answer.verdict, answer.evidence.note.as_str()),
            (ChargeVerdict::Unknown, "a redirect, not followed")
        );
    }
    assert_eq!(target.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "somebody connected");
}
