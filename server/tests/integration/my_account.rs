//! A user in control of the own account, through the real forms, pages and worker, with a simulated mail server.

use std::time::Duration;

use domain::{Role, Rupiah};
use http::StatusCode;
use server::engine::{self, notices::TellerConfig};
use simulator::{RunningMail, SimulatedMessage};
use store::{AdjustBalance, ChannelSettings, EmailSettings, MailSecurity, SaveNoticeChannel, User};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::engine::Gateway;
use crate::notices::until;
use crate::shop::{Answer, ORIGIN, PASSWORD, Setup, Shop, Visitor, on_each_database};

const NEW_PASSWORD: &str = "gitar hujan senja";

/// The simulated mail server, and the worker that hands mails in there.
pub struct Post {
    pub gateway: Gateway,
    _server: RunningMail,
    shutdown: CancellationToken,
}

impl Post {
    pub async fn open(shop: &Shop, admin: &User) -> Self {
        let gateway = Gateway::open().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = gateway.simulator.spawn_mail(listener).unwrap();
        let settings = ChannelSettings::Email(EmailSettings {
            host: "127.0.0.1".into(),
            port: server.address().port(),
            security: MailSecurity::None,
            username: "toko".into(),
            from: "toko@contoh.id".into(),
            to: "bos@contoh.id".into(),
        });
        let secret = "simulated-mail".into();
        let save = SaveNoticeChannel { admin: admin.id, seen: 0, settings, secret, active: true };
        shop.store.run(save).await.unwrap();
        let shutdown = CancellationToken::new();
        let config =
            TellerConfig { send_within: Duration::from_secs(10), ..TellerConfig::new(ORIGIN.to_owned()) };
        tokio::spawn(engine::outbox::start(shop.store.clone(), config, shutdown.clone()));
        Self { gateway, _server: server, shutdown }
    }

    pub fn all(&self) -> Vec<SimulatedMessage> {
        self.gateway.simulator.messages()
    }

    /// The `n`th mail to an address whose subject has these words.
    pub async fn mail(&self, to: &str, words: &str, n: usize) -> SimulatedMessage {
        until(&format!("mail {n} to {to}: {words}"), async || {
            let all = self.all();
            all.into_iter().filter(|mail| mail.to.contains(to) && mail.subject.contains(words)).nth(n)
        })
        .await
    }

    /// Somebody asks for the link, and opens it.
    pub async fn verify(&self, visitor: &mut Visitor<'_>, address: &str) {
        visitor.post_form("/api/send_verification", "/profile", &[]).await;
        let page = link(&self.mail(address, "Verify your e-mail", 0).await.text, "verify");
        let done = visitor.post_form("/api/verify_email", &page, &[("token", token(&page))]).await;
        assert!(done.location().ends_with("?done=email"), "{done:?}");
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// The page that a mail's or admin's page's link leads to.
fn link(text: &str, page: &str) -> String {
    let start = format!("{ORIGIN}/{page}/");
    let token: String = text
        .split(&start)
        .nth(1)
        .unwrap_or_else(|| panic!("no link in {text}"))
        .chars()
        .take_while(char::is_ascii_hexdigit)
        .collect();
    assert_eq!(token.len(), 32, "128 bits: {text}");
    format!("/{page}/{token}")
}

fn token(page: &str) -> &str {
    page.rsplit('/').next().unwrap()
}

async fn forgot(visitor: &mut Visitor<'_>, name: &str) -> Answer {
    visitor.post_form("/api/request_reset", "/forgot", &[("identity", name)]).await
}

async fn set_password(visitor: &mut Visitor<'_>, page: &str, password: &str) -> Answer {
    let fields = [("token", token(page)), ("new_password", password)];
    visitor.post_form("/api/reset_password", page, &fields).await
}

async fn enter(visitor: &mut Visitor<'_>, name: &str, password: &str) -> Answer {
    let fields = [("identity", name), ("password", password), ("next", "")];
    visitor.post_form("/api/sign_in", "/login", &fields).await
}

fn is_in(answer: &Answer) -> bool {
    answer.location() == "/dashboard"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_password_is_replaced_by_mail() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let siti = shop.user(Role::Member, "siti").await;
        let post = Post::open(&shop, &bos).await;
        let mut elsewhere = shop.visitor();
        elsewhere.sign_in("siti").await;
        let mut visitor = shop.visitor();
        visitor.action("/forgot", "request_reset").await;
        let empty = forgot(&mut visitor, " ").await;
        assert_eq!(visitor.get(empty.location()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        forgot(&mut visitor, "siti").await;
        let mail = post.mail("siti@contoh.id", "A new password", 0).await;
        assert!(mail.text.contains("Hello siti,"), "in the user's language: {}", mail.text);
        let page = link(&mail.text, "reset");

        let shown = visitor.get(&page).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert_eq!(shown.header("referrer-policy"), "same-origin", "other sites are not told the address");
        assert_eq!(shown.header("cache-control"), "no-store");
        for part in ["src=\"http", "href=\"http"] {
            let foreign = shown.body.split(part).skip(1).find(|rest| !rest.starts_with(&ORIGIN[4..]));
            assert!(foreign.is_none(), "the page asks nobody else for anything: {foreign:?}");
        }
        let weak = set_password(&mut visitor, &page, "pendek").await;
        assert!(weak.location().starts_with(&format!("{page}?form=")), "{weak:?}");
        let again = visitor.get(weak.location()).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a mistake does not use the link up");

        let saved = set_password(&mut visitor, &page, NEW_PASSWORD).await;
        assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/login?done=reset"));
        assert_eq!(elsewhere.get("/dashboard").await.status, StatusCode::FOUND, "all sessions ended");
        post.mail("siti@contoh.id", "was changed", 0).await;
        assert!(!is_in(&enter(&mut visitor, "siti", PASSWORD).await));
        assert!(is_in(&enter(&mut visitor, "siti", NEW_PASSWORD).await));
        let gone = shop.visitor().get(&page).await.body;
        assert!(
            gone.contains("sudah dipakai atau sudah terlalu lama") && !gone.contains("new_password"),
            "{gone}"
        );
        assert!(shop.store.contact(siti.id).await.unwrap().verified_at.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_learns_nothing_about_who_has_an_account() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        shop.user(Role::Member, "siti").await;
        let post = Post::open(&shop, &bos).await;
        let (mut seen, mut mails) = (Vec::new(), 0);
        for name in ["siti", "nobody", "siti@contoh.id", "nobody@contoh.id", "0812 9999 9999", "§"] {
            let mut visitor = shop.visitor();
            let answer = forgot(&mut visitor, name).await;
            if name.starts_with("siti") {
                // A newer link drops one that has not gone out yet, so that it would be one mail.
                post.mail("siti@contoh.id", "A new password", mails).await;
                mails += 1;
            }
            let mut headers: Vec<_> = answer
                .headers
                .iter()
                .filter(|(header, _)| *header != "x-request-id")
                .map(|(header, value)| format!("{header}: {}", value.to_str().unwrap()))
                .collect();
            headers.sort();
            let page = visitor.get(answer.location()).await;
            // Each answer has a nonce of its own.
            let nonce = page.header("content-security-policy").split("'nonce-").nth(1).unwrap();
            let nonce = nonce.split('\'').next().unwrap();
            seen.push((answer.status, headers, answer.body, page.status, page.body.replace(nonce, "")));
        }
        for other in &seen[1..] {
            assert_eq!(other, &seen[0]);
        }
        let to: Vec<_> = post.all().into_iter().map(|mail| mail.to).collect();
        assert!(to.iter().all(|to| to.contains("siti@contoh.id")), "{to:?}");
        // The same count for a name that somebody has and for one that nobody has.
        for name in ["siti", "nobody"] {
            let mut visitor = shop.visitor();
            visitor.peer = ([203, 0, 113, u8::try_from(name.len()).unwrap()], 40_000).into();
            let mut statuses = Vec::new();
            for _ in 0..22 {
                statuses.push(forgot(&mut visitor, name).await.status.as_u16());
            }
            assert_eq!(statuses, [vec![303; 20], vec![429; 2]].concat(), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_mail_server_the_shop_helps_by_hand() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Admin, "bos").await;
        let siti = shop.user(Role::Member, "siti").await;
        let mut visitor = shop.visitor();
        let page = visitor.get("/forgot").await.body;
        assert!(page.contains("hubungi kami") || page.contains("Hubungi kami"), "{page}");
        assert!(!page.contains("request_reset"), "{page}");

        let user_page = format!("/admin/users/{}", siti.public_id.as_str());
        let fields = [("user", siti.public_id.as_str())];
        let mut member = shop.visitor();
        member.sign_in("siti").await;
        let refused = member.post_for_json("/api/make_reset_link", &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        admin.action(&user_page, "make_reset_link").await;
        let made = admin.post_form("/api/make_reset_link", &user_page, &fields).await;
        assert_eq!(made.location(), format!("{user_page}?link=new"));
        let shown = admin.get(made.location()).await.body;
        let page = link(&shown, "reset");
        let again = admin.get(made.location()).await.body;
        assert!(!again.contains(token(&page)) && again.contains("shown already"), "{again}");

        // Ten at once: one password is set.
        let router = shop.router.clone();
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..10 {
            let (router, token) = (router.clone(), token(&page).to_owned());
            tasks.spawn(async move {
                let body = format!("token={token}&new_password=gitar+hujan+senja+{n}");
                let request = http::Request::post("/api/reset_password")
                    .header("accept", "application/json")
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(axum::body::Body::from(body))
                    .unwrap();
                tower::ServiceExt::oneshot(router, request).await.unwrap().status().as_u16()
            });
        }
        let statuses = tasks.join_all().await;
        let refused = statuses.iter().filter(|status| **status == 422).count();
        assert_eq!((statuses.len(), refused), (10, 9), "{statuses:?}");
        let mut entered = 0;
        for n in 0..10 {
            let answer = enter(&mut shop.visitor(), "siti", &format!("{NEW_PASSWORD} {n}")).await;
            entered += usize::from(is_in(&answer));
        }
        assert_eq!(entered, 1);
        assert_eq!(member.get("/dashboard").await.status, StatusCode::FOUND);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_address_is_used_after_its_owner_opened_the_link() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let siti = shop.user(Role::Member, "siti").await;
        let post = Post::open(&shop, &bos).await;
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        let phone = siti.phone.msisdn().display();
        let profile = [
            ("name", "Siti"),
            ("email", "baru@contoh.id"),
            ("phone", phone.as_str()),
            ("zone", "wib"),
            ("lang", "id"),
            ("theme", "system"),
        ];
        let saved = visitor.post_form("/api/update_profile", "/profile", &profile).await;
        assert_eq!(saved.location(), "/profile?done=email_sent");
        let page = visitor.get("/profile").await.body;
        assert!(page.contains("Menunggu verifikasi: baru@contoh.id"), "{page}");
        assert_eq!(shop.store.user(siti.id).await.unwrap().unwrap().email.as_str(), "siti@contoh.id");
        let warned = post.mail("siti@contoh.id", "akan diganti", 0).await;
        assert!(!warned.text.contains("/verify/"), "{}", warned.text);
        post.mail("baru@contoh.id", "Verifikasi", 0).await;
        visitor.post_form("/api/send_verification", "/profile", &[]).await;
        let mail = post.mail("baru@contoh.id", "Verifikasi", 1).await;
        let page = link(&mail.text, "verify");
        // Mail servers look at links; looking changes nothing.
        let mut stranger = shop.visitor();
        assert!(stranger.get(&page).await.body.contains("baru@contoh.id"));
        assert_eq!(shop.store.user(siti.id).await.unwrap().unwrap().email.as_str(), "siti@contoh.id");
        let done = stranger.post_form("/api/verify_email", &page, &[("token", token(&page))]).await;
        assert_eq!(done.location(), "/login?done=email");
        assert_eq!(shop.store.user(siti.id).await.unwrap().unwrap().email.as_str(), "baru@contoh.id");
        assert!(visitor.get("/profile").await.body.contains("Sudah diverifikasi"));
        for _ in 0..4 {
            visitor.post_form("/api/send_verification", "/profile", &[]).await;
        }
        let much = visitor.post_form("/api/send_verification", "/profile", &[]).await;
        assert_eq!(much.status, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_history_shows_who_tried_and_a_new_device_is_told() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let siti = shop.user(Role::Member, "siti").await;
        let post = Post::open(&shop, &bos).await;
        let phone = "Mozilla/5.0 (Linux; Android 13) Chrome/120.0 Mobile Safari/537.36".to_owned();
        let mut here = shop.visitor();
        here.extra = vec![("user-agent", phone)];
        here.peer = ([203, 0, 113, 77], 40_000).into();
        assert!(is_in(&enter(&mut here, "siti", PASSWORD).await));
        assert!(is_in(&enter(&mut here, "siti", PASSWORD).await), "the same browser again");
        post.verify(&mut here, "siti@contoh.id").await;
        let mut thief = shop.visitor();
        thief.extra = vec![("user-agent", "Mozilla/5.0 (X11; Linux) Firefox/120.0".to_owned())];
        enter(&mut thief, "siti", "wrong").await;
        enter(&mut thief, "siti", PASSWORD).await;
        let mail = post.mail("siti@contoh.id", "A new device", 0).await;
        assert!(mail.text.contains("Firefox · Linux"), "{}", mail.text);

        let page = here.get("/profile/sign-ins").await.body;
        assert_eq!(page.matches("New device").count(), 1, "{page}");
        assert_eq!(page.matches("Wrong password").count(), 1, "{page}");
        assert_eq!(page.matches("Signed in</span>").count(), 3, "{page}");
        assert!(page.contains("203.0.113.x") && !page.contains("203.0.113.77"), "{page}");
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let seen = admin.get(&format!("/admin/users/{}", siti.public_id.as_str())).await.body;
        assert!(seen.contains("203.0.113.77") && seen.contains("New device"), "{seen}");

        let profile = here.get("/profile").await.body;
        assert!(profile.contains("Chrome · Android") && profile.contains("Firefox · Linux"), "{profile}");
        let answer = here.post_form("/api/end_other_sessions", "/profile", &[]).await;
        assert_eq!(answer.location(), "/profile?done=others");
        assert_eq!(here.get("/profile").await.status, StatusCode::OK);
        assert_eq!(thief.get("/profile").await.status, StatusCode::FOUND);
    })
    .await;
}

#[tokio::test]
async fn an_account_is_closed_with_its_password_once_nothing_is_left_in_it() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let siti = shop.user(Role::Member, "siti").await;
        let money = |rupiah: i64, key: &str| AdjustBalance {
            admin: bos.id,
            user: siti.id,
            amount: Rupiah::new(rupiah),
            reason: "for the test".into(),
            key: key.into(),
        };
        shop.store.run(money(5_000, "in")).await.unwrap();
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        let page = visitor.get("/profile/close").await.body;
        assert!(page.contains("Your balance is still Rp") && !page.contains("close_account"), "{page}");
        let close = async |visitor: &mut Visitor<'_>, password: &str| {
            visitor.post_form("/api/close_account", "/profile/close", &[("current_password", password)]).await
        };
        let early = close(&mut visitor, PASSWORD).await;
        assert!(early.location().starts_with("/profile/close?form="), "{early:?}");
        shop.store.run(money(-5_000, "out")).await.unwrap();
        visitor.action("/profile/close", "close_account").await;
        let wrong = close(&mut visitor, "wrong").await;
        let shown = visitor.get(wrong.location()).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = close(&mut visitor, PASSWORD).await;
        assert_eq!(done.location(), "/login?done=closed");
        assert_eq!(visitor.get("/dashboard").await.status, StatusCode::FOUND);
        assert!(!is_in(&enter(&mut visitor, "siti", PASSWORD).await));

        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let seen = admin.get(&format!("/admin/users/{}", siti.public_id.as_str())).await.body;
        assert!(seen.contains("Closed by its owner") && !seen.contains("siti@"), "{seen}");
        let last = admin.get("/profile/close").await.body;
        assert!(last.contains("You are the only admin") && !last.contains("close_account"), "{last}");
        assert_eq!(shop.store.check().await.unwrap().breaches, []);
    })
    .await;
}
