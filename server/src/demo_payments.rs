//! The demo's payment gateway: a simulated one, with ways of paying that have been tried, and a static QRIS code of a
//! merchant that does not exist.

use std::time::Duration;

use domain::{FeeRule, PayDialect, Rupiah, TopupMethod};
use simulator::{RunningSimulator, SimulatorConfig};
use store::{
    NoteProbe, PayGatewayDraft, PayMethodDraft, SavePayGateway, SavePayMethod, SaveStaticCode, Store,
    TestPayMethod, TestState, User, UserId,
};
use tokio::time::Instant;

use crate::commands::Failure;

/// What the settings call it; also where it calls back.
pub const NAME: &str = "midtrans";
/// The simulated gateway answers at once, unless the machine has much else to do; should it not, the demo starts without it.
const OPEN_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// A made-up merchant's code.
const STATIC_CODE: &str = "00020101021126420016ID.CO.CONTOH.WWW01189360000000000000005204581253033605802ID5911TOKO MELATI6007BANDUNG63046D44";
/// In the order in which buyers see them.
const METHODS: &[TopupMethod] = &[
    TopupMethod::Qris,
    TopupMethod::VaBca,
    TopupMethod::VaBni,
    TopupMethod::VaBri,
    TopupMethod::VaPermata,
    TopupMethod::BillMandiri,
];

/// Sets it up; whether its ways of paying are to be tried ([`open_tried`]). With the address of last time all is there
/// already, as whoever tries the demo has left it.
///
/// # Errors
/// Faults of the database.
pub async fn ensure(
    store: &Store,
    admin: &User,
    simulator: &RunningSimulator,
    config: &SimulatorConfig,
) -> Result<bool, Failure> {
    let known = store.pay_gateways().await?.into_iter().find(|gateway| gateway.name == NAME);
    if known.as_ref().is_some_and(|known| known.base_url == simulator.midtrans_url()) {
        return Ok(false);
    }
    let draft = PayGatewayDraft {
        name: NAME.to_owned(),
        dialect: PayDialect::Midtrans,
        base_url: simulator.midtrans_url(),
        merchant: config.midtrans_merchant_id.clone(),
        api_key: config.midtrans_server_key.clone(),
        private_key: String::new(),
        active: true,
    };
    let seen = known.map(|known| known.revision);
    store.run(SavePayGateway { admin: admin.id, seen, draft }).await?;
    // It is this very process: that its keys are right need not be tried.
    let access = store.pay_gateways().await?.into_iter().find(|gateway| gateway.name == NAME);
    let access_revision = access.map(|gateway| gateway.access_revision).unwrap_or_default();
    store.run(NoteProbe { gateway: NAME.to_owned(), access_revision, outcome: Ok(()) }).await?;
    let methods = store.pay_methods().await?;
    for (place, method) in (1_i64..).zip(METHODS) {
        let seen = methods.iter().find(|known| known.method == *method).map(|known| known.revision);
        store.run(SavePayMethod { admin: admin.id, seen, draft: usual(*method, place * 10) }).await?;
        store.run(TestPayMethod { admin: admin.id, method: *method }).await?;
    }
    ensure_static_code(store, admin).await?;
    Ok(true)
}

fn usual(method: TopupMethod, sort: i64) -> PayMethodDraft {
    let flat = |rupiah| FeeRule { flat: Rupiah::new(rupiah), basis_points: 0 };
    let (payer_fee, cost) = match method {
        TopupMethod::Qris => (FeeRule::default(), FeeRule { flat: Rupiah::ZERO, basis_points: 70 }),
        TopupMethod::StaticQris | TopupMethod::Transfer => (FeeRule::default(), FeeRule::default()),
        _ => (flat(4_000), flat(4_000)),
    };
    PayMethodDraft {
        method,
        gateway: (!method.is_by_hand()).then(|| NAME.to_owned()),
        active: false,
        sort,
        min: Rupiah::new(10_000),
        max: Rupiah::new(10_000_000),
        expiry_minutes: if method.is_qris() { 30 } else { 1_440 },
        payer_fee,
        cost,
    }
}

/// Only when nobody has set one.
async fn ensure_static_code(store: &Store, admin: &User) -> Result<(), Failure> {
    let bank = store.bank_accounts(true).await?.into_iter().next();
    let (Some(bank), None) = (bank, store.static_code().await?) else { return Ok(()) };
    let code = SaveStaticCode { admin: admin.id, code: STATIC_CODE.to_owned(), bank_account: bank.id };
    store.run(code).await?;
    let mut draft = usual(TopupMethod::StaticQris, 80);
    draft.active = true;
    store.run(SavePayMethod { admin: admin.id, seen: None, draft }).await?;
    Ok(())
}

/// Switches on what has been tried, once the simulated gateway has answered the workers.
///
/// # Errors
/// Faults of the database.
pub async fn open_tried(store: &Store, admin: UserId) -> Result<(), Failure> {
    let mut news = store.news();
    let until = Instant::now() + OPEN_WITHIN;
    while open_those(store, admin).await? && Instant::now() < until {
        // Looked at again with the next change, or after a while.
        let _ = tokio::time::timeout(LOOK_EVERY, news.recv()).await;
    }
    Ok(())
}

/// Whether some are still being tried.
async fn open_those(store: &Store, admin: UserId) -> Result<bool, Failure> {
    let mut waiting = false;
    let methods = store.pay_methods().await?.into_iter();
    for method in methods.filter(|method| method.gateway.as_deref() == Some(NAME) && !method.active) {
        match method.test {
            TestState::Works => {
                let mut draft = usual(method.method, method.sort);
                draft.active = true;
                store.run(SavePayMethod { admin, seen: Some(method.revision), draft }).await?;
            }
            TestState::UnderWay => waiting = true,
            _ => {}
        }
    }
    Ok(waiting)
}
