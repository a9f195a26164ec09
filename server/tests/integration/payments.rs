//! Top-ups through the whole engine against the simulated payment gateway over real HTTP: what was paid by its book decides
//! who is right.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{
    ChargeState, FeeRule, PayCaseKind, PayDialect, PublicId, Role, Rupiah, SECOND_MS, TopupMethod, TopupState,
};
use http::StatusCode;
use payments::{Midtrans, MidtransConfig};
use server::gateways::Registry;
use server::pay_gateways::PayRegistry;
use server::web::SiteFiles;
use server::{Site, engine};
use simulator::{PaymentAct, PaymentProvider, RunningSimulator, Simulator, SimulatorConfig};
use store::{
    CaseFilter, PayGatewayDraft, PayMethodDraft, RequestTopup, SavePayGateway, SavePayMethod, SaveSettings,
    ShopSettings, Store, TestPayMethod, TestState, Topup, UserId, Viewer,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::shop::{Setup, Shop, on_each_database};

/// Longer than any of these takes; one that is stuck fails the test.
const PATIENCE: Duration = Duration::from_secs(90);
const LOOK_EVERY: Duration = Duration::from_millis(20);
pub const NAME: &str = "midtrans";

/// A payment gateway that nobody else uses.
pub struct Bank {
    pub simulator: Simulator,
    pub running: RunningSimulator,
    key: String,
    merchant: String,
}

impl Bank {
    pub async fn open(clock: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        let config = SimulatorConfig::new("toko", "kunci", "rahasia", 7, Arc::new(clock));
        let (key, merchant) = (config.midtrans_server_key.clone(), config.midtrans_merchant_id.clone());
        let simulator = Simulator::new(config).unwrap();
        let running = simulator.spawn(TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
        Self { simulator, running, key, merchant }
    }

    /// With the patience of a test: what hangs is given up soon.
    fn registry(&self) -> PayRegistry {
        let mut config = MidtransConfig::new(self.running.midtrans_url(), &self.key);
        config.name = NAME.to_owned();
        config.merchant_id = Some(self.merchant.clone());
        config.total_timeout = Duration::from_millis(700);
        PayRegistry::of(vec![Arc::new(Midtrans::new(config).unwrap())])
    }

    /// Sets the gateway up and switches its ways of paying on, as an admin would; the engine runs.
    pub async fn set_up(&self, store: &Store, admin: UserId) {
        let draft = PayGatewayDraft {
            name: NAME.into(),
            dialect: PayDialect::Midtrans,
            base_url: self.running.midtrans_url(),
            merchant: self.merchant.clone(),
            api_key: self.key.clone(),
            private_key: String::new(),
            active: true,
        };
        store.run(SavePayGateway { admin, seen: None, draft }).await.unwrap();
        until("the keys are tried", async || store.pay_gateways().await.unwrap()[0].works().then_some(()))
            .await;
        for method in [TopupMethod::Qris, TopupMethod::VaBca, TopupMethod::BillMandiri] {
            store.run(SavePayMethod { admin, seen: None, draft: draft_of(method, false) }).await.unwrap();
            store.run(TestPayMethod { admin, method }).await.unwrap();
            until("the way of paying is tried", async || {
                let methods = store.pay_methods().await.unwrap();
                methods
                    .iter()
                    .any(|known| known.method == method && known.test == TestState::Works)
                    .then_some(())
            })
            .await;
            store.run(SavePayMethod { admin, seen: Some(1), draft: draft_of(method, true) }).await.unwrap();
        }
    }
}

fn draft_of(method: TopupMethod, active: bool) -> PayMethodDraft {
    PayMethodDraft {
        method,
        gateway: Some(NAME.into()),
        active,
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
        let admin = shop.user(Role::Admin, "bos").await.id;
        let buyer = shop.user(Role::Member, "rina").await.id;
        let clock = shop.store.clone();
        let bank = Bank::open(move || clock.now().0).await;
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
            shutdown: shutdown.clone(),
        };
        let router = server::router(site).into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let workers = tokio::spawn(engine::start(shop.store.clone(), registry.clone(), shutdown.clone()));
        let hook = Some(format!("http://{address}/hooks/pay/{NAME}"));
        bank.simulator.set_payment_notification_url(PaymentProvider::Midtrans, hook);
        bank.set_up(&shop.store, admin).await;
        let settings = (*shop.store.settings()).clone();
        let settings = ShopSettings { open_topups_most: 100_000, ..settings };
        shop.store.run(SaveSettings { admin, settings }).await.unwrap();
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

    pub async fn close(self) -> Shop {
        self.shutdown.cancel();
        for task in self.tasks {
            task.abort();
            let _ = task.await;
        }
        drop(self.registry);
        assert_eq!(self.shop.store.check().await.unwrap().breaches, []);
        self.shop
    }
}

pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "not in time: {what}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_is_in_the_balance_as_soon_as_the_gateway_calls() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        for (method, rupiah) in
            [(TopupMethod::Qris, 50_000), (TopupMethod::VaBca, 60_000), (TopupMethod::BillMandiri, 70_000)]
        {
            let id = counter.ask(method, rupiah).await;
            counter.reached(&id, &[TopupState::Pending]).await;
            assert!(counter.topup(&id).await.pay_to.is_some(), "{method:?}");
            counter.bank.simulator.pay(counter.orders(&id)[0].order_id.as_str()).unwrap();
            counter.reached(&id, &[TopupState::Credited]).await;
        }
        assert_eq!(counter.balance().await, 180_000);
        counter.close().await;
    })
    .await;
}

/// The last three digits of an amount are the simulator's; what the shop must make of it.
const MISBEHAVIOUR: &[(i64, &str, Ends)] = &[
    (901, "made, then silence", Ends::Credited),
    (902, "made, then the connection is reset", Ends::Credited),
    (903, "made, then HTTP 500", Ends::Credited),
    (904, "made, then a proxy's page", Ends::Credited),
    (905, "made, then half an answer", Ends::Credited),
    (906, "silence, nothing made", Ends::Credited),
    (907, "too many requests, nothing made", Ends::Credited),
    (908, "made and denied", Ends::Failed),
    (909, "not active, as 402", Ends::Failed),
    (910, "not active, as 400", Ends::Failed),
    (911, "made, without anything to pay with", Ends::Credited),
    (912, "406, though nothing was made", Ends::Credited),
    (913, "texts for numbers", Ends::Credited),
    (914, "another order's answer", Ends::Credited),
    (915, "slow", Ends::Credited),
    (916, "the status is down", Ends::Credited),
    (917, "the status says that there is none", Ends::Credited),
    (918, "another amount", Ends::Aside(PayCaseKind::WrongAmount)),
    (919, "another merchant", Ends::Foreign),
    (920, "another currency", Ends::Foreign),
    (921, "a word that nobody knows", Ends::Waits),
    (922, "never a notification", Ends::Credited),
    (923, "fifty at once", Ends::Credited),
    (924, "told before it is answered", Ends::Credited),
    (925, "settled, pending, expired, in this order", Ends::Credited),
    (926, "told as paid before it is", Ends::Credited),
    (927, "a wrong bit in every signature", Ends::Credited),
    (928, "told of an unknown order, too", Ends::Credited),
    (929, "told a quarter of an hour late", Ends::Credited),
    (930, "told of another amount", Ends::Credited),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Credited,
    Failed,
    /// In suspense, with this case.
    Aside(PayCaseKind),
    Foreign,
    /// Nothing can be concluded.
    Waits,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_misbehaviour_ends_as_the_gateways_book_says() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        let mut expected = 0;
        for (digits, what, ends) in MISBEHAVIOUR {
            let id = counter.ask(TopupMethod::Qris, 50_000 + digits).await;
            let ready = [TopupState::Pending, TopupState::Failed];
            let state = counter.reached(&id, &ready).await;
            if *ends == Ends::Failed {
                assert_eq!(state, TopupState::Failed, "{digits}: {what}");
                continue;
            }
            assert_eq!(counter.balance().await, expected, "{digits}: {what}: nobody has paid yet");
            let orders = counter.orders(&id);
            // The payer uses what the page shows: the newest.
            let order = orders.last().unwrap_or_else(|| panic!("{digits}: {what}: no order"));
            counter.bank.simulator.pay(&order.order_id).unwrap();
            match ends {
                Ends::Credited => {
                    counter.reached(&id, &[TopupState::Credited]).await;
                    expected += 50_000 + digits;
                }
                Ends::Aside(kind) => {
                    counter.reached(&id, &[TopupState::Review]).await;
                    assert!(case_kinds(&counter).await.contains(kind), "{digits}: {what}");
                }
                Ends::Foreign => {
                    until(what, async || {
                        counter.tick();
                        case_kinds(&counter).await.contains(&PayCaseKind::Foreign).then_some(())
                    })
                    .await;
                }
                Ends::Waits => {
                    until(what, async || {
                        let charge = counter.shop.store.charges_of(&id).await.unwrap().remove(0);
                        (charge.provider_state.as_deref() == Some("unclear")).then_some(())
                    })
                    .await;
                    assert_eq!(counter.topup(&id).await.state, TopupState::Pending, "{digits}: {what}");
                }
                Ends::Failed => {}
            }
            assert_eq!(counter.balance().await, expected, "{digits}: {what}");
            let total: i64 =
                orders.iter().map(|order| i64::from(order.gross_rupiah == 50_000 + digits)).sum();
            assert!(total <= 3, "{digits}: {what}: {total} orders");
        }
        let struck = counter.bank.simulator.payment_faults_struck();
        for name in [
            "hang",
            "hang_undone",
            "no_payment_data",
            "down",
            "missing",
            "duplicates",
            "reordered",
            "wrong_bit",
        ] {
            assert!(struck.get(name).copied().unwrap_or_default() > 0, "{name} never struck");
        }
        counter.close().await;
    })
    .await;
}

async fn case_kinds(counter: &Counter) -> Vec<PayCaseKind> {
    let filter = CaseFilter { limit: 100, ..CaseFilter::default() };
    counter.shop.store.pay_cases(filter).await.unwrap().items.iter().map(|case| case.kind).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn late_double_and_taken_back_payments_are_booked_as_the_gateway_has_them() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        let late = counter.ask(TopupMethod::Qris, 50_000).await;
        counter.reached(&late, &[TopupState::Pending]).await;
        counter.shop.database.clock.advance_ms(domain::HOUR_MS);
        counter.reached(&late, &[TopupState::Expired]).await;
        let order = counter.orders(&late)[0].order_id.clone();
        counter.bank.simulator.pay(&order).unwrap();
        counter.reached(&late, &[TopupState::Credited]).await;
        assert!(counter.topup(&late).await.late);
        // Once more, by the same code.
        counter.bank.simulator.pay(&order).unwrap();
        until("a second payment is set aside", async || {
            case_kinds(&counter).await.contains(&PayCaseKind::Second).then_some(())
        })
        .await;
        assert_eq!(counter.balance().await, 50_000);

        let back = counter.ask(TopupMethod::VaBca, 60_000).await;
        counter.reached(&back, &[TopupState::Pending]).await;
        let order = counter.orders(&back)[0].order_id.clone();
        counter.bank.simulator.pay(&order).unwrap();
        counter.reached(&back, &[TopupState::Credited]).await;
        counter.bank.simulator.act_on_payment(&order, PaymentAct::Chargeback).unwrap();
        counter.reached(&back, &[TopupState::Reversed]).await;
        assert_eq!(counter.balance().await, 50_000);
        counter.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_goes_back_through_the_gateway() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        let id = counter.ask(TopupMethod::Qris, 50_000).await;
        counter.reached(&id, &[TopupState::Pending]).await;
        let order = counter.orders(&id)[0].order_id.clone();
        counter.bank.simulator.pay(&order).unwrap();
        counter.reached(&id, &[TopupState::Credited]).await;
        let (admin, topup) = (counter.admin, id.clone());
        let refund = store::RefundTopup { admin, topup, by_gateway: true, reason: "asked for it".into() };
        counter.shop.store.run(refund).await.unwrap();
        counter.reached(&id, &[TopupState::Refunded]).await;
        assert_eq!(counter.balance().await, 0);
        assert_eq!(counter.bank.simulator.payment(&order).unwrap().kept_rupiah(), 0);
        counter.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_forged_notifications_change_nothing() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        let id = counter.ask(TopupMethod::Qris, 50_000).await;
        counter.reached(&id, &[TopupState::Pending]).await;
        let order = counter.orders(&id)[0].order_id.clone();
        // The gateway's own notification of the new order is a reason to ask; nothing else will be.
        let before = until("the order is asked about", async || {
            let messages = counter.shop.store.charges_of(&id).await.unwrap().remove(0).messages.len();
            (messages == 2).then_some(messages)
        })
        .await;
        let client = reqwest::Client::new();
        let url = format!("http://{}/hooks/pay/{NAME}", counter.address);
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..1_000_u32 {
            let body = serde_json::json!({
                "order_id": order, "status_code": "200", "gross_amount": "50000.00", "currency": "IDR",
                "transaction_status": "settlement", "fraud_status": "accept", "transaction_id": format!("t-{n}"),
                "signature_key": format!("{n:0128x}"),
            });
            let post = client.post(&url).json(&body);
            tasks.spawn(async move { post.send().await.unwrap().status().as_u16() });
            // As many connections at a time as a small attacker has.
            while tasks.len() >= 50 {
                let status = tasks.join_next().await.unwrap().unwrap();
                assert_eq!(status, StatusCode::UNAUTHORIZED.as_u16());
            }
        }
        for status in tasks.join_all().await {
            assert_eq!(status, StatusCode::UNAUTHORIZED.as_u16());
        }
        assert_eq!((counter.balance().await, counter.topup(&id).await.state), (0, TopupState::Pending));
        let charge = counter.shop.store.charges_of(&id).await.unwrap().remove(0);
        assert_eq!((charge.state, charge.messages.len()), (ChargeState::Pending, before), "nobody was asked");
        let kept = counter.shop.store.webhook_calls(None, 1_000).await.unwrap().items;
        let forged = kept.iter().filter(|call| call.outcome == domain::WebhookOutcome::NotBelieved).count();
        assert!((1..=60).contains(&forged), "strangers cannot fill the disk: {forged}");
        counter.close().await;
    })
    .await;
}
