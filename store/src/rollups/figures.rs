use domain::{HOUR_MS, MINUTE_MS, Rupiah, SECOND_MS, UtcMillis};

use crate::db::Row;
use crate::error::Error;

/// What happened on a day (WIB), or on several together. What is earned, and what is owed to customers, is above zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Purchases that were accepted.
    pub placed: i64,
    /// Purchases that were delivered, whenever they had been accepted.
    pub delivered: i64,
    /// Purchases that failed, less those that a human found delivered after all.
    pub failed: i64,
    /// What buyers paid for what was delivered.
    pub sales: Rupiah,
    /// What gateways charged the deposits, less what they gave back.
    pub cost: Rupiah,
    /// What payment gateways kept.
    pub fees: Rupiah,
    /// What payers paid on top.
    pub payer_fees: Rupiah,
    /// What top-ups added to balances, debts paid by them included.
    pub topups: Rupiah,
    /// How many.
    pub topup_count: i64,
    /// What admins added to balances, less what they took.
    pub corrections: Rupiah,
    /// What went back to payers or was taken back, below zero.
    pub returned: Rupiah,
    /// By how much changed what customers have, available and held.
    pub balances: Rupiah,
    /// By how much changed what customers owe; debts are below zero.
    pub debts: Rupiah,
    /// From acceptance to delivery, summed over those that no human decided.
    pub deliver_ms: i64,
    /// How many those are.
    pub timed: i64,
}

/// A day and what happened on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayFigures {
    /// When it began.
    pub day: UtcMillis,
    /// What happened.
    pub figures: Figures,
}

/// What was sold of one package, or by one gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sold {
    /// Purchases that were delivered.
    pub delivered: i64,
    /// Purchases that failed.
    pub failed: i64,
    /// What buyers paid.
    pub sales: Rupiah,
    /// What the gateways charged.
    pub cost: Rupiah,
}

/// How long deliveries take is counted in these steps, in milliseconds; the last one has those that took longer still.
pub const SPEEDS_MS: [i64; 17] = [
    2 * SECOND_MS,
    4 * SECOND_MS,
    6 * SECOND_MS,
    8 * SECOND_MS,
    10 * SECOND_MS,
    15 * SECOND_MS,
    20 * SECOND_MS,
    30 * SECOND_MS,
    45 * SECOND_MS,
    MINUTE_MS,
    2 * MINUTE_MS,
    5 * MINUTE_MS,
    15 * MINUTE_MS,
    HOUR_MS,
    6 * HOUR_MS,
    24 * HOUR_MS,
    i64::MAX,
];

const FIGURES: usize = 15;
const SOLD: usize = 4;

impl Figures {
    /// What is left of the sales. What payers pay on top makes up for a part of the payment gateways' fees.
    #[must_use]
    pub fn profit(&self) -> Rupiah {
        let spent = self.cost.checked_add(self.net_fees());
        spent.and_then(|spent| self.sales.checked_sub(spent)).unwrap_or_default()
    }

    /// What payment gateways cost the shop.
    #[must_use]
    pub fn net_fees(&self) -> Rupiah {
        self.fees.checked_sub(self.payer_fees).unwrap_or_default()
    }

    /// Both together.
    ///
    /// # Errors
    /// When an amount is out of range.
    pub fn plus(self, other: Self) -> Result<Self, Error> {
        sum(self.values(), other.values()).map(Self::from_values)
    }

    /// In the columns' order.
    pub(super) const fn values(&self) -> [i64; FIGURES] {
        [
            self.placed,
            self.delivered,
            self.failed,
            self.sales.get(),
            self.cost.get(),
            self.fees.get(),
            self.payer_fees.get(),
            self.topups.get(),
            self.topup_count,
            self.corrections.get(),
            self.returned.get(),
            self.balances.get(),
            self.debts.get(),
            self.deliver_ms,
            self.timed,
        ]
    }

    const fn from_values(values: [i64; FIGURES]) -> Self {
        let [
            placed,
            delivered,
            failed,
            sales,
            cost,
            fees,
            payer_fees,
            topups,
            topup_count,
            corrections,
            returned,
            balances,
            debts,
            deliver_ms,
            timed,
        ] = values;
        Self {
            placed,
            delivered,
            failed,
            sales: Rupiah::new(sales),
            cost: Rupiah::new(cost),
            fees: Rupiah::new(fees),
            payer_fees: Rupiah::new(payer_fees),
            topups: Rupiah::new(topups),
            topup_count,
            corrections: Rupiah::new(corrections),
            returned: Rupiah::new(returned),
            balances: Rupiah::new(balances),
            debts: Rupiah::new(debts),
            deliver_ms,
            timed,
        }
    }

    pub(super) fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            placed: row.int("placed")?,
            delivered: row.int("delivered")?,
            failed: row.int("failed")?,
            sales: row.rupiah("sales")?,
            cost: row.rupiah("cost")?,
            fees: row.rupiah("fees")?,
            payer_fees: row.rupiah("payer_fees")?,
            topups: row.rupiah("topups")?,
            topup_count: row.int("topup_count")?,
            corrections: row.rupiah("corrections")?,
            returned: row.rupiah("returned")?,
            balances: row.rupiah("balances")?,
            debts: row.rupiah("debts")?,
            deliver_ms: row.int("deliver_ms")?,
            timed: row.int("timed")?,
        })
    }
}

impl Sold {
    /// Both together.
    ///
    /// # Errors
    /// When an amount is out of range.
    pub fn plus(self, other: Self) -> Result<Self, Error> {
        let [delivered, failed, sales, cost] = sum(self.values(), other.values())?;
        Ok(Self { delivered, failed, sales: Rupiah::new(sales), cost: Rupiah::new(cost) })
    }

    /// In the columns' order.
    pub(super) const fn values(&self) -> [i64; SOLD] {
        [self.delivered, self.failed, self.sales.get(), self.cost.get()]
    }

    pub(super) fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            delivered: row.int("delivered")?,
            failed: row.int("failed")?,
            sales: row.rupiah("sales")?,
            cost: row.rupiah("cost")?,
        })
    }
}

fn sum<const N: usize>(mut a: [i64; N], b: [i64; N]) -> Result<[i64; N], Error> {
    for (a, b) in a.iter_mut().zip(b) {
        *a = a.checked_add(b).ok_or_else(|| Error::corrupt("a sum is out of range"))?;
    }
    Ok(a)
}
