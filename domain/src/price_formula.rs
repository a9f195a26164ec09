use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::words;
use crate::{Prices, Rupiah};

/// How a new price follows from the present one or from the cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceStep {
    /// The value itself.
    Set,
    /// So many rupiah more.
    Add,
    /// So many rupiah less.
    Subtract,
    /// So much more, in hundredths of a percent of the price.
    PercentUp,
    /// So much less, in hundredths of a percent of the price.
    PercentDown,
    /// The cost and so many rupiah.
    CostPlus,
    /// The cost and so much of it, in hundredths of a percent.
    CostPercent,
}

words!(PriceStep {
    PercentUp = "percent_up",
    PercentDown = "percent_down",
    Add = "add",
    Subtract = "subtract",
    CostPlus = "cost_plus",
    CostPercent = "cost_percent",
    Set = "set",
});

/// Prices are whole multiples of this many rupiah.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundUp {
    /// Whole rupiah.
    One,
    /// Hundreds.
    Hundred,
    /// Five hundreds.
    FiveHundred,
    /// Thousands.
    Thousand,
}

words!(RoundUp { One = "1", Hundred = "100", FiveHundred = "500", Thousand = "1000" });

/// Which of a package's prices a formula changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceTarget {
    /// Those of members and resellers, each by itself.
    Both,
    /// The members' price.
    Member,
    /// The resellers' price.
    Reseller,
}

words!(PriceTarget { Both = "both", Member = "member", Reseller = "reseller" });

/// A formula for prices.
///
/// The exact result is a fraction of a rupiah where percents are involved. It is rounded once, and always up: to the
/// smallest whole multiple of [`PriceFormula::round`] that is not below it. There is no other rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceFormula {
    /// How it follows.
    pub step: PriceStep,
    /// Rupiah, or hundredths of a percent where the step is one of percents. Not below zero.
    pub value: i64,
    /// What the result is rounded up to.
    pub round: RoundUp,
}

/// What an admin does to many packages at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkChange {
    /// Other prices.
    Prices {
        /// Whose.
        target: PriceTarget,
        /// Which.
        formula: PriceFormula,
    },
    /// On sale.
    Activate,
    /// Off sale.
    Deactivate,
}

/// What a package is sold for, and whether it is: all that a bulk change looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageTerms {
    /// By role.
    pub prices: Prices,
    /// What the gateway takes.
    pub cost: Rupiah,
    /// Whether it can be bought.
    pub active: bool,
}

/// Why a bulk change leaves a package as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkStop {
    /// It is so already.
    Same,
    /// A price that it touches, or would open for sale, would be below the cost.
    BelowCost,
    /// The formula gives nothing that can be a price.
    OutOfRange,
}

/// What becomes of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BulkOutcome {
    /// Afterwards; where it cannot be carried out, what it would be as far as that can be told.
    pub after: PackageTerms,
    /// Why it is left as it is.
    pub stop: Option<BulkStop>,
}

/// In what the exact result is counted: hundredths of a percent.
const WHOLE: i128 = 10_000;

impl PriceStep {
    /// Whether the value is a share, in hundredths of a percent.
    #[must_use]
    pub const fn is_percent(self) -> bool {
        matches!(self, Self::PercentUp | Self::PercentDown | Self::CostPercent)
    }
}

impl RoundUp {
    /// In rupiah.
    #[must_use]
    pub const fn rupiah(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Hundred => 100,
            Self::FiveHundred => 500,
            Self::Thousand => 1_000,
        }
    }
}

impl PriceFormula {
    /// The new price; `None` when it would not be between Rp 1 and [`Rupiah::LARGEST_TYPED`].
    #[must_use]
    pub fn price(&self, now: Rupiah, cost: Rupiah) -> Option<Rupiah> {
        let exact = self.exact(now, cost);
        if exact <= 0 {
            return None;
        }
        let unit = WHOLE * i128::from(self.round.rupiah());
        let units = exact / unit + i128::from(exact % unit > 0);
        let price = i64::try_from(units * i128::from(self.round.rupiah())).ok()?;
        Some(Rupiah::new(price)).filter(|price| *price <= Rupiah::LARGEST_TYPED)
    }

    /// The result before rounding, in ten-thousandths of a rupiah. Three numbers of 64 bits cannot overflow it.
    fn exact(&self, now: Rupiah, cost: Rupiah) -> i128 {
        let (now, cost, value) = (i128::from(now.get()), i128::from(cost.get()), i128::from(self.value));
        match self.step {
            PriceStep::Set => value * WHOLE,
            PriceStep::Add => (now + value) * WHOLE,
            PriceStep::Subtract => (now - value) * WHOLE,
            PriceStep::PercentUp => now * (WHOLE + value),
            PriceStep::PercentDown => now * (WHOLE - value),
            PriceStep::CostPlus => (cost + value) * WHOLE,
            PriceStep::CostPercent => cost * (WHOLE + value),
        }
    }
}

impl BulkChange {
    /// What becomes of a package. Preview and operation ask the same, so they cannot differ.
    #[must_use]
    pub fn outcome(&self, before: PackageTerms) -> BulkOutcome {
        match *self {
            Self::Prices { target, formula } => priced(target, formula, before),
            Self::Activate => {
                let Prices { member, reseller } = before.prices;
                let is_loss = member < before.cost || reseller < before.cost;
                switched(before, true, is_loss)
            }
            Self::Deactivate => switched(before, false, false),
        }
    }
}

fn switched(before: PackageTerms, active: bool, is_loss: bool) -> BulkOutcome {
    let stop = match (before.active == active, is_loss) {
        (true, _) => Some(BulkStop::Same),
        (false, true) => Some(BulkStop::BelowCost),
        (false, false) => None,
    };
    BulkOutcome { after: PackageTerms { active, ..before }, stop }
}

fn priced(target: PriceTarget, formula: PriceFormula, before: PackageTerms) -> BulkOutcome {
    let touches = |only: PriceTarget| matches!(target, PriceTarget::Both) || target == only;
    let price = |only: PriceTarget, now: Rupiah| {
        if touches(only) { formula.price(now, before.cost) } else { Some(now) }
    };
    let (member, reseller) = (
        price(PriceTarget::Member, before.prices.member),
        price(PriceTarget::Reseller, before.prices.reseller),
    );
    let (Some(member), Some(reseller)) = (member, reseller) else {
        return BulkOutcome { after: before, stop: Some(BulkStop::OutOfRange) };
    };
    let prices = Prices { member, reseller };
    let is_below = |only: PriceTarget, price: Rupiah| touches(only) && price < before.cost;
    let stop = if prices == before.prices {
        Some(BulkStop::Same)
    } else if is_below(PriceTarget::Member, member) || is_below(PriceTarget::Reseller, reseller) {
        Some(BulkStop::BelowCost)
    } else {
        None
    };
    BulkOutcome { after: PackageTerms { prices, ..before }, stop }
}

/// For the audit log: `percent_up 5.00% round_up 500`.
impl fmt::Display for PriceFormula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.step.as_str())?;
        if self.step.is_percent() {
            write!(f, "{}.{:02}%", self.value / 100, self.value % 100)?;
        } else {
            write!(f, "{}", self.value)?;
        }
        write!(f, " round_up {}", self.round.as_str())
    }
}

/// For the audit log.
impl fmt::Display for BulkChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prices { target, formula } => write!(f, "{} {formula}", target.as_str()),
            Self::Activate => write!(f, "activate"),
            Self::Deactivate => write!(f, "deactivate"),
        }
    }
}

#[cfg(test)]
mod tests;
