//! One-time passwords and sessions, as the contract paper writes them.

use std::net::TcpListener;

use domain::{SECOND_MS, ShopTrouble, UtcMillis};

use super::{NOW, gateway, number, token};
use crate::tests::{http, one_answer};
use crate::{
    AccessToken, Challenge, GatewayError, Otp, OtpError, SessionError, SessionGateway, SessionStatus,
};

const SIGNED_IN: &str =
    r#"{"statusCode":200,"status":true,"message":"","data":{"access_token":"1097690:new-token"}}"#;

fn after(seconds: i64) -> UtcMillis {
    NOW.plus_ms(seconds * SECOND_MS)
}

fn challenge() -> Challenge {
    Challenge {
        id: "7c17952a-343a".to_owned(),
        msisdn: number(),
        expires_at: after(300),
        resend_at: after(60),
        attempts_left: 5,
    }
}

fn refused(code: &str, data: &str) -> String {
    let body = format!(r#"{{"statusCode":{code},"status":false,"message":"Tunggu 7 detik","data":{data}}}"#);
    http("200 OK", &body)
}

/// The path and query of a request.
fn address(request: &str) -> &str {
    request.strip_prefix("GET /v1/").unwrap().split_once(' ').unwrap().0
}

#[tokio::test]
async fn a_password_is_asked_for() {
    for (wait, resend_at) in
        [("45", after(45)), (r#""45""#, after(45)), ("null", after(60)), ("1e9", after(60))]
    {
        let body = format!(
            r#"{{"statusCode":200,"status":true,"message":"","data":{{"auth_id":"7c17952a-343a","can_resend_in":{wait}}}}}"#
        );
        let (url, seen) = one_answer(http("200 OK", &body));
        let heard = gateway(&url).request_otp(&number(), NOW).await.unwrap();
        assert_eq!(heard, Challenge { resend_at, ..challenge() });
        let request = seen.join().unwrap();
        assert_eq!(address(&request), "reqotp?api_key=se-cr-et-key&phone=6287800001230&method=OTP");
    }
    let (url, _seen) = one_answer(http("200 OK", r#"{"statusCode":200,"status":true,"data":{}}"#));
    let unreadable = OtpError::Gateway(GatewayError::Unreadable("no auth_id"));
    assert_eq!(gateway(&url).request_otp(&number(), NOW).await, Err(unreadable));
}

#[tokio::test]
async fn a_password_opens_a_session() {
    let (url, seen) = one_answer(http("200 OK", SIGNED_IN));
    let otp = Otp::parse("012345").unwrap();
    let tokens = gateway(&url).verify_otp(&challenge(), &otp, NOW).await.unwrap();
    assert_eq!(
        address(&seen.join().unwrap()),
        "login?api_key=se-cr-et-key&phone=6287800001230&method=OTP&auth_id=7c17952a-343a&otp=012345"
    );
    assert_eq!(tokens.access, AccessToken::parse("1097690:new-token").unwrap());
    assert_eq!(tokens.expires_at, after(300));
    assert_eq!(tokens.renewable_until, after(90 * 86_400));
    let (url, _seen) = one_answer(http("200 OK", &SIGNED_IN.replace(':', "")));
    assert!(gateway(&url).verify_otp(&challenge(), &otp, NOW).await.is_err());
}

#[tokio::test]
async fn every_way_in_which_a_password_brings_nothing() {
    let refused_by =
        |code: &str, trouble| OtpError::Gateway(GatewayError::Refused { code: code.to_owned(), trouble });
    for (answer, expected) in [
        (refused("412", "null"), OtpError::Wrong),
        (refused(r#""412""#, "null"), OtpError::Wrong),
        (refused("410", "null"), OtpError::Expired),
        (refused("404", "null"), OtpError::Expired),
        (refused("406", "null"), OtpError::BadNumber),
        (refused("407", "null"), OtpError::BadNumber),
        (refused("423", "null"), OtpError::Locked { until: after(900) }),
        (refused("423", r#"{"can_resend_in":"120"}"#), OtpError::Locked { until: after(120) }),
        (refused("425", "null"), OtpError::TooEarly { until: after(60) }),
        (refused("425", r#"{"can_resend_in":7}"#), OtpError::TooEarly { until: after(7) }),
        (refused("429", "null"), OtpError::TooManyRequests { until: after(60) }),
        (http("429 Too Many Requests", "slow down"), OtpError::TooManyRequests { until: after(60) }),
        (refused("403", "null"), refused_by("403", Some(ShopTrouble::Key))),
        (refused("437", "null"), refused_by("437", Some(ShopTrouble::Address))),
        (refused("418", "null"), refused_by("418", None)),
        (http("502 Bad Gateway", "<html>"), OtpError::Gateway(GatewayError::Http(502))),
        (http("302 Found", ""), OtpError::Gateway(GatewayError::Http(302))),
        (http("200 OK", "<html>"), OtpError::Gateway(GatewayError::Unreadable("not JSON"))),
        (String::new(), OtpError::Gateway(GatewayError::Broken)),
    ] {
        let (url, _seen) = one_answer(answer.clone());
        assert_eq!(gateway(&url).request_otp(&number(), NOW).await, Err(expected.clone()), "{answer}");
        let (url, _seen) = one_answer(answer.clone());
        let otp = Otp::parse("123456").unwrap();
        assert_eq!(gateway(&url).verify_otp(&challenge(), &otp, NOW).await, Err(expected), "{answer}");
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let not_reached = OtpError::Gateway(GatewayError::NotReached);
    let gateway = gateway(&format!("http://127.0.0.1:{port}"));
    assert_eq!(gateway.request_otp(&number(), NOW).await, Err(not_reached));
}

#[tokio::test]
async fn a_session_is_renewed() {
    let (url, seen) = one_answer(http("200 OK", SIGNED_IN));
    let tokens = gateway(&url).refresh_session(&number(), &token(), NOW).await.unwrap();
    assert_eq!(
        address(&seen.join().unwrap()),
        "login?api_key=se-cr-et-key&phone=6287800001230&method=LOGIN_BY_ACCESS_TOKEN&auth_id=1097690%3Aec321a89-6593"
    );
    assert_eq!((tokens.access.session_id(), tokens.expires_at), ("1097690", after(300)));
    let other = |code: &str| GatewayError::Refused { code: code.to_owned(), trouble: None };
    for (code, expected) in [
        ("401", SessionError::Expired),
        ("409", SessionError::Rotated),
        ("419", SessionError::Revoked),
        ("434", SessionError::Gateway(other("434"))),
    ] {
        let (url, _seen) = one_answer(refused(code, "null"));
        assert_eq!(gateway(&url).refresh_session(&number(), &token(), NOW).await, Err(expected.clone()));
        let (url, _seen) = one_answer(refused(code, "null"));
        assert_eq!(gateway(&url).quota(&token()).await, Err(expected), "{code}");
    }
}

#[tokio::test]
async fn where_a_session_stands() {
    const LIST: &str = r#"{"statusCode":200,"status":true,"message":"","data":[
        {"msisdn":"6287800001231","session_id":1097690,"token":"somebody-elses"},
        {"msisdn":"6287800001230","session_id":"1097690","token":"TOKEN"},
        {"msisdn":"no number","session_id":"1","token":"x"},
        {"msisdn":"6287800001230","session_id":2,"token":null}]}"#;
    let newer = AccessToken::parse("1097690:newer").unwrap();
    for (list, expected) in [
        (LIST.replace("TOKEN", "ec321a89-6593"), SessionStatus::Current),
        (LIST.replace("TOKEN", "newer"), SessionStatus::Rotated(newer)),
        (LIST.replace(r#""session_id":"1097690""#, r#""session_id":"7""#), SessionStatus::Gone),
        (r#"{"statusCode":200,"status":true,"message":"","data":null}"#.to_owned(), SessionStatus::Gone),
    ] {
        let (url, seen) = one_answer(http("200 OK", &list));
        assert_eq!(gateway(&url).session_status(&number(), &token()).await, Ok(expected), "{list}");
        let request = seen.join().unwrap();
        assert_eq!(address(&request), "accesstokenlist?api_key=se-cr-et-key&msisdn=6287800001230");
    }
    let (url, seen) = one_answer(http("200 OK", LIST));
    let all = gateway(&url).sessions(None).await.unwrap();
    assert_eq!(address(&seen.join().unwrap()), "accesstokenlist?api_key=se-cr-et-key");
    assert_eq!(all.len(), 2);
    assert_eq!((&all[1].msisdn, all[1].token.expose()), (&number(), "1097690:TOKEN"));
}
