//! Purchases in the session dialect, from the form's operation to the end, against the simulator over real HTTP: what its
//! book says decides who is right.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{
    FailReason, MINUTE_MS, PaymentMethod, PaymentWay, Prices, PublicId, PurchaseState, Role, Rupiah,
    SECOND_MS,
};
use serde_json::json;
use server::engine;
use server::gateways::Registry;
use simulator::BookOrder;
use store::{
    AdjustBalance, PackageDraft, PackageMethod, PayBy, PlacePurchase, Purchase, SaveMethods, SavePackage,
    Saving, UserId, Viewer,
};
use tokio_util::sync::CancellationToken;
use xl::{Session, SessionConfig};

use crate::engine::Gateway;
use crate::numbers::{sign_in, until};
use crate::shop::{Setup, Shop, on_each_database};

const OWNER_PRICE: i64 = 5_000;
const PRICE: i64 = 1_500;
const PULSA: &str = "XLHARIAN1_PULSA";
const WALLET: &str = "XLHARIAN1_EWALLET";
const BALANCE: i64 = 100 * PRICE;

/// The adapter as it is, without the brake that would hold up so much trouble at once.
fn registry(gateway: &Gateway) -> Registry {
    let mut config = SessionConfig::new(gateway.running.session_url(), "toko", "kunci");
    config.name = "kmsp".into();
    config.total_timeout = Duration::from_millis(800);
    config.query_interval = Duration::from_millis(50);
    Registry::of(Vec::new(), vec![Arc::new(Session::new(config).unwrap())])
}

/// A buyer with money, and a package that is paid with pulsa or by QRIS.
struct Stall<'s> {
    shop: &'s Shop,
    gateway: Gateway,
    /// A user may have so many numbers, and these tests more.
    buyers: [UserId; 2],
    package: PublicId,
    workers: tokio::task::JoinHandle<()>,
    shutdown: CancellationToken,
}

impl<'s> Stall<'s> {
    async fn open(shop: &'s Shop) -> Self {
        let gateway = Gateway::open().await;
        let admin = shop.user(Role::Admin, "bos").await;
        let buyers = [shop.user(Role::Member, "rina").await.id, shop.user(Role::Member, "sari").await.id];
        let shutdown = CancellationToken::new();
        let workers = tokio::spawn(engine::start(shop.store.clone(), registry(&gateway), shutdown.clone()));
        let draft = PackageDraft {
            name: "Xtra Harian 1 GB".into(),
            description: String::new(),
            quota: "1 GB".into(),
            validity_days: 1,
            category: domain::Category::Daily,
            brand: "XL".into(),
            prices: Prices { member: Rupiah::new(PRICE), reseller: Rupiah::new(PRICE) },
            cost: Rupiah::new(500),
            gateway: "kmsp".into(),
            sku: PULSA.into(),
            active: true,
            sort: 0,
            family: String::new(),
            benefits: String::new(),
        };
        let save = SavePackage { admin: admin.id, id: Saving::fresh(&shop.store), draft };
        let package = shop.store.run(save).await.unwrap();
        let owner_price = Some(Rupiah::new(OWNER_PRICE));
        let methods = vec![
            PackageMethod { method: PaymentMethod::Pulsa, sku: PULSA.into(), owner_price },
            PackageMethod { method: PaymentMethod::Qris, sku: WALLET.into(), owner_price },
        ];
        shop.store.run(SaveMethods { admin: admin.id, id: package.clone(), methods }).await.unwrap();
        for user in buyers {
            let (amount, reason) = (Rupiah::new(BALANCE), "for the test".to_owned());
            let give =
                AdjustBalance { admin: admin.id, user, amount, reason, key: format!("give {}", user.0) };
            shop.store.run(give).await.unwrap();
        }
        until("the gateway's list", async || {
            let states = shop.store.gateway_states().await.unwrap();
            states.iter().any(|state| state.offers_at.is_some()).then_some(())
        })
        .await;
        Self { shop, gateway, buyers, package, workers, shutdown }
    }

    /// Signs the number in, and buys for it.
    async fn buy(&self, number: &str, method: PaymentMethod) -> PublicId {
        let odd = number.bytes().next_back().is_some_and(|digit| digit % 2 == 1);
        let user = self.buyers[usize::from(odd)];
        sign_in(&self.shop.store, &self.gateway, user, number).await;
        let agreed_owner_price = Rupiah::new(OWNER_PRICE);
        let place = PlacePurchase {
            user,
            package: self.package.clone(),
            msisdn: number.parse().unwrap(),
            agreed_price: Rupiah::new(PRICE),
            pay: Some(PayBy { method, agreed_owner_price, wallet: None }),
            key: format!("{number} {}", method.as_str()),
            buy_again: true,
        };
        self.shop.store.run(place).await.unwrap()
    }

    async fn look(&self, id: &PublicId) -> Purchase {
        self.shop.store.purchase(id, Viewer::Admin).await.unwrap().purchase
    }

    async fn reached(&self, id: &PublicId, state: PurchaseState) -> Purchase {
        until(state.as_str(), async || Some(self.look(id).await).filter(|purchase| purchase.state == state))
            .await
    }

    /// What the buyers have, and what is held of it.
    async fn money(&self) -> (i64, i64) {
        let mut sums = (0, 0);
        for user in self.buyers {
            let wallet = self.shop.store.wallet(user).await.unwrap();
            sums = (sums.0 + wallet.available.get(), sums.1 + wallet.held.get());
        }
        sums
    }

    fn book(&self, number: &str) -> Vec<BookOrder> {
        [PULSA, WALLET].iter().flat_map(|code| self.gateway.simulator.orders_of(number, code)).collect()
    }

    /// Stops the workers; the books must be in order.
    async fn close(self) {
        self.shutdown.cancel();
        self.workers.await.unwrap();
        self.shop.books_are_in_order().await;
    }
}

const SUCCEEDED: &[PurchaseState] = &[PurchaseState::Succeeded];
const FAILED: &[PurchaseState] = &[PurchaseState::Failed];
const REVIEW: &[PurchaseState] = &[PurchaseState::Review];

/// By the simulator's magic numbers: what happens, and how it must end.
const CASES: &[(&str, &str, &[PurchaseState])] = &[
    ("087800001230", "success", SUCCEEDED),
    ("087800001232", "failed", FAILED),
    ("087800001233", "pending, then success", SUCCEEDED),
    ("087800001234", "pending, then failed", FAILED),
    ("087800001235", "pending for ever", REVIEW),
    ("087800001240", "bought, then silence", SUCCEEDED),
    ("087800001241", "bought, then HTTP 500", SUCCEEDED),
    ("087800001242", "bought, then half an answer", SUCCEEDED),
    ("087800001243", "silence, and nothing bought", REVIEW),
    ("087800001244", "the shop's deposit is empty", FAILED),
    ("087800001245", "out of stock", FAILED),
    ("087800001246", "bought, then a reset", SUCCEEDED),
    ("087800001247", "bought, then an HTML 502", SUCCEEDED),
    ("087800001248", "bought, without a trx_id", SUCCEEDED),
    ("087800001249", "texts for numbers", SUCCEEDED),
    ("087800001250", "byte by byte", SUCCEEDED),
    ("087800001251", "bought, but status false", SUCCEEDED),
    ("087800001252", "an HTTP 429 that is not in the contract's words", REVIEW),
    ("087800001253", "maintenance", FAILED),
    ("087800001254", "422 ipaas, and bought", SUCCEEDED),
    ("087800001255", "422 ipaas, and not bought", REVIEW),
    ("087800001257", "pulsa too low", FAILED),
    ("087800001258", "price changed", FAILED),
    ("087800001260", "the session has expired, and is renewed", SUCCEEDED),
    ("087800001261", "the session is revoked", FAILED),
    ("087800001265", "an active package must be stopped first", FAILED),
    ("087800001266", "outside the area", FAILED),
    ("087800001267", "daily limit", FAILED),
    ("087800001268", "inactive", FAILED),
    ("087800001269", "cut-off", FAILED),
];

/// How far the shop's clock is moved on at a time: about as long as it waits between two looks at a number.
const STRIDE_MS: i64 = 31 * SECOND_MS;
/// Strides until everything has settled, a day and more for what is pending for ever included.
const STRIDES_MOST: u32 = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_purchase_ends_as_the_gateways_book_says() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let mut placed = BTreeMap::new();
        for (number, ..) in CASES {
            placed.insert(*number, stall.buy(number, PaymentMethod::Pulsa).await);
        }
        let open = async || {
            let mut open = 0_u32;
            for id in placed.values() {
                let state = stall.look(id).await.state;
                open += u32::from(!state.is_settled() && state != PurchaseState::Review);
            }
            open
        };
        // Only time brings those on that nobody can be asked about.
        let mut strides = 0;
        while open().await > 1 {
            assert!(strides < STRIDES_MOST, "{} are still open", open().await);
            strides += 1;
            settle_for_now(&shop).await;
            shop.database.clock.advance_ms(STRIDE_MS);
        }
        // What is pending for ever goes to a human after a day.
        shop.database.clock.advance_ms(25 * 60 * MINUTE_MS);
        stall.reached(&placed["087800001235"], PurchaseState::Review).await;

        let (mut spent, mut held) = (0, 0);
        for (number, what, ends) in CASES {
            let purchase = stall.look(&placed[number]).await;
            assert!(ends.contains(&purchase.state), "{number} {what}: {:?}", purchase.state);
            let book = stall.book(number);
            let delivered: u32 = book.iter().map(|order| order.times_delivered).sum();
            let kept: u32 = book.iter().map(|order| order.times_charged - order.times_returned).sum();
            match purchase.state {
                PurchaseState::Succeeded => assert_eq!((delivered, kept), (1, 1), "{number} {what}"),
                PurchaseState::Failed => assert_eq!((delivered, kept), (0, 0), "{number} {what}"),
                _ => assert!(delivered <= 1, "{number} {what}"),
            }
            spent += i64::from(purchase.state == PurchaseState::Succeeded) * PRICE;
            held += i64::from(purchase.state == PurchaseState::Review) * PRICE;
        }
        assert_eq!(stall.money().await, (2 * BALANCE - spent - held, held));
        let reason = async |number: &str| stall.look(&placed[number]).await.fail_reason;
        assert_eq!(reason("087800001257").await, Some(FailReason::PulsaTooLow));
        assert_eq!(reason("087800001261").await, Some(FailReason::SessionEnded));
        stall.close().await;
    })
    .await;
}

/// Gives the workers a turn: until a look at a number that is due has been taken, and a question that is due asked.
async fn settle_for_now(shop: &Shop) {
    let mut news = shop.store.news();
    // Each look, question and answer is news; silence for longer than the workers' own pause means that all wait for time.
    while tokio::time::timeout(Duration::from_millis(1_300), news.recv()).await.is_ok() {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_qr_code_is_paid_or_not() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let (paid, unpaid) = ("087812345678", "087812345679");
        let mut placed = Vec::new();
        for number in [paid, unpaid] {
            placed.push(stall.buy(number, PaymentMethod::Qris).await);
        }
        for (id, number) in placed.iter().zip([paid, unpaid]) {
            let purchase = stall.reached(id, PurchaseState::AwaitingPayment).await;
            assert_eq!(purchase.cost, Some(Rupiah::new(500)), "the fee is charged when the order is taken");
            let action = purchase.owner.unwrap().action.unwrap();
            let order = stall.book(number).remove(0);
            let told = order.session.as_ref().unwrap();
            assert_eq!(action.way, PaymentWay::Qr(told.qr_code.clone().unwrap()));
            assert_eq!(
                action.expires_at.map(|at| at.0 / 1_000),
                told.payment_expires_ms.map(|ms| ms / 1_000)
            );
        }
        let order = stall.book(paid).remove(0);
        stall.gateway.call("pay", &json!({ "trx_id": order.ref_id })).await;
        stall.reached(&placed[0], PurchaseState::Succeeded).await;
        let order = stall.book(unpaid).remove(0);
        shop.database.clock.advance_ms(11 * MINUTE_MS);
        stall.gateway.call("settle", &json!({ "ref_id": order.ref_id })).await;
        let purchase = stall.reached(&placed[1], PurchaseState::Failed).await;
        assert_eq!(purchase.fail_reason, Some(FailReason::NotPaid));
        assert_eq!(purchase.cost, Some(Rupiah::ZERO), "the fee came back");
        assert_eq!(stall.money().await, (2 * BALANCE - PRICE, 0));
        stall.close().await;
    })
    .await;
}
