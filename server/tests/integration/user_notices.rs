//! The bell: what a user is told, through the real router, workers and forms, with a simulated mail server and Telegram.

use domain::{NoticeChannel, Role};
use http::StatusCode;
use server::engine;
use store::{ChannelSettings, SaveNoticeChannel, TelegramSettings, User, UserNotice};
use tokio_util::sync::CancellationToken;

use crate::engine::{Gateway, SETTLED, Stall, reached};
use crate::my_account::Post;
use crate::shop::{Setup, Shop, Visitor, on_each_database};

const PAGE: &str = "/notifications";
const CHOICES: &str = "/profile/notifications";
const DELIVERED: &str = "087800001230";
const FAILS: &str = "087800001232";
/// A chat that the simulated Telegram knows, and one that it does not.
const CHAT: &str = "20002";
const NO_CHAT: &str = "30003";

/// Rina buys, and the gateway says what becomes of it.
async fn buy(shop: &Shop, stall: &Stall, numbers: &[&str]) {
    let gateway = Gateway::open().await;
    let shutdown = CancellationToken::new();
    let workers = engine::start(shop.store.clone(), gateway.adapters(), shutdown.clone());
    for number in numbers {
        let purchase = shop.store.run(stall.purchase(number)).await.unwrap();
        reached(&shop.store, &purchase, SETTLED).await;
    }
    shutdown.cancel();
    workers.await;
}

async fn notices(shop: &Shop, user: &User) -> Vec<UserNotice> {
    shop.store.user_notices(user.id, None, 100).await.unwrap().items
}

async fn named(shop: &Shop, name: &str) -> User {
    shop.store.user_for_sign_in(name).await.unwrap().unwrap().0
}

fn bell(count: i64) -> String {
    if count == 0 {
        "aria-label=\"Notifications, all read\"".into()
    } else {
        format!("aria-label=\"Notifications, {count} unread\"")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bell_tells_and_what_is_opened_is_read() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let rina = named(&shop, "rina").await;
        let mut visitor = shop.visitor();
        visitor.sign_in("rina").await;
        let empty = visitor.get(PAGE).await.body;
        assert!(empty.contains("No notifications yet") && empty.contains(&bell(0)), "{empty}");
        assert!(!empty.contains("read_notices"), "there is nothing to mark");
        assert!(!shop.visitor().get("/login").await.body.contains("class=\"icon-btn bell\""));

        buy(&shop, &stall, &[DELIVERED, FAILS]).await;
        for page in ["/dashboard", "/terms", CHOICES, "/nothing"] {
            let body = visitor.get(page).await.body;
            assert!(body.contains(&bell(2)) && body.contains("href=\"/notifications\""), "{page}: {body}");
        }
        for _ in 0..2 {
            let body = visitor.get(PAGE).await.body;
            assert!(body.contains(&bell(2)), "looking marks nothing: {body}");
            assert_eq!(body.matches("Unread</span>").count(), 2, "{body}");
            assert!(body.contains("Package delivered") && body.contains("Purchase failed"), "{body}");
        }
        let told = notices(&shop, &rina).await;
        let id = told[1].id.as_str();
        let fields = [("notice", id)];

        // Nobody else's.
        shop.user(Role::Member, "dewi").await;
        let mut stranger = shop.visitor();
        stranger.sign_in("dewi").await;
        assert!(stranger.get(PAGE).await.body.contains("No notifications yet"));
        for id in [id, "7QK2M9DAX3TP", "x"] {
            for (action, field) in [("open_notice", "notice"), ("read_notices", "up_to")] {
                let answer = stranger.post_for_json(&format!("/api/{action}"), &[(field, id)]).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{action} {id}: {answer:?}");
            }
        }
        assert!(visitor.get(PAGE).await.body.contains(&bell(2)));

        let action = visitor.action(PAGE, "open_notice").await;
        let opened = visitor.post_form(&action, PAGE, &fields).await;
        let purchase = opened.location().to_owned();
        assert!(purchase.starts_with("/transactions/"), "{opened:?}");
        let page = visitor.get(&purchase).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(&bell(1)), "{}", page.body);
        let body = visitor.get(PAGE).await.body;
        assert_eq!(body.matches("Unread</span>").count(), 1, "{body}");
        assert!(body.contains(&format!("<a href=\"{purchase}\" class=\"notice\">")), "{body}");

        // Only what the page had shown.
        visitor.action(PAGE, "read_notices").await;
        buy(&shop, &stall, &["087855551230"]).await;
        let read = visitor.post_form("/api/read_notices", PAGE, &[("up_to", told[0].id.as_str())]).await;
        assert_eq!(read.location(), PAGE);
        assert!(visitor.get(PAGE).await.body.contains(&bell(1)));
        let newest = notices(&shop, &rina).await.remove(0);
        visitor.post_form("/api/read_notices", PAGE, &[("up_to", newest.id.as_str())]).await;
        assert!(visitor.get(PAGE).await.body.contains(&bell(0)));
        shop.books_are_in_order().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_looks_as_a_user_sees_their_bell_and_marks_nothing() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let rina = named(&shop, "rina").await;
        buy(&shop, &stall, &[DELIVERED]).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        assert!(admin.get("/admin").await.body.contains(&bell(0)), "admins have a bell of their own");
        let page = format!("/admin/users/{}", rina.public_id.as_str());
        admin.post_form("/api/view_as", &page, &[("user", rina.public_id.as_str())]).await;
        let seen = admin.get(PAGE).await.body;
        assert!(seen.contains(&bell(1)) && seen.contains("Package delivered"), "{seen}");
        assert!(!seen.contains("open_notice"), "it is opened by a link that marks nothing: {seen}");
        let id = notices(&shop, &rina).await.remove(0).id;
        for (action, field) in [("open_notice", "notice"), ("read_notices", "up_to")] {
            let answer = admin.post_for_json(&format!("/api/{action}"), &[(field, id.as_str())]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");
        }
        assert_eq!(shop.store.unread_notices(rina.id).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_chosen_comes_by_mail_to_a_verified_address() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let mut visitor = shop.visitor();
        visitor.sign_in("rina").await;
        let page = visitor.get(CHOICES).await.body;
        assert!(page.contains("cannot send e-mail yet") && !page.contains("save_notice_choices"), "{page}");
        let post = Post::open(&shop, &named(&shop, "bos").await).await;
        let page = visitor.get(CHOICES).await.body;
        assert!(page.contains("rina@contoh.id is not verified"), "{page}");
        assert!(!page.contains("Telegram"), "there is no bot for users: {page}");
        let choose = [("channel", "email"), ("delivered", "on"), ("new_device", "on")];
        let saved = visitor.post_form("/api/save_notice_choices", CHOICES, &choose).await;
        assert_eq!(saved.location(), format!("{CHOICES}?done=saved"));
        buy(&shop, &stall, &["087855551230"]).await;
        post.verify(&mut visitor, "rina@contoh.id").await;
        let page = visitor.get(CHOICES).await.body;
        assert!(page.contains("Sent to rina@contoh.id"), "{page}");
        let ticked = |name: &str, page: &str| {
            let input = page.split(&format!("name=\"{name}\"")).nth(1).unwrap();
            input.split('>').next().unwrap().contains("checked")
        };
        let boxes = ["delivered", "failed", "credited", "new_device"].map(|name| ticked(name, &page));
        assert_eq!(boxes, [true, false, false, true]);

        buy(&shop, &stall, &[DELIVERED, FAILS]).await;
        let mail = post.mail("rina@contoh.id", "Package delivered", 0).await;
        for part in ["Hello rina,", "0878-****-1230", "60.000", "WIB", "/transactions/"] {
            assert!(mail.text.contains(part), "{part}: {}", mail.text);
        }
        let all: Vec<_> = post.all().into_iter().map(|mail| mail.subject).collect();
        assert_eq!(all.len(), 2, "the link and one delivery: {all:?}");
        let pigeon = visitor.post_for_json("/api/save_notice_choices", &[("channel", "pigeon")]).await;
        assert_eq!(pigeon.status, StatusCode::BAD_REQUEST, "{pigeon:?}");
    })
    .await;
}

/// Gives users the simulated bot.
async fn open_bot(shop: &Shop, post: &Post) {
    let settings = ChannelSettings::Telegram(TelegramSettings {
        base_url: post.gateway.running.telegram_url(),
        chat: "-1001".into(),
        bot: "toko_bot".into(),
    });
    let (admin, secret) = (named(shop, "bos").await.id, "110201543:simulated-bot".into());
    shop.store.run(SaveNoticeChannel { admin, seen: 0, settings, secret, active: true }).await.unwrap();
}

async fn ask(visitor: &mut Visitor<'_>, chat: &str) -> String {
    visitor.post_form("/api/ask_telegram_code", CHOICES, &[("chat", chat)]).await.location().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telegram_is_connected_by_a_code_that_the_bot_sends() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let post = Post::open(&shop, &named(&shop, "bos").await).await;
        let mut visitor = shop.visitor();
        visitor.sign_in("rina").await;
        let none = visitor.post_for_json("/api/ask_telegram_code", &[("chat", CHAT)]).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "there is no bot for users");
        open_bot(&shop, &post).await;
        let page = visitor.get(CHOICES).await.body;
        assert!(page.contains("https://t.me/toko_bot") && page.contains("ask_telegram_code"), "{page}");

        let wrong = ask(&mut visitor, "@rina").await;
        let page = visitor.get(&wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("value=\"@rina\""), "what was typed is kept: {}", page.body);
        assert_eq!(ask(&mut visitor, NO_CHAT).await, format!("{CHOICES}#telegram"));
        let rina = named(&shop, "rina").await;
        crate::notices::until("it is known that the code did not arrive", async || {
            let link = shop.store.telegram_link(rina.id).await.unwrap().unwrap();
            link.asked.filter(|asked| asked.undelivered)
        })
        .await;
        assert!(visitor.get(CHOICES).await.body.contains("cannot write to that chat"));

        ask(&mut visitor, CHAT).await;
        let text = post.mail(CHAT, "", 0).await.text;
        assert!(!text.contains("rina"), "it names nobody: {text}");
        let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
        let other = if code == "000000" { "000001" } else { "000000" };
        for typed in [other, "12"] {
            let answer = visitor.post_form("/api/prove_telegram", CHOICES, &[("otp_secret", typed)]).await;
            let back = visitor.get(answer.location()).await;
            assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(back.body.contains("not the one that was sent"), "{}", back.body);
        }
        let done = visitor.post_form("/api/prove_telegram", CHOICES, &[("otp_secret", &code)]).await;
        assert_eq!(done.location(), format!("{CHOICES}?done=saved#telegram"));
        assert!(visitor.get(CHOICES).await.body.contains("Connected to chat **002"));
        let choose = [("channel", NoticeChannel::Telegram.as_str()), ("failed", "on")];
        visitor.post_form("/api/save_notice_choices", CHOICES, &choose).await;
        buy(&shop, &stall, &[DELIVERED, FAILS]).await;
        let told = post.mail(CHAT, "", 1).await.text;
        assert!(told.contains("0878-****-1232") && told.contains("is back in your balance"), "{told}");

        visitor.post_form("/api/drop_telegram", CHOICES, &[]).await;
        buy(&shop, &stall, &["087855551232"]).await;
        for _ in 0..3 {
            ask(&mut visitor, CHAT).await;
        }
        let much = visitor.post_form("/api/ask_telegram_code", CHOICES, &[("chat", CHAT)]).await;
        assert_eq!(much.status, StatusCode::TOO_MANY_REQUESTS, "nobody is flooded with codes");
    })
    .await;
}
