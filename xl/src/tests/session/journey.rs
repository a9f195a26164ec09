//! An owner's way through sign-in, session and quota, against the simulator.

use domain::{FailReason, Payment, PaymentMethod, Rupiah, SECOND_MS, UtcMillis, Verdict};
use serde_json::json;

use super::misbehaviour::{NOW_MS, NUMBER, Shop};
use crate::{Gateway, Order, Otp, OtpError, SessionError, SessionGateway, SessionStatus};

const NOW: UtcMillis = UtcMillis(NOW_MS);

fn after(seconds: i64) -> UtcMillis {
    NOW.plus_ms(seconds * SECOND_MS)
}

/// The gateway's own clock, so far ahead.
async fn later(shop: &Shop, seconds: i64) {
    shop.admin("clock", json!({ "ahead_ms": seconds * SECOND_MS })).await;
}

/// A password that is not the right one.
fn wrong(shop: &Shop) -> Otp {
    let right = shop.simulator.otp_of(NUMBER).unwrap();
    Otp::parse(if right == "000000" { "000001" } else { "000000" }).unwrap()
}

#[tokio::test]
async fn passwords_wrong_too_early_expired_and_locked() {
    let shop = Shop::open().await;
    let msisdn = NUMBER.parse().unwrap();
    let challenge = shop.gateway.request_otp(&msisdn, NOW).await.unwrap();
    assert_eq!((challenge.resend_at, challenge.expires_at), (after(60), after(300)));
    let too_early = OtpError::TooEarly { until: after(60) };
    assert_eq!(shop.gateway.request_otp(&msisdn, NOW).await, Err(too_early));

    let otp = wrong(&shop);
    assert_eq!(shop.gateway.verify_otp(&challenge, &otp, NOW).await, Err(OtpError::Wrong));
    later(&shop, 300).await;
    assert_eq!(shop.gateway.verify_otp(&challenge, &otp, after(300)).await, Err(OtpError::Expired));

    let challenge = shop.gateway.request_otp(&msisdn, after(300)).await.unwrap();
    let otp = wrong(&shop);
    for _ in 1..challenge.attempts_left {
        assert_eq!(shop.gateway.verify_otp(&challenge, &otp, after(300)).await, Err(OtpError::Wrong));
    }
    let locked = OtpError::Locked { until: after(1_200) };
    assert_eq!(shop.gateway.verify_otp(&challenge, &otp, after(300)).await, Err(locked.clone()));
    assert_eq!(shop.gateway.request_otp(&msisdn, after(300)).await, Err(locked));

    let foreign = "081234567890".parse().unwrap();
    assert_eq!(shop.gateway.request_otp(&foreign, NOW).await, Err(OtpError::BadNumber));
}

#[tokio::test]
async fn four_passwords_and_then_none() {
    let shop = Shop::open().await;
    let msisdn = NUMBER.parse().unwrap();
    for minute in 0..4 {
        later(&shop, minute * 60).await;
        assert!(shop.gateway.request_otp(&msisdn, after(minute * 60)).await.is_ok(), "{minute}");
    }
    later(&shop, 240).await;
    let locked = OtpError::Locked { until: after(240 + 900) };
    assert_eq!(shop.gateway.request_otp(&msisdn, after(240)).await, Err(locked));
}

#[tokio::test]
async fn a_session_expires_is_renewed_and_revoked() {
    let shop = Shop::open().await;
    let msisdn = NUMBER.parse().unwrap();
    let token = shop.sign_in(NUMBER).await;
    assert_eq!(shop.gateway.quota(&token).await, Ok(Vec::new()));
    assert_eq!(shop.gateway.session_status(&msisdn, &token).await, Ok(SessionStatus::Current));

    later(&shop, 300).await;
    assert_eq!(shop.gateway.quota(&token).await, Err(SessionError::Expired));
    let renewed = shop.gateway.refresh_session(&msisdn, &token, after(300)).await.unwrap();
    assert_eq!(renewed.expires_at, after(600));
    assert_eq!(renewed.access.session_id(), token.session_id());
    assert_eq!(shop.gateway.quota(&renewed.access).await, Ok(Vec::new()));
    // The old one is worth nothing, and renews nothing.
    assert_eq!(shop.gateway.quota(&token).await, Err(SessionError::Rotated));
    let again = shop.gateway.refresh_session(&msisdn, &token, after(300)).await;
    assert_eq!(again, Err(SessionError::Rotated));

    shop.admin("revoke", json!({ "msisdn": NUMBER })).await;
    let gone = shop.gateway.refresh_session(&msisdn, &renewed.access, after(300)).await;
    assert_eq!(gone, Err(SessionError::Revoked));
    assert_eq!(shop.gateway.session_status(&msisdn, &renewed.access).await, Ok(SessionStatus::Gone));
}

#[tokio::test]
async fn a_lost_renewal_is_found_again() {
    let shop = Shop::open().await;
    let msisdn = NUMBER.parse().unwrap();
    let token = shop.sign_in(NUMBER).await;
    shop.next_call("login", json!({ "kind": "as_usual" }), json!({ "kind": "close" })).await;
    assert!(shop.gateway.refresh_session(&msisdn, &token, NOW).await.is_err());
    let Ok(SessionStatus::Rotated(present)) = shop.gateway.session_status(&msisdn, &token).await else {
        panic!("the session goes on");
    };
    assert_eq!(shop.gateway.quota(&present).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_purchase_without_a_living_session_is_no_order() {
    let shop = Shop::open().await;
    let token = shop.sign_in("087800001230").await;
    let order = Order {
        client_ref: "unused".to_owned(),
        sku: "XLCOMBO10_PULSA".to_owned(),
        msisdn: "087800001230".parse().unwrap(),
        max_price: Rupiah::new(1_500),
    };
    let payment = Payment { method: PaymentMethod::Pulsa, wallet: None, needs_session: true };
    let request = shop.gateway.order_paid_by(&order, &payment);
    later(&shop, 300).await;
    let answer = shop.gateway.purchase(&request, Some(&token), &|| true).await;
    assert_eq!(answer.verdict, Verdict::TryLater { reason: FailReason::SessionEnded });
    // Renewed once, the same order goes through, and the quota shows it.
    let renewed = shop.gateway.refresh_session(&order.msisdn, &token, after(300)).await.unwrap().access;
    assert_eq!(shop.gateway.quota(&renewed).await, Ok(Vec::new()));
    let answer = shop.gateway.purchase(&request, Some(&renewed), &|| true).await;
    assert_eq!(answer.verdict, Verdict::Pending);
    let [package] = &shop.gateway.quota(&renewed).await.unwrap()[..] else { panic!("one package") };
    assert_eq!((package.benefits.len(), package.expires_at.is_some()), (3, true));
    assert_eq!(package.benefits[0].remaining, Some(10 << 30));
    assert_eq!(shop.simulator.orders_of("087800001230", "XLCOMBO10_PULSA").len(), 1);
}

#[tokio::test]
async fn the_simulators_packages_and_stock() {
    let shop = Shop::open().await;
    let offers = shop.gateway.list_offers().await.unwrap();
    let catalogue = simulator::default_session_catalogue();
    assert_eq!(offers.len(), catalogue.len());
    for (offer, sold) in offers.iter().zip(&catalogue) {
        assert_eq!((&offer.code, offer.price.get()), (&sold.code, sold.fee_rupiah));
        assert_eq!((offer.needs_session, offer.is_repeatable), (sold.needs_login, sold.can_multi_trx));
        assert_eq!(offer.methods.len(), sold.payment_methods.len());
        assert_eq!(offer.needs_stock_check, sold.stock.is_some());
        if let Some(left) = sold.stock {
            let stock = shop.gateway.stock(&offer.code).await.unwrap();
            assert_eq!((stock.left, stock.is_out), (Some(left), left == 0));
            shop.admin("prices", json!({ "sku": offer.code, "stock": 0 })).await;
            assert!(shop.gateway.stock(&offer.code).await.unwrap().is_out);
        }
    }
    assert_eq!(shop.gateway.list_packages().await.unwrap().len(), catalogue.len());
    // What needs no session is bought without one.
    let free = catalogue.iter().find(|package| !package.needs_login).unwrap();
    let order = Order {
        client_ref: "unused".to_owned(),
        sku: free.code.clone(),
        msisdn: "087800001230".parse().unwrap(),
        max_price: Rupiah::new(free.fee_rupiah),
    };
    let answer = shop.gateway.purchase(&shop.gateway.order(&order), None, &|| true).await;
    assert_eq!(answer.verdict, Verdict::Pending, "{answer:?}");
}
