//! A server of its own process that is told to stop, what it tells systemd meanwhile, and what its log says.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::time::Duration;

use domain::PurchaseState;
use serde_json::{Value, json};
use store::Viewer;
use store::testing::TestDatabase;

use crate::crash::{LATER_MS, Server};
use crate::engine::{Gateway, PRICE, Stall, reached};
use crate::notices::until;
use crate::shop::{Setup, Shop};

/// What is promised, from the signal to the end of the process.
const STOPS_WITHIN: Duration = Duration::from_secs(20);

/// PostgreSQL when there is one: what is tested is the process, on both the same.
async fn database() -> TestDatabase {
    store::testing::databases().await.pop().unwrap()
}

fn log(shop: &Shop) -> String {
    std::fs::read_to_string(shop.database.folder.join("server.log")).unwrap()
}

async fn submitting(shop: &Shop, purchase: &domain::PublicId) {
    reached(&shop.store, purchase, &[PurchaseState::Submitting]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_under_way_is_finished_and_recorded_before_the_end() {
    for database in store::testing::databases().await {
        let shop = Shop::open(database, &Setup::default()).await;
        let stall = Stall::open(&shop).await;
        let gateway = Gateway::open().await;
        gateway
            .call("behaviour", &json!({ "behaviour": { "answer": { "kind": "slow", "ms": 3_000 } } }))
            .await;
        let mut server = Server::start_with(&shop.database, &gateway, "server.log", &[]);
        server.ready().await;
        let under_way = shop.store.run(stall.purchase("087855550001")).await.unwrap();
        submitting(&shop, &under_way).await;
        server.terminate();
        until("it stops", async || log(&shop).contains("no more orders are taken up").then_some(())).await;
        // It waits for the next one.
        let waiting = shop.store.run(stall.purchase("087855550002")).await.unwrap();
        let took = server.stopped().await;
        assert!(took < STOPS_WITHIN, "{took:?}");
        assert!(log(&shop).contains("stopped"), "{}", log(&shop));
        let state = async |id| shop.store.purchase(id, Viewer::Admin).await.unwrap().purchase.state;
        assert_eq!(state(&under_way).await, PurchaseState::Succeeded);
        assert_eq!(state(&waiting).await, PurchaseState::Accepted);
        // `$1` is there for the helper.
        let leases = "SELECT COUNT(*) FROM lease WHERE until > $1";
        assert_eq!(shop.database.number(leases, shop.store.now()).await, 0, "its leases are given back");
        assert!(!shop.store.is_served().await.unwrap());

        // The next one need not wait for anything.
        let next = Server::start_with(&shop.database, &gateway, "server.log", &[]);
        next.ready().await;
        reached(&shop.store, &waiting, &[PurchaseState::Succeeded]).await;
        for purchase in [&under_way, &waiting] {
            assert_eq!(gateway.charged_and_delivered(purchase), (1, 1));
        }
        drop(next);
        shop.books_are_in_order().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_hangs_does_not_keep_the_process() {
    let shop = Shop::open(database().await, &Setup::default()).await;
    let stall = Stall::open(&shop).await;
    let gateway = Gateway::open().await;
    let hang = json!({ "behaviour": { "order": { "kind": "success" }, "answer": { "kind": "hang" } } });
    gateway.call("behaviour", &hang).await;
    let mut server = Server::start_with(&shop.database, &gateway, "server.log", &[]);
    server.ready().await;
    let purchase = shop.store.run(stall.purchase("087855550003")).await.unwrap();
    submitting(&shop, &purchase).await;
    server.terminate();
    let took = server.stopped().await;
    assert!(took < STOPS_WITHIN, "{took:?}");
    assert!(log(&shop).contains("still under way"), "{}", log(&shop));

    // Delivered and charged, and nobody here has heard of it: the next server asks.
    gateway.call("behaviour", &json!({ "behaviour": {} })).await;
    let next = Server::start_with(&shop.database, &gateway, "server.log", &[("CLOCK_AHEAD_MS", LATER_MS)]);
    next.ready().await;
    reached(&shop.store, &purchase, &[PurchaseState::Succeeded]).await;
    assert_eq!(gateway.charged_and_delivered(&purchase), (1, 1));
    let wallet = shop.store.wallet(stall.buyer).await.unwrap();
    assert_eq!((wallet.available.get(), wallet.held.get()), (99 * PRICE, 0));
}

/// What came in at systemd's end, until there are words that satisfy.
async fn heard(socket: &UnixDatagram, said: &mut String, wanted: impl Fn(&str) -> bool) {
    until("systemd is told", async || {
        let mut buffer = [0; 256];
        while let Ok(length) = socket.recv(&mut buffer) {
            said.push_str(&String::from_utf8_lossy(&buffer[..length]));
        }
        wanted(said).then_some(())
    })
    .await;
}

fn notify_socket(folder: &Path) -> (UnixDatagram, String) {
    let path = folder.join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_nonblocking(true).unwrap();
    (socket, path.display().to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn systemd_and_proxies_are_told_and_nobody_is_cut_off() {
    let shop = Shop::open(store::testing::sqlite(), &Setup::default()).await;
    let gateway = Gateway::open().await;
    let (socket, path) = notify_socket(&shop.database.folder);
    let variables = [("NOTIFY_SOCKET", path.as_str()), ("WATCHDOG_USEC", "900000"), ("DRAIN_SECONDS", "3")];
    let mut server = Server::start_with(&shop.database, &gateway, "server.log", &variables);
    let mut said = String::new();
    heard(&socket, &mut said, |said| said.starts_with("READY=1\n") || said.contains("\nREADY=1\n")).await;
    heard(&socket, &mut said, |said| said.matches("WATCHDOG=1\n").count() >= 3).await;
    let ask = async |path: &str| {
        // A connection of its own each time, as a proxy's check has.
        let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        let answer = client.get(format!("http://{}{path}", server.address)).send().await.ok()?;
        Some((answer.status().as_u16(), answer.text().await.unwrap()))
    };
    let (code, told) = ask("/readyz").await.unwrap();
    assert_eq!(code, 200, "{told}");
    assert_eq!(ask("/metrics").await.unwrap().0, 404, "not where everybody is");

    server.terminate();
    until("proxies are told", async || {
        let (code, told) = ask("/readyz").await?;
        (code == 503).then(|| assert!(told.contains("\"stopping\""), "{told}"))
    })
    .await;
    heard(&socket, &mut said, |said| said.contains("STOPPING=1\n")).await;
    assert_eq!(ask("/login").await.unwrap().0, 200, "whoever was sent here meanwhile is answered");
    until("nobody new is let in", async || ask("/login").await.is_none().then_some(())).await;
    let took = server.stopped().await;
    assert!(took < STOPS_WITHIN, "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_has_an_object_a_line_with_ids_and_without_secrets() {
    let shop = Shop::open(database().await, &Setup::default()).await;
    Stall::open(&shop).await;
    let gateway = Gateway::open().await;
    let variables = [
        ("LOG_FORMAT", "json"),
        ("RUST_LOG", "info,server=debug,sqlx=warn"),
        ("SLOW_QUERY_MS", "1"),
        ("METRICS_LISTEN", "127.0.0.1:0"),
    ];
    let server = Server::start_with(&shop.database, &gateway, "server.log", &variables);
    server.ready().await;
    let package = shop.store.packages(store::PackageFilter::default()).await.unwrap().remove(0).id;
    let fields = [
        ("package", package.as_str()),
        ("msisdn", "087855551230"),
        ("agreed_price", "60000"),
        ("key", "log-key-1"),
        ("buy_again", ""),
    ];
    server.post("rina", "place_purchase", &fields).await;
    let page = reqwest::get(format!("http://{}/login?next=/secret-query", server.address)).await.unwrap();
    let id = page.headers()["x-request-id"].to_str().unwrap().to_owned();
    until("the purchase is recorded", async || log(&shop).contains("\"recorded\"").then_some(())).await;

    let text = log(&shop);
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let ours = |event: &&Value| event["spans"][0]["id"] == id.as_str() && event["message"] == "answered";
    let answered = events.iter().find(ours);
    let answered = answered.unwrap_or_else(|| panic!("{id} is in no line of {text}"));
    assert_eq!(answered["status"], 200);
    assert_eq!(answered["spans"][0]["path"], "/login");
    let slow =
        events.iter().find(|event| event["message"].as_str().is_some_and(|words| words.starts_with("slow")));
    let slow = slow.unwrap_or_else(|| panic!("no slow statement in {text}"));
    assert!(slow["elapsed_secs"].as_f64().is_some_and(|seconds| seconds > 0.0), "{slow}");
    for secret in ["kuda laut", "kunci", "87855551230", "secret-query", "log-key-1", "__Host", "argon2"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}
