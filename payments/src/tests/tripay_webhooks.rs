//! Callbacks of Tripay; the signatures were computed apart, with Python's hmac.

use super::{NOWHERE, tripay};
use crate::{HeaderMap, PayGateway, PayHint, PayWebhookError};

const BODY: &str = r#"{"reference":"T0001000023000ABCDE","merchant_ref":"topup-1","payment_method":"BCA Virtual Account","payment_method_code":"BCAVA","total_amount":50000,"fee_merchant":5500,"fee_customer":0,"total_fee":5500,"amount_received":44500,"is_closed_payment":1,"status":"PAID","paid_at":1608133017,"note":null}"#;
const SIGNATURE: &str = "a092926770a33e978e62aa86bee6260e8c6dc309f6e3f876332c45eb989bf787";

fn headers(signature: &str, event: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-callback-signature", signature.parse().unwrap());
    headers.insert("x-callback-event", event.parse().unwrap());
    headers
}

fn parse(signature: &str, body: &str) -> Result<PayHint, PayWebhookError> {
    tripay(NOWHERE).parse_webhook(&headers(signature, "payment_status"), body.as_bytes())
}

#[test]
fn a_well_signed_callback_is_a_hint() {
    let hint = PayHint { order_id: "topup-1".to_owned(), delivery_id: None };
    assert_eq!(parse(SIGNATURE, BODY), Ok(hint));
}

#[test]
fn anything_else_is_not_believed() {
    let bad = Err(PayWebhookError::BadSignature);
    assert_eq!(tripay(NOWHERE).parse_webhook(&HeaderMap::new(), BODY.as_bytes()), bad);
    // Every bit of the signature counts.
    for at in 0..SIGNATURE.len() {
        let digit = SIGNATURE[at..=at].chars().next().unwrap().to_digit(16).unwrap();
        for bit in [1, 2, 4, 8] {
            let mut forged = SIGNATURE.to_owned();
            forged.replace_range(at..=at, &format!("{:x}", digit ^ bit));
            assert_eq!(parse(&forged, BODY), bad, "{at} {bit}");
        }
    }
    let long = format!("{SIGNATURE}00");
    for signature in ["", "00", "zz", "sha256=00", &SIGNATURE[2..], &long] {
        assert_eq!(parse(signature, BODY), bad, "{signature}");
    }
    // All of the body is signed.
    assert_eq!(parse(SIGNATURE, &BODY.replace("UNPAID", "PAID").replace("50000", "60000")), bad);
    assert_eq!(parse(SIGNATURE, &format!("{BODY}\n")), bad);
    // Signed with the key of another merchant, or of the sandbox.
    assert_eq!(parse("381b26bddd0556fd3ab294d8cc0e7649347c75d7ff04d839cc0fb2386261a229", BODY), bad);
}

#[test]
fn signed_well_and_still_not_what_the_papers_say() {
    let unreadable = |note| Err(PayWebhookError::Unreadable(note));
    let other_event = tripay(NOWHERE).parse_webhook(&headers(SIGNATURE, "other"), BODY.as_bytes());
    assert_eq!(other_event, unreadable("an event that is not about an order"));
    let mut without_event = headers(SIGNATURE, "payment_status");
    without_event.remove("x-callback-event");
    let refused = tripay(NOWHERE).parse_webhook(&without_event, BODY.as_bytes());
    assert_eq!(refused, unreadable("an event that is not about an order"));
    for (body, signature, note) in [
        (
            r#"{"reference":"T1","merchant_ref":null,"status":"PAID"}"#,
            "5d6a8765d699110aaa7bc84bb3f6bed7f85194caef8f8ead736bc0ec8526f7a0",
            "an order id that cannot be ours",
        ),
        (
            r#"{"merchant_ref":"../x"}"#,
            "c048ae15e152ad1e6500c0242ea1e01903ee1ab2f99a09d45653e75f42719c77",
            "an order id that cannot be ours",
        ),
        (
            r#"{"merchant_ref":5}"#,
            "0ae96752645bf4655a99c44e86492e94b146571b6ff8563fa489ed582928a505",
            "not JSON, or a field of another type",
        ),
    ] {
        assert_eq!(parse(signature, body), unreadable(note), "{body}");
    }
}
