//! What the operator is told: written with the event, once, for those who want to know; sent under a lease.

use domain::{
    AlarmKind, DAY_MS, FailReason, HOUR_MS, Lang, MINUTE_MS, NoticeChannel, NoticeKind, NoticeTrouble,
    Refusal, Rupiah, SECOND_MS, TopupMethod, Verdict,
};
use store::{
    ApproveTopup, ChannelSettings, ClaimNotices, EmailSettings, Found, MailSecurity, NoteDeposit,
    NoticeFailure, NoticeJob, NoticeOutcome, NoticeSubject, NoticeTask, RecordNotices, RequestTopup,
    SaveBankAccount, SaveNoticeChannel, SaveNoticeRules, Saving, StopSales, SubmitProof, Sweep,
    TelegramSettings, WaitingNotice,
};

use crate::shop::{PRICE, Shop, delivered, on_both, refusal};

pub const TELEGRAM: NoticeChannel = NoticeChannel::Telegram;
pub const EMAIL: NoticeChannel = NoticeChannel::Email;

pub fn telegram(shop: &Shop) -> SaveNoticeChannel {
    SaveNoticeChannel {
        admin: shop.admin,
        seen: 0,
        settings: ChannelSettings::Telegram(TelegramSettings {
            base_url: "https://api.telegram.example".into(),
            chat: "-1001".into(),
            bot: "toko_bot".into(),
        }),
        secret: "110201543:rahasia".into(),
        active: true,
    }
}

pub fn email(shop: &Shop) -> SaveNoticeChannel {
    SaveNoticeChannel {
        admin: shop.admin,
        seen: 0,
        settings: ChannelSettings::Email(EmailSettings {
            host: "mail.example".into(),
            port: 465,
            security: MailSecurity::Tls,
            username: "toko".into(),
            from: "toko@contoh.id".into(),
            to: "bos@contoh.id".into(),
        }),
        secret: "sandi".into(),
        active: true,
    }
}

/// Telegram is told of all of these.
pub async fn wants(shop: &Shop, kinds: &[NoticeKind]) {
    shop.store.run(telegram(shop)).await.unwrap();
    rules(shop, &kinds.iter().map(|kind| (*kind, TELEGRAM)).collect::<Vec<_>>()).await;
}

async fn rules(shop: &Shop, on: &[(NoticeKind, NoticeChannel)]) {
    shop.store.run(SaveNoticeRules { admin: shop.admin, on: on.to_vec(), lang: Lang::Id }).await.unwrap();
}

pub async fn claim(shop: &Shop) -> Vec<NoticeJob> {
    shop.store.run(ClaimNotices).await.unwrap()
}

/// The one message that is due now, and the token to record it with.
async fn due(shop: &Shop) -> (i64, Vec<WaitingNotice>) {
    let mut jobs = claim(shop).await;
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    let job = jobs.remove(0);
    match job.task {
        NoticeTask::News(news) => (job.token, news),
        NoticeTask::Test => panic!("nobody asked for a test"),
    }
}

pub async fn record(shop: &Shop, token: i64, outcome: NoticeOutcome) -> bool {
    shop.store.run(RecordNotices { channel: TELEGRAM, token, outcome }).await.unwrap()
}

pub fn failure(trouble: NoticeTrouble) -> NoticeFailure {
    NoticeFailure { trouble, code: Some(500), wait_ms: 0 }
}

fn kinds(news: &[WaitingNotice]) -> Vec<NoticeKind> {
    news.iter().map(|notice| notice.kind).collect()
}

/// Waiting and given up.
async fn queue(shop: &Shop) -> (i64, i64) {
    let channel = shop.store.notice_channels().await.unwrap().remove(0);
    (channel.waiting, channel.given_up)
}

#[tokio::test]
async fn what_happens_is_told_once_with_its_facts() {
    on_both(|shop| async {
        wants(&shop, NoticeKind::ALL).await;
        shop.give(shop.member, 3 * PRICE).await;
        for verdict in [delivered(), Verdict::Failed { reason: FailReason::OutOfStock }] {
            shop.buy().await;
            let job = shop.claim_one().await;
            shop.answer(&job, verdict.clone()).await;
            // The same words once more, from elsewhere.
            shop.record(&job.purchase, job.attempt, store::Source::Webhook, verdict).await;
        }
        let (_, news) = due(&shop).await;
        assert_eq!(kinds(&news), [NoticeKind::PurchaseDelivered, NoticeKind::PurchaseFailed]);
        let NoticeSubject::Purchase { buyer, package, msisdn, price, note, .. } = &news[1].subject else {
            panic!("{news:?}")
        };
        assert_eq!((buyer.as_str(), package.as_str(), price.get()), ("member", "Xtra Combo 10 GB", PRICE));
        assert_eq!(
            (msisdn.local().as_str(), note.as_str()),
            ("087800001230", FailReason::OutOfStock.as_str())
        );
        shop
    })
    .await;
}

#[tokio::test]
async fn a_late_success_calls_a_human_once() {
    on_both(|shop| async {
        wants(&shop, &[NoticeKind::PurchaseReview]).await;
        shop.give(shop.member, PRICE).await;
        shop.buy().await;
        let job = shop.claim_one().await;
        shop.answer(&job, Verdict::Failed { reason: FailReason::ProviderFailed }).await;
        assert!(claim(&shop).await.is_empty(), "failures are not wanted");
        for _ in 0..2 {
            shop.record(&job.purchase, job.attempt, store::Source::Webhook, delivered()).await;
        }
        let (token, news) = due(&shop).await;
        assert_eq!(kinds(&news), [NoticeKind::PurchaseReview]);
        assert!(record(&shop, token, NoticeOutcome::Sent { last: news[0].id }).await);
        // Decided, and contradicted once more: a call of its own.
        let decide = store::DecidePurchase {
            admin: shop.admin,
            purchase: job.purchase.clone(),
            delivered: false,
            reason: "the gateway says no".into(),
        };
        shop.store.run(decide).await.unwrap();
        shop.record(&job.purchase, job.attempt, store::Source::Webhook, delivered()).await;
        shop.database.clock.advance_ms(MINUTE_MS);
        let (_, news) = due(&shop).await;
        assert_eq!(kinds(&news), [NoticeKind::PurchaseReview]);
        shop
    })
    .await;
}

#[tokio::test]
async fn topups_alarms_and_stopped_sales_are_told() {
    on_both(|shop| async {
        wants(&shop, NoticeKind::ALL).await;
        let account = SaveBankAccount {
            admin: shop.admin,
            id: Saving::fresh(&shop.store),
            bank: "BCA".into(),
            number: "123-456-7890".into(),
            holder: "Toko".into(),
            active: true,
        };
        shop.store.run(account).await.unwrap();
        let request = RequestTopup {
            user: shop.member,
            method: TopupMethod::Transfer,
            bank_account: Some(1),
            base: Rupiah::new(50_000),
            key: "t1".into(),
        };
        let topup = shop.store.run(request).await.unwrap();
        for _ in 0..2 {
            let proof = SubmitProof { user: shop.member, topup: topup.clone(), picture: None };
            shop.store.run(proof).await.unwrap();
        }
        let received = Rupiah::new(40_000);
        let found = Found::Typed { reference: "REF-1".into(), received };
        let approve = ApproveTopup { admin: shop.admin, topup: topup.clone(), found };
        shop.store.run(approve).await.unwrap();
        for heard in [Ok(Rupiah::new(1)), Ok(Rupiah::new(0))] {
            shop.store.run(NoteDeposit { gateway: "digiflazz".into(), heard }).await.unwrap();
        }
        shop.store.run(StopSales).await.unwrap();
        let (_, news) = due(&shop).await;
        assert_eq!(
            kinds(&news),
            [
                NoticeKind::TopupWaiting,
                NoticeKind::TopupCredited,
                NoticeKind::DepositLow,
                NoticeKind::SalesStopped
            ]
        );
        let NoticeSubject::Topup { id, buyer, amount } = &news[1].subject else { panic!("{news:?}") };
        assert_eq!(
            (id, buyer.as_str(), *amount),
            (&topup, "member", received),
            "what came, not what was asked for"
        );
        let NoticeSubject::Alarm { kind, object, .. } = &news[2].subject else { panic!("{news:?}") };
        assert_eq!((*kind, object.as_str()), (AlarmKind::DepositLow, "digiflazz"));
        shop
    })
    .await;
}

#[tokio::test]
async fn nobody_is_told_what_they_do_not_want_to_know() {
    on_both(|shop| async {
        shop.give(shop.member, 3 * PRICE).await;
        let deliver = async || {
            shop.buy().await;
            let job = shop.claim_one().await;
            shop.answer(&job, delivered()).await;
        };
        deliver().await;
        wants(&shop, &[NoticeKind::PurchaseFailed]).await;
        deliver().await;
        rules(&shop, &[(NoticeKind::PurchaseDelivered, TELEGRAM)]).await;
        let off = SaveNoticeChannel { seen: 1, active: false, ..telegram(&shop) };
        shop.store.run(off).await.unwrap();
        deliver().await;
        assert_eq!(queue(&shop).await, (0, 0), "not set up, not wanted, switched off");
        // Nor is there anything to be told of what was undone with its transaction.
        shop.store.run(SaveNoticeChannel { seen: 2, ..telegram(&shop) }).await.unwrap();
        assert!(matches!(refusal(shop.store.run(shop.purchase("k")).await), Refusal::BalanceTooLow { .. }));
        assert_eq!(queue(&shop).await, (0, 0));
        shop
    })
    .await;
}

/// Two deliveries wait for Telegram.
async fn two_wait(shop: &Shop) {
    wants(shop, &[NoticeKind::PurchaseDelivered]).await;
    shop.give(shop.member, 2 * PRICE).await;
    for _ in 0..2 {
        shop.buy().await;
        let job = shop.claim_one().await;
        shop.answer(&job, delivered()).await;
    }
}

#[tokio::test]
async fn one_worker_at_a_time_and_the_old_one_changes_nothing() {
    on_both(|shop| async {
        two_wait(&shop).await;
        let (old, news) = due(&shop).await;
        assert!(claim(&shop).await.is_empty(), "one message is under way");
        shop.database.clock.advance_ms(2 * MINUTE_MS);
        let (token, again) = due(&shop).await;
        assert_eq!(again, news, "its worker is gone");
        let last = news[1].id;
        assert!(!record(&shop, old, NoticeOutcome::Sent { last }).await);
        assert!(!record(&shop, old, NoticeOutcome::Tested(Err(failure(NoticeTrouble::Busy)))).await);
        assert_eq!(queue(&shop).await, (2, 0));
        assert!(record(&shop, token, NoticeOutcome::Sent { last: news[0].id }).await);
        assert_eq!(queue(&shop).await, (1, 0), "only what was in the message");
        assert!(claim(&shop).await.is_empty(), "a pause between messages");
        shop.database.clock.advance_ms(3 * SECOND_MS);
        let (token, rest) = due(&shop).await;
        assert_eq!(rest, news[1..]);
        record(&shop, token, NoticeOutcome::Sent { last }).await;
        shop.database.clock.advance_ms(HOUR_MS);
        assert!(claim(&shop).await.is_empty(), "all is told");
        shop
    })
    .await;
}

#[tokio::test]
async fn pauses_grow_and_what_is_no_news_any_more_is_given_up() {
    on_both(|shop| async {
        two_wait(&shop).await;
        let mut pauses = Vec::new();
        for _ in 0..12 {
            let (token, news) = due(&shop).await;
            let outcome =
                NoticeOutcome::Failed { last: news[1].id, failure: failure(NoticeTrouble::NoAnswer) };
            record(&shop, token, outcome).await;
            assert!(claim(&shop).await.is_empty());
            let channel = shop.store.notice_channels().await.unwrap().remove(0);
            pauses.push(channel.due_at.since_ms(shop.store.now()) / SECOND_MS + 1);
            shop.database.clock.advance_ms(pauses.last().unwrap() * SECOND_MS);
        }
        assert!(pauses.is_sorted() && pauses[0] <= 6 && pauses[11] >= 890, "{pauses:?}");
        let alarm = shop.store.alarms().await.unwrap().remove(0);
        assert_eq!((alarm.kind, alarm.object.as_str()), (AlarmKind::NoticesFail, "telegram"));

        shop.database.clock.advance_ms(DAY_MS);
        assert!(claim(&shop).await.is_empty(), "too old");
        assert_eq!(queue(&shop).await, (0, 2));
        shop.store.run(Sweep).await.unwrap();
        assert_eq!(queue(&shop).await, (0, 2));
        shop.database.clock.advance_ms(31 * DAY_MS);
        shop.store.run(Sweep).await.unwrap();
        assert_eq!(queue(&shop).await, (0, 0), "and forgotten");
        shop
    })
    .await;
}

#[tokio::test]
async fn a_service_that_wants_to_be_left_alone_is_and_a_refused_message_holds_up_nobody() {
    on_both(|shop| async {
        two_wait(&shop).await;
        let (token, news) = due(&shop).await;
        let failure =
            NoticeFailure { trouble: NoticeTrouble::Busy, code: Some(429), wait_ms: 40 * SECOND_MS };
        record(&shop, token, NoticeOutcome::Failed { last: news[1].id, failure }).await;
        shop.database.clock.advance_ms(39 * SECOND_MS);
        assert!(claim(&shop).await.is_empty());
        shop.database.clock.advance_ms(2 * SECOND_MS);
        let (token, _) = due(&shop).await;
        let failure = NoticeFailure { trouble: NoticeTrouble::Refused, code: Some(400), wait_ms: 0 };
        record(&shop, token, NoticeOutcome::Failed { last: news[0].id, failure }).await;
        assert_eq!(queue(&shop).await, (1, 1));
        shop.database.clock.advance_ms(6 * SECOND_MS);
        assert_eq!(due(&shop).await.1, news[1..]);
        shop
    })
    .await;
}

#[tokio::test]
async fn bad_settings_call_a_human_by_the_other_channel_and_mended_ones_go_on_at_once() {
    on_both(|shop| async {
        two_wait(&shop).await;
        shop.store.run(email(&shop)).await.unwrap();
        let everything: Vec<_> =
            NoticeKind::ALL.iter().flat_map(|kind| [(*kind, TELEGRAM), (*kind, EMAIL)]).collect();
        rules(&shop, &everything).await;
        let (token, news) = due(&shop).await;
        let failure = failure(NoticeTrouble::BadLogin);
        record(&shop, token, NoticeOutcome::Failed { last: news[1].id, failure }).await;
        let alarms = shop.store.alarms().await.unwrap();
        assert_eq!((alarms.len(), alarms[0].kind), (1, AlarmKind::NoticesFail));
        let mut jobs = claim(&shop).await;
        assert_eq!(jobs.len(), 1);
        let job = jobs.remove(0);
        assert_eq!((job.access.settings.channel(), job.access.secret.as_str()), (EMAIL, "sandi"));
        let NoticeTask::News(told) = job.task else { panic!("no test") };
        assert_eq!(kinds(&told), [NoticeKind::Alarm], "not of what Telegram was to say");

        let mended = SaveNoticeChannel { seen: 1, secret: "110201543:baru".into(), ..telegram(&shop) };
        shop.store.run(mended).await.unwrap();
        assert!(shop.store.alarms().await.unwrap().is_empty());
        let mut jobs = claim(&shop).await;
        assert_eq!(jobs.len(), 1, "mail is under way");
        let job = jobs.remove(0);
        assert_eq!(job.access.secret, "110201543:baru");
        assert_eq!(job.task, NoticeTask::News(news), "and of its own failing it says nothing");
        shop
    })
    .await;
}
