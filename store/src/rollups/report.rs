use domain::{DAY_MS, Rupiah, UtcMillis};

use super::figures::Figures;
use crate::Store;
use crate::error::Error;

/// What happened on each day of some time, such as a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Every day, also those on which nothing happened, oldest first.
    pub lines: Vec<ReportLine>,
    /// All of it.
    pub total: Figures,
    /// What customers had when it began.
    pub opening: Rupiah,
    /// What customers have at its end.
    pub closing: Rupiah,
    /// What customers owe at its end; zero or below.
    pub closing_debts: Rupiah,
}

/// A day of a [`Report`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// When it began (WIB).
    pub day: UtcMillis,
    /// What happened.
    pub figures: Figures,
    /// What customers had at its end, available and held.
    pub closing: Rupiah,
}

/// Days of one report.
const DAYS_MOST: usize = 31;

impl Store {
    /// The days (WIB) from `from` on, before `until`: a month at most.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn report(&self, from: UtcMillis, until: UtcMillis) -> Result<Report, Error> {
        let out_of_range = || Error::corrupt("a balance is out of range");
        let (opening, debts) = self.balances_before(from).await?;
        let known = self.figures_by_day(from, until).await?;
        let mut known = known.into_iter().peekable();
        let mut report = Report {
            lines: Vec::new(),
            total: Figures::default(),
            opening,
            closing: opening,
            closing_debts: debts,
        };
        let days = std::iter::successors(Some(from), |day| Some(day.plus_ms(DAY_MS)));
        for day in days.take_while(|day| *day < until).take(DAYS_MOST) {
            let figures =
                known.next_if(|known| known.day == day).map(|known| known.figures).unwrap_or_default();
            report.total = report.total.plus(figures)?;
            report.closing = report.closing.checked_add(figures.balances).ok_or_else(out_of_range)?;
            report.closing_debts =
                report.closing_debts.checked_add(figures.debts).ok_or_else(out_of_range)?;
            report.lines.push(ReportLine { day, figures, closing: report.closing });
        }
        Ok(report)
    }
}
