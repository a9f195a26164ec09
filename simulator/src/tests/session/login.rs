//! OTPs, sessions, tokens, and their limits.

use serde_json::json;

use super::{Bench, NUMBER, access_token, told};

const REQUEST: &str = "reqotp?api_key=apikey&phone=6287812345678&method=OTP";

#[tokio::test]
async fn an_otp_opens_a_session() {
    let bench = Bench::start().await;
    let envelope = bench.session(REQUEST).await;
    let auth_id = envelope["data"]["auth_id"].as_str().unwrap();
    let expected = json!({
        "statusCode": 200, "status": true, "message": "Berhasil mengirim kode OTP, silakan cek SMS di nomor XL kamu!",
        "data": { "auth_id": auth_id, "can_resend_in": 60 },
    });
    assert_eq!(envelope, expected);

    let otp = bench.simulator.otp_of(NUMBER).unwrap();
    assert!(otp.len() == 6 && otp.bytes().all(|byte| byte.is_ascii_digit()), "{otp}");
    let query = format!("login?api_key=apikey&phone=6287812345678&method=OTP&auth_id={auth_id}&otp={otp}");
    let envelope = bench.session(&query).await;
    let token = access_token(&envelope);
    assert_eq!(
        envelope,
        json!({ "statusCode": 200, "status": true, "message": "Berhasil login!", "data": { "access_token": token } })
    );
    let (session_id, secret) = token.split_once(':').unwrap();
    let listed = bench.session("accesstokenlist?api_key=apikey&msisdn=6287812345678").await;
    let session_id: u64 = session_id.parse().unwrap();
    let session = json!({ "msisdn": "6287812345678", "session_id": session_id, "token": secret });
    assert_eq!(listed["data"], json!([session]));
    // An OTP is good for one sign-in.
    assert_eq!(told(&bench.session(&query).await), (404, false));
}

#[tokio::test]
async fn each_service_may_have_a_path_of_its_own() {
    let bench = Bench::start().await;
    let body = bench.get("/session/panelaccountbalance/v1?api_key=apikey").await;
    let expected = json!({
        "statusCode": 200, "status": true, "message": "Berhasil cek saldo panel.", "data": { "balance": 50_000_000 },
    });
    assert_eq!(body, expected);
    assert_eq!(told(&bench.session("nosuchcall?api_key=apikey").await), (404, false));
}

#[tokio::test]
async fn a_wrong_key_is_refused() {
    let bench = Bench::start().await;
    for query in ["panelaccountbalance?api_key=wrong", "panelaccountbalance", "packagelist?api_key="] {
        let expected =
            json!({ "statusCode": 403, "status": false, "message": "API key tidak valid.", "data": null });
        assert_eq!(bench.session(query).await, expected, "{query}");
    }
    assert_eq!(
        told(&bench.session("reqotp?api_key=apikey&phone=6281200000000&method=OTP").await),
        (406, false)
    );
    assert_eq!(told(&bench.session("reqotp?api_key=apikey&phone=6287812345678").await), (400, false));
}

#[tokio::test]
async fn five_wrong_codes_lock_the_number() {
    let bench = Bench::start().await;
    let auth_id = bench.otp(NUMBER).await;
    let right = bench.simulator.otp_of(NUMBER).unwrap();
    let wrong = if right == "000000" { "111111" } else { "000000" };
    let try_code =
        |code: &str| format!("login?api_key=apikey&phone={NUMBER}&method=OTP&auth_id={auth_id}&otp={code}");
    for _ in 0..4 {
        assert_eq!(told(&bench.session(&try_code(wrong)).await), (412, false));
    }
    assert_eq!(told(&bench.session(&try_code(wrong)).await), (423, false));
    assert_eq!(told(&bench.session(&try_code(&right)).await), (423, false), "also the right one, now");
    bench.pass_ms(899_999);
    assert_eq!(told(&bench.session(REQUEST).await), (423, false));
    bench.pass_ms(1);
    assert_eq!(told(&bench.session(REQUEST).await), (200, true));
}

#[tokio::test]
async fn an_otp_lives_five_minutes() {
    let bench = Bench::start().await;
    let auth_id = bench.otp(NUMBER).await;
    let otp = bench.simulator.otp_of(NUMBER).unwrap();
    let query = format!("login?api_key=apikey&phone={NUMBER}&method=OTP&auth_id={auth_id}&otp={otp}");
    bench.admin("/admin/clock", json!({ "ahead_ms": 300_000 })).await;
    assert_eq!(told(&bench.session(&query).await), (410, false));
    bench.admin("/admin/clock", json!({ "ahead_ms": 299_999 })).await;
    assert_eq!(told(&bench.session(&query).await), (200, true));
}

#[tokio::test]
async fn otps_may_be_asked_for_once_a_minute_and_four_times() {
    let bench = Bench::start().await;
    for _ in 0..4 {
        let first = bench.otp(NUMBER).await;
        assert_eq!(told(&bench.session(REQUEST).await), (425, false));
        bench.pass_ms(59_999);
        assert_eq!(told(&bench.session(REQUEST).await), (425, false));
        bench.pass_ms(1);
        // A refused request leaves the open OTP as it was.
        assert_eq!(bench.get("/admin/phone?msisdn=087812345678").await["otp"]["auth_id"], first);
    }
    assert_eq!(told(&bench.session(REQUEST).await), (423, false));
    bench.pass_ms(899_999);
    assert_eq!(told(&bench.session(REQUEST).await), (423, false));
    bench.pass_ms(1);
    assert_eq!(told(&bench.session(REQUEST).await), (200, true));
    assert_eq!(bench.get("/admin/phone?msisdn=087812345678").await["messages"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn requests_are_forgotten_after_a_rest() {
    let bench = Bench::start().await;
    for _ in 0..9 {
        bench.otp(NUMBER).await;
        bench.pass_ms(900_000);
    }
}

#[tokio::test]
async fn prolonging_rotates_the_token() {
    let bench = Bench::start().await;
    let first = bench.sign_in(NUMBER).await;
    bench.pass_ms(300_000);
    assert_eq!(
        told(&bench.session(&format!("quotadetails?api_key=apikey&access_token={first}")).await),
        (401, false)
    );

    let second = access_token(&bench.prolong(NUMBER, &first).await);
    assert_ne!(first, second);
    assert_eq!(first.split(':').next(), second.split(':').next(), "the same session");
    assert_eq!(bench.quota(&second).await, []);
    // The rotated token is void, and using it harms nothing.
    assert_eq!(told(&bench.prolong(NUMBER, &first).await), (409, false));
    assert_eq!(
        told(&bench.session(&format!("quotadetails?api_key=apikey&access_token={first}")).await),
        (409, false)
    );
    assert_eq!(bench.quota(&second).await, []);

    bench.pass_ms(90 * 86_400_000 - 1);
    let third = access_token(&bench.prolong(NUMBER, &second).await);
    bench.pass_ms(90 * 86_400_000);
    assert_eq!(told(&bench.prolong(NUMBER, &third).await), (419, false));
}

#[tokio::test]
async fn sessions_can_be_expired_and_revoked() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    bench.admin("/admin/expire", json!({ "msisdn": NUMBER })).await;
    assert_eq!(told(&bench.buy(NUMBER, &token, "XLHARIAN1_PULSA", "BALANCE").await), (401, false));
    let token = access_token(&bench.prolong(NUMBER, &token).await);
    let phone = bench.admin("/admin/revoke", json!({ "msisdn": NUMBER })).await;
    assert_eq!(phone["sessions"][0]["is_revoked"], true);
    for envelope in [
        bench.buy(NUMBER, &token, "XLHARIAN1_PULSA", "BALANCE").await,
        bench.prolong(NUMBER, &token).await,
        bench.prolong(NUMBER, "123456:unknown").await,
        bench.prolong(NUMBER, "nonsense").await,
    ] {
        assert_eq!(told(&envelope), (419, false));
    }
    let listed = bench.session("accesstokenlist?api_key=apikey").await;
    assert_eq!(listed["data"], json!([]));
}

#[tokio::test]
async fn a_session_is_for_one_number() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    assert_eq!(told(&bench.buy("6281912345678", &token, "XLHARIAN1_PULSA", "BALANCE").await), (419, false));
    assert!(bench.simulator.orders_of("6281912345678", "XLHARIAN1_PULSA").is_empty());
}
