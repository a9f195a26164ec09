use domain::{FieldCode, FieldError, Lang, Refusal, Role, Theme, UserState, Zone};
use store::{
    ChangePassword, DeleteSession, EndSession, EnterDemo, KeepDraft, MakeSetupLink, NoteTry, RegisterUser,
    SaveSession, SetUserRole, SetUserState, SignOutEverywhere, TouchSession, UpdateProfile, UpdateSession,
    UseSetupLink, UserFilter, hash_token,
};

use crate::shop::{on_both, refusal, register};

#[tokio::test]
async fn sign_up_says_what_is_taken() {
    on_both(|shop| async {
        let again = RegisterUser {
            username: "member".parse().unwrap(),
            email: "member@contoh.id".parse().unwrap(),
            phone: "0811-1111-0003".parse().unwrap(),
            password_hash: "x".into(),
            role: Role::Member,
            lang: Lang::Id,
        };
        let Refusal::Invalid { mut fields } = refusal(shop.store.run(again).await) else {
            panic!("three are taken")
        };
        fields.sort_by(|a, b| a.field.cmp(&b.field));
        let taken = |field: &str| FieldError { field: field.into(), error: FieldCode::Taken };
        assert_eq!(fields, [taken("email"), taken("phone"), taken("username")]);
        shop
    })
    .await;
}

#[tokio::test]
async fn any_of_three_names_finds_the_user() {
    on_both(|shop| async {
        for identity in ["member", " MEMBER ", "Member@Contoh.ID", "0811 1111 0002", "+62 811 1111 0002"] {
            let (user, hash) = shop.store.user_for_sign_in(identity).await.unwrap().expect(identity);
            assert_eq!((user.id, hash.as_str()), (shop.member, "no password"));
        }
        for nobody in ["nobody", "", "a081111110002", "0811x1111y0002", "081111110002@"] {
            assert!(shop.store.user_for_sign_in(nobody).await.unwrap().is_none(), "{nobody}");
        }
        let hash = shop.store.password_hash(shop.member).await.unwrap();
        assert_eq!(hash.as_deref(), Some("no password"));
        // The digits in this address are the member's number: it is the other's all the same.
        let other = register(&shop.store, "other", "081299990000", Role::Member).await;
        let user = shop.store.user(other).await.unwrap().unwrap();
        let update = UpdateProfile {
            user: other,
            name: None,
            email: "081111110002@contoh.id".parse().unwrap(),
            phone: user.phone,
            lang: user.lang,
            zone: user.zone,
            theme: user.theme,
        };
        shop.store.run(update).await.unwrap();
        let found = shop.store.user_for_sign_in("081111110002@contoh.id").await.unwrap();
        assert_eq!(found.map(|(user, _)| user.id), Some(other));
        shop
    })
    .await;
}

#[tokio::test]
async fn profiles_and_passwords_change() {
    on_both(|shop| async {
        let before = shop.store.user(shop.member).await.unwrap().unwrap();
        let update = UpdateProfile {
            user: shop.member,
            name: Some("Konter Melati".parse().unwrap()),
            email: "baru@contoh.id".parse().unwrap(),
            phone: before.phone.clone(),
            lang: Lang::En,
            zone: Zone::Wita,
            theme: Theme::Dark,
        };
        shop.store.run(update.clone()).await.unwrap();
        let after = shop.store.user(shop.member).await.unwrap().unwrap();
        assert_eq!(after.name.as_ref().map(|name| name.as_str()), Some("Konter Melati"));
        assert_eq!((after.lang, after.zone, after.theme), (Lang::En, Zone::Wita, Theme::Dark));
        let taken = UpdateProfile { email: "admin@contoh.id".parse().unwrap(), ..update };
        assert_eq!(refusal(shop.store.run(taken).await), Refusal::field("email", FieldCode::Taken));

        let epoch =
            shop.store.run(ChangePassword { user: shop.member, password_hash: "new".into() }).await.unwrap();
        let changed = shop.store.user(shop.member).await.unwrap().unwrap();
        assert_eq!(changed.auth_epoch, epoch);
        assert_ne!(changed.auth_epoch, before.auth_epoch);
        shop
    })
    .await;
}

#[tokio::test]
async fn sessions_live_and_end() {
    on_both(|shop| async {
        let session = |name: &str| SaveSession {
            id_hash: hash_token(name),
            user: Some(shop.member),
            data: "{}".into(),
            expires_at: shop.store.now().plus_ms(60_000),
            ip: "203.0.113.9".into(),
            user_agent: "Test".into(),
        };
        for name in ["one", "two", "three"] {
            shop.store.run(session(name)).await.unwrap();
        }
        assert_eq!(shop.store.sessions_of(shop.member).await.unwrap().len(), 3);
        let update = SaveSession { data: "{\"a\":1}".into(), ..session("one") };
        shop.store.run(UpdateSession(update)).await.unwrap();
        let written = shop.store.session(&hash_token("one")).await.unwrap().unwrap();
        assert_eq!(written.data, "{\"a\":1}");
        let touch =
            TouchSession { id_hash: hash_token("one"), expires_at: shop.store.now().plus_ms(120_000) };
        shop.store.run(touch).await.unwrap();
        // Nobody ends another's session.
        shop.store.run(EndSession { user: shop.admin, id_hash: hash_token("two") }).await.unwrap();
        assert!(shop.store.session(&hash_token("two")).await.unwrap().is_some());
        shop.store.run(EndSession { user: shop.member, id_hash: hash_token("two") }).await.unwrap();
        assert!(shop.store.session(&hash_token("two")).await.unwrap().is_none());
        shop.store.run(UpdateSession(session("two"))).await.unwrap();
        assert!(shop.store.session(&hash_token("two")).await.unwrap().is_none(), "it stays ended");
        shop.store.run(DeleteSession { id_hash: hash_token("three") }).await.unwrap();
        shop.database.clock.advance_ms(61_000);
        assert!(shop.store.session(&hash_token("one")).await.unwrap().is_some(), "it was touched");
        shop.store.run(SignOutEverywhere { user: shop.member }).await.unwrap();
        assert!(shop.store.session(&hash_token("one")).await.unwrap().is_none());
        shop
    })
    .await;
}

#[tokio::test]
async fn roles_and_suspension_end_sessions_and_keep_one_admin() {
    on_both(|shop| async {
        let admin = shop.store.user(shop.admin).await.unwrap().unwrap();
        let member = shop.store.user(shop.member).await.unwrap().unwrap();
        let demote = SetUserRole { admin: shop.admin, user: admin.public_id.clone(), role: Role::Member };
        assert_eq!(refusal(shop.store.run(demote).await), Refusal::LastAdmin);
        let suspend_self = SetUserState {
            admin: shop.admin,
            user: admin.public_id.clone(),
            state: UserState::Suspended,
            reason: "spam".into(),
        };
        assert_eq!(refusal(shop.store.run(suspend_self).await), Refusal::LastAdmin);
        let by_member = SetUserRole { admin: shop.member, user: member.public_id.clone(), role: Role::Admin };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);

        let suspend = SetUserState {
            admin: shop.admin,
            user: member.public_id.clone(),
            state: UserState::Suspended,
            reason: "spam".into(),
        };
        shop.store.run(suspend).await.unwrap();
        let suspended = shop.store.user(shop.member).await.unwrap().unwrap();
        assert_eq!(suspended.state, UserState::Suspended);
        assert_ne!(suspended.auth_epoch, member.auth_epoch, "sessions end at once");
        shop.give(shop.member, 100_000).await;
        assert_eq!(refusal(shop.store.run(shop.purchase("k")).await), Refusal::NotAllowed);
        shop
    })
    .await;
}

#[tokio::test]
async fn the_setup_link_works_once_and_only_without_an_admin() {
    for database in store::testing::databases().await {
        let store = database.open().await;
        let first = store.run(MakeSetupLink).await.unwrap().expect("there is no admin");
        let token = store.run(MakeSetupLink).await.unwrap().expect("there is no admin");
        let sign_up = |token: &str, name: &str, phone: &str| UseSetupLink {
            token: token.into(),
            username: name.parse().unwrap(),
            email: format!("{name}@contoh.id").parse().unwrap(),
            phone: phone.parse().unwrap(),
            password_hash: "x".into(),
            lang: Lang::Id,
        };
        let old = store.run(sign_up(&first, "early", "081100000001")).await;
        assert_eq!(refusal(old), Refusal::LinkExpired, "a newer link was made");
        store.run(sign_up(&token, "boss", "081100000002")).await.unwrap();
        assert_eq!(refusal(store.run(sign_up(&token, "late", "081100000003")).await), Refusal::LinkExpired);
        assert_eq!(store.run(MakeSetupLink).await.unwrap(), None);
        assert!(store.any_admin().await.unwrap());
    }
}

#[tokio::test]
async fn tries_are_counted_even_when_refused() {
    on_both(|shop| async {
        let note = || NoteTry { key: "sign-in:member".into(), most: 2, window_ms: 10_000 };
        assert_eq!(shop.store.run(note()).await.unwrap(), Ok(()));
        assert_eq!(shop.store.run(note()).await.unwrap(), Ok(()));
        assert!(matches!(
            shop.store.run(note()).await.unwrap(),
            Err(Refusal::TooManyTries { retry_after_s: 1..=10 })
        ));
        shop.database.clock.advance_ms(10_001);
        assert_eq!(shop.store.run(note()).await.unwrap(), Ok(()));
        shop
    })
    .await;
}

#[tokio::test]
async fn drafts_are_for_their_owner_and_expire() {
    on_both(|shop| async {
        let draft =
            store::FormDraft { values: vec![("email".into(), "a@b".into())], refusal: Refusal::NotFound };
        let id = shop.store.run(KeepDraft { owner: "me".into(), draft: draft.clone() }).await.unwrap();
        assert_eq!(shop.store.form_draft(&id, "me").await.unwrap(), Some(draft));
        assert_eq!(shop.store.form_draft(&id, "you").await.unwrap(), None);
        let large = store::FormDraft {
            values: vec![("email".into(), "a".repeat(10_000))],
            refusal: Refusal::NotFound,
        };
        let large = shop.store.run(KeepDraft { owner: "me".into(), draft: large }).await.unwrap();
        let kept = shop.store.form_draft(&large, "me").await.unwrap().unwrap();
        assert_eq!((kept.values.len(), kept.refusal), (0, Refusal::NotFound));
        shop.database.clock.advance_ms(10 * 60_000 + 1);
        assert_eq!(shop.store.form_draft(&id, "me").await.unwrap(), None);
        shop.store.run(store::Sweep).await.unwrap();
        shop
    })
    .await;
}

#[tokio::test]
async fn users_are_found_by_name_number_and_role() {
    on_both(|shop| async {
        for n in 0..5 {
            register(&shop.store, &format!("pelanggan{n}"), &format!("08122222000{n}"), Role::Member).await;
        }
        let names = |filter: UserFilter| async {
            let page = shop.store.users(filter).await.unwrap();
            page.items.into_iter().map(|row| row.user.username.as_str().to_owned()).collect::<Vec<_>>()
        };
        let filter = UserFilter { limit: 50, ..UserFilter::default() };
        assert_eq!(names(UserFilter { q: "PELANGGAN".into(), ..filter.clone() }).await.len(), 5);
        assert_eq!(names(UserFilter { q: "0812-2222-0003".into(), ..filter.clone() }).await, ["pelanggan3"]);
        assert_eq!(names(UserFilter { role: Some(Role::Reseller), ..filter.clone() }).await, ["reseller"]);
        register(&shop.store, "budi_cell", "081222220009", Role::Member).await;
        assert_eq!(names(UserFilter { q: "di_ce".into(), ..filter.clone() }).await, ["budi_cell"]);
        assert_eq!(
            names(UserFilter { q: "i_".into(), ..filter.clone() }).await,
            ["budi_cell"],
            "not any character"
        );
        assert!(
            names(UserFilter { q: "%".into(), ..filter.clone() }).await.is_empty(),
            "a wildcard is not one"
        );
        let first = shop.store.users(UserFilter { limit: 5, ..filter.clone() }).await.unwrap();
        let second = shop.store.users(UserFilter { limit: 5, after: first.next, ..filter }).await.unwrap();
        assert_eq!((first.items.len(), second.items.len(), second.next), (5, 4, None));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_demo_and_a_shop_never_share_a_database() {
    on_both(|shop| async {
        assert!(!shop.store.run(EnterDemo { demo: true }).await.unwrap(), "it has users");
        assert!(shop.store.run(EnterDemo { demo: false }).await.unwrap());
        shop
    })
    .await;
    for database in store::testing::databases().await {
        let store = database.open().await;
        assert!(store.run(EnterDemo { demo: true }).await.unwrap());
        register(&store, "demo", "081200000001", Role::Admin).await;
        assert!(store.run(EnterDemo { demo: true }).await.unwrap(), "the demo starts again");
        assert!(!store.run(EnterDemo { demo: false }).await.unwrap());
    }
}
