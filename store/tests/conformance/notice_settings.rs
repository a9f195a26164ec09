//! Channels, rules and words as admins set them: secrets are kept, tests disturb nothing.

use domain::{FieldCode, Lang, NoticeKind, NoticeTrouble, Refusal};
use store::{
    ChannelSettings, ClaimNotices, NoticeOutcome, NoticeTask, SaveNoticeChannel, SaveNoticeRules,
    SaveNoticeText, ServerKey, TelegramSettings, TestNoticeChannel,
};

use crate::notices::{EMAIL, TELEGRAM, claim, failure, record, telegram};
use crate::shop::{Shop, on_both, refusal};

#[tokio::test]
async fn a_test_is_sent_at_once_and_disturbs_nothing() {
    on_both(|shop| async {
        let test = TestNoticeChannel { admin: shop.admin, channel: TELEGRAM };
        assert_eq!(refusal(shop.store.run(test.clone()).await), Refusal::NotFound);
        shop.store.run(SaveNoticeChannel { active: false, ..telegram(&shop) }).await.unwrap();
        let theirs = TestNoticeChannel { admin: shop.member, ..test.clone() };
        assert_eq!(refusal(shop.store.run(theirs).await), Refusal::NotAllowed);
        for outcome in [Err(failure(NoticeTrouble::BadAddress)), Ok(())] {
            shop.store.run(test.clone()).await.unwrap();
            assert!(shop.store.notice_channels().await.unwrap()[0].test_due);
            let mut jobs = claim(&shop).await;
            let job = jobs.remove(0);
            assert_eq!(job.task, NoticeTask::Test, "also of a channel that is switched off");
            record(&shop, job.token, NoticeOutcome::Tested(outcome.clone())).await;
            let channel = shop.store.notice_channels().await.unwrap().remove(0);
            let trouble = outcome.err().map(|failure| (failure.trouble, failure.code));
            let said = channel.tested.unwrap().problem.map(|problem| (problem.trouble, problem.code));
            assert_eq!(said, trouble);
            assert!(!channel.test_due && channel.problem.is_none());
            assert!(claim(&shop).await.is_empty());
        }
        assert!(shop.store.alarms().await.unwrap().is_empty());
        shop
    })
    .await;
}

#[tokio::test]
async fn secrets_are_kept_and_not_sent_elsewhere() {
    on_both(|shop| async {
        let save = telegram(&shop);
        let theirs = SaveNoticeChannel { admin: shop.member, ..save.clone() };
        assert_eq!(refusal(shop.store.run(theirs).await), Refusal::NotAllowed);
        let bare = SaveNoticeChannel { secret: String::new(), ..save.clone() };
        assert_eq!(refusal(shop.store.run(bare).await), Refusal::field("secret", FieldCode::Required));
        assert_eq!(
            refusal(shop.store.run(SaveNoticeChannel { seen: 7, ..save.clone() }).await),
            Refusal::StateChanged
        );
        shop.store.run(save.clone()).await.unwrap();
        assert_eq!(refusal(shop.store.run(save.clone()).await), Refusal::StateChanged, "it is there already");
        assert!(!format!("{save:?}").contains("rahasia"));

        let to = |base_url: &str, chat: &str| SaveNoticeChannel {
            seen: 1,
            secret: String::new(),
            settings: ChannelSettings::Telegram(TelegramSettings {
                base_url: base_url.into(),
                chat: chat.into(),
                bot: String::new(),
            }),
            ..save.clone()
        };
        let moved = shop.store.run(to("https://other.example", "-1001")).await;
        assert_eq!(refusal(moved), Refusal::field("secret", FieldCode::Required));
        shop.store.run(to("https://api.telegram.example", "@toko")).await.unwrap();
        shop.store.run(TestNoticeChannel { admin: shop.admin, channel: TELEGRAM }).await.unwrap();
        let access = claim(&shop).await.remove(0).access;
        assert_eq!(access.secret, "110201543:rahasia", "another chat of the same bot");
        assert!(!format!("{access:?}").contains("rahasia"));
        shop
    })
    .await;
}

#[tokio::test]
async fn secrets_outlive_a_change_of_the_key() {
    for database in store::testing::databases().await {
        let shop = Shop::open(database).await;
        shop.store.run(telegram(&shop)).await.unwrap();
        let test = TestNoticeChannel { admin: shop.admin, channel: TELEGRAM };
        shop.store.run(test.clone()).await.unwrap();
        let rotated = ServerKey::new([9; 32]).with_older(vec![[7; 32]]);
        let rotated = shop.database.open_with(rotated).await.unwrap();
        assert_eq!(rotated.run(store::SealSecretsAnew).await.unwrap(), 1);
        // The old key alone opens nothing any more; the admin who asked for a test sees it.
        assert!(claim(&shop).await.is_empty());
        let tested = shop.store.notice_channels().await.unwrap().remove(0).tested;
        let trouble = tested.unwrap().problem.map(|problem| problem.trouble);
        assert_eq!(trouble, Some(NoticeTrouble::BadSettings));
        rotated.run(test).await.unwrap();
        assert_eq!(rotated.run(ClaimNotices).await.unwrap().remove(0).access.secret, "110201543:rahasia");
    }
}

#[tokio::test]
async fn words_and_rules_are_admins_business() {
    on_both(|shop| async {
        let text = |text: &str| SaveNoticeText {
            admin: shop.admin,
            kind: NoticeKind::SalesStopped,
            text: text.into(),
        };
        let unknown = FieldCode::UnknownPlaceholder { kind: NoticeKind::SalesStopped };
        assert_eq!(refusal(shop.store.run(text("{package}")).await), Refusal::field("text", unknown));
        let theirs = SaveNoticeText { admin: shop.member, ..text("x") };
        assert_eq!(refusal(shop.store.run(theirs).await), Refusal::NotAllowed);
        for words in ["Tutup!", "{shop} tutup"] {
            shop.store.run(text(words)).await.unwrap();
            assert_eq!(shop.store.notice_rules().await.unwrap().texts[&NoticeKind::SalesStopped], words);
        }
        shop.store.run(text(" ")).await.unwrap();
        assert!(shop.store.notice_rules().await.unwrap().texts.is_empty(), "the usual words again");

        shop.store.run(telegram(&shop)).await.unwrap();
        let on = vec![(NoticeKind::Alarm, TELEGRAM), (NoticeKind::Alarm, EMAIL)];
        let save = SaveNoticeRules { admin: shop.admin, on, lang: Lang::En };
        let theirs = SaveNoticeRules { admin: shop.member, ..save.clone() };
        assert_eq!(refusal(shop.store.run(theirs).await), Refusal::NotAllowed);
        shop.store.run(save).await.unwrap();
        let rules = shop.store.notice_rules().await.unwrap();
        assert_eq!(
            (rules.on, rules.lang),
            (vec![(NoticeKind::Alarm, TELEGRAM)], Lang::En),
            "mail is not set up"
        );
        shop
    })
    .await;
}
