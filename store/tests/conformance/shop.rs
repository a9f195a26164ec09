//! A small shop to test in: an admin, a member, a reseller, one package.

use std::sync::Arc;

use domain::{Ask, Category, Lang, Msisdn, Prices, PublicId, PurchaseState, Refusal, Role, Rupiah, Verdict};
use store::testing::{TestDatabase, databases};
use store::{
    AdjustBalance, ClaimQueries, ClaimSends, Error, Evidence, NewOrder, PackageDraft, PlacePurchase,
    QueryJob, RecordVerdict, RegisterUser, SavePackage, Saving, SendJob, Source, Store, UserId, Viewer,
    Wallet, WrittenOrder,
};

pub const PRICE: i64 = 25_500;
pub const RESELLER_PRICE: i64 = 24_000;

pub struct Shop {
    pub store: Store,
    pub database: TestDatabase,
    pub admin: UserId,
    pub member: UserId,
    pub reseller: UserId,
    pub package: PublicId,
}

/// Runs a test on each database, and checks the books when it is done.
pub async fn on_both<F: Future<Output = Shop>>(test: impl Fn(Shop) -> F) {
    for database in databases().await {
        let kind = database.kind;
        let shop = test(Shop::open(database).await).await;
        let report = shop.store.check().await.unwrap();
        assert!(report.breaches.is_empty(), "{kind}: {:#?}", report.breaches);
    }
}

impl Shop {
    pub async fn open(database: TestDatabase) -> Self {
        let store = database.open().await;
        let admin = register(&store, "admin", "081111110001", Role::Admin).await;
        let member = register(&store, "member", "081111110002", Role::Member).await;
        let reseller = register(&store, "reseller", "081111110003", Role::Reseller).await;
        let package = store
            .run(SavePackage { admin, id: Saving::fresh(&store), draft: draft("Xtra Combo 10 GB") })
            .await
            .unwrap();
        Self { store, database, admin, member, reseller, package }
    }

    pub async fn give(&self, user: UserId, rupiah: i64) {
        let key = self.store.random_token();
        let amount = Rupiah::new(rupiah);
        self.store
            .run(AdjustBalance { admin: self.admin, user, amount, reason: "for the test".into(), key })
            .await
            .unwrap();
    }

    pub async fn wallet(&self, user: UserId) -> Wallet {
        self.store.wallet(user).await.unwrap()
    }

    /// A purchase of the package for a number, at the member's price.
    pub fn purchase(&self, key: &str) -> PlacePurchase {
        PlacePurchase {
            user: self.member,
            package: self.package.clone(),
            msisdn: number("087800001230"),
            agreed_price: Rupiah::new(PRICE),
            pay: None,
            key: key.into(),
            buy_again: true,
        }
    }

    pub async fn buy(&self) -> PublicId {
        self.store.run(self.purchase(&self.store.random_token())).await.unwrap()
    }

    pub async fn state(&self, id: &PublicId) -> PurchaseState {
        self.store.purchase(id, Viewer::Admin).await.unwrap().purchase.state
    }

    pub async fn claim(&self) -> Vec<SendJob> {
        self.store.run(ClaimSends { limit: 10, write_order: Arc::new(write_order) }).await.unwrap()
    }

    pub async fn claim_one(&self) -> SendJob {
        let mut jobs = self.claim().await;
        assert_eq!(jobs.len(), 1);
        jobs.remove(0)
    }

    pub async fn ask_one(&self) -> QueryJob {
        let mut jobs = self.store.run(ClaimQueries { limit: 10 }).await.unwrap();
        assert_eq!(jobs.len(), 1);
        jobs.remove(0)
    }

    /// The answer to a first send.
    pub async fn answer(&self, job: &SendJob, verdict: Verdict) -> PurchaseState {
        let source = Source::Worker { ask: Ask::FirstSend, token: job.token };
        self.record(&job.purchase, job.attempt, source, verdict).await
    }

    /// The answer to a question.
    pub async fn reply(&self, job: &QueryJob, verdict: Verdict) -> PurchaseState {
        let source = Source::Worker { ask: Ask::Query, token: job.token };
        self.record(&job.purchase, job.attempt, source, verdict).await
    }

    pub async fn record(
        &self,
        purchase: &PublicId,
        attempt: i64,
        source: Source,
        verdict: Verdict,
    ) -> PurchaseState {
        let evidence = Evidence { body: "{}".into(), ..Evidence::default() };
        self.store
            .run(RecordVerdict {
                purchase: purchase.clone(),
                attempt,
                source,
                verdict,
                evidence,
                ask_every_ms: 60_000,
            })
            .await
            .unwrap()
    }
}

pub async fn register(store: &Store, name: &str, phone: &str, role: Role) -> UserId {
    let user = RegisterUser {
        username: name.parse().unwrap(),
        email: format!("{name}@contoh.id").parse().unwrap(),
        phone: phone.parse().unwrap(),
        password_hash: "no password".into(),
        role,
        lang: Lang::Id,
    };
    store.run(user).await.unwrap()
}

pub fn draft(name: &str) -> PackageDraft {
    PackageDraft {
        name: name.into(),
        description: "10 GB untuk semua jaringan".into(),
        quota: "10 GB".into(),
        validity_days: 30,
        category: Category::Monthly,
        brand: "XL".into(),
        prices: Prices { member: Rupiah::new(PRICE), reseller: Rupiah::new(RESELLER_PRICE) },
        cost: Rupiah::new(22_000),
        gateway: "digiflazz".into(),
        sku: "xld10".into(),
        active: true,
        sort: 10,
        family: String::new(),
        benefits: String::new(),
    }
}

pub fn number(typed: &str) -> Msisdn {
    typed.parse().unwrap()
}

pub fn delivered() -> Verdict {
    Verdict::Delivered { serial_number: Some("SN-1".into()), charged: Some(Rupiah::new(22_000)) }
}

#[track_caller]
pub fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn write_order(order: &NewOrder) -> Option<WrittenOrder> {
    let request = format!("{} {} {}", order.client_ref, order.sku, order.msisdn.international());
    (order.gateway != "nowhere").then(|| WrittenOrder { request, account: "toko".into() })
}
