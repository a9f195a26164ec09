use serde::{Deserialize, Serialize};

use crate::{Category, Rupiah};

/// How a selling price follows from what the gateway takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarginRule {
    /// Added to the cost, in hundredths of it.
    pub percent: i64,
    /// But at least so much.
    pub at_least: Rupiah,
    /// Prices are whole multiples of this, rounded up.
    pub step: Rupiah,
}

impl MarginRule {
    /// The selling price; `None` when it is out of range. Never below the cost.
    #[must_use]
    pub fn price(&self, cost: Rupiah) -> Option<Rupiah> {
        let share = cost.get().checked_mul(self.percent.max(0))?.checked_add(99)? / 100;
        let price = cost.get().checked_add(share.max(self.at_least.get()).max(0))?;
        let step = self.step.get().max(1);
        let over = price.rem_euclid(step);
        let rounded = if over == 0 { price } else { price.checked_add(step - over)? };
        Some(Rupiah::new(rounded))
    }
}

/// What is left of a price after the cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Margin {
    /// In rupiah; below zero for a loss.
    pub amount: Rupiah,
    /// In hundredths of a percent of the cost, rounded down so that it never looks better than it is. `None` where the
    /// cost is nothing.
    pub basis_points: Option<i64>,
}

impl Margin {
    /// Of a price.
    #[must_use]
    pub fn of(price: Rupiah, cost: Rupiah) -> Self {
        let amount = price.checked_sub(cost).unwrap_or_default();
        let share = i128::from(amount.get()) * 10_000;
        let share = Some(i128::from(cost.get())).filter(|cost| *cost > 0).map(|cost| share.div_euclid(cost));
        Self { amount, basis_points: share.and_then(|share| i64::try_from(share).ok()) }
    }

    /// It costs more than it brings in.
    #[must_use]
    pub fn is_loss(self) -> bool {
        self.amount < Rupiah::ZERO
    }
}

/// What a package's name says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFacts {
    /// `10 GB`, when there is such a thing in the name.
    pub quota: Option<String>,
    /// Days it runs, when the name says.
    pub validity_days: Option<i64>,
}

impl NameFacts {
    /// Reads `Xtra Combo 10GB 30 Hari`. Gateways put these facts nowhere else.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let lower = name.to_lowercase();
        let quota = amount_before(&lower, "gb").map(|amount| format!("{amount} GB"));
        let quota = quota.or_else(|| amount_before(&lower, "mb").map(|amount| format!("{amount} MB")));
        let days = ["hari", "hr", "day"].iter().find_map(|unit| amount_before(&lower, unit));
        let validity_days = days.and_then(|days| days.parse().ok()).filter(|days| (1..=730).contains(days));
        Self { quota, validity_days }
    }
}

impl Category {
    /// The one that fits a package that runs so many days.
    #[must_use]
    pub const fn of_days(days: i64) -> Self {
        match days {
            ..=3 => Self::Daily,
            4..=14 => Self::Weekly,
            _ => Self::Monthly,
        }
    }
}

/// The number that stands right before a unit, such as `1,5` before `gb`.
fn amount_before(text: &str, unit: &str) -> Option<String> {
    text.match_indices(unit).find_map(|(at, _)| {
        let before = text.get(..at)?.trim_end();
        let number: String =
            before.chars().rev().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
        let number: String = number.chars().rev().collect();
        let number = number.trim_matches(['.', ',']).to_owned();
        (!number.is_empty()).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn prices_are_rounded_up() {
        let rule = MarginRule { percent: 5, at_least: Rupiah::new(1_000), step: Rupiah::new(500) };
        let price = |cost: i64| rule.price(Rupiah::new(cost)).unwrap().get();
        assert_eq!(price(10_000), 11_000);
        assert_eq!(price(10_001), 11_500);
        assert_eq!(price(50_000), 52_500);
        assert_eq!(price(50_010), 53_000);
        assert_eq!(rule.price(Rupiah::new(i64::MAX)), None);
    }

    #[test]
    fn margins_never_look_better_than_they_are() {
        let margin = |price, cost| {
            let margin = Margin::of(Rupiah::new(price), Rupiah::new(cost));
            (margin.amount.get(), margin.basis_points, margin.is_loss())
        };
        assert_eq!(margin(25_500, 22_000), (3_500, Some(1_590), false));
        assert_eq!(margin(22_000, 22_000), (0, Some(0), false));
        assert_eq!(margin(21_999, 22_000), (-1, Some(-1), true));
        assert_eq!(margin(500, 0), (500, None, false));
    }

    #[test]
    fn names_tell_quota_and_days() {
        let facts = |name: &str| {
            let facts = NameFacts::read(name);
            (facts.quota.unwrap_or_default(), facts.validity_days)
        };
        assert_eq!(facts("Xtra Combo 10GB 30 Hari"), ("10 GB".into(), Some(30)));
        assert_eq!(facts("XL Data 1,5 GB, 7hr"), ("1,5 GB".into(), Some(7)));
        assert_eq!(facts("AXIS Bronet 500MB"), ("500 MB".into(), None));
        assert_eq!(facts("XL Combo Flex"), (String::new(), None));
    }

    proptest! {
        #[test]
        fn never_below_cost_and_always_whole(cost in 0..1_000_000_000_i64, percent in -5..500_i64,
            least in -10..100_000_i64, step in 0..10_000_i64) {
            let rule = MarginRule { percent, at_least: Rupiah::new(least), step: Rupiah::new(step) };
            let price = rule.price(Rupiah::new(cost)).unwrap().get();
            prop_assert!(price >= cost + least.max(0));
            prop_assert_eq!(price % step.max(1), 0);
        }

        #[test]
        fn any_name_can_be_read(name in ".*") {
            let facts = NameFacts::read(&name);
            prop_assert!(facts.validity_days.is_none_or(|days| (1..=730).contains(&days)));
        }
    }
}
