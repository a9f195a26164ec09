//! A shop that collects by a payment gateway, for tests.

use domain::{
    ChargeFacts, ChargeVerdict, FeeRule, PayDialect, PayTo, ProviderState, PublicId, Rupiah, StatusVerdict,
    TopupMethod, TopupState,
};
use store::{
    ChargeEvidence, ChargeJob, ClaimCharges, Heard, NoteProbe, PayGatewayDraft, PayMethodDraft, RecordCharge,
    RequestTopup, SavePayGateway, SavePayMethod, TestPayMethod, Topup, Viewer,
};

use crate::shop::Shop;

pub const GATEWAY: &str = "midtrans";
pub const ACCOUNT: &str = "m-1@gateway.example";
/// What a payer by virtual account pays on top.
pub const VA_FEE: i64 = 4_000;
/// What the gateway keeps of a payment of 50,000 by QRIS.
pub const QRIS_COST_OF_50: i64 = 350;

/// Sets the gateway up, tries QRIS and a virtual account, and switches both on.
pub async fn open_till(shop: &Shop) {
    save_gateway(shop, None, "key-1").await;
    probe(shop, Ok(())).await;
    for method in [TopupMethod::Qris, TopupMethod::VaBca] {
        save_method(shop, None, method_draft(method, false)).await.unwrap();
        try_method(shop, method).await;
        save_method(shop, Some(1), method_draft(method, true)).await.unwrap();
    }
}

pub async fn save_gateway(shop: &Shop, seen: Option<i64>, key: &str) {
    let draft = PayGatewayDraft {
        name: GATEWAY.into(),
        dialect: PayDialect::Midtrans,
        base_url: "https://gateway.example".into(),
        merchant: "m-1".into(),
        api_key: key.into(),
        private_key: String::new(),
        active: true,
    };
    shop.store.run(SavePayGateway { admin: shop.admin, seen, draft }).await.unwrap();
}

pub async fn probe(shop: &Shop, outcome: Result<(), String>) {
    let access_revision = shop.store.pay_gateways().await.unwrap().remove(0).access_revision;
    shop.store.run(NoteProbe { gateway: GATEWAY.into(), access_revision, outcome }).await.unwrap();
}

pub fn method_draft(method: TopupMethod, active: bool) -> PayMethodDraft {
    let flat = |rupiah| FeeRule { flat: Rupiah::new(rupiah), basis_points: 0 };
    let qris = method == TopupMethod::Qris;
    PayMethodDraft {
        method,
        gateway: (!method.is_by_hand()).then(|| GATEWAY.into()),
        active,
        sort: 10,
        min: Rupiah::new(10_000),
        max: Rupiah::new(10_000_000),
        expiry_minutes: 30,
        payer_fee: if method.is_qris() || method.is_by_hand() { FeeRule::default() } else { flat(VA_FEE) },
        cost: if qris { FeeRule { flat: Rupiah::ZERO, basis_points: 70 } } else { FeeRule::default() },
    }
}

pub async fn save_method(shop: &Shop, seen: Option<i64>, draft: PayMethodDraft) -> Result<(), store::Error> {
    shop.store.run(SavePayMethod { admin: shop.admin, seen, draft }).await
}

/// Tries a way of paying, which works.
pub async fn try_method(shop: &Shop, method: TopupMethod) {
    shop.store.run(TestPayMethod { admin: shop.admin, method }).await.unwrap();
    let job = claim_one(shop).await;
    let made = ChargeVerdict::Made(facts(&job, ProviderState::Pending));
    record(shop, &job, Heard::Charge(made)).await;
    // It is called off again, and what became of it is asked.
    let job = claim_one(shop).await;
    record(shop, &job, Heard::Cancel(domain::CancelVerdict::Cancelled)).await;
    let job = claim_one(shop).await;
    record(shop, &job, status(&job, ProviderState::Cancelled)).await;
}

pub async fn ask(shop: &Shop, key: &str, method: TopupMethod, rupiah: i64) -> Topup {
    let request = RequestTopup {
        user: shop.member,
        method,
        bank_account: None,
        base: Rupiah::new(rupiah),
        key: key.into(),
    };
    let id = shop.store.run(request).await.unwrap();
    topup(shop, &id).await
}

pub async fn topup(shop: &Shop, id: &PublicId) -> Topup {
    shop.store.topup(id, Viewer::Admin).await.unwrap()
}

pub async fn state(shop: &Shop, id: &PublicId) -> TopupState {
    topup(shop, id).await.state
}

pub async fn claim(shop: &Shop) -> Vec<ChargeJob> {
    let claim = ClaimCharges { gateway: GATEWAY.into(), account: ACCOUNT.into(), limit: 10 };
    shop.store.run(claim).await.unwrap()
}

pub async fn claim_one(shop: &Shop) -> ChargeJob {
    let mut jobs = claim(shop).await;
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    jobs.remove(0)
}

pub async fn record(shop: &Shop, job: &ChargeJob, heard: Heard) {
    let evidence = ChargeEvidence { body: "{}".into(), ..ChargeEvidence::default() };
    let record = RecordCharge { charge: job.charge, token: job.token, hints: job.hints, heard, evidence };
    shop.store.run(record).await.unwrap();
}

/// What the gateway says of an order that is as it should be.
pub fn facts(job: &ChargeJob, state: ProviderState) -> ChargeFacts {
    ChargeFacts {
        order_id: job.order_id.clone(),
        transaction_id: Some(format!("trx-{}", job.order_id)),
        gross: job.gross,
        in_rupiah: true,
        own_merchant: true,
        state,
        pay_to: Some(PayTo::Account("8801234".into())),
        expires_at: None,
        fee: None,
        returned: None,
    }
}

pub fn status(job: &ChargeJob, state: ProviderState) -> Heard {
    Heard::Status(StatusVerdict::Found(facts(job, state)))
}

/// A top-up that waits for its payer.
pub async fn waiting(shop: &Shop, key: &str, method: TopupMethod, rupiah: i64) -> Topup {
    let asked = ask(shop, key, method, rupiah).await;
    let job = claim_one(shop).await;
    record(shop, &job, Heard::Charge(ChargeVerdict::Made(facts(&job, ProviderState::Pending)))).await;
    topup(shop, &asked.id).await
}

/// The next question about a top-up's order, as after a notification.
pub async fn hinted(shop: &Shop, topup: &Topup, n: u8) -> ChargeJob {
    let order_id = format!("{}-{n}", topup.id.as_str());
    let known =
        shop.store.run(store::HintCharge { gateway: GATEWAY.into(), order_id: order_id.clone() }).await;
    assert!(known.unwrap());
    let jobs = claim(shop).await;
    jobs.into_iter().find(|job| job.order_id == order_id).unwrap()
}

/// The gateway says this of it, once it is asked.
pub async fn told(shop: &Shop, topup: &Topup, state: ProviderState) {
    let job = hinted(shop, topup, 1).await;
    record(shop, &job, status(&job, state)).await;
}

/// The sum of an account in the books, as the report of `check` cannot tell it: by the entries of a statement.
pub async fn available(shop: &Shop) -> i64 {
    shop.wallet(shop.member).await.available.get()
}
