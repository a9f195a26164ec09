//! What users are told: written with what it tells of, once; read by its user only; sent on where they want it.

use domain::{
    ChargeFacts, DAY_MS, FailReason, MINUTE_MS, MailKind, PayCaseAction, ProviderState, Refusal, Rupiah,
    SignInOutcome, StatusVerdict, TopupMethod, UserNoticeKind, Verdict,
};
use store::{
    ApproveTopup, AskTelegramCode, ClaimMails, CloseAccount, Found, Heard, MailJob, NoteSignIn,
    ProveTelegram, ReadUserNotice, ReadUserNotices, ResolveCase, SaveUserNoticeChoices, SendVerification,
    Source, Sweep, UNREAD_SHOWN_MOST, UserId, UserNotice, UserNoticeAbout, VerifyEmail,
};

use crate::access::{mails, with_mail};
use crate::charges::cases;
use crate::notices::{EMAIL, TELEGRAM, telegram};
use crate::shop::{PRICE, Shop, delivered, on_both, refusal};
use crate::till::{self, facts, hinted, open_till, waiting};
use crate::topups::{request, with_account};

pub const ALL: &[UserNoticeKind] = UserNoticeKind::ALL;

async fn notices(shop: &Shop, user: UserId) -> Vec<UserNotice> {
    shop.store.user_notices(user, None, 100).await.unwrap().items
}

fn kinds(notices: &[UserNotice]) -> Vec<UserNoticeKind> {
    notices.iter().map(|notice| notice.kind).collect()
}

async fn unread(shop: &Shop) -> i64 {
    shop.store.unread_notices(shop.member).await.unwrap()
}

/// The member buys, and the gateway answers; the attempt, to answer it again.
pub async fn buy(shop: &Shop, verdict: Verdict) -> store::SendJob {
    shop.give(shop.member, PRICE).await;
    shop.buy().await;
    let job = shop.claim_one().await;
    shop.answer(&job, verdict).await;
    job
}

async fn verify(shop: &Shop) {
    with_mail(shop).await;
    shop.store.run(SendVerification { user: shop.member }).await.unwrap();
    let token = mails(shop).await.remove(0).secret;
    shop.store.run(VerifyEmail { token }).await.unwrap();
}

pub async fn choose(shop: &Shop, channel: domain::NoticeChannel, wanted: &[UserNoticeKind]) {
    let wanted = wanted.to_vec();
    shop.store.run(SaveUserNoticeChoices { user: shop.member, channel, wanted }).await.unwrap();
}

async fn sign_in(shop: &Shop, browser: &str) {
    let note = NoteSignIn {
        user: Some(shop.member),
        outcome: SignInOutcome::Entered,
        ip: "203.0.113.9".into(),
        user_agent: "Firefox Linux".into(),
        browser: browser.into(),
    };
    shop.store.run(note).await.unwrap();
}

pub async fn chats(shop: &Shop) -> Vec<MailJob> {
    shop.store.run(ClaimMails { channel: TELEGRAM, limit: 100 }).await.unwrap()
}

#[tokio::test]
async fn a_purchase_is_told_to_its_buyer_once_however_often_it_is_settled() {
    on_both(|shop| async {
        let good = buy(&shop, delivered()).await;
        let bad = buy(&shop, Verdict::Failed { reason: FailReason::OutOfStock }).await;
        for (job, verdict) in
            [(&good, delivered()), (&bad, Verdict::Failed { reason: FailReason::OutOfStock })]
        {
            for _ in 0..2 {
                shop.record(&job.purchase, job.attempt, Source::Webhook, verdict.clone()).await;
            }
            shop.answer(job, verdict).await;
        }
        let told = notices(&shop, shop.member).await;
        assert_eq!(kinds(&told), [UserNoticeKind::Failed, UserNoticeKind::Delivered]);
        assert!(told.iter().all(|notice| notice.amount == Some(Rupiah::new(PRICE)) && !notice.read));
        let UserNoticeAbout::Purchase { id, package, msisdn } = &told[1].about else { panic!("{told:?}") };
        assert_eq!((id, package.as_str()), (&good.purchase, "Xtra Combo 10 GB"));
        assert_eq!(msisdn.local(), "087800001230");
        assert_eq!(unread(&shop).await, 2);
        for other in [shop.admin, shop.reseller] {
            assert!(notices(&shop, other).await.is_empty());
        }
        // Nobody can send anything, and nobody has chosen anything.
        assert_eq!(shop.store.outbox_state().await.unwrap().waiting, 0);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_late_success_that_an_admin_accepts_is_told_after_the_failure() {
    on_both(|shop| async {
        let job = buy(&shop, Verdict::Failed { reason: FailReason::ProviderFailed }).await;
        shop.record(&job.purchase, job.attempt, Source::Webhook, delivered()).await;
        assert_eq!(kinds(&notices(&shop, shop.member).await), [UserNoticeKind::Failed], "not settled yet");
        let decide = |delivered| store::DecidePurchase {
            admin: shop.admin,
            purchase: job.purchase.clone(),
            delivered,
            reason: "the gateway says so".into(),
        };
        shop.store.run(decide(false)).await.unwrap();
        assert_eq!(kinds(&notices(&shop, shop.member).await), [UserNoticeKind::Failed], "told already");
        shop
    })
    .await;
}

#[tokio::test]
async fn a_payment_is_told_when_it_is_in_the_balance() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let topup = request(&shop, "k", 50_000).await;
        let approve = |reference: &str, received| ApproveTopup {
            admin: shop.admin,
            topup: topup.id.clone(),
            found: Found::Typed { reference: reference.into(), received },
        };
        shop.store.run(approve("REF-1", Rupiah::new(40_000))).await.unwrap();
        let _ = shop.store.run(approve("REF-1", Rupiah::new(40_000))).await;
        let told = notices(&shop, shop.member).await;
        assert_eq!(kinds(&told), [UserNoticeKind::Credited]);
        assert_eq!(told[0].amount, Some(Rupiah::new(40_000)), "what came, not what was asked for");
        assert_eq!(told[0].about, UserNoticeAbout::Topup(topup.id.clone()));
        assert!(cases(&shop).await.len() == 1, "less than was asked for");
        shop
    })
    .await;
}

#[tokio::test]
async fn money_that_an_admin_takes_out_of_suspense_is_told_too() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = waiting(&shop, "k", TopupMethod::Qris, 50_000).await;
        let job = hinted(&shop, &asked, 1).await;
        let less = ChargeFacts { gross: Rupiah::new(49_000), ..facts(&job, ProviderState::Paid) };
        till::record(&shop, &job, Heard::Status(StatusVerdict::Found(less))).await;
        assert!(notices(&shop, shop.member).await.is_empty(), "it is in suspense");
        let case = cases(&shop).await.remove(0);
        let resolve = ResolveCase {
            admin: shop.admin,
            case: case.id,
            action: PayCaseAction::Credit,
            user: None,
            from_bank: None,
            note: "talked to the buyer".into(),
        };
        shop.store.run(resolve).await.unwrap();
        let told = notices(&shop, shop.member).await;
        assert_eq!(kinds(&told), [UserNoticeKind::Credited]);
        assert_eq!(
            (told[0].amount, &told[0].about),
            (Some(Rupiah::new(49_000)), &UserNoticeAbout::Topup(asked.id))
        );
        shop
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_on_is_what_the_user_wants_at_that_moment() {
    on_both(|shop| async {
        verify(&shop).await;
        let choices = shop.store.user_notice_choices(shop.member).await.unwrap();
        let usual: Vec<_> = ALL.iter().filter(|kind| choices.wants(**kind, EMAIL)).collect();
        assert_eq!(usual, [&UserNoticeKind::NewDevice], "others are off until they are chosen");
        assert!(!ALL.iter().any(|kind| choices.wants(*kind, TELEGRAM)));

        buy(&shop, delivered()).await;
        assert!(mails(&shop).await.is_empty());
        choose(&shop, EMAIL, &[UserNoticeKind::Delivered]).await;
        assert!(mails(&shop).await.is_empty(), "what was not wanted then is not sent later");
        let job = buy(&shop, delivered()).await;
        choose(&shop, EMAIL, &[]).await;
        shop.record(&job.purchase, job.attempt, Source::Webhook, delivered()).await;
        buy(&shop, Verdict::Failed { reason: FailReason::OutOfStock }).await;
        let sent = mails(&shop).await;
        assert_eq!(sent.len(), 1, "once, and nothing of what is not wanted: {sent:?}");
        assert_eq!((sent[0].kind, sent[0].address.as_str()), (MailKind::Notice, "member@contoh.id"));
        let told = sent[0].notice.clone().unwrap();
        assert_eq!(told.kind, UserNoticeKind::Delivered);
        assert!(matches!(&told.about, UserNoticeAbout::Purchase { id, .. } if *id == job.purchase));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_new_device_is_told_to_a_verified_address_before_the_news_of_sales() {
    on_both(|shop| async {
        with_mail(&shop).await;
        sign_in(&shop, "a").await;
        sign_in(&shop, "b").await;
        let told = notices(&shop, shop.member).await;
        assert_eq!(kinds(&told), [UserNoticeKind::NewDevice], "the first sign-in is nothing new");
        let about = UserNoticeAbout::SignIn { user_agent: "Firefox Linux".into(), ip: "203.0.113.9".into() };
        assert_eq!((told[0].amount, &told[0].about), (None, &about));
        assert!(mails(&shop).await.is_empty(), "nobody knows whose address it is");

        shop.store.run(SendVerification { user: shop.member }).await.unwrap();
        let token = mails(&shop).await.remove(0).secret;
        shop.store.run(VerifyEmail { token }).await.unwrap();
        choose(&shop, EMAIL, ALL).await;
        buy(&shop, delivered()).await;
        shop.database.clock.advance_ms(1_000);
        sign_in(&shop, "c").await;
        let sent = mails(&shop).await;
        let kinds: Vec<_> = sent.iter().map(|mail| mail.kind).collect();
        assert_eq!(kinds, [MailKind::NewDevice, MailKind::Notice]);
        assert_eq!(sent[0].facts.ip, "203.0.113.9");

        // The history forgets a sign-in before its notice.
        shop.database.clock.advance_ms(91 * DAY_MS);
        shop.store.run(Sweep).await.unwrap();
        let told = notices(&shop, shop.member).await;
        assert_eq!(told[0].about, UserNoticeAbout::OldSignIn);
        choose(&shop, EMAIL, &[]).await;
        sign_in(&shop, "d").await;
        sign_in(&shop, "e").await;
        assert!(mails(&shop).await.is_empty(), "it can be switched off");
        shop
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_read_by_its_user_and_by_no_one_else() {
    on_both(|shop| async {
        for _ in 0..4 {
            buy(&shop, delivered()).await;
        }
        let told = notices(&shop, shop.member).await;
        let open = |user, notice: &UserNotice| ReadUserNotice { user, notice: notice.id.clone() };
        let stranger = shop.store.run(open(shop.reseller, &told[1])).await;
        assert_eq!(refusal(stranger), Refusal::NotFound);
        let up_to = ReadUserNotices { user: shop.reseller, up_to: told[0].id.clone() };
        assert_eq!(refusal(shop.store.run(up_to).await), Refusal::NotFound);
        assert_eq!(unread(&shop).await, 4, "the strangers changed nothing");
        for _ in 0..2 {
            let read = shop.store.run(open(shop.member, &told[1])).await.unwrap();
            assert_eq!((read.read, &read.about), (true, &told[1].about));
        }
        assert_eq!(unread(&shop).await, 3);

        let page = shop.store.user_notices(shop.member, None, 3).await.unwrap();
        assert_eq!(page.items.iter().map(|notice| notice.read).collect::<Vec<_>>(), [false, true, false]);
        let rest = shop.store.user_notices(shop.member, page.next.clone(), 3).await.unwrap();
        assert_eq!((rest.items.as_slice(), rest.next), (&told[3..], None));
        let elsewhere = shop.store.user_notices(shop.reseller, page.next, 3).await.unwrap();
        assert!(elsewhere.items.is_empty(), "another user's cursor leads nowhere");

        // What came after the page was shown stays unread.
        let newer = buy(&shop, delivered()).await;
        let read = ReadUserNotices { user: shop.member, up_to: told[0].id.clone() };
        assert!(!shop.store.run(read).await.unwrap());
        assert_eq!(unread(&shop).await, 1);
        let left = notices(&shop, shop.member).await.remove(0);
        assert!(matches!(&left.about, UserNoticeAbout::Purchase { id, .. } if *id == newer.purchase));
        shop
    })
    .await;
}

#[tokio::test]
async fn many_are_counted_to_a_limit_marked_in_turns_and_swept() {
    on_both(|shop| async {
        // As many as a reseller has in a day.
        shop.database
            .tamper(
                "INSERT INTO user_notice (public_id, user_id, kind, object, created_at) \
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) \
                 SELECT CAST(100000000000 + i AS TEXT), (SELECT id FROM users WHERE username = 'member'), 'new_device', -i, 0 FROM n",
            )
            .await;
        buy(&shop, delivered()).await;
        assert_eq!(unread(&shop).await, UNREAD_SHOWN_MOST + 1);
        let up_to = notices(&shop, shop.member).await.remove(0).id;
        let read = ReadUserNotices { user: shop.member, up_to };
        let mut turns = 1;
        while shop.store.run(read.clone()).await.unwrap() {
            turns += 1;
        }
        assert_eq!((turns, unread(&shop).await), (2, 0));

        buy(&shop, delivered()).await;
        shop.database.clock.advance_ms(89 * DAY_MS);
        for _ in 0..2 {
            shop.store.run(Sweep).await.unwrap();
        }
        assert_eq!(notices(&shop, shop.member).await.len(), 2, "the made up ones are from 1970");
        shop.database.clock.advance_ms(DAY_MS + MINUTE_MS);
        shop.store.run(Sweep).await.unwrap();
        assert_eq!(unread(&shop).await, 1, "what nobody has read stays");
        assert_eq!(notices(&shop, shop.member).await.len(), 1);
        shop.database.clock.advance_ms(300 * DAY_MS);
        shop.store.run(Sweep).await.unwrap();
        assert!(notices(&shop, shop.member).await.is_empty());
        shop
    })
    .await;
}

#[tokio::test]
async fn a_broken_channel_stops_no_purchase() {
    on_both(|shop| async {
        verify(&shop).await;
        choose(&shop, EMAIL, ALL).await;
        shop.database.tamper("UPDATE notice_channel SET settings = 'not JSON', secret = NULL").await;
        shop.database
            .tamper(
                "INSERT INTO notice_channel (name, active, settings, revision, updated_at, due_at, lease_token, \
                 lease_until, tries, test_due) VALUES ('pigeon', 1, '{}', 1, 0, 0, 0, 0, 0, 0)",
            )
            .await;
        shop.database
            .tamper(
                "INSERT INTO user_notice_choice (user_id, kind, channel, wanted) \
                 SELECT id, 'delivered', 'pigeon', 1 FROM users",
            )
            .await;
        buy(&shop, delivered()).await;
        assert_eq!(kinds(&notices(&shop, shop.member).await), [UserNoticeKind::Delivered]);
        assert!(mails(&shop).await.is_empty());
        assert!(shop.store.user_notice_choices(shop.member).await.unwrap().wants(ALL[0], EMAIL));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_closed_account_is_told_nothing_and_keeps_nothing() {
    on_both(|shop| async {
        verify(&shop).await;
        shop.store.run(telegram(&shop)).await.unwrap();
        choose(&shop, EMAIL, ALL).await;
        shop.store.run(AskTelegramCode::new(shop.member, "5550123").unwrap()).await.unwrap();
        let code = chats(&shop).await.remove(0).secret;
        shop.store.run(ProveTelegram { user: shop.member, code }).await.unwrap();
        buy(&shop, delivered()).await;
        shop.store.run(CloseAccount { user: shop.member }).await.unwrap();
        let left = "SELECT (SELECT COUNT(*) FROM user_notice) + (SELECT COUNT(*) FROM user_notice_choice) \
                    + (SELECT COUNT(*) FROM user_telegram) WHERE $1 > 0";
        assert_eq!(shop.database.number(left, shop.store.now()).await, 0);
        assert_eq!(chats(&shop).await.len(), 0);
        let goodbye: Vec<_> = mails(&shop).await.iter().map(|mail| mail.kind).collect();
        assert_eq!(goodbye, [MailKind::AccountClosed]);
        shop
    })
    .await;
}
