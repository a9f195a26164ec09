//! Webhooks as the contract paper writes them; the signatures were computed apart, with Python's hmac.

use domain::{FailReason, Rupiah, Verdict};

use super::{any_gateway, config};
use crate::{Digiflazz, DigiflazzConfig, Gateway, HeaderMap, WebhookError};

const BODY: &str = r#"{"data":{"ref_id":"test1","customer_no":"087800001230","buyer_sku_code":"xld10","message":"Transaksi Sukses","status":"Sukses","rc":"00","sn":"1234567890","buyer_last_saldo":49951750,"price":48250}}"#;
const SIGNATURE: &str = "sha1=9f7f748d0e92dbef9c25d3a00aac45419ad295fc";

fn headers(signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-digiflazz-event", "update".parse().unwrap());
    headers.insert("x-digiflazz-delivery", "d-1".parse().unwrap());
    headers.insert("x-hub-signature", signature.parse().unwrap());
    headers
}

#[test]
fn a_well_signed_webhook_is_read() {
    let news = any_gateway().parse_webhook(&headers(SIGNATURE), BODY.as_bytes()).unwrap();
    assert_eq!((news.client_ref.as_str(), news.sku.as_deref()), ("test1", Some("xld10")));
    assert_eq!(news.msisdn, "087800001230".parse().ok());
    assert_eq!(news.delivery_id.as_deref(), Some("d-1"));
    let delivered = Verdict::Delivered {
        serial_number: Some("1234567890".to_owned()),
        charged: Some(Rupiah::new(48_250)),
    };
    assert_eq!(news.verdict, delivered);
    assert_eq!((news.evidence.body.as_str(), news.evidence.code.as_deref()), (BODY, Some("00")));
}

#[test]
fn anything_else_is_not_believed() {
    let gateway = any_gateway();
    let bad = Err(WebhookError::BadSignature);
    assert_eq!(gateway.parse_webhook(&HeaderMap::new(), BODY.as_bytes()), bad);
    let upper = SIGNATURE.replace("sha1=", "SHA1=");
    let bare = SIGNATURE.strip_prefix("sha1=").unwrap();
    let short = &SIGNATURE[..SIGNATURE.len() - 2];
    for signature in ["", "sha1=", "sha1=0", "sha1=zz", "sha256=00", &upper, bare, short] {
        assert_eq!(gateway.parse_webhook(&headers(signature), BODY.as_bytes()), bad, "{signature}");
    }
    // One byte of the body is another.
    let forged = BODY.replace("test1", "test2");
    assert_eq!(gateway.parse_webhook(&headers(SIGNATURE), forged.as_bytes()), bad);
    assert_eq!(gateway.parse_webhook(&headers(SIGNATURE), format!("{BODY}\n").as_bytes()), bad);
}

#[test]
fn without_a_secret_nothing_is_believed() {
    for webhook_secret in [None, Some(String::new())] {
        let config = DigiflazzConfig { webhook_secret, ..config("http://127.0.0.1:9/v1") };
        let gateway = Digiflazz::new(config).unwrap();
        let refused = gateway.parse_webhook(&headers(SIGNATURE), BODY.as_bytes());
        assert_eq!(refused, Err(WebhookError::NotConfigured));
    }
}

#[test]
fn a_webhook_is_read_as_strictly_as_a_query() {
    for (rc, status, signature, verdict) in [
        (
            "02",
            "Gagal",
            "9423308323342e536a8d25d0950f09e04aaf77a3",
            Verdict::Failed { reason: FailReason::ProviderFailed },
        ),
        ("44", "Gagal", "3bce4e3fc017284d8ee86aa7952150a2d5bb0177", Verdict::Unknown),
        ("00", "Gagal", "5240d45372aece3ca672b17f1b81c9d2324a0cdf", Verdict::Unknown),
    ] {
        let body = format!(r#"{{"data":{{"ref_id":"test1","status":"{status}","rc":"{rc}"}}}}"#);
        let news =
            any_gateway().parse_webhook(&headers(&format!("sha1={signature}")), body.as_bytes()).unwrap();
        assert_eq!(news.verdict, verdict, "{rc} {status}");
    }
    let unreadable =
        any_gateway().parse_webhook(&headers("sha1=5c522b95dd7d86574927070c42555291490bfdf3"), b"{}");
    assert_eq!(unreadable, Err(WebhookError::Unreadable("a field is missing or of another type")));
}
