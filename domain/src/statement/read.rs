//! From rows to a statement: the header, the references, and where each row ends.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::rows::{Credit, Reading, Row};
use super::text::Record;
use super::{
    RowProblem, RowTrouble, Statement, StatementError, StatementLine, StatementProfile, StatementText, date,
};
use crate::{UtcMillis, start_of_wib_day};

/// Of a digest that nobody makes two descriptions for, enough to keep 20,000 lines apart.
const DIGEST_BYTES: usize = 10;

/// The references given so far.
#[derive(Default)]
struct References {
    /// The line that has each reference.
    taken: BTreeMap<String, u32>,
    /// How many lines have been the same up to their number.
    same: BTreeMap<String, u32>,
}

impl StatementText {
    /// Reads the statement as the profile says. `latest` is a moment of the last day that it can be about, so usually
    /// now: days after it are problems, and a date without a year is the latest such day up to it.
    ///
    /// # Errors
    /// Those of [`StatementError`] about rows and columns. What is wrong with a single row is in the statement.
    pub fn read(&self, profile: &StatementProfile, latest: UtcMillis) -> Result<Statement, StatementError> {
        if profile.uses_a_column_twice() {
            return Err(StatementError::SameColumnTwice);
        }
        let mut records = self.records(profile.delimiter, profile.skip_lines);
        let latest = start_of_wib_day(latest);
        let mut reading = Reading { profile, latest, width: 0 };
        if profile.has_header() {
            reading.width = header_width(&mut records, &reading)?;
        }
        let mut statement = Statement { lines: Vec::new(), debits: 0, notes: 0, problems: Vec::new() };
        let mut references = References::default();
        for record in records {
            let record = record?;
            if reading.width == 0 && record.cells.len() >= profile.needed_cells() {
                // Without a header, the first row that could be one says how many cells there are.
                reading.width = record.cells.len();
            }
            statement.take(&reading, &mut references, &record);
        }
        Ok(statement)
    }
}

impl Statement {
    fn take(&mut self, reading: &Reading, references: &mut References, record: &Record) {
        let line_number = record.line_number;
        let row = reading.row(record).and_then(|row| match row {
            Row::Credit(credit) => Ok(Some(references.line(credit, line_number)?)),
            Row::Debit => {
                self.debits += 1;
                Ok(None)
            }
            Row::Note => {
                self.notes += 1;
                Ok(None)
            }
        });
        match row {
            Ok(line) => self.lines.extend(line),
            Err(trouble) => self.problems.push(RowProblem { line_number, trouble }),
        }
    }
}

impl References {
    fn line(&mut self, credit: Credit, line_number: u32) -> Result<StatementLine, RowTrouble> {
        let banks = in_compared_form(&credit.reference);
        let says_something = banks.chars().any(|c| c.is_alphanumeric() && c != '0');
        let chars = banks.chars().count();
        let reference = if !says_something || chars < StatementLine::REFERENCE_LEAST_CHARS {
            self.fingerprint(&credit)
        } else if chars > StatementLine::REFERENCE_MOST_CHARS {
            return Err(RowTrouble::BadReference);
        } else {
            banks
        };
        if let Some(first_line) = self.taken.get(&reference) {
            return Err(RowTrouble::ReferenceTwice { first_line: *first_line });
        }
        self.taken.insert(reference.clone(), line_number);
        let description = credit.description.chars().take(StatementLine::DESCRIPTION_MOST_CHARS).collect();
        Ok(StatementLine { line_number, day: credit.day, amount: credit.amount, description, reference })
    }

    /// See the module above for what it is made of, and what it cannot tell apart.
    fn fingerprint(&mut self, credit: &Credit) -> String {
        // Banks change case and punctuation between one export and the next, but not letters and digits.
        let parts = credit.description.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        let description = parts.collect::<Vec<_>>().join(" ").to_uppercase();
        let digest = Sha256::digest(format!("{description}\n{}", credit.balance));
        let digest: String = digest.iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02X}")).collect();
        let begin = format!("{} {} {digest}", date::written(credit.day), credit.amount.get());
        let same = self.same.entry(begin.clone()).or_default();
        *same += 1;
        format!("{begin} {same}")
    }
}

/// How many cells the header has. Everything above it is no row.
fn header_width(
    records: &mut impl Iterator<Item = Result<Record, StatementError>>,
    reading: &Reading,
) -> Result<usize, StatementError> {
    for record in records {
        let record = record?;
        if reading.profile.is_header(&record.cells) {
            return Ok(record.cells.len());
        }
        if record.last_line > record.line_number && (record.is_torn || reading.has_swallowed_a_row(&record)) {
            return Err(StatementError::OpenQuote { line_number: record.line_number });
        }
    }
    Err(StatementError::HeaderNotFound)
}

/// References are compared in capitals and with single spaces, as those are that humans type.
fn in_compared_form(reference: &str) -> String {
    reference.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}
