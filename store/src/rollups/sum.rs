//! What blocks of sealed entries add to which day.

use std::collections::BTreeMap;

use domain::{Rupiah, UtcMillis, start_of_wib_day};

use super::figures::{Figures, SPEEDS_MS, Sold};
use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;

/// What is to be added, by day and by what else.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    pub(super) days: BTreeMap<i64, Figures>,
    pub(super) packages: BTreeMap<(i64, i64), Sold>,
    pub(super) gateways: BTreeMap<(i64, String), Sold>,
    pub(super) speeds: BTreeMap<(i64, i64), i64>,
}

impl Store {
    /// Sums the blocks after `from` up to `to`.
    pub(super) async fn sum_blocks(&self, from: i64, to: i64) -> Result<Sums, Error> {
        // The CASEs leave the indexes of what is joined in use, for just the entries that have such a row.
        let rows = self
            .db()
            .all(
                sql("SELECT p.line, e.kind, e.actor, e.created_at, p.account, p.amount, \
                     COALESCE(k.package_id, c.package_id) AS package_id, k.gateway, \
                     h.created_at AS held_at, r.created_at AS released_at \
                     FROM sealed s JOIN entry e ON e.id = s.item_id JOIN posting p ON p.entry_id = e.id \
                     LEFT JOIN purchase k ON k.public_id = \
                     CASE WHEN e.kind IN ('capture', 'release', 'recharge') THEN e.reference END \
                     LEFT JOIN attempt a ON a.client_ref = \
                     CASE WHEN e.kind IN ('cost', 'cost_refund') THEN e.reference END \
                     LEFT JOIN purchase c ON c.id = a.purchase_id \
                     LEFT JOIN entry h ON h.kind = 'hold' AND h.reference = \
                     CASE WHEN e.kind = 'capture' THEN e.reference END \
                     LEFT JOIN entry r ON r.kind = 'release' AND r.reference = \
                     CASE WHEN e.kind = 'recharge' THEN e.reference END \
                     WHERE s.block_id > $1 AND s.block_id <= $2 AND s.stream = 'entry'")
                .bind(from)
                .bind(to),
            )
            .await?;
        let mut sums = Sums::default();
        for row in &rows {
            sums.add(row)?;
        }
        Ok(sums)
    }
}

impl Sums {
    fn add(&mut self, row: &Row) -> Result<(), Error> {
        let (kind, at) = (row.text("kind")?, row.time("created_at")?);
        if row.int("line")? == 1 {
            self.add_entry(&kind, at, row)?;
        }
        self.add_posting(&kind, at, row)
    }

    /// What counts once for an entry.
    fn add_entry(&mut self, kind: &str, at: UtcMillis, row: &Row) -> Result<(), Error> {
        match kind {
            "hold" => self.figures(at, Figures { placed: 1, ..Figures::default() }),
            "credit" => self.figures(at, Figures { topup_count: 1, ..Figures::default() }),
            "capture" => {
                self.outcome(at, row, Sold { delivered: 1, ..Sold::default() })?;
                self.speed(at, row)
            }
            "release" => self.outcome(at, row, Sold { failed: 1, ..Sold::default() }),
            // It had failed on an earlier day, or on this one.
            "recharge" => {
                self.outcome(at, row, Sold { delivered: 1, ..Sold::default() })?;
                let released_at = row.time("released_at")?;
                self.outcome(released_at, row, Sold { failed: -1, ..Sold::default() })
            }
            _ => Ok(()),
        }
    }

    fn outcome(&mut self, at: UtcMillis, row: &Row, sold: Sold) -> Result<(), Error> {
        let Sold { delivered, failed, .. } = sold;
        self.figures(at, Figures { delivered, failed, ..Figures::default() })?;
        self.sold(at, row, row.opt_text("gateway")?, sold)
    }

    /// A human's decision says nothing about how quick the gateway is.
    fn speed(&mut self, at: UtcMillis, row: &Row) -> Result<(), Error> {
        if row.opt_int("actor")?.is_some() {
            return Ok(());
        }
        let deliver_ms = at.since_ms(row.time("held_at")?).max(0);
        self.figures(at, Figures { deliver_ms, timed: 1, ..Figures::default() })?;
        let up_to_ms = SPEEDS_MS.into_iter().find(|up_to| deliver_ms <= *up_to).unwrap_or(i64::MAX);
        *self.speeds.entry((start_of_wib_day(at).0, up_to_ms)).or_default() += 1;
        Ok(())
    }

    fn add_posting(&mut self, kind: &str, at: UtcMillis, row: &Row) -> Result<(), Error> {
        let (account, amount) = (row.text("account")?, row.rupiah("amount")?);
        let spent = amount.checked_neg().ok_or_else(|| Error::corrupt("an amount is out of range"))?;
        let none = Figures::default();
        match account.split_once(':').unwrap_or((&account, "")) {
            ("available" | "held", _) => {
                self.figures(at, Figures { balances: amount, ..of_customers(kind, amount) })
            }
            ("receivable", _) => self.figures(at, Figures { debts: amount, ..of_customers(kind, amount) }),
            ("sales", _) => {
                self.figures(at, Figures { sales: amount, ..none })?;
                self.sold(at, row, row.opt_text("gateway")?, Sold { sales: amount, ..Sold::default() })
            }
            ("cost", gateway) => {
                self.figures(at, Figures { cost: spent, ..none })?;
                self.sold(at, row, Some(gateway.to_owned()), Sold { cost: spent, ..Sold::default() })
            }
            ("fee", _) => self.figures(at, Figures { fees: spent, ..none }),
            ("payer_fees", _) => self.figures(at, Figures { payer_fees: amount, ..none }),
            _ => Ok(()),
        }
    }

    fn figures(&mut self, at: UtcMillis, more: Figures) -> Result<(), Error> {
        let sum = self.days.entry(start_of_wib_day(at).0).or_default();
        *sum = sum.plus(more)?;
        Ok(())
    }

    fn sold(&mut self, at: UtcMillis, row: &Row, gateway: Option<String>, more: Sold) -> Result<(), Error> {
        let day = start_of_wib_day(at).0;
        if let Some(package) = row.opt_int("package_id")? {
            let sum = self.packages.entry((day, package)).or_default();
            *sum = sum.plus(more)?;
        }
        if let Some(gateway) = gateway {
            let sum = self.gateways.entry((day, gateway)).or_default();
            *sum = sum.plus(more)?;
        }
        Ok(())
    }
}

/// Why what a customer has or owes has changed. Sales have their own account; whatever is none of these is money that went
/// back or was taken back.
fn of_customers(kind: &str, amount: Rupiah) -> Figures {
    let none = Figures::default();
    match kind {
        "credit" => Figures { topups: amount, ..none },
        "adjust" => Figures { corrections: amount, ..none },
        "hold" | "capture" | "release" | "recharge" => none,
        _ => Figures { returned: amount, ..none },
    }
}
