//! The end of an account.

use domain::{MailKind, Refusal, Role, Rupiah, SignInOutcome, UserState};
use store::{
    ApproveCorrection, AskReseller, CloseAccount, MakeResetLink, NoteSignIn, RequestCorrection, SaveNumber,
    SetUserRole, SetUserState, UserFilter, Viewer,
};

use crate::access::{mails, user, with_mail};
use crate::shop::{PRICE, delivered, on_both, refusal, register};

#[tokio::test]
async fn an_account_with_money_or_work_under_way_stays() {
    on_both(|shop| async {
        let close = CloseAccount { user: shop.member };
        shop.give(shop.member, PRICE).await;
        assert_eq!(refusal(shop.store.run(close).await), Refusal::StateChanged);
        let purchase = shop.buy().await;
        let state = shop.store.closing_state(shop.member).await.unwrap();
        assert_eq!((state.available, state.held), (Rupiah::ZERO, Rupiah::new(PRICE)));
        assert_eq!((state.open_purchases, state.is_clear()), (1, false));
        assert_eq!(refusal(shop.store.run(close).await), Refusal::StateChanged);
        let job = shop.claim_one().await;
        shop.answer(&job, delivered()).await;
        assert!(shop.store.closing_state(shop.member).await.unwrap().is_clear());
        shop.store.run(close).await.unwrap();
        let kept = shop.store.purchase(&purchase, Viewer::Admin).await.unwrap();
        assert!(kept.purchase.buyer.starts_with("closed_"), "the purchase stays, its buyer has no name");
        shop
    })
    .await;
}

/// What the user had saved goes, and so does what still waited for an admin.
#[tokio::test]
async fn nothing_waits_for_an_account_that_is_closed() {
    on_both(|shop| async {
        let asked = AskReseller {
            user: shop.member,
            shop_name: "Konter Maju".into(),
            sells_at: "Pasar Baru".into(),
            note: String::new(),
        };
        shop.store.run(asked).await.unwrap();
        let save = SaveNumber {
            user: shop.member,
            msisdn: "087812345678".parse().unwrap(),
            name: "Ibu".parse().unwrap(),
        };
        shop.store.run(save).await.unwrap();
        let large = RequestCorrection {
            admin: shop.admin,
            user: shop.member,
            amount: Rupiah::new(50_000_000),
            reason: "counted again".into(),
            key: "k".into(),
        };
        let correction = shop.store.run(large).await.unwrap().id;
        assert_eq!(shop.store.waiting_corrections().await.unwrap(), 1, "so much wants a second look");
        shop.store.run(CloseAccount { user: shop.member }).await.unwrap();
        let approve = ApproveCorrection { admin: shop.admin, correction };
        assert_eq!(refusal(shop.store.run(approve).await), Refusal::StateChanged);
        assert_eq!(shop.wallet(shop.member).await.available, Rupiah::ZERO);
        let waiting = (
            shop.store.waiting_corrections().await.unwrap(),
            shop.store.waiting_reseller_requests().await.unwrap(),
        );
        assert_eq!(waiting, (0, 0));
        assert_eq!(shop.store.saved_numbers(shop.member, "").await.unwrap(), []);
        shop
    })
    .await;
}

#[tokio::test]
async fn names_go_and_nobody_comes_back() {
    on_both(|shop| async {
        with_mail(&shop).await;
        let before = user(&shop, shop.member).await;
        let note = NoteSignIn {
            user: Some(shop.member),
            outcome: SignInOutcome::Entered,
            ip: "203.0.113.9".into(),
            user_agent: "Test".into(),
            browser: "a".into(),
        };
        shop.store.run(note).await.unwrap();
        shop.store.run(CloseAccount { user: shop.member }).await.unwrap();
        let goodbye = mails(&shop).await;
        assert_eq!(goodbye.len(), 1);
        assert_eq!(
            (goodbye[0].kind, goodbye[0].address.as_str()),
            (MailKind::AccountClosed, "member@contoh.id")
        );
        assert_eq!(goodbye[0].facts.username, "member");

        let after = user(&shop, shop.member).await;
        assert_eq!((after.state, after.name.is_none()), (UserState::Suspended, true));
        assert_ne!(after.auth_epoch, before.auth_epoch);
        for name in ["member", "member@contoh.id", "081111110002"] {
            assert!(shop.store.user_for_sign_in(name).await.unwrap().is_none(), "{name}");
        }
        assert!(shop.store.sign_ins(shop.member, None, 10).await.unwrap().items.is_empty());
        assert!(shop.store.contact(shop.member).await.unwrap().closed_at.is_some());
        let listed = shop.store.users(UserFilter { limit: 10, ..UserFilter::default() }).await.unwrap().items;
        assert!(listed.iter().any(|row| row.user.id == shop.member), "admins still find it");

        let wake = SetUserState {
            admin: shop.admin,
            user: after.public_id.clone(),
            state: UserState::Active,
            reason: "asked for".into(),
        };
        assert_eq!(refusal(shop.store.run(wake).await), Refusal::NotFound);
        let promote = SetUserRole { admin: shop.admin, user: after.public_id.clone(), role: Role::Admin };
        assert_eq!(refusal(shop.store.run(promote).await), Refusal::NotFound);
        let link = MakeResetLink { admin: shop.admin, user: after.public_id };
        assert_eq!(refusal(shop.store.run(link).await), Refusal::StateChanged);
        assert_eq!(refusal(shop.store.run(CloseAccount { user: shop.member }).await), Refusal::StateChanged);
        register(&shop.store, "member", "081111110002", Role::Member).await;
        shop
    })
    .await;
}

#[tokio::test]
async fn the_last_admin_stays() {
    on_both(|shop| async {
        let other = register(&shop.store, "other", "081111110009", Role::Admin).await;
        let mut tasks = tokio::task::JoinSet::new();
        for user in [shop.admin, other] {
            let store = shop.store.clone();
            tasks.spawn(async move { store.run(CloseAccount { user }).await });
        }
        let outcomes = tasks.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let refused = outcomes.into_iter().find(Result::is_err).unwrap();
        assert_eq!(refusal(refused), Refusal::LastAdmin);
        shop
    })
    .await;
}
