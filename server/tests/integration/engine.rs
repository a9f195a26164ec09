//! The engine against the simulator over real HTTP: what the gateway's book says decides who is right.

use std::time::Duration;

use domain::{HoldState, Msisdn, Prices, PublicId, PurchaseState, Role, Rupiah};
use server::engine;
use server::gateways::Registry;
use simulator::{RunningSimulator, Simulator, SimulatorConfig};
use store::{AdjustBalance, PlacePurchase, Store, UserId, Viewer};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use xl::{Digiflazz, DigiflazzConfig};

use crate::shop::{Setup, Shop, on_each_database};

/// Longer than any of these takes; a purchase that is stuck fails the test.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A gateway that nobody else uses.
pub struct Gateway {
    pub simulator: Simulator,
    pub running: RunningSimulator,
}

impl Gateway {
    pub async fn open() -> Self {
        let clock = store::ambient::Ambient::system();
        let mut config =
            SimulatorConfig::new("toko", "kunci", "rahasia", 7, std::sync::Arc::new(move || clock.now().0));
        config.processing_ms = 0;
        let simulator = Simulator::new(config).unwrap();
        let running = simulator.spawn(TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
        Self { simulator, running }
    }

    /// Pulls one of the simulator's strings.
    pub async fn call(&self, string: &str, body: &serde_json::Value) {
        let url = format!("{}/admin/{string}", self.running.url());
        let answer = reqwest::Client::new().post(url).json(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{string}: {}", answer.status());
    }

    pub fn adapters(&self) -> Registry {
        adapters_at(self.running.digiflazz_url())
    }

    /// Orders that the book says were charged and kept for a purchase, and how often it was delivered.
    pub fn charged_and_delivered(&self, purchase: &PublicId) -> (u64, u64) {
        let mut sums = (0, 0);
        for n in 1..=9 {
            if let Some(order) = self.simulator.order(&format!("{}-{n}", purchase.as_str())) {
                sums.0 += u64::from(order.times_charged) - u64::from(order.times_returned);
                sums.1 += u64::from(order.times_delivered);
            }
        }
        sums
    }
}

fn adapters_at(url: String) -> Registry {
    let mut config = DigiflazzConfig::new(url, "toko", "kunci");
    config.total_timeout = Duration::from_millis(500);
    config.query_interval = Duration::from_millis(50);
    Registry::of(vec![std::sync::Arc::new(Digiflazz::new(config).unwrap())], Vec::new())
}

/// An admin, a buyer with money, and a package that the simulator sells.
pub struct Stall {
    pub buyer: UserId,
    pub package: PublicId,
}

pub const PRICE: i64 = 60_000;

impl Stall {
    pub async fn open(shop: &Shop) -> Self {
        let admin = shop.user(Role::Admin, "bos").await;
        let buyer = shop.user(Role::Member, "rina").await.id;
        let package = shop.package(&admin).await;
        let prices = Prices { member: Rupiah::new(PRICE), reseller: Rupiah::new(PRICE) };
        assert_eq!(shop.store.package(&package).await.unwrap().unwrap().prices.member, prices.member);
        let give = AdjustBalance {
            admin: admin.id,
            user: buyer,
            amount: Rupiah::new(100 * PRICE),
            reason: "for the test".into(),
            key: "give".into(),
        };
        shop.store.run(give).await.unwrap();
        Self { buyer, package }
    }

    pub fn purchase(&self, number: &str) -> PlacePurchase {
        PlacePurchase {
            user: self.buyer,
            package: self.package.clone(),
            msisdn: number.parse::<Msisdn>().unwrap(),
            agreed_price: Rupiah::new(PRICE),
            pay: None,
            key: number.into(),
            buy_again: true,
        }
    }
}

/// Waits until a purchase is in one of these states.
pub async fn reached(store: &Store, purchase: &PublicId, wanted: &[PurchaseState]) -> PurchaseState {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let state = store.purchase(purchase, Viewer::Admin).await.unwrap().purchase.state;
        if wanted.contains(&state) {
            return state;
        }
        assert!(tokio::time::Instant::now() < deadline, "{purchase} is still {state:?}, not {wanted:?}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

pub const SETTLED: &[PurchaseState] = &[PurchaseState::Succeeded, PurchaseState::Failed];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_purchase_ends_as_the_gateways_book_says() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let gateway = Gateway::open().await;
        let shutdown = CancellationToken::new();
        let workers = engine::start(shop.store.clone(), gateway.adapters(), shutdown.clone());
        // By the simulator's magic numbers: what happens, and how it must end.
        let cases = [
            ("087800001230", "success", PurchaseState::Succeeded),
            ("087800001232", "failed", PurchaseState::Failed),
            ("087800001233", "pending, then success", PurchaseState::Succeeded),
            ("087800001234", "pending, then failed", PurchaseState::Failed),
            ("087800001240", "delivered, then silence", PurchaseState::Succeeded),
            ("087800001241", "delivered, then HTTP 500", PurchaseState::Succeeded),
            ("087800001242", "delivered, then half an answer", PurchaseState::Succeeded),
            ("087800001243", "silence without an order", PurchaseState::Succeeded),
            ("087800001244", "the shop's deposit is empty", PurchaseState::Failed),
            ("087800001245", "out of stock", PurchaseState::Failed),
        ];
        let mut placed = Vec::new();
        for (number, what, ends) in cases {
            placed.push((shop.store.run(stall.purchase(number)).await.unwrap(), what, ends));
        }
        let mut spent = 0;
        for (purchase, what, ends) in placed {
            assert_eq!(reached(&shop.store, &purchase, SETTLED).await, ends, "{what}");
            let delivered = u64::from(ends == PurchaseState::Succeeded);
            assert_eq!(gateway.charged_and_delivered(&purchase), (delivered, delivered), "{what}");
            spent += i64::from(ends == PurchaseState::Succeeded) * PRICE;
        }
        let wallet = shop.store.wallet(stall.buyer).await.unwrap();
        assert_eq!((wallet.available.get(), wallet.held.get()), (100 * PRICE - spent, 0));
        shutdown.cancel();
        workers.await;
        shop.books_are_in_order().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_cannot_be_reached_keeps_the_money_held_and_sends_later() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        // A port that is taken and that nobody listens on, so that no other test's server can come to answer there.
        let held = tokio::net::TcpSocket::new_v4().unwrap();
        held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let adapters = adapters_at(format!("http://{}/v1", held.local_addr().unwrap()));
        let purchase = shop.store.run(stall.purchase("087800001230")).await.unwrap();
        let shutdown = CancellationToken::new();
        let workers = engine::start(shop.store.clone(), adapters, shutdown.clone());
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let detail = shop.store.purchase(&purchase, Viewer::Admin).await.unwrap();
            if detail.messages.iter().any(|message| message.kind == "answer") {
                assert_eq!(detail.purchase.state, PurchaseState::Accepted);
                assert_eq!(detail.purchase.hold, HoldState::Open);
                break;
            }
            assert!(tokio::time::Instant::now() < deadline, "nothing was tried");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        shutdown.cancel();
        workers.await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_the_work_and_send_each_purchase_once() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let gateway = Gateway::open().await;
        let other = shop.database.open().await;
        let shutdown = CancellationToken::new();
        let workers = [shop.store.clone(), other]
            .map(|store| tokio::spawn(engine::start(store, gateway.adapters(), shutdown.clone())));
        let mut placed = Vec::new();
        for n in 0..40 {
            placed.push(shop.store.run(stall.purchase(&format!("0878555500{n:02}"))).await.unwrap());
        }
        for purchase in placed {
            assert_eq!(reached(&shop.store, &purchase, SETTLED).await, PurchaseState::Succeeded);
            assert_eq!(gateway.charged_and_delivered(&purchase), (1, 1));
        }
        shutdown.cancel();
        for worker in workers {
            worker.await.unwrap();
        }
        shop.books_are_in_order().await;
    })
    .await;
}
