//! Two servers of their own processes on one PostgreSQL, behind nginx or HAProxy without sticky sessions; one is killed under
//! load.
//! Run alone by `scripts/two-instances.sh`, which shows the figures.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::{PublicId, PurchaseState};
use reqwest::{Client, redirect};
use serde_json::json;
use store::SettingsGroup;
use tokio::time::Instant;

use crate::crash::{LATER_MS, Server};
use crate::engine::{Gateway, PRICE, SETTLED, Stall, reached};
use crate::load_balancers::{Balancer, Kind};
use crate::notices::until;
use crate::shop::{PASSWORD, Setup, Shop};

const BUYERS: usize = 4;
const EACH: usize = 24;
const ALL: usize = BUYERS * EACH;
/// One server is killed after so many purchases were accepted.
const KILLED_AFTER: usize = ALL / 3;
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser that is signed in through the proxy.
#[derive(Clone)]
struct Browser {
    client: Client,
    origin: String,
    cookie: String,
}

/// How one request went.
struct Went {
    status: u16,
    by: String,
}

impl Browser {
    async fn sign_in(origin: &str, user: &str) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).timeout(PATIENCE).build().unwrap();
        let mut browser = Self { client, origin: origin.to_owned(), cookie: String::new() };
        let fields = [("identity", user), ("password", PASSWORD), ("next", "")];
        let answer = browser.send("/api/sign_in", Some(&fields)).await.unwrap();
        let cookies = answer.headers().get_all("set-cookie").iter();
        let pairs = cookies.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap());
        browser.cookie = pairs.collect::<Vec<_>>().join("; ");
        assert!(browser.cookie.contains("session"), "{}", browser.cookie);
        browser
    }

    async fn send(&self, path: &str, form: Option<&[(&str, &str)]>) -> reqwest::Result<reqwest::Response> {
        let url = format!("{}{path}", self.origin);
        let request = match form {
            None => self.client.get(url),
            Some(fields) => {
                let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                self.client.post(url).header("content-type", "application/x-www-form-urlencoded").body(body)
            }
        };
        request.header("origin", &self.origin).header("cookie", &self.cookie).send().await
    }

    async fn get(&self, path: &str) -> Went {
        let answer = self.send(path, None).await.unwrap();
        let by = answer.headers().get("x-served-by").map_or("", |by| by.to_str().unwrap()).to_owned();
        Went { status: answer.status().as_u16(), by }
    }

    /// Buys as somebody does who presses the button again when the page did not come: the form carries the same key.
    async fn buy(&self, package: &PublicId, number: &str, retried: &AtomicUsize) -> (String, Duration) {
        let fields = [
            ("package", package.as_str()),
            ("msisdn", number),
            ("agreed_price", "60000"),
            ("key", number),
            ("buy_again", ""),
        ];
        let began = Instant::now();
        loop {
            if let Ok(answer) = self.send("/api/place_purchase", Some(&fields)).await {
                let status = answer.status();
                let by = answer.headers().get("x-served-by").map_or("", |by| by.to_str().unwrap()).to_owned();
                if status.is_success() || status.is_redirection() {
                    return (by, began.elapsed());
                }
                let words = answer.text().await.unwrap_or_default();
                assert!(status.is_server_error(), "{status}: {words}");
            }
            retried.fetch_add(1, Ordering::SeqCst);
            assert!(began.elapsed() < PATIENCE, "{number} is accepted by nobody");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_behind_nginx_is_killed_under_load_and_nothing_is_lost() {
    one_of_two_is_killed(Kind::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_behind_haproxy_is_killed_under_load_and_nothing_is_lost() {
    one_of_two_is_killed(Kind::HaProxy).await;
}

async fn one_of_two_is_killed(kind: Kind) {
    let Some(database) = store::testing::databases().await.into_iter().find(|one| one.kind == "postgres")
    else {
        return;
    };
    let shop = Shop::open(database, &Setup::default()).await;
    let stall = Stall::open(&shop).await;
    let gateway = Gateway::open().await;
    // So that orders are on their way at every moment.
    gateway.call("behaviour", &json!({ "behaviour": { "answer": { "kind": "slow", "ms": 300 } } })).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let public_url = format!("http://127.0.0.1:{port}");
    let variables = [("POSTS_PER_MINUTE", "0"), ("PUBLIC_URL", public_url.as_str())];
    let start = |log| Server::start_with(&shop.database, &gateway, log, &variables);
    let (mut first, mut second) = (start("first.log"), start("second.log"));
    first.ready().await;
    second.ready().await;
    let balancer = Balancer::start(kind, &shop.database.folder, port, [&first, &second]).await;
    let browser = Browser::sign_in(&balancer.origin, "rina").await;
    let admin = Browser::sign_in(&balancer.origin, "bos").await;
    a_setting_reaches_both(&shop, &admin, [&first, &second]).await;
    both_know_the_session(&browser).await;

    let accepted = Arc::new(AtomicUsize::new(0));
    let retried = Arc::new(AtomicUsize::new(0));
    let buyers: Vec<_> = (0..BUYERS)
        .map(|buyer| {
            let (browser, package) = (browser.clone(), stall.package.clone());
            let (accepted, retried) = (Arc::clone(&accepted), Arc::clone(&retried));
            tokio::spawn(async move {
                let mut went = Vec::new();
                for n in (buyer..ALL).step_by(BUYERS) {
                    went.push(browser.buy(&package, &format!("0878555500{n:02}"), &retried).await);
                    accepted.fetch_add(1, Ordering::SeqCst);
                }
                went
            })
        })
        .collect();
    until("a third is accepted", async || (accepted.load(Ordering::SeqCst) >= KILLED_AFTER).then_some(()))
        .await;
    first.kill();
    let mut went = Vec::new();
    for buyer in buyers {
        went.extend(buyer.await.unwrap());
    }
    let mut by = BTreeMap::<&str, usize>::new();
    went.iter().for_each(|(server, _)| *by.entry(server.as_str()).or_default() += 1);
    assert!(by.contains_key(first.address.as_str()) && by.contains_key(second.address.as_str()), "{by:?}");
    let slowest = went.iter().map(|(_, took)| *took).max().unwrap_or_default();
    println!(
        "{kind:?}: {ALL} purchases, one of two servers killed after {KILLED_AFTER}: {} pressed again, slowest acceptance {} ms, {by:?}",
        retried.load(Ordering::SeqCst),
        slowest.as_millis()
    );
    assert_eq!(browser.get("/dashboard").await.status, 200, "signed in all the same");

    let ids = all_settle_but_what_the_dead_one_had(&shop, &stall).await;
    second.terminate();
    second.stopped().await;
    let left = placed(&shop, &stall).await.into_iter().filter(|(_, state)| !SETTLED.contains(state)).count();
    println!("{left} orders were on their way at the server that was killed");
    // What the dead one was sending is asked about when its leases have run out. The clock of this one is there already.
    let third = Server::start_with(&shop.database, &gateway, "third.log", &[("CLOCK_AHEAD_MS", LATER_MS)]);
    third.ready().await;
    for purchase in &ids {
        assert_eq!(reached(&shop.store, purchase, SETTLED).await, PurchaseState::Succeeded);
        assert_eq!(gateway.charged_and_delivered(purchase), (1, 1), "settled once");
    }
    let wallet = shop.store.wallet(stall.buyer).await.unwrap();
    let spent = i64::try_from(ALL).unwrap() * PRICE;
    assert_eq!((wallet.available.get(), wallet.held.get()), (100 * PRICE - spent, 0));
    assert_eq!(shop.store.check().await.unwrap().breaches, []);
}

async fn a_setting_reaches_both(shop: &Shop, admin: &Browser, servers: [&Server; 2]) {
    let seen = shop.store.settings().seen(SettingsGroup::Shop);
    let fields = [
        ("_form", "save_shop"),
        ("seen", &seen),
        ("title", "Toko Dua Server"),
        ("tagline", ""),
        ("contact_name", ""),
        ("whatsapp", ""),
        ("contact_email", ""),
        ("accent", ""),
    ];
    let answer = admin.send("/api/save_shop", Some(&fields)).await.unwrap();
    assert!(!answer.status().is_client_error() && !answer.status().is_server_error(), "{answer:?}");
    let saved = Instant::now();
    for server in servers {
        until("the new title is shown", async || {
            let page = reqwest::get(format!("http://{}/login", server.address)).await.unwrap();
            page.text().await.unwrap().contains("Toko Dua Server").then_some(())
        })
        .await;
    }
    println!("a setting is on both servers {} ms after it was saved", saved.elapsed().as_millis());
    assert!(saved.elapsed() < Duration::from_secs(10));
}

async fn both_know_the_session(browser: &Browser) {
    let mut by = BTreeMap::<String, usize>::new();
    for _ in 0..8 {
        let went = browser.get("/dashboard").await;
        assert_eq!(went.status, 200);
        *by.entry(went.by).or_default() += 1;
    }
    assert_eq!(by.len(), 2, "{by:?}");
}

/// All that were placed. The one that lives settles what it takes up; what the dead one was sending stays as it was.
async fn all_settle_but_what_the_dead_one_had(shop: &Shop, stall: &Stall) -> Vec<PublicId> {
    until("all else is settled", async || {
        let placed = placed(shop, stall).await;
        assert_eq!(placed.len(), ALL, "each was placed, and none twice");
        let left = placed.iter().filter(|(_, state)| !SETTLED.contains(state));
        // The dead one cannot have had more than the buyers had sent when it died.
        let only_its = left.clone().all(|(_, state)| *state == PurchaseState::Submitting);
        (only_its && left.count() <= KILLED_AFTER).then_some(())
    })
    .await;
    placed(shop, stall).await.into_iter().map(|(id, _)| id).collect()
}

async fn placed(shop: &Shop, stall: &Stall) -> Vec<(PublicId, PurchaseState)> {
    let filter =
        store::PurchaseFilter { buyer: Some(stall.buyer), limit: 100, ..store::PurchaseFilter::default() };
    let placed = shop.store.purchases(filter).await.unwrap().items;
    placed.into_iter().map(|purchase| (purchase.id, purchase.state)).collect()
}
