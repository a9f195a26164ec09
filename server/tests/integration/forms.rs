//! Forms that are refused: what was typed comes back, to the one who typed it.

use http::StatusCode;

use domain::Role;

use crate::shop::{Setup, on_each_database};

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed() {
    on_each_database(Setup::default(), async |shop| {
        let mut visitor = shop.visitor();
        let action = visitor.action("/register", "register").await;
        let fields = [
            ("username", "budi<b>"),
            ("email", "budi at contoh"),
            ("phone", "0812"),
            ("password", "rahasia sekali 1"),
        ];
        let sent = visitor.post_form(&action, "/register?next=%2Ftopup", &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{sent:?}");
        let back = sent.location().to_owned();
        assert!(back.starts_with("/register?next=%2Ftopup&form="), "{back}");

        let page = visitor.get(&back).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("budi&lt;b&gt;") && page.body.contains("budi at contoh"), "{}", page.body);
        assert!(page.body.contains("aria-invalid=\"true\""));
        assert!(!page.body.contains("rahasia sekali"), "passwords are not kept");

        let reloaded = visitor.get(&back).await;
        assert_eq!(reloaded.status, StatusCode::UNPROCESSABLE_ENTITY, "a reload shows the same");
        let stranger = shop.visitor().get(&back).await;
        assert_eq!(stranger.status, StatusCode::OK);
        assert!(!stranger.body.contains("budi at contoh"), "only for who typed it");

        shop.database.clock.advance_ms(11 * domain::MINUTE_MS);
        assert_eq!(visitor.get(&back).await.status, StatusCode::OK, "after ten minutes it is gone");
    })
    .await;
}

#[tokio::test]
async fn programs_get_the_refusal_itself() {
    on_each_database(Setup::default(), async |shop| {
        let mut visitor = shop.visitor();
        let action = visitor.action("/register", "register").await;
        let fields = [("username", "x"), ("email", ""), ("phone", ""), ("password", "")];
        let answer = visitor.post_for_json(&action, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer:?}");
        assert!(answer.body.contains("too_short") && answer.body.contains("required"), "{answer:?}");
        assert_eq!(answer.header("content-type"), "application/json");
    })
    .await;
}

#[tokio::test]
async fn signing_in_tells_nobody_who_has_an_account() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Member, "siti").await;
        let mut visitor = shop.visitor();
        let action = visitor.action("/login", "sign_in").await;
        let mut answers = Vec::new();
        for name in ["siti", "nobody", "nobody@contoh.id", "081299999999", "not a name at all"] {
            let fields = [("identity", name), ("password", "wrong password"), ("next", "")];
            let answer = visitor.post_for_json(&action, &fields).await;
            answers.push((answer.status, answer.body));
        }
        assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED, "{answers:?}");
        assert!(answers[0].1.contains("wrong_credentials"), "{answers:?}");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    })
    .await;
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down_for_that_account() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Member, "siti").await;
        let mut visitor = shop.visitor();
        let action = visitor.action("/login", "sign_in").await;
        let mut last = StatusCode::OK;
        for i in 0..40_u8 {
            // From everywhere: it is the account that counts.
            visitor.peer = ([198, 51, 100, i], 40_000).into();
            let fields = [("identity", "siti"), ("password", "wrong password"), ("next", "")];
            let answer = visitor.post_for_json(&action, &fields).await;
            last = answer.status;
            if last == StatusCode::TOO_MANY_REQUESTS {
                assert!(answer.header("retry-after").parse::<i64>().unwrap() > 0);
                break;
            }
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test]
async fn spellings_of_one_account_share_its_tries() {
    on_each_database(Setup::default(), async |shop| {
        let user = shop.user(Role::Member, "siti").await;
        let number = user.phone.msisdn().international().to_owned();
        let mut visitor = shop.visitor();
        let action = visitor.action("/login", "sign_in").await;
        for (known, names) in [
            (true, ["siti".to_owned(), " SITI@contoh.id".to_owned(), format!("+{number}")]),
            (false, ["wati".to_owned(), " Wati ".to_owned(), "WATI".to_owned()]),
        ] {
            let mut statuses = Vec::new();
            for i in 0..21_u8 {
                visitor.peer = ([198, 51, 100, i], 40_000).into();
                let name = names[usize::from(i) % names.len()].as_str();
                let fields = [("identity", name), ("password", "wrong password"), ("next", "")];
                statuses.push(visitor.post_for_json(&action, &fields).await.status);
            }
            assert!(statuses[..20].iter().all(|status| *status == StatusCode::UNAUTHORIZED), "{statuses:?}");
            assert_eq!(statuses[20], StatusCode::TOO_MANY_REQUESTS, "{known}");
        }
        // By form: a page that stores nothing.
        let fields = [("identity", "siti"), ("password", "wrong password"), ("next", "")];
        let refused = visitor.post_form(&action, "/login", &fields).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.header("content-type").starts_with("text/html"), "{refused:?}");
        assert!(refused.header("retry-after").parse::<i64>().unwrap() > 0);
        assert_eq!(visitor.session(), None);
    })
    .await;
}

#[tokio::test]
async fn a_household_shares_its_tries() {
    on_each_database(Setup::default(), async |shop| {
        let mut visitor = shop.visitor();
        let action = visitor.action("/register", "register").await;
        let mut last = StatusCode::OK;
        for i in 0..21_u16 {
            visitor.peer = (std::net::Ipv6Addr::new(0x2001, 0xdb8, 1, 2, i, 0, 0, 1), 40_000).into();
            let name = format!("orang{i}");
            let fields = [
                ("username", name.as_str()),
                ("email", &format!("{name}@contoh.id")),
                ("phone", &format!("0812000000{i:02}")),
                ("password", crate::shop::PASSWORD),
            ];
            last = visitor.post_for_json(&action, &fields).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test]
async fn asking_who_has_an_address_is_slowed_down() {
    on_each_database(Setup::default(), async |shop| {
        let user = shop.user(Role::Member, "siti").await;
        shop.user(Role::Member, "wati").await;
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        let action = visitor.action("/profile", "update_profile").await;
        let phone = user.phone.msisdn().international().to_owned();
        let mut save = async |email: &str| {
            let fields = [
                ("name", ""),
                ("email", email),
                ("phone", &phone),
                ("zone", "wib"),
                ("lang", "en"),
                ("theme", "dark"),
            ];
            visitor.post_for_json(&action, &fields).await.status.as_u16()
        };
        for _ in 0..20 {
            assert_eq!(save("wati@contoh.id").await, 422, "taken");
        }
        assert_eq!(save("wati@contoh.id").await, 429);
        assert_ne!(save("siti@contoh.id").await, 429, "the rest can be changed as before");
    })
    .await;
}

#[tokio::test]
async fn back_to_where_one_wanted_to_go() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Member, "siti").await;
        let mut visitor = shop.visitor();
        let action = visitor.action("/login", "sign_in").await;
        for (next, lands_on) in [
            ("/topup?amount=5", "/topup?amount=5"),
            ("//evil.example", "/dashboard"),
            ("https://evil.example", "/dashboard"),
        ] {
            let fields = [("identity", "siti"), ("password", crate::shop::PASSWORD), ("next", next)];
            let answer = visitor.post_form(&action, "/login", &fields).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, lands_on));
        }
    })
    .await;
}
