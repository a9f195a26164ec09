//! The proof of a transfer.

use std::io::Cursor;

use axum::body::Body;
use domain::{PublicId, Role, Rupiah, TopupMethod};
use http::{Method, StatusCode};
use store::{CancelTopup, RequestTopup, SaveBankAccount, Saving, User};

use crate::shop::{Answer, HTML, ORIGIN, Setup, Shop, Visitor, on_each_database};

const BOUNDARY: &str = "----xlpm";

#[tokio::test]
async fn a_picture_is_drawn_anew_and_shown_to_two_only() {
    on_each_database(Setup::default(), async |shop| {
        let buyer = shop.user(Role::Member, "siti").await;
        shop.user(Role::Member, "wati").await;
        let topup = topup(&shop, &buyer).await;
        let path = format!("/topup/{}/proof", topup.as_str());
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        assert_eq!(visitor.get(&path).await.status, StatusCode::NOT_FOUND, "none yet");

        let answer = hand_in(&mut visitor, &path, b"<script>alert(1)</script>").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(answer.location().starts_with(&format!("/topup/{}?form=", topup.as_str())), "{answer:?}");

        let mut png = Vec::new();
        image::DynamicImage::new_rgb8(40, 30)
            .write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png)
            .unwrap();
        let answer = hand_in(&mut visitor, &path, &png).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, format!("/topup/{}", topup.as_str()).as_str())
        );

        let shown = visitor.get(&path).await;
        assert_eq!((shown.status, shown.header("content-type")), (StatusCode::OK, "image/jpeg"));
        assert!(shown.header("content-security-policy").contains("sandbox"));
        assert!(shown.header("content-disposition").starts_with("inline; filename="));
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        assert_eq!(admin.get(&path).await.status, StatusCode::OK);
        let mut other = shop.visitor();
        other.sign_in("wati").await;
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(hand_in(&mut other, &path, &png).await.status, StatusCode::NOT_FOUND);
        let signed_out = hand_in(&mut shop.visitor(), &path, &png).await;
        assert_eq!(
            (signed_out.status, signed_out.location()),
            (StatusCode::SEE_OTHER, "/login?next=%2Fdashboard")
        );
    })
    .await;
}

#[tokio::test]
async fn a_picture_over_the_limit() {
    on_each_database(Setup::default(), async |shop| {
        let buyer = shop.user(Role::Member, "siti").await;
        let topup = topup(&shop, &buyer).await;
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        let answer =
            hand_in(&mut visitor, &format!("/topup/{}/proof", topup.as_str()), &vec![0; 9 * 1024 * 1024])
                .await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.header("content-type").starts_with("text/html"));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_read_for_a_top_up_that_takes_no_proof() {
    on_each_database(Setup::default(), async |shop| {
        let buyer = shop.user(Role::Member, "siti").await;
        let topup = topup(&shop, &buyer).await;
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        shop.store.run(CancelTopup { user: buyer.id, topup: topup.clone() }).await.unwrap();
        // Read as a form, this would be 400.
        let path = format!("/topup/{}/proof", topup.as_str());
        let headers =
            [("accept", HTML), ("content-type", "multipart/form-data; boundary=x"), ("origin", ORIGIN)];
        let answer = visitor.send(Method::POST, &path, &headers, Body::from("no form")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        let other = "/topup/7QK2M4XW9A/proof";
        let answer = visitor.send(Method::POST, other, &headers, Body::from("no form")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
    })
    .await;
}

#[tokio::test]
async fn one_user_has_few_bodies_under_way() {
    on_each_database(Setup::default(), async |shop| {
        let buyer = shop.user(Role::Member, "siti").await;
        let topup = topup(&shop, &buyer).await;
        let path = format!("/topup/{}/proof", topup.as_str());
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let headers = [("accept", HTML), ("content-type", kind.as_str()), ("origin", ORIGIN)];
        let slow = || Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
        let (mut first, mut second) = (shop.visitor(), shop.visitor());
        for slow in [&mut first, &mut second] {
            slow.set_session(visitor.session().unwrap());
        }
        let (first, second) = (
            first.send(Method::POST, &path, &headers, slow()),
            second.send(Method::POST, &path, &headers, slow()),
        );
        let third = async {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            visitor.send(Method::POST, &path, &headers, Body::empty()).await
        };
        tokio::select! {
            answer = first => panic!("{answer:?}"),
            answer = second => panic!("{answer:?}"),
            answer = third => assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS),
        }
        // The two have hung up.
        let answer = visitor.send(Method::POST, &path, &headers, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "an empty body is no form");
    })
    .await;
}

async fn hand_in(visitor: &mut Visitor<'_>, path: &str, bytes: &[u8]) -> Answer {
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"proof\"; filename=\"a.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("accept", HTML), ("content-type", kind.as_str()), ("origin", ORIGIN)];
    visitor.send(Method::POST, path, &headers, Body::from(body)).await
}

async fn topup(shop: &Shop, buyer: &User) -> PublicId {
    let admin = shop.user(Role::Admin, "bos").await;
    let account = SaveBankAccount {
        admin: admin.id,
        id: Saving::fresh(&shop.store),
        bank: "BCA".into(),
        number: "123-456-7890".into(),
        holder: "Toko".into(),
        active: true,
    };
    shop.store.run(account).await.unwrap();
    let bank_account = shop.store.bank_accounts(true).await.unwrap()[0].id;
    let request = RequestTopup {
        user: buyer.id,
        method: TopupMethod::Transfer,
        bank_account: Some(bank_account),
        base: Rupiah::new(50_000),
        key: "k1".into(),
    };
    shop.store.run(request).await.unwrap()
}
