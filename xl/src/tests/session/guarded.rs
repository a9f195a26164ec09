//! The guard around both adapters. The clock of these tests stands still unless they move it.

use std::net::TcpListener;
use std::time::Duration;

use domain::{Ask, FailReason, Verdict};
use tokio::time::{Instant, advance};

use super::{NOW, number, stored, token};
use crate::tests::{http, one_answer};
use crate::{
    Exchange, Gateway, GatewayError, GuardConfig, Guarded, OtpError, QueryKind, Session, SessionGateway,
};

const CONFIG: GuardConfig = GuardConfig {
    burst: 100,
    interval: Duration::from_millis(1),
    longest_wait: Duration::from_secs(2),
    failures_to_open: 2,
    rest: Duration::from_secs(15),
};

fn guarded(url: &str, config: GuardConfig) -> Guarded<Session> {
    Guarded::new(super::gateway(url), config)
}

/// An address where nothing listens.
fn nowhere() -> String {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    format!("http://127.0.0.1:{port}")
}

const NOT_REACHED: Verdict = Verdict::TryLater { reason: FailReason::NotReached };

#[tokio::test]
async fn a_gateway_that_cannot_be_reached_is_left_alone() {
    let gateway = guarded(&nowhere(), CONFIG);
    for _ in 0..2 {
        assert!(!gateway.rests());
        let answer = gateway.purchase(&stored(), Some(&token()), &|| true).await;
        assert_eq!((answer.verdict, answer.evidence.exchange), (NOT_REACHED, Exchange::NotConnected));
    }
    assert!(gateway.rests());
    let asked = || -> bool { panic!("it was about to be sent") };
    let answer = gateway.purchase(&stored(), Some(&token()), &asked).await;
    assert_eq!((answer.verdict, answer.evidence.exchange), (NOT_REACHED, Exchange::NotBegun));
    assert_eq!(answer.evidence.note, "the gateway rests: it could not be reached");
    // Of an order that was sent before, it says nothing.
    assert_eq!(gateway.query(&stored(), Some("t-1"), &asked).await.verdict, Verdict::Unknown);
    assert_eq!(gateway.send(&stored(), Ask::Query, &asked).await.verdict, Verdict::Unknown);
    let held = GatewayError::Held("the gateway rests: it could not be reached");
    assert_eq!(gateway.deposit().await, Err(held.clone()));
    assert_eq!(gateway.request_otp(&number(), NOW).await, Err(OtpError::Gateway(held)));
}

#[tokio::test]
async fn after_a_rest_it_is_tried_again() {
    let refusal = r#"{"statusCode":436,"status":false,"message":"","data":null}"#;
    let (url, _seen) = one_answer(http("200 OK", refusal));
    // Failures first, through a server that is full of errors; then the one answer of another.
    let gateway = guarded(&url, GuardConfig { failures_to_open: 1, rest: Duration::ZERO, ..CONFIG });
    assert!(matches!(gateway.deposit().await, Err(GatewayError::Refused { .. })));
    assert!(!gateway.rests(), "a refusal is an answer");
    // The server is gone now: the next failure opens, and with no rest each call is a trial.
    assert!(gateway.deposit().await.is_err());
    assert!(gateway.rests());
    assert_eq!(gateway.deposit().await, Err(GatewayError::NotReached));
}

#[tokio::test]
async fn errors_of_another_server_count_as_failures() {
    let (url, _seen) = one_answer(http("502 Bad Gateway", "<html>"));
    let gateway = guarded(&url, GuardConfig { failures_to_open: 1, ..CONFIG });
    let answer = gateway.purchase(&stored(), Some(&token()), &|| true).await;
    assert_eq!(answer.verdict, Verdict::Unknown);
    assert!(gateway.rests());
}

#[tokio::test]
async fn what_was_not_sent_is_no_failure() {
    let gateway = guarded(&nowhere(), GuardConfig { failures_to_open: 1, ..CONFIG });
    for _ in 0..3 {
        let answer = gateway.purchase(&stored(), Some(&token()), &|| false).await;
        assert_eq!(answer.evidence.note, "send_by passed");
        assert!(!gateway.rests());
    }
}

#[tokio::test(start_paused = true)]
async fn too_many_wait_a_while_or_are_not_sent() {
    let config = GuardConfig {
        burst: 1,
        interval: Duration::from_secs(1),
        longest_wait: Duration::from_secs(1),
        failures_to_open: 100,
        ..CONFIG
    };
    let gateway = guarded(&nowhere(), config);
    let began = Instant::now();
    let request = stored();
    let send = || gateway.purchase(&request, None, &|| false);
    let (first, second, third) = tokio::join!(send(), send(), send());
    assert_eq!(began.elapsed(), Duration::from_secs(1), "the second waited for its turn");
    for answer in [first, second] {
        assert_eq!(answer.evidence.note, "no session to buy in");
    }
    assert_eq!(third.verdict, Verdict::TryLater { reason: FailReason::ProviderBusy });
    assert_eq!(third.evidence.note, "too much is sent at once");
    assert_eq!(third.evidence.exchange, Exchange::NotBegun);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_turn_is_not_sent_into_the_dark() {
    let config = GuardConfig { burst: 1, interval: Duration::from_secs(1), failures_to_open: 1, ..CONFIG };
    let gateway = guarded("http://gateway.invalid", config);
    let (request, token) = (stored(), token());
    let send = || gateway.purchase(&request, Some(&token), &|| true);
    // While the second waits, the first finds that nobody is there.
    let (first, second) = tokio::join!(send(), send());
    assert_eq!(first.evidence.exchange, Exchange::NotConnected);
    assert_eq!((second.verdict, second.evidence.exchange), (NOT_REACHED, Exchange::NotBegun));
}

#[tokio::test(start_paused = true)]
async fn an_order_is_not_asked_about_too_often() {
    let gateway = guarded("http://gateway.invalid", GuardConfig { failures_to_open: 100, ..CONFIG });
    let ask = async |id| gateway.query(&stored(), Some(id), &|| true).await.evidence.exchange;
    assert_eq!(ask("t-1").await, Exchange::NotConnected);
    assert_eq!(ask("t-1").await, Exchange::NotBegun);
    assert_eq!(ask("t-2").await, Exchange::NotConnected, "another order");
    advance(Duration::from_secs(30)).await;
    assert_eq!(ask("t-1").await, Exchange::NotConnected);
}

#[tokio::test(start_paused = true)]
async fn where_a_query_is_a_send_both_count() {
    let digiflazz = crate::tests::gateway("http://gateway.invalid/v1");
    let gateway = Guarded::new(digiflazz, GuardConfig { failures_to_open: 100, ..CONFIG });
    assert_eq!(gateway.query_kind(), QueryKind::Resend);
    let request = crate::tests::stored();
    let answer = gateway.purchase(&request, None, &|| true).await;
    assert_eq!(answer.evidence.exchange, Exchange::NotConnected);
    let answer = gateway.query(&request, None, &|| true).await;
    assert_eq!((answer.verdict, answer.evidence.exchange), (Verdict::Unknown, Exchange::NotBegun));
    advance(Duration::from_secs(60)).await;
    let answer = gateway.send(&request, Ask::Query, &|| true).await;
    assert_eq!(answer.evidence.exchange, Exchange::NotConnected);
}

#[tokio::test]
async fn it_is_the_gateway_that_it_guards() {
    let plain = super::any_gateway();
    let gateway = guarded("http://127.0.0.1:9", CONFIG);
    assert_eq!((gateway.name(), gateway.account()), (plain.name(), plain.account()));
    assert_eq!((gateway.query_kind(), gateway.limits()), (plain.query_kind(), plain.limits()));
    assert_eq!(gateway.query_kind_of(None), QueryKind::None);
    assert_eq!(gateway.order(&super::order()), plain.order(&super::order()));
    let both: std::sync::Arc<dyn SessionGateway> = std::sync::Arc::new(gateway);
    let _: std::sync::Arc<dyn Gateway> = both;
}
