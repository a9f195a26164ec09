use proptest::prelude::*;

use super::*;

fn formula(step: PriceStep, value: i64, round: RoundUp) -> PriceFormula {
    PriceFormula { step, value, round }
}

fn terms(member: i64, reseller: i64, cost: i64) -> PackageTerms {
    let prices = Prices { member: Rupiah::new(member), reseller: Rupiah::new(reseller) };
    PackageTerms { prices, cost: Rupiah::new(cost), active: true }
}

#[test]
fn each_step_by_hand() {
    use PriceStep::{Add, CostPercent, CostPlus, PercentDown, PercentUp, Set, Subtract};
    let price = |step, value, round| {
        let price = formula(step, value, round).price(Rupiah::new(25_500), Rupiah::new(22_010));
        price.map(Rupiah::get)
    };
    assert_eq!(price(Set, 30_001, RoundUp::One), Some(30_001));
    assert_eq!(price(Set, 30_001, RoundUp::Hundred), Some(30_100));
    assert_eq!(price(Add, 500, RoundUp::Thousand), Some(26_000));
    assert_eq!(price(Subtract, 500, RoundUp::One), Some(25_000));
    assert_eq!(price(PercentUp, 500, RoundUp::One), Some(26_775));
    // 25,500 × 1.0333 = 26,349.15.
    assert_eq!(price(PercentUp, 333, RoundUp::One), Some(26_350));
    assert_eq!(price(PercentDown, 500, RoundUp::FiveHundred), Some(24_500));
    assert_eq!(price(CostPlus, 3_000, RoundUp::One), Some(25_010));
    assert_eq!(price(CostPercent, 1_000, RoundUp::Thousand), Some(25_000));
    assert_eq!(price(Set, 0, RoundUp::Thousand), None);
    assert_eq!(price(Subtract, 25_500, RoundUp::One), None);
    assert_eq!(price(PercentDown, 10_000, RoundUp::One), None);
    assert_eq!(price(Set, 999_999_999_999, RoundUp::One), Some(999_999_999_999));
    assert_eq!(price(Set, 999_999_999_999, RoundUp::Hundred), None);
    assert_eq!(price(Add, i64::MAX, RoundUp::One), None);
}

#[test]
fn what_becomes_of_a_package() {
    let minus =
        |target| BulkChange::Prices { target, formula: formula(PriceStep::Subtract, 2_000, RoundUp::One) };
    let both = minus(PriceTarget::Both).outcome(terms(25_500, 24_000, 22_000));
    assert_eq!((both.after, both.stop), (terms(23_500, 22_000, 22_000), None));
    let loss = minus(PriceTarget::Both).outcome(terms(25_500, 23_999, 22_000));
    assert_eq!(loss.stop, Some(BulkStop::BelowCost));
    // A price that is not touched may be below the cost already; raising the other one is a step out of it.
    let plus = BulkChange::Prices {
        target: PriceTarget::Member,
        formula: formula(PriceStep::CostPlus, 1_000, RoundUp::One),
    };
    let raised = plus.outcome(terms(20_000, 20_000, 22_000));
    assert_eq!((raised.after, raised.stop), (terms(23_000, 20_000, 22_000), None));
    assert_eq!(plus.outcome(terms(23_000, 20_000, 22_000)).stop, Some(BulkStop::Same));
    assert_eq!(minus(PriceTarget::Reseller).outcome(terms(9, 2_000, 0)).stop, Some(BulkStop::OutOfRange));

    let open = terms(25_500, 24_000, 22_000);
    let closed = PackageTerms { active: false, ..open };
    assert_eq!(BulkChange::Deactivate.outcome(open), BulkOutcome { after: closed, stop: None });
    assert_eq!(BulkChange::Activate.outcome(closed), BulkOutcome { after: open, stop: None });
    assert_eq!(BulkChange::Activate.outcome(open).stop, Some(BulkStop::Same));
    let at_a_loss = PackageTerms { cost: Rupiah::new(24_001), ..closed };
    assert_eq!(BulkChange::Activate.outcome(at_a_loss).stop, Some(BulkStop::BelowCost));
    assert_eq!(BulkChange::Deactivate.outcome(PackageTerms { active: true, ..at_a_loss }).stop, None);
}

#[test]
fn the_log_says_it_in_one_form() {
    let change = BulkChange::Prices {
        target: PriceTarget::Reseller,
        formula: formula(PriceStep::CostPercent, 705, RoundUp::FiveHundred),
    };
    assert_eq!(change.to_string(), "reseller cost_percent 7.05% round_up 500");
    let set = formula(PriceStep::Set, 12_500, RoundUp::One);
    assert_eq!(set.to_string(), "set 12500 round_up 1");
}

fn any_step() -> impl Strategy<Value = PriceStep> {
    prop::sample::select(PriceStep::ALL)
}

fn any_round() -> impl Strategy<Value = RoundUp> {
    prop::sample::select(RoundUp::ALL)
}

proptest! {
    /// Rounded once, up, and by less than one step: the exact result lies in the step below the price.
    #[test]
    fn the_price_is_the_next_multiple(step in any_step(), round in any_round(), value in 0..2_000_000_i64,
        now in 1..100_000_000_i64, cost in 0..100_000_000_i64) {
        let formula = formula(step, value, round);
        let exact = formula.exact(Rupiah::new(now), Rupiah::new(cost));
        match formula.price(Rupiah::new(now), Rupiah::new(cost)) {
            None => prop_assert!(exact <= 0),
            Some(price) => {
                let unit = round.rupiah();
                prop_assert_eq!(price.get() % unit, 0);
                prop_assert!(i128::from(price.get()) * WHOLE >= exact);
                prop_assert!(i128::from(price.get() - unit) * WHOLE < exact);
            }
        }
    }

    #[test]
    fn no_number_is_too_large(step in any_step(), round in any_round(), value in 0..=i64::MAX, now: i64, cost: i64) {
        if let Some(price) = formula(step, value, round).price(Rupiah::new(now), Rupiah::new(cost)) {
            prop_assert!(price.is_positive() && price <= Rupiah::LARGEST_TYPED);
        }
    }

    #[test]
    fn nothing_more_is_nothing_else(now in 1..1_000_000_000_i64, cost in 1..1_000_000_000_i64) {
        let price = |step| formula(step, 0, RoundUp::One).price(Rupiah::new(now), Rupiah::new(cost)).unwrap().get();
        for step in [PriceStep::Add, PriceStep::Subtract, PriceStep::PercentUp, PriceStep::PercentDown] {
            prop_assert_eq!(price(step), now);
        }
        for step in [PriceStep::CostPlus, PriceStep::CostPercent] {
            prop_assert_eq!(price(step), cost);
        }
    }

    /// A dearer package stays at least as dear.
    #[test]
    fn the_order_of_prices_is_kept(step in any_step(), round in any_round(), value in 0..10_000_i64,
        now in 1..1_000_000_i64, more in 0..1_000_000_i64, cost in 0..1_000_000_i64) {
        let price = |now| formula(step, value, round).price(Rupiah::new(now), Rupiah::new(cost));
        prop_assert!(price(now) <= price(now + more));
    }

    /// What a formula sets is never below the cost, unless it says so.
    #[test]
    fn nothing_is_sold_at_a_loss_by_a_formula(step in any_step(), round in any_round(), value in 0..20_000_i64,
        member in 1..1_000_000_i64, reseller in 1..1_000_000_i64, cost in 0..1_000_000_i64) {
        let change = BulkChange::Prices { target: PriceTarget::Both, formula: formula(step, value, round) };
        let outcome = change.outcome(terms(member, reseller, cost));
        if outcome.stop.is_none() {
            prop_assert!(outcome.after.prices.member >= outcome.after.cost);
            prop_assert!(outcome.after.prices.reseller >= outcome.after.cost);
            prop_assert_ne!(outcome.after.prices, terms(member, reseller, cost).prices);
        }
        prop_assert_eq!(outcome.after.cost.get(), cost);
    }
}
