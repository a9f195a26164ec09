//! Sessions: their cookie, their renewal, their end.

use domain::{DAY_MS, MINUTE_MS, Role};
use http::StatusCode;
use store::{SetUserState, SignOutEverywhere};

use crate::shop::{PASSWORD, Setup, on_each_database};

#[tokio::test]
async fn the_cookie_is_locked_and_renewed_at_sign_in() {
    on_each_database(Setup::default(), async |shop| {
        let user = shop.user(Role::Member, "siti").await;
        let mut visitor = shop.visitor();
        assert_eq!(visitor.get("/login").await.header("set-cookie"), "", "looking around needs no session");
        let action = visitor.action("/login", "sign_in").await;
        visitor
            .post_form(&action, "/login", &[("identity", "siti"), ("password", "wrong"), ("next", "")])
            .await;
        let before = visitor.session().cloned().expect("a refused form is bound to a session");
        let fields = [("identity", "siti"), ("password", PASSWORD), ("next", "")];
        let answer = visitor.post_form(&action, "/login", &fields).await;
        let mut cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
        let cookie = cookies.find(|cookie| cookie.contains("session=")).expect("a session's cookie");
        for part in ["__Host-session=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{part} is missing in {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert_ne!(visitor.session(), Some(&before), "a new id, so that a planted one is worth nothing");
        let kept = shop.store.sessions_of(user.id).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert!(!kept[0].id_hash.contains(visitor.session().unwrap()), "only the hash is kept");
        assert_eq!(kept[0].ip, "127.0.0.1");

        let mut planted = shop.visitor();
        planted.set_session(&before);
        assert_eq!(planted.get("/dashboard").await.status, StatusCode::FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Member, "siti").await;
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        for _ in 0..2 {
            shop.database.clock.advance_ms(6 * DAY_MS);
            assert_eq!(visitor.get("/dashboard").await.status, StatusCode::OK, "use keeps it alive");
        }
        shop.database.clock.advance_ms(8 * DAY_MS);
        assert_eq!(visitor.get("/dashboard").await.status, StatusCode::FOUND);
    })
    .await;
}

#[tokio::test]
async fn no_session_lives_longer_than_a_month() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Member, "siti").await;
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        for _ in 0..5 {
            shop.database.clock.advance_ms(5 * DAY_MS);
            assert_eq!(visitor.get("/dashboard").await.status, StatusCode::OK);
        }
        shop.database.clock.advance_ms(5 * DAY_MS + 1);
        assert_eq!(visitor.get("/dashboard").await.status, StatusCode::FOUND);
    })
    .await;
}

#[tokio::test]
async fn sessions_can_be_ended_from_elsewhere() {
    on_each_database(Setup::default(), async |shop| {
        let user = shop.user(Role::Member, "siti").await;
        let admin = shop.user(Role::Admin, "bos").await;
        let mut here = shop.visitor();
        let mut there = shop.visitor();
        here.sign_in("siti").await;
        there.sign_in("siti").await;
        let action = here.action("/profile", "sign_out").await;
        here.post_form(&action, "/dashboard", &[]).await;
        assert_eq!(here.get("/dashboard").await.status, StatusCode::FOUND);
        assert_eq!(there.get("/dashboard").await.status, StatusCode::OK);
        shop.store.run(SignOutEverywhere { user: user.id }).await.unwrap();
        assert_eq!(there.get("/dashboard").await.status, StatusCode::FOUND);

        there.sign_in("siti").await;
        let state = domain::UserState::Suspended;
        shop.store
            .run(SetUserState { admin: admin.id, user: user.public_id, state, reason: "spam".into() })
            .await
            .unwrap();
        assert_eq!(there.get("/dashboard").await.status, StatusCode::FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_session_without_a_user_is_short() {
    on_each_database(Setup::default(), async |shop| {
        let mut visitor = shop.visitor();
        let action = visitor.action("/login", "sign_in").await;
        let wrong = [("identity", "siti"), ("password", "wrong"), ("next", "")];
        visitor.post_form(&action, "/login", &wrong).await;
        let kept = async || {
            let id_hash = store::hash_token(visitor.session().expect("a session"));
            shop.store.session(&id_hash).await.unwrap().is_some()
        };
        assert!(kept().await);
        shop.database.clock.advance_ms(16 * MINUTE_MS);
        assert!(!kept().await);
    })
    .await;
}
