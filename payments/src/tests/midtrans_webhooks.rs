//! Notifications of Midtrans; the signatures were computed apart, with Python's hashlib.

use super::{NOWHERE, midtrans};
use crate::{HeaderMap, PayGateway, PayHint, PayWebhookError};

/// SHA-512 of `topup-1`, `200`, `50000.00` and the key.
const SIGNATURE: &str = "e840fd33f18a021c234d888868b269f500ad6e99b7f2d34e20521d2080eeb9b839c5164c8c27da6f12b8cf744f079fa7e5df83464c469863fb4524718f801a29";

fn body(order_id: &str, code: &str, gross: &str, signature: &str) -> String {
    format!(
        r#"{{"transaction_time":"2021-07-06 17:23:49","transaction_status":"settlement","transaction_id":"01bf5e23","status_message":"midtrans payment notification","status_code":"{code}","signature_key":"{signature}","settlement_time":"2021-07-06 17:24:00","payment_type":"qris","order_id":"{order_id}","merchant_id":"G490526303","gross_amount":"{gross}","fraud_status":"accept","currency":"IDR","new_field":{{"x":[1]}}}}"#
    )
}

fn parse(body: &str) -> Result<PayHint, PayWebhookError> {
    midtrans(NOWHERE).parse_webhook(&HeaderMap::new(), body.as_bytes())
}

#[test]
fn a_well_signed_notification_is_a_hint() {
    let hint = PayHint { order_id: "topup-1".to_owned(), delivery_id: None };
    let text = body("topup-1", "200", "50000.00", SIGNATURE);
    assert_eq!(parse(&text), Ok(hint.clone()));
    assert_eq!(parse(&body("topup-1", "200", "50000.00", &SIGNATURE.to_uppercase())), Ok(hint.clone()));
    // The status is not signed, so a forged one still is well signed: the hint names the order and nothing else.
    let altered = text.replace("settlement", "expire").replace("accept", "deny");
    assert_ne!(altered, text);
    assert_eq!(parse(&altered), Ok(hint));
}

#[test]
fn anything_else_is_not_believed() {
    let bad = Err(PayWebhookError::BadSignature);
    // Every bit of the signature counts.
    for at in 0..SIGNATURE.len() {
        let digit = SIGNATURE[at..=at].chars().next().unwrap().to_digit(16).unwrap();
        for bit in [1, 2, 4, 8] {
            let mut forged = SIGNATURE.to_owned();
            forged.replace_range(at..=at, &format!("{:x}", digit ^ bit));
            assert_eq!(parse(&body("topup-1", "200", "50000.00", &forged)), bad, "{at} {bit}");
        }
    }
    for signature in ["", "00", "zz", &SIGNATURE[2..], &format!("{SIGNATURE}00")] {
        assert_eq!(parse(&body("topup-1", "200", "50000.00", signature)), bad, "{signature}");
    }
    for (order_id, code, gross) in [
        ("topup-2", "200", "50000.00"),
        ("topup-1", "201", "50000.00"),
        ("topup-1", "200", "60000.00"),
        ("topup-1", "200", "50000"),
    ] {
        assert_eq!(parse(&body(order_id, code, gross, SIGNATURE)), bad, "{order_id} {code} {gross}");
    }
    // The amount as a number is not the text that was signed.
    let text = body("topup-1", "200", "50000.00", SIGNATURE);
    for broken in [
        text.replace(r#""50000.00""#, "50000.00"),
        text.replace(r#""status_code":"200","#, ""),
        text.replace("signature_key", "other"),
        text[..text.len() - 1].to_owned(),
        String::new(),
        "[]".to_owned(),
        "null".to_owned(),
    ] {
        assert_eq!(parse(&broken), bad, "{broken}");
    }
}

#[test]
fn a_notification_of_production_is_forged_for_the_sandbox() {
    let of_another_key = "1de1b049385bcede2adc10baa10e8d4a9d4e0dfb17e8b16074d4c3b47142a6fd337ead07d3019937ababba989e6ec185e90afaff167beaa05bc6ea1929a46bf6";
    let refused = parse(&body("topup-1", "200", "50000.00", of_another_key));
    assert_eq!(refused, Err(PayWebhookError::BadSignature));
}

#[test]
fn signed_well_and_still_not_what_the_contract_says() {
    for (order_id, code, gross, signature, note) in [
        // The same letters one after the other, with the borders elsewhere.
        ("topup-12", "005", "0000.00", SIGNATURE, "a code that the contract does not have"),
        ("topup-1", "2005", "0000.00", SIGNATURE, "a code that the contract does not have"),
        (
            "topup-1",
            "200",
            "50000.50",
            "28c2d1e7d2c76cac27f7b939b1b79335d8cf5dd464445f5779cb21604f569a7817f5889b3ca9e93281dde48187985d9e140313954121af0bcadc48002e3a3cdd",
            "an amount that cannot be read",
        ),
        (
            "../topup",
            "200",
            "50000.00",
            "b900d56112b5d8aa99b368e5395606a8ef9d77ebab4b90b67d97b2f2c9e46aa1df6d73a77316dc5a35c677913437751c9f548099ce3dc461d2c13387f91fa84a",
            "an order id that cannot be ours",
        ),
    ] {
        assert_eq!(parse(&body(order_id, code, gross, signature)), Err(PayWebhookError::Unreadable(note)));
    }
}
