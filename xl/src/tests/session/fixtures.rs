//! Requests letter for letter, and answers as the contract paper writes them.

use std::time::Duration;

use domain::{Ask, Payment, PaymentAction, PaymentMethod, PaymentWay, Rupiah, UtcMillis, Verdict};

use super::{STORED, any_gateway, config, gateway, number, order, paid_by, stored, token};
use crate::tests::{http, one_answer};
use crate::{
    AccessToken, Gateway, HeaderMap, Otp, QueryKind, Session, SessionCall, SessionConfig, SessionConfigError,
    StoredRequest, WebhookError,
};

/// The first line of a request.
fn line(request: &str) -> &str {
    request.lines().next().unwrap()
}

#[test]
fn an_order_is_stored_without_secrets() {
    let gateway = any_gateway();
    let text = gateway.order_paid_by(&order(), &paid_by(PaymentMethod::Dana));
    assert_eq!(text.as_str(), STORED);
    let wallet = "0812 3456 7890".parse().ok();
    let ovo = Payment { method: PaymentMethod::Ovo, wallet, needs_session: true };
    assert_eq!(
        gateway.order_paid_by(&order(), &ovo).as_str(),
        r#"{"package_code":"XLXC10_EW","phone":"6287800001230","payment_method":"ovo","ewallet_number":"081234567890","price_or_fee":3500,"needs_session":true}"#
    );
    assert_eq!(
        gateway.order(&order()).as_str(),
        r#"{"package_code":"XLXC10_EW","phone":"6287800001230","payment_method":"pulsa","price_or_fee":3500,"needs_session":false}"#
    );
}

#[tokio::test]
async fn a_purchase_with_a_link() {
    const ANSWER: &str = r#"{"statusCode":200,"status":true,"message":"Silakan bayar","data":{"msisdn":"6287800001230","package_code":"XLXC10_EW","package_name":"Xtra Combo 10 GB","package_processing_fee":3500,"trx_id":"a1e3b046-3dda-4eb5","have_deeplink":true,"deeplink_data":{"payment_method":"DANA","deeplink_url":"https://link.dana.id/pay?x=1"},"is_qris":false,"qris_data":[]}}"#;
    let (url, seen) = one_answer(http("200 OK", ANSWER));
    let answer = gateway(&url).purchase(&stored(), Some(&token()), &|| true).await;
    assert_eq!(
        line(&seen.join().unwrap()),
        "GET /v1/packagepurchase?api_key=se-cr-et-key&package_code=XLXC10_EW&phone=6287800001230&access_token=1097690%3Aec321a89-6593&payment_method=DANA&price_or_fee=3500 HTTP/1.1"
    );
    assert_eq!(answer.verdict, Verdict::Pending);
    let evidence = answer.evidence;
    assert_eq!(evidence.provider_id.as_deref(), Some("a1e3b046-3dda-4eb5"));
    assert_eq!((evidence.charged, evidence.refunded), (Some(Rupiah::new(3_500)), None));
    let way = PaymentWay::Deeplink("https://link.dana.id/pay?x=1".to_owned());
    assert_eq!(evidence.action, Some(PaymentAction { way, expires_at: None }));
    assert_eq!((evidence.http_status, evidence.code.as_deref()), (Some(200), Some("200")));
    assert_eq!((evidence.body.as_str(), evidence.note.as_str()), (ANSWER, "answered"));
}

#[tokio::test]
async fn a_purchase_with_a_qr_code_and_strings_for_numbers() {
    const ANSWER: &str = r#"{"statusCode":"200","status":true,"message":"","data":{"package_processing_fee":"500","trx_id":"t-2","have_deeplink":false,"deeplink_data":{"deeplink_url":""},"is_qris":true,"qris_data":{"qr_code":"00020101021226650013CO.EXAMPLE.WWW6304F945","payment_expired_at":"1756084119"}}}"#;
    let text = any_gateway().order_paid_by(&order(), &paid_by(PaymentMethod::Qris));
    let (url, seen) = one_answer(http("200 OK", ANSWER));
    let answer = gateway(&url).purchase(&text, Some(&token()), &|| true).await;
    assert!(line(&seen.join().unwrap()).contains("&payment_method=QRIS&"));
    assert_eq!((answer.verdict, answer.evidence.charged), (Verdict::Pending, Some(Rupiah::new(500))));
    let way = PaymentWay::Qr("00020101021226650013CO.EXAMPLE.WWW6304F945".to_owned());
    let expires_at = Some(UtcMillis(1_756_084_119_000));
    assert_eq!(answer.evidence.action, Some(PaymentAction { way, expires_at }));
}

#[tokio::test]
async fn pulsa_asks_nothing_of_the_owner_and_ovo_asks_in_the_wallet() {
    const ANSWER: &str = r#"{"statusCode":200,"status":true,"message":"","data":{"trx_id":1097498,"package_processing_fee":0,"have_deeplink":false,"is_qris":false}}"#;
    let gateway_of = |url: &str| gateway(url);
    let text = any_gateway().order_paid_by(&order(), &paid_by(PaymentMethod::Pulsa));
    let (url, seen) = one_answer(http("200 OK", ANSWER));
    let answer = gateway_of(&url).purchase(&text, Some(&token()), &|| true).await;
    assert!(line(&seen.join().unwrap()).contains("&payment_method=BALANCE&"));
    assert_eq!((&answer.verdict, &answer.evidence.action), (&Verdict::Pending, &None));
    assert_eq!((answer.evidence.provider_id.as_deref(), answer.evidence.charged), (Some("1097498"), None));

    let wallet = "081234567890".parse().ok();
    let ovo = Payment { method: PaymentMethod::Ovo, wallet, needs_session: true };
    let text = any_gateway().order_paid_by(&order(), &ovo);
    let (url, seen) = one_answer(http("200 OK", ANSWER));
    let answer = gateway_of(&url).purchase(&text, Some(&token()), &|| true).await;
    assert!(
        line(&seen.join().unwrap())
            .contains("&payment_method=OVO&price_or_fee=3500&ewallet_number=081234567890 ")
    );
    assert_eq!(answer.evidence.action.map(|action| action.way), Some(PaymentWay::InWallet));
}

#[tokio::test]
async fn without_a_session_no_token_is_sent() {
    let (url, seen) = one_answer(http("200 OK", "{}"));
    let text = any_gateway().order(&order());
    gateway(&url).purchase(&text, Some(&token()), &|| true).await;
    assert_eq!(
        line(&seen.join().unwrap()),
        "GET /v1/packagepurchase?api_key=se-cr-et-key&package_code=XLXC10_EW&phone=6287800001230&payment_method=BALANCE&price_or_fee=3500 HTTP/1.1"
    );
}

#[tokio::test]
async fn a_question_by_the_provider_s_id() {
    const ANSWER: &str = r#"{"statusCode":200,"status":true,"message":"","data":{"trx_id":"t-1","status":"1","is_refunded":0,"refund_amount":"0","refund_reason":"","rc":"00","rc_message":"Sukses","sn_only":" SN-1 "}}"#;
    let (url, seen) = one_answer(http("200 OK", ANSWER));
    let answer = gateway(&url).query(&stored(), Some("t-1"), &|| true).await;
    let expected = "GET /v1/checktransaction?api_key=se-cr-et-key&trx_id=t-1 HTTP/1.1";
    assert_eq!(line(&seen.join().unwrap()), expected);
    let delivered = Verdict::Delivered { serial_number: Some("SN-1".to_owned()), charged: None };
    assert_eq!((answer.verdict, answer.evidence.code.as_deref()), (delivered, Some("00")));
    assert_eq!(answer.evidence.provider_id.as_deref(), Some("t-1"));
}

#[tokio::test]
async fn asks_for_the_deposit() {
    for (balance, expected) in [("1500000", 1_500_000), (r#""1500000""#, 1_500_000), ("0", 0)] {
        let body =
            format!(r#"{{"statusCode":200,"status":true,"message":"","data":{{"balance":{balance}}}}}"#);
        let (url, seen) = one_answer(http("200 OK", &body));
        assert_eq!(gateway(&url).deposit().await, Ok(Rupiah::new(expected)));
        let expected = "GET /v1/panelaccountbalance?api_key=se-cr-et-key HTTP/1.1";
        assert_eq!(line(&seen.join().unwrap()), expected);
    }
}

#[test]
fn says_what_it_can() {
    let gateway = any_gateway();
    assert_eq!((gateway.name(), gateway.account()), ("session", "main@127.0.0.1"));
    assert_eq!(gateway.query_kind(), QueryKind::ReadOnly);
    assert_eq!(gateway.query_kind_of(Some("t-1")), QueryKind::ReadOnly);
    for id in [None, Some(""), Some("a b")] {
        assert_eq!(gateway.query_kind_of(id), QueryKind::None, "{id:?}");
    }
    let limits = gateway.limits();
    assert_eq!(limits.answer_within, Duration::from_secs(20));
    assert_eq!(limits.between_queries, Duration::from_secs(30));
    assert_eq!(limits.query_until_age, Duration::from_secs(86_400));
    let not_believed = gateway.parse_webhook(&HeaderMap::new(), b"{}");
    assert_eq!(not_believed, Err(WebhookError::NotConfigured));
}

#[tokio::test]
async fn each_call_can_be_elsewhere() {
    const ANSWER: &str = r#"{"statusCode":200,"status":true,"message":"","data":{"balance":1}}"#;
    let path_of = async |base: &str, moved: Option<&str>| {
        let (url, seen) = one_answer(http("200 OK", ANSWER));
        let url = url.strip_suffix("/v1").unwrap();
        let mut config = config(&base.replace("URL", url));
        if let Some(moved) = moved {
            config.moved.insert(SessionCall::PanelAccountBalance, moved.replace("URL", url));
        }
        Session::new(config).unwrap().deposit().await.unwrap();
        let request = seen.join().unwrap();
        request.strip_prefix("GET ").unwrap().split_once('?').unwrap().0.to_owned()
    };
    assert_eq!(path_of("URL", None).await, "/panelaccountbalance");
    assert_eq!(path_of("URL/", None).await, "/panelaccountbalance");
    assert_eq!(path_of("URL/x-{call}-y/v2", None).await, "/x-panelaccountbalance-y/v2");
    assert_eq!(path_of("https://{call}.example.com/v1", Some("URL/balance")).await, "/balance");
}

#[test]
fn refuses_configurations_that_cannot_work() {
    for url in ["", "example.com", "ftp://a", "https://u:p@a", "https://a/{call}?k=1", "https://a/{call}#x"] {
        assert_eq!(Session::new(config(url)).unwrap_err(), SessionConfigError::Url("reqotp"), "{url}");
    }
    let mut moved = config("https://a/{call}/v1");
    moved.moved.insert(SessionCall::Login, "nowhere".to_owned());
    assert_eq!(Session::new(moved).unwrap_err(), SessionConfigError::Url("login"));
    for (account, key) in [("main", ""), ("", "key")] {
        let config = SessionConfig::new("https://example.com", account, key);
        assert_eq!(Session::new(config).unwrap_err(), SessionConfigError::Credentials);
    }
}

#[test]
fn debug_shows_no_secret_and_no_address() {
    let hidden = "https://hidden.example/{call}/v1";
    let otp = Otp::parse("123 456").unwrap();
    let challenge = crate::Challenge {
        id: "challenge-id".to_owned(),
        msisdn: number(),
        expires_at: UtcMillis(1),
        resend_at: UtcMillis(1),
        attempts_left: 5,
    };
    let shown = format!("{:?} {:?} {:?} {otp:?} {challenge:?}", config(hidden), gateway(hidden), token());
    for secret in ["se-cr-et-key", "hidden.example", "ec321a89", "123456", "challenge-id", "6287800001230"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn tokens_and_passwords_are_read_strictly() {
    assert_eq!(token().session_id(), "1097690");
    for text in ["", "abc", ":", "a:", ":b", "a b:c", "a:b\n", "é:b"] {
        assert!(AccessToken::parse(text).is_none(), "{text:?}");
    }
    assert!(Otp::parse("123456").is_some() && Otp::parse(" 123-456 ").is_some());
    for text in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
        assert!(Otp::parse(text).is_none(), "{text:?}");
    }
}

#[tokio::test]
async fn an_order_is_never_sent_as_a_question() {
    // Nothing listens there: an exchange would end with another note.
    let answer = any_gateway().send(&stored(), Ask::Query, &|| true).await;
    assert_eq!((answer.verdict, answer.evidence.note.as_str()), (Verdict::Unknown, "no trx_id to ask by"));
    let request = StoredRequest::from_stored(STORED);
    assert_eq!(any_gateway().query(&request, None, &|| true).await.verdict, Verdict::Unknown);
}
