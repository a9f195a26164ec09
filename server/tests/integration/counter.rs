//! A shop that collects by the simulated payment gateway over real HTTP, for tests.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{FeeRule, PayCaseKind, PayDialect, PublicId, Role, Rupiah, SECOND_MS, TopupMethod, TopupState};
use payments::{Midtrans, MidtransConfig, PayGateway, Tripay, TripayConfig};
use server::gateways::Registry;
use server::pay_gateways::PayRegistry;
use server::web::SiteFiles;
use server::{Site, engine};
use simulator::{PaymentProvider, RunningSimulator, Simulator, SimulatorConfig};
use store::{
    CaseFilter, PayGatewayDraft, PayMethodDraft, RequestTopup, SavePayGateway, SavePayMethod, SaveSettings,
    SettingsGroup, Store, TestPayMethod, TestState, Topup, UserId, Viewer,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::shop::Shop;

/// Longer than any of these takes; one that is stuck fails the test.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// What hangs is given up soon.
const PATIENCE_WITH_A_GATEWAY: Duration = Duration::from_millis(700);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// What the settings call a gateway that speaks Midtrans' dialect.
pub const NAME: &str = "midtrans";

/// A payment gateway that nobody else uses.
pub struct Bank {
    pub simulator: Simulator,
    /// Kept, as it ends with it.
    _running: RunningSimulator,
    /// As an admin would fill it in.
    draft: PayGatewayDraft,
}

impl Bank {
    /// `clock`: the simulator's, in milliseconds.
    pub async fn open(dialect: PayDialect, clock: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        let config = SimulatorConfig::new("toko", "kunci", "rahasia", 7, Arc::new(clock));
        let (merchant, api_key, private_key) = match dialect {
            PayDialect::Midtrans => {
                (config.midtrans_merchant_id.clone(), config.midtrans_server_key.clone(), String::new())
            }
            PayDialect::Tripay => (
                config.tripay_merchant_code.clone(),
                config.tripay_api_key.clone(),
                config.tripay_private_key.clone(),
            ),
        };
        let simulator = Simulator::new(config).unwrap();
        let running = simulator.spawn(TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
        let base_url = match dialect {
            PayDialect::Midtrans => running.midtrans_url(),
            PayDialect::Tripay => running.tripay_url(),
        };
        let name = dialect.as_str().to_owned();
        let draft = PayGatewayDraft { name, dialect, base_url, merchant, api_key, private_key, active: true };
        Self { simulator, _running: running, draft }
    }

    /// The simulator's notifications go to this shop.
    pub fn calls(&self, address: impl std::fmt::Display) {
        let provider = match self.draft.dialect {
            PayDialect::Midtrans => PaymentProvider::Midtrans,
            PayDialect::Tripay => PaymentProvider::Tripay,
        };
        let hook = format!("http://{address}/hooks/pay/{}", self.draft.name);
        self.simulator.set_payment_notification_url(provider, Some(hook));
    }

    fn registry(&self) -> PayRegistry {
        let PayGatewayDraft { name, dialect, base_url, merchant, api_key, private_key, .. } = &self.draft;
        let gateway: Arc<dyn PayGateway> = match dialect {
            PayDialect::Midtrans => {
                let mut config = MidtransConfig::new(base_url, api_key);
                config.name.clone_from(name);
                config.merchant_id = Some(merchant.clone());
                config.total_timeout = PATIENCE_WITH_A_GATEWAY;
                Arc::new(Midtrans::new(config).unwrap())
            }
            PayDialect::Tripay => {
                let mut config = TripayConfig::new(base_url, merchant, api_key, private_key);
                config.name.clone_from(name);
                config.total_timeout = PATIENCE_WITH_A_GATEWAY;
                Arc::new(Tripay::new(config).unwrap())
            }
        };
        PayRegistry::of(vec![gateway])
    }

    fn methods(&self) -> &'static [TopupMethod] {
        match self.draft.dialect {
            PayDialect::Midtrans => &[TopupMethod::Qris, TopupMethod::VaBca, TopupMethod::BillMandiri],
            PayDialect::Tripay => &[TopupMethod::Qris, TopupMethod::VaBca],
        }
    }

    /// Sets the gateway up and switches its ways of paying on, as an admin would; the engine runs.
    pub async fn set_up(&self, store: &Store, admin: UserId) {
        store.run(SavePayGateway { admin, seen: None, draft: self.draft.clone() }).await.unwrap();
        until("the keys are tried", async || store.pay_gateways().await.unwrap()[0].works().then_some(()))
            .await;
        for &method in self.methods() {
            let draft = draft_of(&self.draft.name, method);
            let closed = PayMethodDraft { active: false, ..draft.clone() };
            store.run(SavePayMethod { admin, seen: None, draft: closed }).await.unwrap();
            store.run(TestPayMethod { admin, method }).await.unwrap();
            until("the way of paying is tried", async || {
                let methods = store.pay_methods().await.unwrap();
                methods
                    .iter()
                    .any(|known| known.method == method && known.test == TestState::Works)
                    .then_some(())
            })
            .await;
            store.run(SavePayMethod { admin, seen: Some(1), draft }).await.unwrap();
        }
    }
}

fn draft_of(gateway: &str, method: TopupMethod) -> PayMethodDraft {
    PayMethodDraft {
        method,
        gateway: Some(gateway.to_owned()),
        active: true,
        sort: 1,
        min: Rupiah::new(10_000),
        max: Rupiah::new(10_000_000),
        expiry_minutes: 30,
        payer_fee: FeeRule::default(),
        cost: FeeRule { flat: Rupiah::ZERO, basis_points: 70 },
    }
}

/// A shop that listens, works, and collects by the simulated gateway.
pub struct Counter {
    pub shop: Shop,
    pub bank: Bank,
    pub buyer: UserId,
    pub admin: UserId,
    pub address: SocketAddr,
    /// How far the clock goes on with each tick.
    pub tick_ms: i64,
    ticked_at: Mutex<tokio::time::Instant>,
    registry: Registry,
    shutdown: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Counter {
    pub async fn open(shop: Shop) -> Self {
        Self::open_at(shop, PayDialect::Midtrans).await
    }

    pub async fn open_at(shop: Shop, dialect: PayDialect) -> Self {
        let admin = shop.user(Role::Admin, "bos").await.id;
        let buyer = shop.user(Role::Member, "rina").await.id;
        let clock = shop.store.clone();
        let bank = Bank::open(dialect, move || clock.now().0).await;
        let registry = Registry::of(Vec::new(), Vec::new()).with_payments(bank.registry());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let site = Site {
            store: shop.store.clone(),
            public_url: format!("http://{address}").parse().unwrap(),
            trusted_proxies: "".parse().unwrap(),
            throttle: None,
            demo: None,
            files: SiteFiles::beside_program(),
            hooks: Some(engine::hear::handler(shop.store.clone(), registry.clone())),
            gateways: registry.clone(),
            monitor: server::monitor::Monitor::new(shop.store.now()),
            shutdown: shutdown.clone(),
        };
        let router = server::router(site).into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let workers = tokio::spawn(engine::start(shop.store.clone(), registry.clone(), shutdown.clone()));
        bank.calls(address);
        bank.set_up(&shop.store, admin).await;
        let save = SaveSettings::changed(admin, SettingsGroup::TopUps, &shop.store.settings(), |settings| {
            settings.open_topups_most = 100_000;
        });
        shop.store.run(save).await.unwrap();
        Self {
            shop,
            bank,
            buyer,
            admin,
            address,
            tick_ms: SECOND_MS,
            ticked_at: Mutex::new(tokio::time::Instant::now()),
            registry,
            shutdown,
            tasks: vec![serving, workers],
        }
    }

    /// Moves the clock on: at the same pace however many wait. A pace at which leases run out within the time that an
    /// exchange takes would let no answer ever be recorded.
    pub fn tick(&self) {
        let mut ticked_at = self.ticked_at.lock().unwrap();
        if ticked_at.elapsed() >= LOOK_EVERY {
            *ticked_at = tokio::time::Instant::now();
            self.shop.database.clock.advance_ms(self.tick_ms);
        }
    }

    pub async fn ask(&self, method: TopupMethod, rupiah: i64) -> PublicId {
        let store = &self.shop.store;
        let request = RequestTopup {
            user: self.buyer,
            method,
            bank_account: None,
            base: Rupiah::new(rupiah),
            key: store.random_token(),
        };
        store.run(request).await.unwrap()
    }

    pub async fn topup(&self, id: &PublicId) -> Topup {
        self.shop.store.topup(id, Viewer::Admin).await.unwrap()
    }

    /// Waits until a top-up is in one of these states, while its clock goes faster than ours.
    pub async fn reached(&self, id: &PublicId, wanted: &[TopupState]) -> TopupState {
        until(&format!("{id} is one of {wanted:?}"), async || {
            let state = self.topup(id).await.state;
            if wanted.contains(&state) {
                return Some(state);
            }
            self.tick();
            None
        })
        .await
    }

    /// The orders that the gateway has for a top-up.
    pub fn orders(&self, id: &PublicId) -> Vec<simulator::PaymentOrder> {
        (1..=3).filter_map(|n| self.bank.simulator.payment(&format!("{}-{n}", id.as_str()))).collect()
    }

    pub async fn balance(&self) -> i64 {
        self.shop.store.wallet(self.buyer).await.unwrap().available.get()
    }

    pub async fn case_kinds(&self) -> Vec<PayCaseKind> {
        let filter = CaseFilter { limit: 100, ..CaseFilter::default() };
        self.shop.store.pay_cases(filter).await.unwrap().items.iter().map(|case| case.kind).collect()
    }

    pub async fn close(self) -> Shop {
        self.shutdown.cancel();
        for task in self.tasks {
            task.abort();
            let _ = task.await;
        }
        drop(self.registry);
        self.shop.books_are_in_order().await;
        self.shop
    }
}

pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, look).await
}

pub async fn until_within<T>(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "not in time: {what}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
