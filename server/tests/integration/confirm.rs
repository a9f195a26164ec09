//! The password once more, before money or sign-in details change.

use domain::{MINUTE_MS, Role, Rupiah};
use http::StatusCode;

use crate::shop::{Answer, PASSWORD, Setup, Visitor, on_each_database};

const LATER_MS: i64 = 31 * MINUTE_MS;

/// Where the browser goes after the password; `None` when it was not asked for.
fn asked_for_password(answer: &Answer) -> Option<String> {
    let next = answer.location().strip_prefix("/confirm?next=")?;
    form_urlencoded::parse(format!("next={next}").as_bytes()).next().map(|(_, next)| next.into_owned())
}

async fn confirm(visitor: &mut Visitor<'_>, password: &str, next: &str) -> Answer {
    let page =
        format!("/confirm?next={}", form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>());
    let action = visitor.action(&page, "confirm").await;
    visitor.post_form(&action, &page, &[("password", password), ("next", next)]).await
}

#[tokio::test]
async fn an_old_sign_in_moves_no_money() {
    on_each_database(Setup::default(), async |shop| {
        let siti = shop.user(Role::Member, "siti").await;
        shop.user(Role::Admin, "bos").await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let page = format!("/admin/users/{}", siti.public_id.as_str());
        let fields = [
            ("_form", "adjust_balance"),
            ("user", siti.public_id.as_str()),
            ("direction", "add"),
            ("amount", "50000"),
            ("reason", "hadiah"),
            ("key", "k1"),
        ];
        shop.database.clock.advance_ms(LATER_MS);
        let answer = admin.post_form("/api/adjust_balance", &page, &fields).await;
        let back = asked_for_password(&answer).expect("the password is asked for");
        assert!(back.starts_with(&format!("{page}?form=")), "{back}");
        assert_eq!(shop.store.wallet(siti.id).await.unwrap().available, Rupiah::ZERO);

        let wrong = confirm(&mut admin, "not the password", &back).await;
        assert!(wrong.location().starts_with("/confirm?next="), "{wrong:?}");
        let answer = admin.post_form("/api/adjust_balance", &page, &fields).await;
        assert!(asked_for_password(&answer).is_some(), "a wrong password confirms nothing");

        let session = admin.session().cloned();
        let answer = confirm(&mut admin, PASSWORD, &back).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, back.as_str()));
        assert_ne!(admin.session(), session.as_ref(), "the session goes on under a new id");
        assert_eq!(admin.get(&back).await.status, StatusCode::OK, "nothing was wrong with the form");
        let answer = admin.post_form("/api/adjust_balance", &page, &fields).await;
        assert_eq!(answer.location(), format!("{page}?done=saved"));
        assert_eq!(shop.store.wallet(siti.id).await.unwrap().available, Rupiah::new(50_000));
    })
    .await;
}

#[tokio::test]
async fn an_old_sign_in_changes_no_sign_in_details() {
    on_each_database(Setup::default(), async |shop| {
        let siti = shop.user(Role::Member, "siti").await;
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        shop.database.clock.advance_ms(LATER_MS);
        let phone = siti.phone.msisdn().display();
        let profile = |email: &'static str, name: &'static str| {
            [
                ("name", name),
                ("email", email),
                ("phone", phone.as_str()),
                ("zone", "wib"),
                ("lang", "id"),
                ("theme", "system"),
            ]
        };
        let own = "siti@contoh.id";
        let answer = visitor.post_form("/api/update_profile", "/profile", &profile(own, "Siti")).await;
        assert_eq!(answer.location(), "/profile?done=saved", "a name is no sign-in detail");
        let answer =
            visitor.post_form("/api/update_profile", "/profile", &profile("lain@contoh.id", "Siti")).await;
        let back = asked_for_password(&answer).expect("the password is asked for");
        assert_eq!(shop.store.user(siti.id).await.unwrap().unwrap().email.as_str(), own);
        confirm(&mut visitor, PASSWORD, &back).await;
        let form = visitor.get(&back).await;
        assert!(form.body.contains("lain@contoh.id"), "what was typed is kept");
        let answer =
            visitor.post_form("/api/update_profile", "/profile", &profile("lain@contoh.id", "Siti")).await;
        assert_eq!(answer.location(), "/profile?done=saved");
        assert_eq!(shop.store.user(siti.id).await.unwrap().unwrap().email.as_str(), "lain@contoh.id");
    })
    .await;
}

#[tokio::test]
async fn guesses_at_the_password_are_counted() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Member, "siti").await;
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        for _ in 0..10 {
            confirm(&mut visitor, "not the password", "/profile").await;
        }
        let fields = [("password", PASSWORD), ("next", "/profile")];
        let answer = visitor.post_form("/api/confirm", "/confirm", &fields).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}
