//! Random sequences of everything that can happen to top-ups, against a model in memory: what was paid at the gateway, and
//! what it took back. After each sequence the books are checked; a failing one is shown.

use std::collections::BTreeMap;

use domain::{
    CancelVerdict, ChargeFacts, ChargeRefusal, ChargeVerdict, PayCaseAction, ProviderState, PublicId, Rupiah,
    StatusVerdict, TopupMethod, TopupState,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use store::{
    CancelTopup, ChargeEvidence, ChargeJob, ChargeTodo, ClaimRefunds, EndRefundByHand, Heard, HintCharge,
    RecordCharge, RecordRefund, RefundTopup, RequestTopup, ResolveCase, SweepTopups, Topup,
};

use crate::charges::cases;
use crate::shop::Shop;
use crate::till::{GATEWAY, claim, facts, open_till, topup};

#[derive(Clone, Debug)]
enum Act {
    Ask {
        va: bool,
        rupiah: i64,
    },
    Buy,
    /// The payer pays the nth order, whatever we think of it.
    Pay(usize),
    /// The gateway takes it back.
    TakeBack(usize, bool),
    /// Workers claim what is due, and record answers of this quality.
    Work(Quality),
    /// An old worker records what it heard long ago.
    Stale(usize),
    Hint(usize),
    Cancel(usize),
    Sweep,
    Resolve(bool),
    Refund(usize, bool),
    RefundAnswer(u8),
    EndRefund(bool),
    Wait(i64),
}

#[derive(Clone, Copy, Debug)]
enum Quality {
    Truth,
    Silence,
    /// Claims that there is no such order, or that it was taken already.
    Lie,
    Refuses,
}

fn act() -> impl Strategy<Value = Act> {
    let at = || any::<prop::sample::Index>().prop_map(|at| at.index(6));
    prop_oneof![
        3 => (any::<bool>(), 10_000..90_000_i64).prop_map(|(va, rupiah)| Act::Ask { va, rupiah }),
        1 => Just(Act::Buy),
        4 => at().prop_map(Act::Pay),
        2 => (at(), any::<bool>()).prop_map(|(at, all)| Act::TakeBack(at, all)),
        8 => prop_oneof![
            6 => Just(Quality::Truth), 2 => Just(Quality::Silence), 1 => Just(Quality::Lie), 1 => Just(Quality::Refuses)
        ].prop_map(Act::Work),
        2 => at().prop_map(Act::Stale),
        4 => at().prop_map(Act::Hint),
        1 => at().prop_map(Act::Cancel),
        1 => Just(Act::Sweep),
        2 => any::<bool>().prop_map(Act::Resolve),
        1 => (at(), any::<bool>()).prop_map(|(at, by_gateway)| Act::Refund(at, by_gateway)),
        1 => any::<u8>().prop_map(Act::RefundAnswer),
        1 => any::<bool>().prop_map(Act::EndRefund),
        3 => prop_oneof![Just(10_000), Just(70_000), Just(40 * 60_000), Just(domain::DAY_MS)].prop_map(Act::Wait),
    ]
}

/// The gateway's book.
#[derive(Clone, Debug, Default)]
struct Order {
    gross: i64,
    paid: bool,
    back: i64,
    cancelled: bool,
}

#[derive(Default)]
struct Seen {
    topups: Vec<PublicId>,
    orders: BTreeMap<String, Order>,
    jobs: Vec<ChargeJob>,
    refund_jobs: Vec<store::RefundJob>,
}

impl Order {
    fn facts(&self, job: &ChargeJob) -> ChargeFacts {
        let state = match (self.paid, self.back) {
            (true, 0) => ProviderState::Paid,
            (true, back) if back < self.gross => ProviderState::PartlyRefunded,
            (true, _) => ProviderState::ChargedBack,
            (false, _) if self.cancelled => ProviderState::Cancelled,
            (false, _) => ProviderState::Pending,
        };
        ChargeFacts { returned: (self.back > 0).then(|| Rupiah::new(self.back)), ..facts(job, state) }
    }
}

impl Seen {
    fn topup(&self, at: usize) -> Option<&PublicId> {
        self.topups.get(self.topups.len().checked_sub(1 + at % self.topups.len().max(1))?)
    }

    fn order(&mut self, at: usize) -> Option<&mut Order> {
        let count = self.orders.len();
        self.orders.values_mut().nth(at.checked_rem(count)?)
    }

    /// What the gateway says to this question. It knows an order from the moment it was asked to collect, whatever it
    /// answered.
    fn answer(&mut self, job: &ChargeJob, quality: Quality) -> Heard {
        let charge = matches!(job.todo, ChargeTodo::Charge);
        if charge && !matches!(quality, Quality::Refuses) {
            self.orders
                .entry(job.order_id.clone())
                .or_insert_with(|| Order { gross: job.gross.get(), ..Order::default() });
        }
        let order = self.orders.get_mut(&job.order_id);
        match (job.todo, quality) {
            (ChargeTodo::Charge, Quality::Refuses) => match order {
                None => Heard::Charge(ChargeVerdict::Refused(ChargeRefusal::Request)),
                Some(_) => Heard::Charge(ChargeVerdict::Unknown),
            },
            (ChargeTodo::Charge, Quality::Silence) => Heard::Charge(ChargeVerdict::Unknown),
            (ChargeTodo::Charge, Quality::Lie) => Heard::Charge(ChargeVerdict::Exists),
            (ChargeTodo::Charge, Quality::Truth) => match order {
                Some(order) => Heard::Charge(ChargeVerdict::Made(order.facts(job))),
                None => Heard::Charge(ChargeVerdict::Unknown),
            },
            (ChargeTodo::Cancel, Quality::Truth) => match order {
                Some(order) => {
                    order.cancelled = true;
                    Heard::Cancel(CancelVerdict::Cancelled)
                }
                None => Heard::Cancel(CancelVerdict::NoSuchOrder),
            },
            (ChargeTodo::Cancel, _) => Heard::Cancel(CancelVerdict::Unknown),
            (ChargeTodo::Status | ChargeTodo::Recover { .. }, quality) => {
                Heard::Status(match (quality, order) {
                    (Quality::Truth, Some(order)) => StatusVerdict::Found(order.facts(job)),
                    // A gateway may lose sight of an order for a while. It is never charged anew under another id.
                    (Quality::Truth | Quality::Lie, _) => StatusVerdict::NoSuchOrder,
                    _ => StatusVerdict::Unknown,
                })
            }
        }
    }
}

async fn record(shop: &Shop, job: &ChargeJob, heard: Heard) {
    let evidence = ChargeEvidence::default();
    let record = RecordCharge { charge: job.charge, token: job.token, hints: job.hints, heard, evidence };
    shop.store.run(record).await.unwrap();
}

async fn step(shop: &Shop, seen: &mut Seen, act: &Act) {
    match act {
        Act::Ask { va, rupiah } => {
            let method = if *va { TopupMethod::VaBca } else { TopupMethod::Qris };
            let (base, key) = (Rupiah::new(*rupiah), shop.store.random_token());
            let request = RequestTopup { user: shop.member, method, bank_account: None, base, key };
            if let Ok(id) = shop.store.run(request).await {
                seen.topups.push(id);
            }
        }
        Act::Buy => drop(shop.store.run(shop.purchase(&shop.store.random_token())).await),
        Act::Pay(at) => {
            if let Some(order) = seen.order(*at) {
                order.paid = true;
            }
        }
        Act::TakeBack(at, all) => {
            if let Some(order) = seen.order(*at).filter(|order| order.paid) {
                order.back = if *all { order.gross } else { (order.back + 5_000).min(order.gross) };
            }
        }
        Act::Work(quality) => {
            for job in claim(shop).await {
                let heard = seen.answer(&job, *quality);
                record(shop, &job, heard).await;
                seen.jobs.push(job);
            }
        }
        Act::Stale(at) => {
            if let Some(job) = seen.jobs.get(at % seen.jobs.len().max(1)).cloned() {
                let heard = Heard::Status(StatusVerdict::Found(facts(&job, ProviderState::Pending)));
                record(shop, &job, heard).await;
            }
        }
        Act::Hint(at) => {
            if let Some(id) = seen.topup(*at).cloned() {
                let order_id = format!("{}-1", id.as_str());
                shop.store.run(HintCharge { gateway: GATEWAY.into(), order_id }).await.unwrap();
            }
        }
        Act::Cancel(at) => {
            if let Some(topup) = seen.topup(*at).cloned() {
                drop(shop.store.run(CancelTopup { user: shop.member, topup }).await);
            }
        }
        Act::Sweep => drop(shop.store.run(SweepTopups).await.unwrap()),
        Act::Resolve(credit) => resolve(shop, *credit).await,
        Act::Refund(at, by_gateway) => {
            if let Some(topup) = seen.topup(*at).cloned() {
                let (admin, by_gateway) = (shop.admin, *by_gateway);
                drop(shop.store.run(RefundTopup { admin, topup, by_gateway, reason: "wanted".into() }).await);
            }
        }
        Act::RefundAnswer(n) => refund_answer(shop, seen, *n).await,
        Act::EndRefund(back) => end_refund(shop, seen, *back).await,
        Act::Wait(ms) => {
            crate::rollups::catch_up(&shop.store, &shop.store).await;
            shop.database.clock.advance_ms(*ms);
        }
    }
}

async fn resolve(shop: &Shop, credit: bool) {
    let Some(case) = cases(shop).await.into_iter().next() else { return };
    let action = match (case.kind.is_in_suspense(), credit) {
        (false, _) => PayCaseAction::Acknowledge,
        (true, true) => PayCaseAction::Credit,
        (true, false) => PayCaseAction::Return,
    };
    let user = Some("member".parse().unwrap());
    let resolve = ResolveCase {
        admin: shop.admin,
        case: case.id.clone(),
        action,
        user,
        from_bank: None,
        note: "seen".into(),
    };
    drop(shop.store.run(resolve).await);
}

async fn refund_answer(shop: &Shop, seen: &mut Seen, n: u8) {
    seen.refund_jobs.extend(shop.store.run(ClaimRefunds { limit: 3 }).await.unwrap());
    let Some(job) = seen.refund_jobs.get(usize::from(n) % seen.refund_jobs.len().max(1)).cloned() else {
        return;
    };
    let order = seen.orders.get_mut(&job.order_id).unwrap();
    let verdict = match n % 3 {
        0 if order.back == 0 => {
            order.back = job.amount.get();
            domain::RefundVerdict::Done
        }
        1 => domain::RefundVerdict::Refused,
        _ => domain::RefundVerdict::Unknown,
    };
    shop.store.run(RecordRefund { id: job.id, token: job.token, verdict }).await.unwrap();
}

async fn end_refund(shop: &Shop, seen: &Seen, back: bool) {
    for id in &seen.topups {
        for refund in shop.store.refunds_of(id).await.unwrap() {
            let transferred = (!back).then(|| (1, "TRF".to_owned()));
            let end = EndRefundByHand { admin: shop.admin, refund: refund.id, transferred };
            drop(shop.store.run(end).await);
        }
    }
}

/// In the end everything is asked about once more, truthfully: then our books must be the gateway's.
async fn settle(shop: &Shop, seen: &mut Seen) {
    for _ in 0..6 {
        for order_id in seen.orders.keys().cloned().collect::<Vec<_>>() {
            shop.store.run(HintCharge { gateway: GATEWAY.into(), order_id }).await.unwrap();
        }
        shop.database.clock.advance_ms(120_000);
        for job in claim(shop).await {
            let heard = seen.answer(&job, Quality::Truth);
            record(shop, &job, heard).await;
        }
    }
}

async fn judge(shop: &Shop, seen: &Seen) {
    let mut topups: Vec<Topup> = Vec::new();
    for id in &seen.topups {
        topups.push(topup(shop, id).await);
    }
    for topup in &topups {
        let orders: Vec<&Order> = seen
            .orders
            .iter()
            .filter(|(id, _)| id.starts_with(topup.id.as_str()))
            .map(|(_, order)| order)
            .collect();
        let paid = orders.iter().any(|order| order.paid);
        let ever_credited = matches!(
            topup.state,
            TopupState::Credited | TopupState::RefundPending | TopupState::Refunded | TopupState::Reversed
        );
        // What came and went before we ever asked is nobody's balance; everything else that came is.
        let untouched = orders.iter().any(|order| order.paid && order.back == 0);
        assert!(!ever_credited || paid, "{topup:?} credited, nothing paid");
        assert!(ever_credited || !untouched, "{topup:?} paid, not credited");
    }
}

async fn play(shop: &Shop, acts: &[Act]) {
    let mut seen = Seen::default();
    for act in acts {
        step(shop, &mut seen, act).await;
        let wallet = shop.wallet(shop.member).await;
        assert!(wallet.available >= Rupiah::ZERO && wallet.receivable <= Rupiah::ZERO);
    }
    settle(shop, &mut seen).await;
    judge(shop, &seen).await;
    crate::rollups::agree(shop).await;
    let report = shop.store.check().await.unwrap();
    assert!(report.breaches.is_empty(), "{:#?}", report.breaches);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_the_books_agree_with_the_gateway() {
    // TORTURE_CASES makes a long run of it.
    let cases = std::env::var("TORTURE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(12);
    let mut runner = TestRunner::new(Config::default());
    let strategy = prop::collection::vec(act(), 10..60);
    for _ in 0..cases {
        let acts = strategy.new_tree(&mut runner).unwrap().current();
        for database in store::testing::databases().await {
            let kind = database.kind;
            let shop = Shop::open(database).await;
            open_till(&shop).await;
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
