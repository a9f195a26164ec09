//! Live status.

use std::time::Duration;

use axum::body::Body;
use domain::{PublicId, Role, Rupiah};
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use store::{AdjustBalance, CancelPurchase, PlacePurchase, User};

use crate::shop::{Setup, Shop, Visitor, on_each_database};

const STREAM: &[(&str, &str)] = &[("accept", "text/event-stream")];

#[tokio::test]
async fn a_stream_tells_each_state_to_those_whom_it_concerns() {
    on_each_database(Setup::default(), async |shop| {
        let buyer = shop.user(Role::Member, "siti").await;
        shop.user(Role::Member, "wati").await;
        let purchase = purchase(&shop, &buyer).await;
        let path = format!("/events/purchases/{}", purchase.as_str());

        assert_eq!(status(&mut shop.visitor(), &path).await, StatusCode::UNAUTHORIZED);
        let mut other = shop.visitor();
        other.sign_in("wati").await;
        assert_eq!(status(&mut other, &path).await, StatusCode::NOT_FOUND);
        assert_eq!(status(&mut other, "/events/purchases/none").await, StatusCode::NOT_FOUND);

        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        let response = visitor.open(Method::GET, &path, STREAM, Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(response.headers().get("content-encoding").is_none());
        let mut body = response.into_body();
        assert_eq!(message(&mut body).await.as_deref(), Some("data: accepted\n\n"));
        shop.store.run(CancelPurchase { user: buyer.id, purchase }).await.unwrap();
        assert_eq!(message(&mut body).await.as_deref(), Some("data: failed\n\n"));
        shop.shutdown.cancel();
        assert_eq!(message(&mut body).await, None, "it ends when the server stops");
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_with_the_right_to_see_it() {
    on_each_database(Setup::default(), async |shop| {
        let buyer = shop.user(Role::Member, "siti").await;
        let purchase = purchase(&shop, &buyer).await;
        let path = format!("/events/purchases/{}", purchase.as_str());
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        let mut open = Vec::new();
        for _ in 0..8 {
            let response = visitor.open(Method::GET, &path, STREAM, Body::empty()).await;
            assert_eq!(response.status(), StatusCode::OK);
            open.push(response.into_body());
        }
        assert_eq!(status(&mut visitor, &path).await, StatusCode::TOO_MANY_REQUESTS);
        let mut last = open.pop().unwrap();
        open.clear();
        assert_eq!(status(&mut visitor, &path).await, StatusCode::OK, "closed ones do not count");
        assert_eq!(message(&mut last).await.as_deref(), Some("data: accepted\n\n"));
        shop.store.run(store::SignOutEverywhere { user: buyer.id }).await.unwrap();
        // Not told any more, though the state has changed.
        shop.store.run(CancelPurchase { user: buyer.id, purchase }).await.unwrap();
        assert_eq!(message(&mut last).await, None);
    })
    .await;
}

async fn status(visitor: &mut Visitor<'_>, path: &str) -> StatusCode {
    visitor.open(Method::GET, path, STREAM, Body::empty()).await.status()
}

async fn message(body: &mut Body) -> Option<String> {
    let frame = tokio::time::timeout(Duration::from_secs(10), body.frame()).await.expect("in time")?;
    Some(String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
}

async fn purchase(shop: &Shop, buyer: &User) -> PublicId {
    let admin = shop.user(Role::Admin, "bos").await;
    let package = shop.package(&admin).await;
    let amount = Rupiah::new(100_000);
    let credit =
        AdjustBalance { admin: admin.id, user: buyer.id, amount, reason: "test".into(), key: "k1".into() };
    shop.store.run(credit).await.unwrap();
    let place = PlacePurchase {
        user: buyer.id,
        package,
        msisdn: "087812345678".parse().unwrap(),
        agreed_price: Rupiah::new(60_000),
        pay: None,
        key: "k2".into(),
        buy_again: false,
    };
    shop.store.run(place).await.unwrap()
}
