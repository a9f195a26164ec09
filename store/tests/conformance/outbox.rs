//! Mails to users: written with the change, sent under a lease, forgotten when they are over.

use domain::{DAY_MS, MINUTE_MS, MailKind, NoticeTrouble, SECOND_MS};
use store::{
    ChangePassword, ClaimMails, MailJob, NoticeFailure, RecordMail, SaveNoticeChannel, SealSecretsAnew,
    SendVerification, Sweep,
};

use crate::access::{mails, with_mail};
use crate::notices::{EMAIL, email};
use crate::shop::{Shop, on_both};

async fn change_password(shop: &Shop) {
    shop.store.run(ChangePassword { user: shop.member, password_hash: "new".into() }).await.unwrap();
}

async fn record(shop: &Shop, mail: &MailJob, trouble: Option<NoticeTrouble>) -> bool {
    let failure = |trouble| NoticeFailure { trouble, code: None, wait_ms: 0 };
    let outcome = trouble.map_or(Ok(()), |trouble| Err(failure(trouble)));
    shop.store.run(RecordMail { id: mail.id, token: mail.token, outcome }).await.unwrap()
}

#[tokio::test]
async fn a_mail_is_tried_again_with_growing_pauses_for_a_day() {
    on_both(|shop| async {
        change_password(&shop).await;
        with_mail(&shop).await;
        assert!(mails(&shop).await.is_empty(), "what could not be told then is not told later");
        change_password(&shop).await;
        let mail = mails(&shop).await.remove(0);
        assert_eq!((mail.kind, mail.address.as_str()), (MailKind::PasswordChanged, "member@contoh.id"));
        assert!(mails(&shop).await.is_empty(), "one worker has it");
        shop.database.clock.advance_ms(MINUTE_MS + 1);
        let again = mails(&shop).await.remove(0);
        assert!(!record(&shop, &mail, None).await, "the first one's lease is over");
        assert!(record(&shop, &again, Some(NoticeTrouble::NotReached)).await);
        for pause_ms in [10, 20, 40, 80].map(|seconds| seconds * SECOND_MS) {
            shop.database.clock.advance_ms(pause_ms - 1_000);
            assert!(mails(&shop).await.is_empty(), "not before {pause_ms} ms");
            shop.database.clock.advance_ms(1_000);
            let mail = mails(&shop).await.remove(0);
            record(&shop, &mail, Some(NoticeTrouble::Busy)).await;
        }
        shop.database.clock.advance_ms(DAY_MS);
        assert!(mails(&shop).await.is_empty(), "it is no news any more");
        let state = shop.store.outbox_state().await.unwrap();
        assert_eq!((state.waiting, state.given_up), (0, 1));
        shop
    })
    .await;
}

#[tokio::test]
async fn what_cannot_arrive_is_given_up_at_once_and_links_when_they_are() {
    on_both(|shop| async {
        with_mail(&shop).await;
        change_password(&shop).await;
        let mail = mails(&shop).await.remove(0);
        record(&shop, &mail, Some(NoticeTrouble::BadAddress)).await;
        shop.database.clock.advance_ms(DAY_MS / 2);
        assert!(mails(&shop).await.is_empty());
        let verify = SendVerification { user: shop.member };
        shop.store.run(verify).await.unwrap();
        shop.store.run(verify).await.unwrap();
        let mail = mails(&shop).await;
        assert_eq!(mail.len(), 1, "an older link that was not sent yet need not be");
        assert_eq!(mail[0].secret.len(), 32);
        record(&shop, &mail[0], None).await;
        assert!(!record(&shop, &mail[0], None).await, "it is over");
        assert_eq!(shop.store.outbox_state().await.unwrap().given_up, 1);
        shop.database.clock.advance_ms(31 * DAY_MS);
        shop.store.run(Sweep).await.unwrap();
        assert_eq!(shop.store.outbox_state().await.unwrap().given_up, 0);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_mail_survives_a_new_key_and_waits_while_the_mail_server_is_out_of_use() {
    on_both(|shop| async {
        with_mail(&shop).await;
        shop.store.run(SendVerification { user: shop.member }).await.unwrap();
        shop.store.run(SealSecretsAnew).await.unwrap();
        let off = SaveNoticeChannel { seen: 1, active: false, ..email(&shop) };
        shop.store.run(off).await.unwrap();
        assert!(mails(&shop).await.is_empty());
        let on = SaveNoticeChannel { seen: 2, ..email(&shop) };
        shop.store.run(on).await.unwrap();
        assert!(shop.store.run(ClaimMails { channel: EMAIL, limit: 0 }).await.unwrap().is_empty());
        let mail = mails(&shop).await.remove(0);
        assert!(shop.store.verification_link(&mail.secret).await.unwrap().is_some());
        shop
    })
    .await;
}
