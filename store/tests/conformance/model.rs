//! Random sequences of everything that can happen to purchases, against a model in memory that knows only the rules.
//! After each sequence the books are checked; a failing one is shrunk and shown.

use domain::{FailReason, PublicId, PurchaseState, Verdict};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use store::{CancelPurchase, DecidePurchase, SendJob, Source};

use crate::shop::{PRICE, Shop, delivered};

#[derive(Clone, Debug)]
enum Act {
    Buy,
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
}

impl Heard {
    fn verdict(self) -> Verdict {
        match self {
            Self::Delivered => delivered(),
            Self::Pending => Verdict::Pending,
            Self::Failed => Verdict::Failed { reason: FailReason::ProviderFailed },
            Self::NoOrder => Verdict::NoOrder { reason: FailReason::BadNumber },
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
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Buy),
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
}

impl Seen {
    fn job(&self, at: usize) -> Option<&SendJob> {
        self.jobs.get(self.jobs.len().checked_sub(1 + at % self.jobs.len().max(1))?)
    }

    fn purchase(&self, at: usize) -> Option<&PublicId> {
        self.purchases.get(self.purchases.len().checked_sub(1 + at % self.purchases.len().max(1))?)
    }
}

async fn play(shop: &Shop, acts: &[Act]) {
    const START: i64 = 10 * PRICE;
    shop.give(shop.member, START).await;
    let mut seen = Seen::default();
    for act in acts {
        step(shop, &mut seen, act).await;
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
    let report = shop.store.check().await.unwrap();
    assert!(report.breaches.is_empty(), "{:#?}", report.breaches);
}

async fn step(shop: &Shop, seen: &mut Seen, act: &Act) {
    match act {
        Act::Buy => {
            if let Ok(id) = shop.store.run(shop.purchase(&shop.store.random_token())).await {
                seen.purchases.push(id);
            }
        }
        Act::Claim => seen.jobs.extend(shop.claim().await),
        Act::Answer(at, heard) => {
            let Some(job) = seen.job(*at) else { return };
            let before = shop.state(&job.purchase).await;
            let after = shop.answer(job, heard.verdict()).await;
            let sound = before == after || before.may_become(after) || before == PurchaseState::Submitting;
            assert!(sound, "{before:?} became {after:?} by {heard:?}");
        }
        Act::Ask(heard) => {
            for job in shop.store.run(store::ClaimQueries { limit: 10 }).await.unwrap() {
                let after = shop.reply(&job, heard.verdict()).await;
                let settles = matches!(heard, Heard::Delivered | Heard::Failed);
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
        Act::Wait(ms) => shop.database.clock.advance_ms(*ms),
    }
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
            let shop = Shop::open(database).await;
            let played = tokio::spawn({
                let acts = acts.clone();
                async move { play(&shop, &acts).await }
            });
            if let Err(panic) = played.await {
                eprintln!("{kind}: {acts:#?}");
                std::panic::resume_unwind(panic.into_panic());
            }
        }
    }
}
