//! Random sequences of everything that can happen to purchases, against a model in memory that knows only the rules.
//! After each sequence the books are checked; a failing one is shrunk and shown.

use domain::{
    FailReason, PaymentAction, PaymentMethod, PaymentWay, PublicId, PurchaseState, Quota, Rupiah, Verdict,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use store::{
    CancelPurchase, ClaimQueries, DecidePurchase, Evidence, SaveFallbacks, SendJob, SessionOutcome, Source,
    TakeSecondLooks, XlJob,
};

use crate::numbers::{claim, record, tokens};
use crate::owner::{FEE, LISTED, Stall, quota};
use crate::shop::{PRICE, Shop, delivered};

#[derive(Clone, Debug)]
enum Act {
    Buy,
    BuyInSession(PaymentMethod),
    Session(Look),
    SecondLooks(Heard),
    Claim,
    Answer(usize, Heard),
    Ask(Heard),
    Webhook(usize, Heard),
    Cancel(usize),
    Decide(usize, bool),
    Sweep,
    Wait(i64),
}

#[derive(Clone, Copy, Debug)]
enum Heard {
    Delivered,
    Pending,
    Failed,
    NoOrder,
    TryLater,
    Unknown,
    /// In a session: taken, charged, and to be paid.
    Taken,
    SessionEnded,
    /// Failed, and the fee is given back.
    GivenBack,
}

/// What a look at a signed-in number brings.
#[derive(Clone, Copy, Debug)]
enum Look {
    Same,
    Grown,
    Problem,
    Ended,
}

impl Heard {
    fn evidence(self) -> Evidence {
        let evidence = Evidence { body: "{}".into(), ..Evidence::default() };
        let fee = Some(Rupiah::new(FEE));
        match self {
            Self::Taken => {
                let action = Some(PaymentAction { way: PaymentWay::InWallet, expires_at: None });
                Evidence { provider_id: Some("trx".into()), action, charged: fee, ..evidence }
            }
            Self::GivenBack => Evidence { refunded: fee, ..evidence },
            _ => evidence,
        }
    }

    fn verdict(self) -> Verdict {
        match self {
            Self::Delivered => delivered(),
            Self::Pending | Self::Taken => Verdict::Pending,
            Self::Failed | Self::GivenBack => Verdict::Failed { reason: FailReason::ProviderFailed },
            Self::NoOrder => Verdict::NoOrder { reason: FailReason::OutOfStock },
            Self::SessionEnded => Verdict::TryLater { reason: FailReason::SessionEnded },
            Self::TryLater => Verdict::TryLater { reason: FailReason::NotReached },
            Self::Unknown => Verdict::Unknown,
        }
    }
}

fn heard() -> impl Strategy<Value = Heard> {
    prop_oneof![
        Just(Heard::Delivered),
        Just(Heard::Pending),
        Just(Heard::Failed),
        Just(Heard::NoOrder),
        Just(Heard::TryLater),
        Just(Heard::Unknown),
        Just(Heard::Taken),
        Just(Heard::SessionEnded),
        Just(Heard::GivenBack),
    ]
}

fn look() -> impl Strategy<Value = Look> {
    prop_oneof![8 => Just(Look::Same), 4 => Just(Look::Grown), 2 => Just(Look::Problem), 1 => Just(Look::Ended)]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Buy),
        3 => prop_oneof![Just(PaymentMethod::Pulsa), Just(PaymentMethod::Qris)].prop_map(Act::BuyInSession),
        5 => look().prop_map(Act::Session),
        1 => heard().prop_map(Act::SecondLooks),
        3 => Just(Act::Claim),
        4 => (any::<prop::sample::Index>(), heard()).prop_map(|(at, heard)| Act::Answer(at.index(8), heard)),
        3 => heard().prop_map(Act::Ask),
        2 => (any::<prop::sample::Index>(), heard()).prop_map(|(at, heard)| Act::Webhook(at.index(8), heard)),
        1 => any::<prop::sample::Index>().prop_map(|at| Act::Cancel(at.index(8))),
        1 => (any::<prop::sample::Index>(), any::<bool>()).prop_map(|(at, yes)| Act::Decide(at.index(8), yes)),
        1 => Just(Act::Sweep),
        2 => prop_oneof![Just(30_000), Just(70_000), Just(16 * 60_000), Just(3 * domain::DAY_MS)].prop_map(Act::Wait),
    ]
}

/// What happened so far: purchases in order, and every job that was ever handed out, stale ones too.
#[derive(Default)]
struct Seen {
    purchases: Vec<PublicId>,
    jobs: Vec<SendJob>,
    /// What the number has.
    on_number: Vec<Quota>,
    renewals: u32,
}

impl Seen {
    fn job(&self, at: usize) -> Option<&SendJob> {
        self.jobs.get(self.jobs.len().checked_sub(1 + at % self.jobs.len().max(1))?)
    }

    fn purchase(&self, at: usize) -> Option<&PublicId> {
        self.purchases.get(self.purchases.len().checked_sub(1 + at % self.purchases.len().max(1))?)
    }
}

async fn play(stall: &Stall, acts: &[Act]) {
    const START: i64 = 10 * PRICE;
    let shop = &stall.shop;
    let mut seen = Seen::default();
    for act in acts {
        step(stall, &mut seen, act).await;
        // Money is never made nor lost: what is not available is held or spent on something delivered.
        let wallet = shop.wallet(shop.member).await;
        let mut spent = 0;
        let mut held = 0;
        for id in &seen.purchases {
            let purchase = shop.store.purchase(id, store::Viewer::Admin).await.unwrap().purchase;
            match purchase.hold {
                domain::HoldState::Open => held += PRICE,
                domain::HoldState::Captured => spent += PRICE,
                domain::HoldState::Released | domain::HoldState::Refunded => {}
            }
        }
        assert_eq!(
            (wallet.available.get(), wallet.held.get()),
            (START - spent - held, held),
            "after {act:?}"
        );
    }
    crate::rollups::agree(shop).await;
    let report = shop.store.check().await.unwrap();
    assert!(report.breaches.is_empty(), "{:#?}", report.breaches);
}

async fn step(stall: &Stall, seen: &mut Seen, act: &Act) {
    let shop = &stall.shop;
    match act {
        Act::BuyInSession(method) => {
            if let Ok(id) = shop.store.run(stall.purchase(*method)).await {
                seen.purchases.push(id);
            }
        }
        Act::Session(look) => look_at_numbers(shop, seen, *look).await,
        Act::SecondLooks(heard) => {
            for job in shop.store.run(TakeSecondLooks { limit: 10 }).await.unwrap() {
                stall.reply(&job, heard.verdict(), heard.evidence()).await;
            }
        }
        Act::Buy => {
            if let Ok(id) = shop.store.run(shop.purchase(&shop.store.random_token())).await {
                seen.purchases.push(id);
            }
        }
        Act::Claim => seen.jobs.extend(shop.claim().await),
        Act::Answer(at, heard) => {
            let Some(job) = seen.job(*at) else { return };
            let before = shop.state(&job.purchase).await;
            let after = stall.answer(job, heard.verdict(), heard.evidence()).await;
            let sound = before == after || before.may_become(after) || before == PurchaseState::Submitting;
            assert!(sound, "{before:?} became {after:?} by {heard:?}");
        }
        Act::Ask(heard) => {
            for job in shop.store.run(ClaimQueries { limit: 10 }).await.unwrap() {
                if job.in_session && job.provider_id.is_none() {
                    stall.compare(&job).await;
                    continue;
                }
                let after = stall.reply(&job, heard.verdict(), heard.evidence()).await;
                let settles = matches!(heard, Heard::Delivered | Heard::Failed | Heard::GivenBack);
                assert_eq!(after.is_settled(), settles, "{heard:?} led to {after:?}");
            }
        }
        Act::Webhook(at, heard) => {
            let Some(job) = seen.job(*at) else { return };
            shop.record(&job.purchase, job.attempt, Source::Webhook, heard.verdict()).await;
        }
        Act::Cancel(at) => {
            let Some(purchase) = seen.purchase(*at).cloned() else {
                return;
            };
            let _ = shop.store.run(CancelPurchase { user: shop.member, purchase }).await;
        }
        Act::Decide(at, delivered) => {
            let Some(purchase) = seen.purchase(*at).cloned() else {
                return;
            };
            let decide =
                DecidePurchase { admin: shop.admin, purchase, delivered: *delivered, reason: "seen".into() };
            let _ = shop.store.run(decide).await;
        }
        Act::Sweep => {
            shop.store.sweep_purchases().await.unwrap();
        }
        Act::Wait(ms) => {
            crate::rollups::catch_up(&shop.store, &shop.store).await;
            shop.database.clock.advance_ms(*ms);
        }
    }
}

async fn look_at_numbers(shop: &Shop, seen: &mut Seen, look: Look) {
    for job in claim(shop).await {
        let XlJob::Session(job) = job else { continue };
        let outcome = match look {
            Look::Problem => SessionOutcome::Problem("no answer".into()),
            Look::Ended => SessionOutcome::Ended,
            Look::Same | Look::Grown if job.renew => {
                seen.renewals += 1;
                let to = tokens(shop, &format!("s:r{}", seen.renewals));
                SessionOutcome::Renewed { from: job.access.clone(), to }
            }
            Look::Same => SessionOutcome::Quota(seen.on_number.clone()),
            Look::Grown => {
                let ends = shop.store.now().plus_ms(28 * domain::DAY_MS);
                seen.on_number.push(quota(LISTED, ends));
                SessionOutcome::Quota(seen.on_number.clone())
            }
        };
        record(shop, &job, outcome).await;
    }
}

/// Everything that can be bought: from the deposit with another gateway standing by, and in a session.
async fn open(database: store::testing::TestDatabase) -> Stall {
    let stall = Stall::open(Shop::open(database).await).await;
    stall.listed(|offer| offer.owner.methods.clear()).await;
    let second = store::Fallback { gateway: "kmsp".into(), sku: "OTHER".into(), cost: Rupiah::new(FEE) };
    let (admin, id) = (stall.shop.admin, stall.shop.package.clone());
    stall.shop.store.run(SaveFallbacks { admin, id, fallbacks: vec![second] }).await.unwrap();
    stall
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sequence_breaks_the_books() {
    // TORTURE_CASES makes a long run of it; the seed is printed by proptest's own persistence when one fails.
    let cases = std::env::var("TORTURE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(12);
    let mut runner = TestRunner::new(Config::default());
    let strategy = prop::collection::vec(act(), 10..60);
    for _ in 0..cases {
        let acts = strategy.new_tree(&mut runner).unwrap().current();
        for database in store::testing::databases().await {
            let kind = database.kind;
            let stall = open(database).await;
            let played = tokio::spawn({
                let acts = acts.clone();
                async move { play(&stall, &acts).await }
            });
            if let Err(panic) = played.await {
                eprintln!("{kind}: {acts:#?}");
                std::panic::resume_unwind(panic.into_panic());
            }
        }
    }
}
