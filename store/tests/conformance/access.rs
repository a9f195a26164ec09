//! The way back in without a password, and addresses that are verified.

use domain::{DAY_MS, HOUR_MS, MINUTE_MS, MailKind, Refusal, Role, UserState};
use store::{
    ChangePassword, ClaimMails, DropNewEmail, EmailChange, MailJob, MakeResetLink, RequestReset,
    ResetPassword, SendVerification, SetUserState, SignInName, TakeResetLink, UpdateProfile, User, UserId,
    VerifyEmail,
};

use crate::notices::{EMAIL, email};
use crate::shop::{Shop, on_both, refusal, register};

pub async fn with_mail(shop: &Shop) {
    shop.store.run(email(shop)).await.unwrap();
}

/// All mails that wait, taken.
pub async fn mails(shop: &Shop) -> Vec<MailJob> {
    shop.store.run(ClaimMails { channel: EMAIL, limit: 100 }).await.unwrap()
}

pub async fn user(shop: &Shop, id: UserId) -> User {
    shop.store.user(id).await.unwrap().unwrap()
}

/// Somebody types a name into the form; the mails that follow.
async fn forgot(shop: &Shop, name: &str) -> Vec<MailJob> {
    let user = shop.store.user_for_sign_in(name).await.unwrap().map(|(user, _)| user);
    shop.store.run(RequestReset { name: SignInName::read(name), user }).await.unwrap();
    mails(shop).await
}

fn reset(token: &str) -> ResetPassword {
    ResetPassword { token: token.into(), password_hash: "new".into() }
}

async fn change_to(shop: &Shop, address: &str) -> EmailChange {
    let user = user(shop, shop.member).await;
    let update = UpdateProfile {
        user: user.id,
        name: user.name,
        email: address.parse().unwrap(),
        phone: user.phone,
        lang: user.lang,
        zone: user.zone,
        theme: user.theme,
    };
    shop.store.run(update).await.unwrap()
}

#[tokio::test]
async fn a_mailed_link_sets_one_password_and_ends_everything_else() {
    on_both(|shop| async {
        with_mail(&shop).await;
        let before = user(&shop, shop.member).await;
        let first = forgot(&shop, "member").await.remove(0);
        assert_eq!((first.kind, first.address.as_str()), (MailKind::ResetPassword, "member@contoh.id"));
        let second = forgot(&shop, "0811-1111-0002").await.remove(0);
        assert!(shop.store.reset_link(&first.secret).await.unwrap().is_none(), "the newest only");
        assert_eq!(refusal(shop.store.run(reset(&first.secret)).await), Refusal::LinkExpired);
        let link = shop.store.reset_link(&second.secret).await.unwrap().expect("it works");
        assert_eq!(link.username, before.username);

        assert_eq!(change_to(&shop, "maling@contoh.id").await, EmailChange::Waits);
        shop.store.run(reset(&second.secret)).await.unwrap();
        assert_eq!(shop.store.password_hash(shop.member).await.unwrap().as_deref(), Some("new"));
        assert_ne!(user(&shop, shop.member).await.auth_epoch, before.auth_epoch);
        let contact = shop.store.contact(shop.member).await.unwrap();
        assert!(contact.new_email.is_none(), "who was in the account before has no hand in it any more");
        assert!(contact.verified_at.is_some(), "the link came by mail, so the address is theirs");
        let told = mails(&shop).await;
        assert!(told.iter().any(|mail| mail.kind == MailKind::PasswordChanged && mail.secret.is_empty()));
        assert_eq!(refusal(shop.store.run(reset(&second.secret)).await), Refusal::LinkExpired, "once");

        let third = forgot(&shop, "member").await.remove(0);
        shop.store.run(ChangePassword { user: shop.member, password_hash: "own".into() }).await.unwrap();
        assert_eq!(refusal(shop.store.run(reset(&third.secret)).await), Refusal::LinkExpired);
        let fourth = forgot(&shop, "member").await.remove(0);
        shop.database.clock.advance_ms(30 * MINUTE_MS);
        assert_eq!(refusal(shop.store.run(reset(&fourth.secret)).await), Refusal::LinkExpired, "too old");
        shop
    })
    .await;
}

#[tokio::test]
async fn a_link_is_used_once_however_many_come_with_it() {
    on_both(|shop| async {
        with_mail(&shop).await;
        let link = forgot(&shop, "member").await.remove(0);
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..10 {
            let (store, token) = (shop.store.clone(), link.secret.clone());
            tasks.spawn(async move {
                store.run(ResetPassword { token, password_hash: format!("from {n}") }).await
            });
        }
        let outcomes = tasks.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            assert_eq!(refusal(outcome), Refusal::LinkExpired);
        }
        shop
    })
    .await;
}

#[tokio::test]
async fn nobody_is_told_who_has_an_account() {
    on_both(|shop| async {
        let request = RequestReset { name: SignInName::read("member"), user: None };
        assert_eq!(
            refusal(shop.store.run(request).await),
            Refusal::NotFound,
            "without mail there is no such way"
        );
        with_mail(&shop).await;
        assert!(forgot(&shop, "nobody").await.is_empty());
        let member = user(&shop, shop.member).await;
        let suspend = SetUserState {
            admin: shop.admin,
            user: member.public_id,
            state: UserState::Suspended,
            reason: "asked for".into(),
        };
        shop.store.run(suspend).await.unwrap();
        assert!(forgot(&shop, "member").await.is_empty(), "who may not sign in needs no password");
        // One mailbox is not filled, whichever names are typed, and the last link still works.
        let names = ["reseller", "reseller@contoh.id", "081111110003", "reseller", "RESELLER"];
        let mut last = None;
        for name in names {
            last = Some(forgot(&shop, name).await.remove(0));
        }
        assert!(forgot(&shop, "reseller").await.is_empty());
        shop.store.run(reset(&last.unwrap().secret)).await.unwrap();
        shop.database.clock.advance_ms(HOUR_MS);
        let sent = forgot(&shop, "reseller").await;
        assert_eq!(sent.iter().filter(|mail| mail.kind == MailKind::ResetPassword).count(), 1);
        shop
    })
    .await;
}

#[tokio::test]
async fn an_admins_link_is_shown_once_to_that_admin() {
    on_both(|shop| async {
        let other = register(&shop.store, "other", "081111110009", Role::Admin).await;
        let member = user(&shop, shop.member).await;
        let make = |admin: UserId, user: &User| MakeResetLink { admin, user: user.public_id.clone() };
        assert_eq!(refusal(shop.store.run(make(shop.reseller, &member)).await), Refusal::NotAllowed);
        let admin = user(&shop, shop.admin).await;
        assert_eq!(refusal(shop.store.run(make(shop.admin, &admin)).await), Refusal::OwnCase);
        shop.store.run(make(other, &admin)).await.unwrap();

        shop.store.run(make(shop.admin, &member)).await.unwrap();
        let take = |admin: UserId| TakeResetLink { admin, user: shop.member };
        assert_eq!(shop.store.run(take(other)).await.unwrap(), None, "not to another");
        assert_eq!(refusal(shop.store.run(take(shop.reseller)).await), Refusal::NotAllowed);
        let token = shop.store.run(take(shop.admin)).await.unwrap().expect("shown");
        assert_eq!(shop.store.run(take(shop.admin)).await.unwrap(), None, "once");

        with_mail(&shop).await;
        let mailed = forgot(&shop, "member").await.remove(0);
        assert!(
            shop.store.reset_link(&token).await.unwrap().is_some(),
            "who types a name ends no admin's link"
        );
        shop.database.clock.advance_ms(23 * HOUR_MS);
        shop.store.run(reset(&token)).await.unwrap();
        assert!(shop.store.contact(shop.member).await.unwrap().verified_at.is_none(), "it came by hand");
        assert_eq!(refusal(shop.store.run(reset(&mailed.secret)).await), Refusal::LinkExpired);

        let suspend = SetUserState {
            admin: shop.admin,
            user: member.public_id.clone(),
            state: UserState::Suspended,
            reason: "asked for".into(),
        };
        shop.store.run(suspend).await.unwrap();
        assert_eq!(refusal(shop.store.run(make(shop.admin, &member)).await), Refusal::StateChanged);
        shop
    })
    .await;
}

#[tokio::test]
async fn an_address_is_used_after_it_was_verified() {
    on_both(|shop| async {
        assert_eq!(change_to(&shop, "satu@contoh.id").await, EmailChange::Done, "without mail at once");
        let now = user(&shop, shop.member).await;
        assert_eq!(now.email.as_str(), "satu@contoh.id");
        assert!(shop.store.contact(shop.member).await.unwrap().verified_at.is_none());
        let send = SendVerification { user: shop.member };
        assert!(!shop.store.run(send).await.unwrap());

        with_mail(&shop).await;
        let old_link = forgot(&shop, "member").await.remove(0);
        assert_eq!(change_to(&shop, "dua@contoh.id").await, EmailChange::Waits);
        assert_eq!(user(&shop, shop.member).await.email.as_str(), "satu@contoh.id", "the old one stays");
        let sent: Vec<_> = mails(&shop).await.into_iter().map(|mail| (mail.kind, mail.address)).collect();
        let expected = [
            (MailKind::VerifyEmail, "dua@contoh.id".to_owned()),
            (MailKind::EmailChanging, "satu@contoh.id".to_owned()),
        ];
        assert_eq!(sent, expected);
        assert!(shop.store.run(send).await.unwrap());
        let link = mails(&shop).await.remove(0);
        assert_eq!(
            shop.store.verification_link(&link.secret).await.unwrap().unwrap().as_str(),
            "dua@contoh.id"
        );
        assert!(shop.store.reset_link(&link.secret).await.unwrap().is_none(), "it sets no password");
        shop.store.run(VerifyEmail { token: link.secret.clone() }).await.unwrap();
        assert_eq!(user(&shop, shop.member).await.email.as_str(), "dua@contoh.id");
        let contact = shop.store.contact(shop.member).await.unwrap();
        assert!(contact.verified_at.is_some() && contact.new_email.is_none());
        assert_eq!(refusal(shop.store.run(VerifyEmail { token: link.secret }).await), Refusal::LinkExpired);
        assert_eq!(refusal(shop.store.run(reset(&old_link.secret)).await), Refusal::LinkExpired);
        assert!(!shop.store.run(send).await.unwrap(), "there is nothing to verify");

        // Called off, taken by somebody else meanwhile, too old: the address stays as it is.
        change_to(&shop, "tiga@contoh.id").await;
        let dropped = mails(&shop).await.remove(0);
        shop.store.run(DropNewEmail { user: shop.member }).await.unwrap();
        change_to(&shop, "baru@contoh.id").await;
        let taken = mails(&shop).await.remove(0);
        register(&shop.store, "baru", "081111110010", Role::Member).await;
        for token in [dropped.secret, taken.secret] {
            assert_eq!(refusal(shop.store.run(VerifyEmail { token }).await), Refusal::LinkExpired);
        }
        change_to(&shop, "empat@contoh.id").await;
        let late = mails(&shop).await.remove(0);
        shop.database.clock.advance_ms(DAY_MS);
        assert_eq!(refusal(shop.store.run(VerifyEmail { token: late.secret }).await), Refusal::LinkExpired);
        assert_eq!(user(&shop, shop.member).await.email.as_str(), "dua@contoh.id");
        shop
    })
    .await;
}
