//! Signing a number in, against the simulator over real HTTP.

use std::sync::Arc;
use std::time::Duration;

use domain::{Msisdn, OtpStep, OtpTrouble, PublicId, Role, XlAccountState};
use server::engine;
use server::gateways::{Registry, session_gateway};
use store::{AnswerOtp, RequestOtp, Store, UserId, WantQuota, XlAccount};
use tokio_util::sync::CancellationToken;
use xl::SessionConfig;

use crate::engine::Gateway;
use crate::shop::{Setup, on_each_database};

const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(20);
const NUMBER: &str = "087812345678";

fn registry(gateway: &Gateway) -> Registry {
    let mut config = SessionConfig::new(gateway.running.session_url(), "toko", "kunci");
    config.name = "kmsp".into();
    config.total_timeout = Duration::from_millis(800);
    Registry::of(Vec::new(), vec![session_gateway(config).unwrap()])
}

/// Waits until a look at the shop gives something.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "{what} did not come");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn reached(store: &Store, user: UserId, id: &PublicId, step: OtpStep) -> Option<OtpTrouble> {
    until(step.as_str(), async || {
        let state = store.otp_state(user, id).await.unwrap();
        (state.step == step).then_some(state.trouble)
    })
    .await
}

async fn request(store: &Store, user: UserId, number: &str) -> PublicId {
    let msisdn: Msisdn = number.parse().unwrap();
    store.run(RequestOtp { user, gateway: "kmsp".into(), msisdn }).await.unwrap()
}

pub async fn sign_in(store: &Store, gateway: &Gateway, user: UserId, number: &str) -> XlAccount {
    let id = request(store, user, number).await;
    reached(store, user, &id, OtpStep::Sent).await;
    let msisdn: Msisdn = number.parse().unwrap();
    let code = gateway.simulator.otp_of(msisdn.international()).unwrap();
    store.run(AnswerOtp { user, id: id.clone(), code }).await.unwrap();
    reached(store, user, &id, OtpStep::Done).await;
    until("the quota", async || {
        store.xl_accounts(user).await.unwrap().into_iter().find(|account| account.quota.is_some())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_is_signed_in_and_asked() {
    on_each_database(Setup::default(), async |shop| {
        let gateway = Gateway::open().await;
        let user = shop.user(Role::Member, "rina").await.id;
        let shutdown = CancellationToken::new();
        let workers = tokio::spawn(engine::start(shop.store.clone(), registry(&gateway), shutdown.clone()));

        let id = request(&shop.store, user, NUMBER).await;
        assert_eq!(reached(&shop.store, user, &id, OtpStep::Sent).await, None);
        let real = gateway.simulator.otp_of("6287812345678").unwrap();
        let wrong = if real == "000000" { "000001" } else { "000000" };
        shop.store.run(AnswerOtp { user, id: id.clone(), code: wrong.into() }).await.unwrap();
        until("the wrong code", async || {
            let state = shop.store.otp_state(user, &id).await.unwrap();
            (state.trouble == Some(OtpTrouble::Wrong)).then_some(())
        })
        .await;
        shop.store.run(AnswerOtp { user, id: id.clone(), code: real }).await.unwrap();
        reached(&shop.store, user, &id, OtpStep::Done).await;
        let account = until("the quota", async || {
            shop.store.xl_accounts(user).await.unwrap().into_iter().find(|account| account.quota.is_some())
        })
        .await;
        assert_eq!((account.state, account.problem.as_str()), (XlAccountState::Active, ""));

        shutdown.cancel();
        workers.await.unwrap();
    })
    .await;
}

/// By the simulator's magic numbers: the session ends at the first renewal, or its answer is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_end_and_lost_renewals_are_found_again() {
    on_each_database(Setup::default(), async |shop| {
        let gateway = Gateway::open().await;
        let user = shop.user(Role::Member, "rina").await.id;
        let shutdown = CancellationToken::new();
        let workers = tokio::spawn(engine::start(shop.store.clone(), registry(&gateway), shutdown.clone()));
        for (number, state) in
            [("087800001262", XlAccountState::NeedsSignIn), ("087800001263", XlAccountState::Active)]
        {
            let account = sign_in(&shop.store, &gateway, user, number).await;
            // The shop's clock only: its token is due, and the gateway is asked to renew it.
            shop.database.clock.advance_ms(6 * domain::MINUTE_MS);
            shop.store.run(WantQuota { user, id: account.id.clone() }).await.unwrap();
            until("an end", async || {
                let now = shop.store.xl_account(user, &account.id).await.unwrap();
                (!now.quota_due && now.state == state).then_some(())
            })
            .await;
            let now = shop.store.xl_account(user, &account.id).await.unwrap();
            assert_eq!((now.state, now.problem.as_str()), (state, ""), "{number}");
            shop.store.run(store::SignOutXl { user, id: account.id }).await.unwrap();
        }
        shutdown.cancel();
        workers.await.unwrap();
        drop(Arc::new(gateway));
    })
    .await;
}
