//! What the operator is told, through the real workers, forms and pages, with a simulated Telegram and mail server.

use std::time::Duration;

use domain::{Lang, NoticeChannel, NoticeKind, PurchaseState, Role, SECOND_MS};
use http::StatusCode;
use server::engine::{self, notices::TellerConfig};
use simulator::{MessageFault, MessageWay, RunningMail, SimulatedMessage};
use store::{
    ChannelSettings, NoticeChannelState, SaveNoticeChannel, SaveNoticeRules, Store, TelegramSettings,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::engine::{Gateway, SETTLED, Stall, reached};
use crate::shop::{ORIGIN, Setup, Shop, on_each_database};

const PAGE: &str = "/admin/notifications";
const TOKEN: &str = "110201543:simulated-bot";
const CHAT: &str = "-1001";
/// Longer than any of these takes.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Waits until something is so.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "{what}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn channel(store: &Store) -> NoticeChannelState {
    store.notice_channels().await.unwrap().remove(0)
}

/// The admin of the stall hears by Telegram what was delivered.
pub async fn set_up(shop: &Shop, gateway: &Gateway) {
    let admin = shop.store.user_for_sign_in("bos").await.unwrap().unwrap().0.id;
    let settings =
        TelegramSettings { base_url: gateway.running.telegram_url(), chat: CHAT.into(), bot: String::new() };
    let settings = ChannelSettings::Telegram(settings);
    let save = SaveNoticeChannel { admin, seen: 0, settings, secret: TOKEN.into(), active: true };
    shop.store.run(save).await.unwrap();
    let on = vec![(NoticeKind::PurchaseDelivered, NoticeChannel::Telegram)];
    shop.store.run(SaveNoticeRules { admin, on, lang: Lang::En }).await.unwrap();
}

fn tell(
    shop: &Shop,
    send_within: Duration,
    shutdown: &CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let config = TellerConfig { send_within, ..TellerConfig::new(ORIGIN.to_owned()) };
    engine::notices::start(shop.store.clone(), config, shutdown.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purchase_never_waits_for_a_message_and_the_message_comes_once() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let gateway = Gateway::open().await;
        set_up(&shop, &gateway).await;
        gateway.simulator.fail_messages(MessageWay::Telegram, MessageFault::Hang, 1);
        let shutdown = CancellationToken::new();
        let workers = engine::start(shop.store.clone(), gateway.adapters(), shutdown.clone());
        let teller = tell(&shop, Duration::from_secs(4), &shutdown);

        let first = shop.store.run(stall.purchase("087800001230")).await.unwrap();
        assert_eq!(reached(&shop.store, &first, SETTLED).await, PurchaseState::Succeeded);
        until("Telegram is asked", async || (gateway.simulator.messages_struck() == 1).then_some(())).await;
        let second = shop.store.run(stall.purchase("087855550001")).await.unwrap();
        assert_eq!(reached(&shop.store, &second, SETTLED).await, PurchaseState::Succeeded);
        let meanwhile = channel(&shop.store).await;
        assert!(meanwhile.problem.is_none() && meanwhile.waiting == 2, "Telegram still hangs: {meanwhile:?}");

        until("the silence is noted", async || channel(&shop.store).await.problem).await;
        shop.database.clock.advance_ms(6 * SECOND_MS);
        until("all is told", async || (channel(&shop.store).await.waiting == 0).then_some(())).await;
        shutdown.cancel();
        workers.await;
        teller.await;
        let messages = gateway.simulator.messages();
        assert_eq!(messages.len(), 1, "{messages:?}");
        let text = &messages[0].text;
        assert_eq!(text.matches("delivered to").count(), 2, "{text}");
        for (purchase, number) in [(first, "0878-****-1230"), (second, "0878-****-0001")] {
            assert_eq!(text.matches(&purchase.to_string()).count(), 1, "{text}");
            assert_eq!(text.matches(number).count(), 1, "{text}");
        }
        let after = channel(&shop.store).await;
        assert!(after.problem.is_none() && after.sent_at.is_some(), "{after:?}");
        shop.books_are_in_order().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_answered_for_comes_again_and_stopping_waits_for_a_message_under_way() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let gateway = Gateway::open().await;
        set_up(&shop, &gateway).await;
        gateway.simulator.fail_messages(MessageWay::Telegram, MessageFault::TakenThenDrop, 1);
        gateway.simulator.fail_messages(MessageWay::Telegram, MessageFault::Hang, 1);
        let shutdown = CancellationToken::new();
        let workers = engine::start(shop.store.clone(), gateway.adapters(), shutdown.clone());
        let teller = tell(&shop, Duration::from_secs(1), &shutdown);
        let purchase = shop.store.run(stall.purchase("087800001230")).await.unwrap();
        reached(&shop.store, &purchase, SETTLED).await;
        until("the broken answer is noted", async || channel(&shop.store).await.problem).await;
        shop.database.clock.advance_ms(6 * SECOND_MS);
        until("Telegram is asked again", async || (gateway.simulator.messages_struck() == 2).then_some(()))
            .await;
        let before = channel(&shop.store).await.due_at;
        shutdown.cancel();
        teller.await;
        workers.await;
        // The silence was waited for and written down, not left to the lease.
        let after = channel(&shop.store).await;
        assert!(after.due_at > before && after.waiting == 1, "{after:?}");

        let shutdown = CancellationToken::new();
        let teller = tell(&shop, Duration::from_secs(4), &shutdown);
        shop.database.clock.advance_ms(20 * SECOND_MS);
        until("all is told", async || (channel(&shop.store).await.waiting == 0).then_some(())).await;
        shutdown.cancel();
        teller.await;
        let texts: Vec<_> = gateway.simulator.messages().into_iter().map(|message| message.text).collect();
        assert_eq!(texts.len(), 2, "at least once: {texts:?}");
        assert_eq!(texts[0], texts[1]);
    })
    .await;
}

/// Has a test message sent by the button, and waits for what the page says about it.
async fn tested(shop: &Shop, visitor: &mut crate::shop::Visitor<'_>, channel: &str) -> String {
    let answer = visitor.post_form("/api/test_notices", PAGE, &[("channel", channel)]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, PAGE));
    until("the test is over", async || {
        let due = shop.store.notice_channels().await.unwrap().iter().any(|state| state.test_due);
        (!due).then_some(())
    })
    .await;
    visitor.get(PAGE).await.body
}

fn mail_form(mail: &RunningMail) -> Vec<(&'static str, String)> {
    vec![
        ("_form", "save_email".into()),
        ("seen", "0".into()),
        ("host", "127.0.0.1".into()),
        ("port", mail.address().port().to_string()),
        ("security", "none".into()),
        ("username", "toko".into()),
        ("secret", "simulated-mail".into()),
        ("from", "toko@contoh.id".into()),
        ("to", "bos@contoh.id".into()),
        ("active", "on".into()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn channels_are_set_up_and_tried_on_the_page() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Admin, "bos").await;
        let gateway = Gateway::open().await;
        let mail = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mail = gateway.simulator.spawn_mail(mail).unwrap();
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let edit = format!("{PAGE}?edit=telegram");
        admin.action(&edit, "save_telegram").await;
        let base_url = gateway.running.telegram_url();
        let bot = |base_url: &str, token: &str, chat: &str, seen: &str| {
            [("_form", "save_telegram"), ("seen", seen), ("secret", token), ("chat", chat), ("active", "on")]
                .map(|(name, value)| (name, value.to_owned()))
                .into_iter()
                .chain([("base_url", base_url.to_owned())])
                .collect::<Vec<_>>()
        };
        let mut post = async |action: &str, page: &str, fields: Vec<(&str, String)>| {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = admin.post_form(action, page, &fields).await;
            let location = answer.location().to_owned();
            (location.clone(), admin.get(&location).await)
        };
        for (fields, mistake) in [
            (bot("http://bots.example", TOKEN, CHAT, "0"), "https://"),
            (bot(&base_url, TOKEN, "toko", "0"), "cannot be used here"),
            (bot(&base_url, "", CHAT, "0"), "fill this in"),
        ] {
            let (_, page) = post("/api/save_telegram", &edit, fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.body.contains(mistake), "{mistake}: {}", page.body);
            assert!(!page.body.contains("simulated-bot"), "a token is never kept");
        }
        let wrong = bot(&base_url, "110201543:other", CHAT, "0");
        let (location, page) = post("/api/save_telegram", &edit, wrong).await;
        assert_eq!(location, format!("{PAGE}?done=saved"), "{}", page.body);
        let mut elsewhere = mail_form(&mail);
        elsewhere[2].1 = "mail.contoh.id".into();
        let (_, page) = post("/api/save_email", &format!("{PAGE}?edit=email"), elsewhere).await;
        assert!(page.body.contains("only localhost will do"), "{}", page.body);
        let (location, _) = post("/api/save_email", &format!("{PAGE}?edit=email"), mail_form(&mail)).await;
        assert_eq!(location, format!("{PAGE}?done=saved"));

        let shutdown = CancellationToken::new();
        let teller = tell(&shop, PATIENCE, &shutdown);
        let body = tested(&shop, &mut admin, "telegram").await;
        assert!(body.contains("is not accepted. (code 401)"), "{body}");
        let right = bot(&base_url, TOKEN, CHAT, "1");
        let right: Vec<_> = right.iter().map(|(name, value)| (*name, value.as_str())).collect();
        admin.post_form("/api/save_telegram", &edit, &right).await;
        for channel in ["telegram", "email"] {
            let body = tested(&shop, &mut admin, channel).await;
            assert!(body.contains("The test message was sent"), "{channel}: {body}");
            for secret in [TOKEN, "simulated-mail", "110201543"] {
                assert!(!body.contains(secret), "{body}");
            }
        }
        shutdown.cancel();
        teller.await;
        let to: Vec<_> =
            gateway.simulator.messages().into_iter().map(|SimulatedMessage { to, .. }| to).collect();
        assert_eq!(to, [CHAT, "bos@contoh.id"]);
    })
    .await;
}

#[tokio::test]
async fn words_are_previewed_refused_and_kept() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let edit = format!("{PAGE}?kind=sales_stopped");
        let body = admin.get(&edit).await.body;
        assert!(body.contains("{shop} {link}"), "what may be used: {body}");
        let preview = admin.get(&format!("{edit}&text=%7Bshop%7D+tutup+%3Cb%3E")).await;
        assert_eq!(preview.status, StatusCode::OK);
        assert!(preview.body.contains("XL Package Manager tutup &lt;b&gt;"), "{}", preview.body);
        let preview = admin.get(&format!("{edit}&text=%7Bpackage%7D")).await.body;
        assert!(preview.contains("Known ones: {shop} {link}"), "{preview}");
        assert!(shop.store.notice_rules().await.unwrap().texts.is_empty(), "a preview changes nothing");

        let form =
            |text: &'static str| [("_form", "save_notice_text"), ("kind", "sales_stopped"), ("text", text)];
        let answer = admin.post_form("/api/save_notice_text", &edit, &form("Tutup {package}!")).await;
        let page = admin.get(answer.location()).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("Known ones: {shop} {link}") && page.body.contains("Tutup {package}!"));
        let answer = admin.post_form("/api/save_notice_text", &edit, &form("Tutup: {shop}\r\n{link}")).await;
        assert_eq!(answer.location(), format!("{PAGE}?done=saved"));
        let texts = shop.store.notice_rules().await.unwrap().texts;
        assert_eq!(texts[&NoticeKind::SalesStopped], "Tutup: {shop}\n{link}");
        assert!(admin.get(PAGE).await.body.contains("Tutup: XL Package Manager"));
        // The usual words again are not the operator's own: they follow the language.
        let usual = app::i18n::T(Lang::En).usual_notice(NoticeKind::SalesStopped);
        admin.post_form("/api/save_notice_text", &edit, &form(usual)).await;
        assert!(shop.store.notice_rules().await.unwrap().texts.is_empty());

        let settings = TelegramSettings {
            base_url: "https://api.telegram.example".into(),
            chat: CHAT.into(),
            bot: String::new(),
        };
        let settings = ChannelSettings::Telegram(settings);
        let save = SaveNoticeChannel { admin: bos.id, seen: 0, settings, secret: TOKEN.into(), active: true };
        shop.store.run(save).await.unwrap();
        let rules = [
            ("_form", "save_notice_rules"),
            ("on[]", "telegram:alarm"),
            ("on[]", "telegram:deposit_low"),
            ("lang", "en"),
        ];
        let answer = admin.post_form("/api/save_notice_rules", PAGE, &rules).await;
        assert_eq!(answer.location(), format!("{PAGE}?done=saved"));
        let body = admin.get(PAGE).await.body;
        let ticked = body.split("<input").filter(|input| input.contains("checked")).collect::<Vec<_>>();
        assert!(ticked.iter().any(|input| input.contains("telegram:alarm")), "{ticked:?}");
        assert!(!ticked.iter().any(|input| input.contains("telegram:purchase_failed")), "{ticked:?}");
        let none = [("_form", "save_notice_rules"), ("lang", "id")];
        admin.post_form("/api/save_notice_rules", PAGE, &none).await;
        let rules = shop.store.notice_rules().await.unwrap();
        assert!(rules.on.is_empty() && rules.lang == Lang::Id);
    })
    .await;
}
