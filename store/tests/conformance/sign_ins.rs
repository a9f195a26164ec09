//! Who tried to sign in, and with which browser.

use domain::{DAY_MS, MailKind, SignInOutcome};
use store::{NoteSignIn, SendVerification, SignIn, Sweep, UserId, VerifyEmail};

use crate::access::{mails, with_mail};
use crate::shop::{Shop, on_both};

async fn note(shop: &Shop, user: Option<UserId>, outcome: SignInOutcome, browser: &str) -> bool {
    let note = NoteSignIn {
        user,
        outcome,
        ip: "203.0.113.9".into(),
        user_agent: "Test".into(),
        browser: browser.into(),
    };
    shop.store.run(note).await.unwrap()
}

async fn history(shop: &Shop) -> Vec<SignIn> {
    shop.store.sign_ins(shop.member, None, 100).await.unwrap().items
}

#[tokio::test]
async fn a_browser_that_was_not_seen_before_is_told() {
    on_both(|shop| async {
        with_mail(&shop).await;
        shop.store.run(SendVerification { user: shop.member }).await.unwrap();
        let token = mails(&shop).await.remove(0).secret;
        shop.store.run(VerifyEmail { token }).await.unwrap();
        let member = Some(shop.member);
        assert!(!note(&shop, member, SignInOutcome::WrongPassword, "a").await);
        assert!(!note(&shop, member, SignInOutcome::Entered, "a").await, "the first one is nothing new");
        assert!(!note(&shop, member, SignInOutcome::Entered, "a").await);
        assert!(!note(&shop, member, SignInOutcome::WrongPassword, "b").await);
        assert!(mails(&shop).await.is_empty());
        assert!(note(&shop, member, SignInOutcome::Entered, "b").await);
        let told = mails(&shop).await;
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].kind, told[0].facts.ip.as_str()), (MailKind::NewDevice, "203.0.113.9"));
        assert!(!note(&shop, member, SignInOutcome::Entered, "b").await);
        assert!(note(&shop, member, SignInOutcome::Entered, "").await, "without a mark it is not known");
        assert!(!note(&shop, Some(shop.admin), SignInOutcome::Entered, "b").await, "each account for itself");
        assert!(!note(&shop, None, SignInOutcome::WrongPassword, "b").await);

        let all = history(&shop).await;
        let flags: Vec<_> = all.iter().map(|sign_in| sign_in.new_device).collect();
        assert_eq!(flags, [true, false, true, false, false, false, false]);
        assert_eq!(all[6].outcome, SignInOutcome::WrongPassword);
        let page = shop.store.sign_ins(shop.member, None, 4).await.unwrap();
        let rest = shop.store.sign_ins(shop.member, page.next, 4).await.unwrap();
        assert_eq!((rest.items.as_slice(), rest.next), (&all[4..], None));
        shop
    })
    .await;
}

#[tokio::test]
async fn the_history_is_limited_in_number_and_time() {
    on_both(|shop| async {
        let member = Some(shop.member);
        note(&shop, member, SignInOutcome::Entered, "a").await;
        for _ in 0..105 {
            note(&shop, member, SignInOutcome::WrongPassword, "").await;
        }
        let first = shop.store.sign_ins(shop.member, None, 100).await.unwrap();
        let rest = shop.store.sign_ins(shop.member, first.next, 100).await.unwrap().items;
        assert_eq!(first.items.len() + rest.len(), 101);
        let oldest = rest.last().unwrap().outcome;
        assert_eq!(oldest, SignInOutcome::Entered, "those who try do not push it out");
        shop.database.clock.advance_ms(89 * DAY_MS);
        note(&shop, member, SignInOutcome::Entered, "a").await;
        shop.database.clock.advance_ms(DAY_MS);
        shop.store.run(Sweep).await.unwrap();
        assert_eq!(history(&shop).await.len(), 1);
        shop
    })
    .await;
}
