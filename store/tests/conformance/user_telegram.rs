//! A user's own Telegram: a chat is written to once its owner has typed the code that the bot sent there.

use domain::{MINUTE_MS, MailKind, NoticeTrouble, Refusal};
use store::{
    AskTelegramCode, ChannelSettings, DropTelegram, MailJob, NoticeFailure, ProveTelegram, RecordMail,
    SaveNoticeChannel, TelegramSettings,
};

use crate::access::mails;
use crate::notices::{TELEGRAM, telegram};
use crate::shop::{Shop, delivered, on_both, refusal};
use crate::user_notices::{ALL, buy, chats, choose};

async fn record(shop: &Shop, job: &MailJob, outcome: Result<(), NoticeFailure>) {
    shop.store.run(RecordMail { id: job.id, token: job.token, outcome }).await.unwrap();
}

#[tokio::test]
async fn a_chat_is_written_to_once_its_owner_has_typed_the_code() {
    on_both(|shop| async {
        assert_eq!(shop.store.telegram_link(shop.member).await.unwrap(), None, "there is no bot");
        shop.store.run(telegram(&shop)).await.unwrap();
        let link = async || shop.store.telegram_link(shop.member).await.unwrap().unwrap();
        assert_eq!((link().await.bot.as_str(), link().await.chat), ("toko_bot", None));
        for wrong in ["", "-1001", "@toko", "0123", "123456789012345678901", "1a"] {
            assert!(AskTelegramCode::new(shop.member, wrong).is_err(), "{wrong}");
        }
        let ask = AskTelegramCode::new(shop.member, " 5550 123 ").unwrap();
        assert_eq!(ask.chat(), "5550123");
        choose(&shop, TELEGRAM, ALL).await;
        buy(&shop, delivered()).await;
        shop.store.run(ask.clone()).await.unwrap();
        shop.store.run(ask).await.unwrap();
        let sent = chats(&shop).await;
        assert_eq!(sent.len(), 1, "the newest code only, and no news before it was typed");
        assert_eq!((sent[0].kind, sent[0].address.as_str()), (MailKind::TelegramCode, "5550123"));
        let code = sent[0].secret.clone();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(mails(&shop).await.is_empty());
        assert_eq!(link().await.asked.unwrap().chat, "5550123");
        record(&shop, &sent[0], Ok(())).await;

        let prove = |user, code: &str| ProveTelegram { user, code: code.into() };
        let other = if code == "000000" { "000001" } else { "000000" };
        for (user, code) in [(shop.member, other), (shop.reseller, code.as_str())] {
            assert!(shop.store.run(prove(user, code)).await.is_err());
        }
        shop.store.run(prove(shop.member, &code)).await.unwrap();
        assert!(shop.store.run(prove(shop.member, &code)).await.is_err(), "it works once");
        assert_eq!((link().await.chat.as_deref(), link().await.asked), (Some("5550123"), None));

        buy(&shop, delivered()).await;
        let told = chats(&shop).await;
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].kind, told[0].address.as_str()), (MailKind::Notice, "5550123"));
        buy(&shop, delivered()).await;
        shop.store.run(DropTelegram { user: shop.member }).await.unwrap();
        buy(&shop, delivered()).await;
        assert!(chats(&shop).await.is_empty());
        assert_eq!(link().await.chat, None);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_code_is_for_a_while_and_its_user_hears_that_it_did_not_arrive() {
    on_both(|shop| async {
        let ask = AskTelegramCode::new(shop.member, "5550123").unwrap();
        assert_eq!(refusal(shop.store.run(ask.clone()).await), Refusal::StateChanged, "there is no bot");
        shop.store.run(telegram(&shop)).await.unwrap();
        shop.store.run(ask.clone()).await.unwrap();
        let sent = chats(&shop).await.remove(0);
        let failure = NoticeFailure { trouble: NoticeTrouble::BadAddress, code: Some(400), wait_ms: 0 };
        record(&shop, &sent, Err(failure)).await;
        let link = async || shop.store.telegram_link(shop.member).await.unwrap().unwrap();
        assert!(link().await.asked.unwrap().undelivered);
        shop.store.run(ask).await.unwrap();
        assert!(!link().await.asked.unwrap().undelivered);
        let code = chats(&shop).await.remove(0).secret;
        shop.database.clock.advance_ms(11 * MINUTE_MS);
        assert_eq!(link().await.asked, None);
        assert!(shop.store.run(ProveTelegram { user: shop.member, code }).await.is_err());

        // A bot whose name the operator does not tell is the operator's alone.
        let settings = ChannelSettings::Telegram(TelegramSettings {
            base_url: "https://api.telegram.example".into(),
            chat: "-1001".into(),
            bot: String::new(),
        });
        let hidden = SaveNoticeChannel { seen: 1, settings, secret: String::new(), ..telegram(&shop) };
        shop.store.run(hidden).await.unwrap();
        assert_eq!(shop.store.telegram_link(shop.member).await.unwrap(), None);
        shop
    })
    .await;
}
