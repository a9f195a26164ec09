//! Measures purchases from the form's operation to the settled book: accepted, sent to the simulator over HTTP, settled
//! and recorded durably. Prints one line of a Markdown table.
//!
//! `bench DATABASE_URL PURCHASES IN_THE_BOOK_BEFORE [SERVERS]`
//!
//! With more than one server (PostgreSQL only), each has connections and workers of its own, as if it ran elsewhere, and
//! takes its share of the buyers.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::float_arithmetic,
    reason = "a program for developers: it prints figures, and stops when something is wrong"
)]

use std::sync::Arc;
use std::time::Duration;

use domain::{Category, Lang, Prices, PublicId, PurchaseState, Role, Rupiah};
use server::engine;
use server::gateways::Registry;
use simulator::{Simulator, SimulatorConfig};
use store::ambient::Ambient;
use store::{
    AdjustBalance, DatabaseUrl, PackageDraft, PlacePurchase, PurchaseFilter, RegisterUser, SavePackage,
    Saving, SeedSize, ServerKey, Store, StoreConfig, UserId,
};
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use xl::{Digiflazz, DigiflazzConfig};

const BUYERS: usize = 64;
const PRICE: Rupiah = Rupiah::new(60_000);
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap();
    let purchases: usize = arguments.next().unwrap().parse().unwrap();
    let before: i64 = arguments.next().unwrap().parse().unwrap();
    let servers: usize = arguments.next().map_or(1, |servers| servers.parse().unwrap());
    let database = match url.strip_prefix("sqlite:") {
        Some(path) => DatabaseUrl::Sqlite(path.into()),
        None => DatabaseUrl::Postgres(url.clone()),
    };
    let kind = if url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" };
    let mut stores = Vec::new();
    for _ in 0..servers {
        let (database, key) = (database.clone(), ServerKey::new([7; 32]));
        stores.push(Store::open(StoreConfig { database, key, ambient: Ambient::system() }).await.unwrap());
    }
    let store = stores.first().unwrap().clone();
    if before > 0 {
        store.seed(SeedSize { users: 200, packages: 30, purchases: before }, &|_, _| {}).await.unwrap();
    }
    let (buyers, package) = prepare(&store, purchases).await;
    let (simulator, running) = gateway().await;
    let shutdown = CancellationToken::new();
    let mut workers = tokio::task::JoinSet::new();
    for store in &stores {
        workers.spawn(engine::start(store.clone(), gateways(&running.digiflazz_url()), shutdown.clone()));
    }

    let started = Instant::now();
    let mut waits = place_all(&stores, &buyers, &package, purchases).await;
    let accepted = started.elapsed();
    settled(&store).await;
    let all = started.elapsed();
    shutdown.cancel();
    workers.join_all().await;

    let report = store.check().await.unwrap();
    assert!(report.breaches.is_empty(), "{:?}", report.breaches);
    waits.sort_unstable();
    let p99 = waits.get(waits.len() * 99 / 100).copied().unwrap_or_default();
    let count = f64::from(u32::try_from(purchases).unwrap());
    println!(
        "| {kind} | {servers} | {before} | {purchases} | {:.0} | {:.1} | {:.0} |",
        count / accepted.as_secs_f64(),
        p99.as_secs_f64() * 1000.0,
        count / all.as_secs_f64()
    );
    drop((simulator, running));
}

fn gateways(url: &str) -> Registry {
    let mut adapter = DigiflazzConfig::new(url, "toko", "kunci");
    adapter.query_interval = Duration::from_secs(1);
    Registry::of(vec![Arc::new(Digiflazz::new(adapter).unwrap())], Vec::new())
}

async fn gateway() -> (Simulator, simulator::RunningSimulator) {
    let clock = Ambient::system();
    let mut config = SimulatorConfig::new("toko", "kunci", "rahasia", 7, Arc::new(move || clock.now().0));
    config.processing_ms = 0;
    config.deposit_rupiah = 1_000_000_000_000;
    let simulator = Simulator::new(config).unwrap();
    let running = simulator.spawn(TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
    (simulator, running)
}

/// An admin, the buyers with money enough, a package that the simulator sells.
async fn prepare(store: &Store, purchases: usize) -> (Vec<UserId>, PublicId) {
    let admin = register(store, "bench_admin", 0, Role::Admin).await;
    let mut buyers = Vec::new();
    for n in 0..BUYERS {
        let buyer = register(store, &format!("bench_buyer{n}"), n + 1, Role::Member).await;
        let amount = Rupiah::new(PRICE.get() * i64::try_from(purchases).unwrap());
        let give =
            AdjustBalance { admin, user: buyer, amount, reason: "bench".into(), key: format!("give{n}") };
        store.run(give).await.unwrap();
        buyers.push(buyer);
    }
    let draft = PackageDraft {
        name: "Bench 10 GB".into(),
        description: String::new(),
        quota: "10 GB".into(),
        validity_days: 30,
        category: Category::Monthly,
        brand: "XL".into(),
        prices: Prices { member: PRICE, reseller: PRICE },
        cost: Rupiah::new(50_000),
        gateway: "digiflazz".into(),
        sku: "xld10".into(),
        active: true,
        sort: 0,
        family: String::new(),
        benefits: String::new(),
    };
    (buyers, store.run(SavePackage { admin, id: Saving::fresh(store), draft }).await.unwrap())
}

async fn register(store: &Store, name: &str, n: usize, role: Role) -> UserId {
    let user = RegisterUser {
        username: name.parse().unwrap(),
        email: format!("{name}@contoh.id").parse().unwrap(),
        phone: format!("0899{:08}", n + 1).parse().unwrap(),
        password_hash: "nobody signs in".into(),
        role,
        lang: Lang::Id,
    };
    store.run(user).await.unwrap()
}

/// Every buyer places their share, one after the other; how long each acceptance took.
async fn place_all(
    stores: &[Store],
    buyers: &[UserId],
    package: &PublicId,
    purchases: usize,
) -> Vec<Duration> {
    let mut tasks = tokio::task::JoinSet::new();
    for ((b, buyer), store) in buyers.iter().copied().enumerate().zip(stores.iter().cycle()) {
        let (store, package) = (store.clone(), package.clone());
        tasks.spawn(async move {
            let mut waits = Vec::new();
            for n in (b..purchases).step_by(BUYERS) {
                let place = PlacePurchase {
                    user: buyer,
                    package: package.clone(),
                    msisdn: format!("0878{:07}9", n).parse().unwrap(),
                    agreed_price: PRICE,
                    pay: None,
                    key: format!("bench-{n}"),
                    buy_again: false,
                };
                let asked = Instant::now();
                store.run(place).await.unwrap();
                waits.push(asked.elapsed());
            }
            waits
        });
    }
    tasks.join_all().await.into_iter().flatten().collect()
}

/// Waits until nothing is open any more.
async fn settled(store: &Store) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let mut open = 0;
        for state in [
            PurchaseState::Accepted,
            PurchaseState::Submitting,
            PurchaseState::Pending,
            PurchaseState::Unknown,
        ] {
            let filter = PurchaseFilter { state: Some(state), limit: 1, ..PurchaseFilter::default() };
            open += store.purchases(filter).await.unwrap().items.len();
        }
        if open == 0 {
            return;
        }
        assert!(Instant::now() < deadline, "purchases are still open");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
