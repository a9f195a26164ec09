//! Many top-ups at once while a fifth of everything that the payment gateway says goes wrong. In the end our books must be
//! the gateway's. TORTURE_TOPUPS makes a long run of it.

use std::time::Duration;

use domain::{HOUR_MS, Rupiah, SECOND_MS, TopupMethod, TopupState};
use futures_util::StreamExt;
use simulator::{PaymentAct, PaymentFault, PaymentRule};
use store::{CancelTopup, CaseFilter};

use crate::counter::{Counter, PATIENCE, until_within};
use crate::shop::{Setup, on_each_database};

/// Of a hundred.
const CHARGE_FAULTS: &[(PaymentFault, u8)] = &[
    (PaymentFault::Close, 4),
    (PaymentFault::Http500, 4),
    (PaymentFault::TruncatedJson, 3),
    (PaymentFault::Hang, 2),
    (PaymentFault::HangUndone, 2),
    (PaymentFault::TooMany, 3),
    (PaymentFault::NoPaymentData, 2),
];
const STATUS_FAULTS: &[(PaymentFault, u8)] = &[
    (PaymentFault::Down, 8),
    (PaymentFault::Http500, 4),
    (PaymentFault::TruncatedJson, 4),
    (PaymentFault::Missing, 4),
];
const NOTIFICATION_FAULTS: &[(PaymentFault, u8)] = &[
    (PaymentFault::Never, 5),
    (PaymentFault::WrongBit, 4),
    (PaymentFault::Duplicates { count: 10 }, 4),
    (PaymentFault::UnknownOrder, 3),
    (PaymentFault::Late { ms: 900_000 }, 4),
];
/// One of each group must have struck, however short the run is.
const MUST_STRIKE: &[&[&str]] = &[
    &["close", "hang", "hang_undone", "too_many", "no_payment_data"],
    &["down", "missing"],
    &["never", "wrong_bit", "duplicates", "late", "unknown_order"],
];
const AT_ONCE: usize = 16;
/// How long the looks of days may take for each top-up of a long run.
const LATER_LOOKS_EACH: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug)]
enum Payer {
    Pays,
    NeverPays,
    CancelsAndPays,
    PaysOther,
    PaysAndTakesBack,
    PaysAndGetsSomeBack,
}

impl Payer {
    const fn of(n: u64) -> Self {
        match n % 20 {
            0 | 1 => Self::NeverPays,
            2 => Self::CancelsAndPays,
            3 => Self::PaysOther,
            4 => Self::PaysAndTakesBack,
            5 => Self::PaysAndGetsSomeBack,
            _ => Self::Pays,
        }
    }
}

fn misbehave(counter: &Counter) {
    for (call, faults) in
        [("charge", CHARGE_FAULTS), ("status", STATUS_FAULTS), ("notification", NOTIFICATION_FAULTS)]
    {
        for (fault, percent) in faults {
            let rule = PaymentRule {
                call: Some(call.to_owned()),
                percent: Some(*percent),
                ..PaymentRule::new(fault.clone())
            };
            counter.bank.simulator.add_payment_rule(rule);
        }
    }
}

async fn one(counter: &Counter, n: u64) {
    let method = if n.is_multiple_of(3) { TopupMethod::VaBca } else { TopupMethod::Qris };
    let id = counter.ask(method, 10_000 + i64::try_from(n % 90).unwrap() * 1_000).await;
    let over = [TopupState::Pending, TopupState::Failed, TopupState::Expired];
    counter.reached(&id, &over).await;
    let Some(order) = counter.orders(&id).pop() else { return };
    let simulator = &counter.bank.simulator;
    match Payer::of(n) {
        Payer::NeverPays => return,
        Payer::CancelsAndPays => {
            // It may be over already.
            drop(counter.shop.store.run(CancelTopup { user: counter.buyer, topup: id.clone() }).await);
            simulator.pay(&order.order_id).unwrap();
        }
        Payer::PaysOther => {
            let amount = Some(order.gross_rupiah + 1_000);
            simulator.act_on_payment(&order.order_id, PaymentAct::Pay { amount }).unwrap();
        }
        Payer::Pays | Payer::PaysAndTakesBack | Payer::PaysAndGetsSomeBack => {
            simulator.pay(&order.order_id).unwrap();
        }
    }
    let taken = [TopupState::Credited, TopupState::Review];
    counter.reached(&id, &taken).await;
    match Payer::of(n) {
        Payer::PaysAndTakesBack => {
            simulator.act_on_payment(&order.order_id, PaymentAct::Chargeback).unwrap();
        }
        Payer::PaysAndGetsSomeBack => {
            simulator.act_on_payment(&order.order_id, PaymentAct::Refund { amount: Some(3_000) }).unwrap();
        }
        _ => {}
    }
}

/// What our books have taken, and what was taken back of it.
async fn ours(counter: &Counter) -> (i64, i64) {
    let (database, now) = (&counter.shop.database, counter.shop.store.now());
    let taken = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payment WHERE created_at <= $1";
    let reversed = "SELECT CAST(COALESCE(SUM(reversed), 0) AS BIGINT) FROM payment WHERE created_at <= $1";
    (database.number(taken, now).await, database.number(reversed, now).await)
}

/// Moves the clock on to the next questions, but never past a worker that is at one: its lease must not end meanwhile.
async fn pass_time(counter: &mut Counter) {
    let due = "SELECT COUNT(*) FROM charge WHERE due_at > 0 AND due_at <= $1";
    if counter.shop.database.number(due, counter.shop.store.now()).await == 0 {
        counter.shop.database.clock.advance_ms(HOUR_MS);
    } else {
        counter.tick_ms = SECOND_MS;
        counter.tick();
    }
}

/// Money that waits for a human.
async fn in_suspense(counter: &Counter) -> i64 {
    let (mut sum, mut after) = (0, None);
    loop {
        let filter = CaseFilter { limit: 100, after, ..CaseFilter::default() };
        let page = counter.shop.store.pay_cases(filter).await.unwrap();
        let waiting = page.items.iter().filter(|case| case.kind.is_in_suspense());
        sum += waiting.filter_map(|case| case.amount).map(Rupiah::get).sum::<i64>();
        after = page.next;
        if after.is_none() {
            return sum;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sum_of_credits_is_the_gateways_book() {
    let topups = std::env::var("TORTURE_TOPUPS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    on_each_database(Setup::default(), async |shop| {
        let mut counter = Counter::open(shop).await;
        counter.tick_ms = 4 * SECOND_MS;
        misbehave(&counter);
        let all = futures_util::stream::iter(0..topups);
        all.for_each_concurrent(AT_ONCE, |n| one(&counter, n)).await;
        // What was taken back and not told of is found by the later looks.
        let patience = PATIENCE + LATER_LOOKS_EACH * u32::try_from(topups).unwrap();
        let book = until_within(patience, "our books are the gateway's", async || {
            let totals = counter.bank.simulator.payment_totals();
            let back = totals.refunded_rupiah + totals.charged_back_rupiah + totals.denied_rupiah;
            if ours(&counter).await == (totals.settled_rupiah, back) {
                return Some(totals);
            }
            pass_time(&mut counter).await;
            None
        })
        .await;
        let wallet = counter.shop.store.wallet(counter.buyer).await.unwrap();
        let owned = wallet.available.get() + wallet.receivable.get();
        assert_eq!(owned + in_suspense(&counter).await, book.kept_rupiah);
        assert!(book.settled_rupiah > 0 && book.paid_twice == 0);
        let struck = counter.bank.simulator.payment_faults_struck();
        for group in MUST_STRIKE {
            let strikes: u64 = group.iter().filter_map(|name| struck.get(*name)).sum();
            assert!(strikes > 0, "none of {group:?} has struck: {struck:?}");
        }
        println!("{topups} top-ups, {book:?}, faults {struck:?}");
        counter.close().await;
    })
    .await;
}
