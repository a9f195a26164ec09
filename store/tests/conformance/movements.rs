//! The running balance of a statement, against the sum of what moved it.

use domain::{FailReason, ProviderState, Rupiah, TopupMethod, UtcMillis, Verdict};
use store::{AdjustBalance, Cause, Direction, StatementLine, StatementSpan};

use crate::shop::{Shop, delivered, on_both};
use crate::till::{open_till, told, waiting};

/// Numbers that look random and are the same each time, so that a failing sequence can be played again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

async fn all(shop: &Shop, span: StatementSpan, direction: Option<Direction>) -> Vec<StatementLine> {
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let page = shop.store.movements(span, direction, after, 7).await.unwrap();
        lines.extend(page.items);
        after = page.next;
        if after.is_none() {
            return lines;
        }
    }
}

async fn whole(shop: &Shop) -> (StatementSpan, Vec<StatementLine>) {
    let span = shop.store.statement_span(shop.member, None, None).await.unwrap();
    (span, all(shop, span, None).await)
}

/// Each line's balance is the sum of everything up to it, and the last one's is in the wallet.
async fn assert_adds_up(shop: &Shop) -> Vec<StatementLine> {
    let (_, lines) = whole(shop).await;
    let mut sum = 0;
    for line in lines.iter().rev() {
        sum += line.amount.get();
        assert_eq!(line.balance_after.get(), sum, "{line:?}");
    }
    assert_eq!(shop.wallet(shop.member).await.available.get(), sum);
    lines
}

fn total(lines: &[StatementLine], direction: Direction) -> i64 {
    let amounts = lines.iter().map(|line| line.amount.get());
    match direction {
        Direction::In => amounts.filter(|amount| *amount > 0).sum(),
        Direction::Out => -amounts.filter(|amount| *amount < 0).sum::<i64>(),
    }
}

async fn adjust(shop: &Shop, rupiah: i64) {
    let change = AdjustBalance {
        admin: shop.admin,
        user: shop.member,
        amount: Rupiah::new(rupiah),
        reason: "for the test".into(),
        key: shop.store.random_token(),
    };
    // Taking away more than there is is refused, and then nothing has moved.
    let _ = shop.store.run(change).await;
}

async fn play(shop: &Shop, dice: &mut Dice, steps: u32) {
    shop.give(shop.member, 100_000).await;
    for _ in 0..steps {
        match dice.below(6) {
            0 => adjust(shop, i64::try_from(dice.below(90_000) + 1).unwrap()).await,
            1 => adjust(shop, -i64::try_from(dice.below(60_000) + 1).unwrap()).await,
            2 | 3 => {
                let _ = shop.store.run(shop.purchase(&shop.store.random_token())).await;
            }
            4 => {
                for job in shop.claim().await {
                    let failed = Verdict::Failed { reason: FailReason::ProviderFailed };
                    shop.answer(&job, if dice.below(2) == 0 { delivered() } else { failed }).await;
                }
            }
            _ => shop.database.clock.advance_ms(i64::try_from(dice.below(7_200_000)).unwrap()),
        }
    }
}

#[tokio::test]
async fn each_balance_is_the_sum_of_all_before_it_in_every_range() {
    for seed in 1..=3 {
        on_both(|shop| async move {
            let mut dice = Dice(seed);
            let began = shop.store.now();
            play(&shop, &mut dice, 60).await;
            let lines = assert_adds_up(&shop).await;
            assert!(lines.len() > 15, "seed {seed}: something happened");
            let lasted = shop.store.now().since_ms(began) + 2;
            for _ in 0..20 {
                let moment = |dice: &mut Dice| {
                    began.plus_ms(i64::try_from(dice.below(u64::try_from(lasted).unwrap())).unwrap())
                };
                let (a, b) = (moment(&mut dice), moment(&mut dice));
                assert_range(&shop, &lines, a.min(b), a.max(b), seed).await;
            }
            // The very moments of movements are where one is off by one.
            assert_range(&shop, &lines, lines[9].at, lines[3].at, seed).await;
            shop
        })
        .await;
    }
}

async fn assert_range(shop: &Shop, lines: &[StatementLine], from: UtcMillis, to: UtcMillis, seed: u64) {
    let span = shop.store.statement_span(shop.member, Some(from), Some(to)).await.unwrap();
    let inside: Vec<_> = lines.iter().filter(|line| line.at >= from && line.at < to).cloned().collect();
    assert_eq!(all(shop, span, None).await, inside, "seed {seed}: {from:?} to {to:?}");
    let sums = shop.store.statement_sums(span).await.unwrap();
    let before = lines.iter().find(|line| line.at < from).map_or(0, |line| line.balance_after.get());
    assert_eq!(sums.opening.get(), before, "seed {seed}");
    let after = inside.first().map_or(before, |line| line.balance_after.get());
    assert_eq!(sums.closing.get(), after, "seed {seed}");
    let turnover = sums.turnover.map(|(came_in, went_out)| (came_in.get(), went_out.get()));
    assert_eq!(turnover, Some((total(&inside, Direction::In), total(&inside, Direction::Out))));
    for direction in [Direction::In, Direction::Out] {
        let some = all(shop, span, Some(direction)).await;
        let fits = |line: &&StatementLine| (line.amount.get() > 0) == (direction == Direction::In);
        assert_eq!(
            some,
            inside.iter().filter(fits).cloned().collect::<Vec<_>>(),
            "seed {seed}: {direction:?}"
        );
    }
}

#[tokio::test]
async fn writes_at_the_same_time_leave_no_gap_in_the_balances() {
    on_both(|shop| async {
        shop.give(shop.member, 500_000).await;
        let mut tasks = Vec::new();
        for n in 0..24 {
            let (store, buy) = (shop.store.clone(), shop.purchase(&format!("k{n}")));
            let change = AdjustBalance {
                admin: shop.admin,
                user: shop.member,
                amount: Rupiah::new(1_000 + n),
                reason: "for the test".into(),
                key: format!("k{n}"),
            };
            tasks.push(tokio::spawn(async move {
                if n % 2 == 0 {
                    store.run(buy).await.unwrap();
                } else {
                    store.run(change).await.unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(assert_adds_up(&shop).await.len(), 25);
        shop
    })
    .await;
}

#[tokio::test]
async fn what_is_posted_later_is_not_in_a_range_that_was_looked_up() {
    on_both(|shop| async {
        shop.give(shop.member, 1_000).await;
        let (span, lines) = whole(&shop).await;
        shop.give(shop.member, 2_000).await;
        assert_eq!(all(&shop, span, None).await, lines);
        assert_eq!(shop.store.statement_sums(span).await.unwrap().closing.get(), 1_000);
        let others = shop.store.statement_span(shop.reseller, None, None).await.unwrap();
        assert_eq!(all(&shop, others, None).await, []);
        let foreign = shop.store.movements(others, None, Some("hold~NOTHING".into()), 5).await.unwrap();
        assert_eq!(foreign.items, []);
        shop
    })
    .await;
}

#[tokio::test]
async fn debts_are_told_and_each_line_leads_to_its_cause() {
    on_both(|shop| async {
        open_till(&shop).await;
        let first = waiting(&shop, "a", TopupMethod::Qris, 30_000).await;
        told(&shop, &first, ProviderState::Paid).await;
        let bought = shop.buy().await;
        // 4,500 are left of it, and 25,500 are owed.
        told(&shop, &first, ProviderState::ChargedBack).await;
        let second = waiting(&shop, "b", TopupMethod::Qris, 20_000).await;
        told(&shop, &second, ProviderState::Paid).await;
        let lines = assert_adds_up(&shop).await;
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line.kind.as_str(), line.amount.get(), line.balance_after.get(), line.debt.get()))
            .collect();
        assert_eq!(
            told,
            [
                // All of it pays what is owed: the balance has not moved, and still it is a movement.
                ("credit", 0, 0, 20_000),
                ("reversal", -4_500, 0, -25_500),
                ("hold", -25_500, 4_500, 0),
                ("credit", 30_000, 30_000, 0),
            ]
        );
        let causes: Vec<_> = lines.into_iter().map(|line| line.cause.unwrap()).collect();
        let topup = |topup: &store::Topup| Cause::Topup(topup.id.clone());
        assert_eq!(causes, [topup(&second), topup(&first), Cause::Purchase(bought), topup(&first)]);
        shop
    })
    .await;
}
