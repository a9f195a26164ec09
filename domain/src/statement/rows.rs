//! What one row says.

use super::number::{BadNumber, Number, Side};
use super::text::Record;
use super::{AmountColumns, Column, RowTrouble, StatementProfile, date};
use crate::{Rupiah, UtcMillis};

/// What a row is; see the module above for the rules.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Row {
    Credit(Credit),
    Debit,
    Note,
}

/// A credit before it has its reference.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Credit {
    pub(super) day: UtcMillis,
    pub(super) amount: Rupiah,
    pub(super) description: String,
    /// Empty where the bank gives none.
    pub(super) reference: String,
    /// In a form that does not depend on the style; empty where there is none.
    pub(super) balance: String,
}

/// How the rows of one statement are read.
pub(super) struct Reading<'a> {
    pub(super) profile: &'a StatementProfile,
    /// The last day that a row can be of.
    pub(super) latest: UtcMillis,
    /// How many cells the header has.
    pub(super) width: usize,
}

/// How a date cell begins when the row sums up others.
const SUMS: [&str; 8] = ["saldo", "total", "mutasi", "kredit", "debet", "debit", "credit", "balance"];
/// How a description begins that is no transfer's. Only these words: a payer may begin with "Total".
const BALANCES: [&str; 8] = [
    "saldo awal",
    "saldo akhir",
    "saldo pembukaan",
    "saldo penutupan",
    "opening balance",
    "closing balance",
    "beginning balance",
    "ending balance",
];

impl Reading<'_> {
    pub(super) fn row(&self, record: &Record) -> Result<Row, RowTrouble> {
        let cells = &record.cells;
        let date_cell = cell(cells, &self.profile.date);
        let has_amount = self.amount_cells(cells).any(|cell| !is_blank_amount(cell));
        let is_blank = cells.iter().all(String::is_empty);
        if record.is_torn || self.has_swallowed_a_row(record) {
            return Err(RowTrouble::OpenQuote { until_line: record.last_line });
        }
        if is_blank || self.profile.is_header(cells) || begins_with(date_cell, &SUMS) {
            return Ok(Row::Note);
        }
        if cells.iter().skip(self.width).any(|cell| !cell.is_empty()) {
            return Err(RowTrouble::TooManyCells);
        }
        if date_cell.is_empty() && !has_amount {
            return Ok(Row::Note);
        }
        let description = cell(cells, &self.profile.description);
        let is_balance = begins_with(description, &BALANCES);
        if is_balance && !has_amount {
            return Ok(Row::Note);
        }
        if cells.len() < self.profile.needed_cells() {
            return Err(RowTrouble::TooFewCells);
        }
        let day = date::Day::read(date_cell, self.profile.date_format).ok_or(RowTrouble::BadDate)?;
        let day = day.begin(self.latest).ok_or(RowTrouble::BadDate)?;
        if day > self.latest {
            return Err(RowTrouble::LaterDate);
        }
        let Some(amount) = self.credit(cells)? else {
            return Ok(Row::Debit);
        };
        if is_balance {
            return Err(RowTrouble::BalanceWithAmount);
        }
        Ok(Row::Credit(Credit {
            day,
            amount,
            description: description.to_owned(),
            reference: self
                .profile
                .reference
                .as_ref()
                .map(|column| cell(cells, column))
                .unwrap_or_default()
                .into(),
            balance: self.balance(cells),
        }))
    }

    /// A text over several lines is well and good, unless one of them could be a row by its delimiters and a date.
    pub(super) fn has_swallowed_a_row(&self, record: &Record) -> bool {
        let is_day = |cell: &str| {
            date::Day::read(cell.trim_matches(['"', '\'', ' ']), self.profile.date_format).is_some()
        };
        record.later_lines.iter().any(|line| {
            let cells = || line.split(self.profile.delimiter.as_char());
            cells().count() >= self.profile.needed_cells() && cells().any(is_day)
        })
    }

    /// What came in; `None` when it went out.
    fn credit(&self, cells: &[String]) -> Result<Option<Rupiah>, RowTrouble> {
        let number = |cell: &str| match Number::read(cell, self.profile.numbers) {
            Ok(number) => Ok(number.filter(|number| !number.is_zero())),
            Err(BadNumber) => Err(RowTrouble::BadAmount),
        };
        let (number, mark, unmarked) = match &self.profile.amount {
            AmountColumns::Signed { amount } => {
                let (mark, rest) = Side::split_off(cell(cells, amount));
                (number(rest)?, mark, Some(Side::Credit))
            }
            AmountColumns::Marked { amount, marker } => {
                (number(cell(cells, amount))?, Side::of_mark(cell(cells, marker)), None)
            }
            AmountColumns::Split { credit, debit } => {
                match (number(cell(cells, credit))?, number(cell(cells, debit))?) {
                    (Some(_), Some(_)) => return Err(RowTrouble::CreditOrDebit),
                    // Some banks write what went out with a minus, though the column says it.
                    (None, Some(_)) => return Ok(None),
                    (credit, None) => (credit, Some(Side::Credit), None),
                }
            }
        };
        let number = number.ok_or(RowTrouble::NoAmount)?;
        match mark.or(unmarked).ok_or(RowTrouble::CreditOrDebit)? {
            Side::Debit => Ok(None),
            // The mark or the column says one thing, the sign another: a credit that was taken back, perhaps.
            Side::Credit if number.is_negative && mark.is_some() => Err(RowTrouble::CreditOrDebit),
            Side::Credit if number.is_negative => Ok(None),
            Side::Credit if number.sen != 0 => Err(RowTrouble::FractionOfRupiah),
            Side::Credit if number.rupiah > Rupiah::LARGEST_TYPED.get() => Err(RowTrouble::BadAmount),
            Side::Credit => Ok(Some(Rupiah::new(number.rupiah))),
        }
    }

    fn balance(&self, cells: &[String]) -> String {
        let Some(column) = &self.profile.balance else {
            return String::new();
        };
        let text = cell(cells, column);
        match Number::read(Side::split_off(text).1, self.profile.numbers) {
            Ok(Some(number)) => {
                let sign = if number.is_negative { "-" } else { "" };
                format!("{sign}{}.{:02}", number.rupiah, number.sen)
            }
            Ok(None) => String::new(),
            Err(BadNumber) => text.to_uppercase(),
        }
    }

    /// The cells with what came in and went out; a mark is no amount.
    fn amount_cells<'a>(&'a self, cells: &'a [String]) -> impl Iterator<Item = &'a str> {
        let both = match &self.profile.amount {
            AmountColumns::Split { credit, debit } => [Some(credit), Some(debit)],
            AmountColumns::Signed { amount } | AmountColumns::Marked { amount, .. } => [Some(amount), None],
        };
        both.into_iter().flatten().map(|column| cell(cells, column))
    }
}

/// Empty, a dash, or zero in any style.
fn is_blank_amount(cell: &str) -> bool {
    cell.chars().all(|c| matches!(c, '0' | '.' | ',' | '-' | '–' | ' '))
}

fn cell<'a>(cells: &'a [String], column: &Column) -> &'a str {
    cells.get(column.at).map(String::as_str).unwrap_or_default()
}

fn begins_with(cell: &str, words: &[&str]) -> bool {
    let lower = cell.to_lowercase();
    words.iter().any(|word| lower.starts_with(word))
}
