//! How a statement could be read: a proposal for the screen on which an admin maps the columns.

use super::number::{Number, Side};
use super::{
    AmountColumns, Column, Delimiter, NumberStyle, StatementDateFormat, StatementProfile, StatementText, date,
};

/// What could be guessed. An admin looks at it before it is ever used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementGuess {
    /// What parts the cells.
    pub delimiter: Delimiter,
    /// Lines above the rows, where there is no header; else none, as the header is found by its names.
    pub skip_lines: u32,
    /// The header's cells; empty where there is none.
    pub header: Vec<String>,
    /// The first rows below it.
    pub rows: Vec<Vec<String>>,
    /// The column of days.
    pub date: Option<Column>,
    /// The columns of amounts.
    pub amount: Option<AmountColumns>,
    /// The column of descriptions.
    pub description: Option<Column>,
    /// The column of the bank's references.
    pub reference: Option<Column>,
    /// The column of balances.
    pub balance: Option<Column>,
    /// How days are written.
    pub date_format: Option<StatementDateFormat>,
    /// How amounts are written.
    pub numbers: Option<NumberStyle>,
}

/// What a column's name says that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Date,
    Description,
    Credit,
    Debit,
    Marker,
    Amount,
    Balance,
    Reference,
}

/// Rows that are looked at.
const LOOKED_AT: usize = 200;
/// Rows that are shown.
const SHOWN: usize = 10;
/// Fewer words that are known make no header: a line above it may have one by chance.
const HEADER_LEAST_PARTS: usize = 2;

/// The rows of a file, parted in one way.
struct Table {
    delimiter: Delimiter,
    header: Vec<String>,
    skip_lines: u32,
    rows: Vec<Vec<String>>,
    /// How good it looks: known words in the header, then the cells that most rows have.
    score: (usize, usize),
}

impl StatementText {
    /// Looks at the first 200 rows.
    #[must_use]
    pub fn guess(&self) -> StatementGuess {
        let tables = Delimiter::ALL.iter().map(|delimiter| self.table(*delimiter));
        // The first of the best ones: a comma is the usual one.
        let best = tables.reduce(|best, next| if next.score > best.score { next } else { best });
        best.unwrap_or_else(|| self.table(Delimiter::Comma)).guess()
    }

    fn table(&self, delimiter: Delimiter) -> Table {
        // A row over the limits shows that this is not the delimiter, or will be told when the statement is read.
        let records: Vec<_> = self.records(delimiter, 0).map_while(Result::ok).take(LOOKED_AT).collect();
        let width = usual_width(records.iter().map(|record| record.cells.len()));
        let header = records
            .iter()
            .enumerate()
            .map(|(at, record)| (parts_in(&record.cells), at))
            .filter(|(parts, _)| *parts >= HEADER_LEAST_PARTS)
            // The first of those with the most.
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        let first_row = records.iter().find(|record| record.cells.len() == width);
        let skip_lines = match (header, first_row) {
            (None, Some(record)) => record.line_number.saturating_sub(1),
            _ => 0,
        };
        let from_line = skip_lines.saturating_add(1);
        let score = (header.map_or(0, |(parts, _)| parts), width);
        let above = header.map_or(0, |(_, at)| at);
        let mut rows = records.into_iter().skip(above).filter(|record| record.line_number >= from_line);
        let header = header.and_then(|_| rows.next()).map(|record| record.cells).unwrap_or_default();
        Table { delimiter, header, skip_lines, rows: rows.map(|record| record.cells).collect(), score }
    }
}

impl StatementGuess {
    /// The whole profile, where everything that it needs was found.
    #[must_use]
    pub fn profile(&self) -> Option<StatementProfile> {
        Some(StatementProfile {
            delimiter: self.delimiter,
            skip_lines: self.skip_lines,
            date: self.date.clone()?,
            amount: self.amount.clone()?,
            description: self.description.clone()?,
            reference: self.reference.clone(),
            balance: self.balance.clone(),
            date_format: self.date_format?,
            numbers: self.numbers?,
        })
    }
}

impl Table {
    fn guess(self) -> StatementGuess {
        let mut used: Vec<usize> = Vec::new();
        let mut named = |part| self.named(part).inspect(|at| used.push(*at));
        let (date, description) = (named(Part::Date), named(Part::Description));
        let (credit, debit) = (named(Part::Credit), named(Part::Debit));
        let (amount, balance, reference) =
            (named(Part::Amount), named(Part::Balance), named(Part::Reference));
        let marked = self.named(Part::Marker);
        let date = date.or_else(|| self.first_free(&mut used, |cells| most(cells, is_date)));
        // Dashes alone are no marks but a column without words.
        let has_marks = |cells: &[&str]| {
            cells.iter().all(|cell| Side::of_mark(cell).is_some())
                && cells.iter().any(|cell| cell.chars().all(char::is_alphabetic))
        };
        let marker = self.first_free(&mut used, has_marks);
        let amount = amount.or_else(|| {
            // "Debit/Kredit" above numbers: their signs tell.
            let signed = marked.filter(|at| !used.contains(at));
            signed.or_else(|| self.only_amount(&used)).inspect(|at| used.push(*at))
        });
        let amount = match (credit, debit, amount, marker) {
            (Some(credit), Some(debit), ..) => {
                Some(AmountColumns::Split { credit: self.column(credit), debit: self.column(debit) })
            }
            (_, _, Some(amount), Some(marker)) => {
                Some(AmountColumns::Marked { amount: self.column(amount), marker: self.column(marker) })
            }
            (credit, _, amount, _) => {
                let amount = credit.or(amount);
                amount.map(|amount| AmountColumns::Signed { amount: self.column(amount) })
            }
        };
        let description = description.or_else(|| self.wordiest(&used));
        let date_format = date.and_then(|at| {
            best(StatementDateFormat::ALL, &self.cells(at), |cell, format| {
                date::Day::read(cell, format).is_some()
            })
        });
        let numbers = amount.iter().flat_map(AmountColumns::columns).map(|column| column.at).chain(balance);
        let numbers: Vec<&str> = numbers.flat_map(|at| self.cells(at)).collect();
        let numbers = best(NumberStyle::ALL, &numbers, is_number);
        let column = |at: Option<usize>| at.map(|at| self.column(at));
        StatementGuess {
            date: column(date),
            description: column(description),
            reference: column(reference),
            balance: column(balance),
            amount,
            date_format,
            numbers,
            delimiter: self.delimiter,
            skip_lines: self.skip_lines,
            rows: self.rows.into_iter().take(SHOWN).collect(),
            header: self.header,
        }
    }

    fn column(&self, at: usize) -> Column {
        Column { at, name: self.header.get(at).cloned().unwrap_or_default() }
    }

    fn named(&self, part: Part) -> Option<usize> {
        self.header.iter().position(|cell| part_of(cell) == Some(part))
    }

    /// What stands in a column, without its empty cells.
    fn cells(&self, at: usize) -> Vec<&str> {
        let cells = self.rows.iter().filter_map(|row| row.get(at));
        cells.map(String::as_str).filter(|cell| !cell.is_empty()).collect()
    }

    fn free(&self, used: &[usize]) -> impl Iterator<Item = usize> {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        (0..width).filter(move |at| !used.contains(at))
    }

    /// The first column without a meaning in whose cells something is so; from now on it has one.
    fn first_free(&self, used: &mut Vec<usize>, is_so: impl Fn(&[&str]) -> bool) -> Option<usize> {
        let found = self.free(used).find(|at| {
            let cells = self.cells(*at);
            !cells.is_empty() && is_so(&cells)
        });
        found.inspect(|at| used.push(*at))
    }

    /// The one column of numbers that is left. Of several, nobody can tell which it is.
    fn only_amount(&self, used: &[usize]) -> Option<usize> {
        let mut found = self.free(used).filter(|at| most(&self.cells(*at), is_amount));
        found.next().filter(|_| found.next().is_none())
    }

    fn wordiest(&self, used: &[usize]) -> Option<usize> {
        let letters = |at: usize| -> usize {
            self.cells(at).iter().map(|cell| cell.chars().filter(|c| c.is_alphabetic()).count()).sum()
        };
        self.free(used)
            .map(|at| (letters(at), at))
            .filter(|(letters, _)| *letters > 0)
            .max()
            .map(|(_, at)| at)
    }
}

/// How many parts a row names. One with a date or a number is no header, whatever words a payer wrote.
fn parts_in(cells: &[String]) -> usize {
    if cells.iter().any(|cell| is_date(cell) || is_amount(cell)) {
        return 0;
    }
    let mut found: Vec<Part> = Vec::new();
    for part in cells.iter().filter_map(|cell| part_of(cell)) {
        if !found.contains(&part) {
            found.push(part);
        }
    }
    found.len()
}

/// By the words that Indonesian banks and international ones use.
fn part_of(name: &str) -> Option<Part> {
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    let (credit, debit) =
        (has(&["kredit", "credit", "cr", "masuk"]), has(&["debet", "debit", "db", "dr", "keluar"]));
    let is_mark =
        matches!(words.as_slice(), ["d", "k" | "c"] | ["k" | "c", "d"] | ["tipe" | "type" | "jenis"]);
    if has(&["tanggal", "tgl", "date"]) {
        Some(Part::Date)
    } else if has(&["saldo", "balance"]) {
        Some(Part::Balance)
    } else if (credit && debit) || is_mark {
        Some(Part::Marker)
    } else if credit {
        Some(Part::Credit)
    } else if debit {
        Some(Part::Debit)
    } else if has(&["referensi", "reference", "ref", "reff"]) {
        Some(Part::Reference)
    } else if has(&[
        "keterangan",
        "uraian",
        "deskripsi",
        "description",
        "remark",
        "remarks",
        "berita",
        "narrative",
    ]) {
        Some(Part::Description)
    } else if has(&["jumlah", "nominal", "amount", "nilai", "mutasi"]) {
        Some(Part::Amount)
    } else {
        None
    }
}

/// The number of cells that most rows have, if that is more than one.
fn usual_width(widths: impl Iterator<Item = usize>) -> usize {
    let mut rows_of = [0_usize; StatementText::MOST_CELLS + 1];
    for width in widths.filter(|width| *width > 1) {
        if let Some(rows) = rows_of.get_mut(width) {
            *rows += 1;
        }
    }
    let most = rows_of.iter().zip(0..).filter(|(rows, _)| **rows > 0).max();
    most.map_or(0, |(_, width)| width)
}

/// The first of those that read the most cells; `None` when none reads any.
fn best<T: Copy>(all: &[T], cells: &[&str], reads: impl Fn(&str, T) -> bool) -> Option<T> {
    let counted = all.iter().map(|one| (cells.iter().filter(|cell| reads(cell, *one)).count(), *one));
    let best =
        counted.filter(|(read, _)| *read > 0).reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, one)| one)
}

fn most(cells: &[&str], is_so: impl Fn(&str) -> bool) -> bool {
    2 * cells.iter().filter(|cell| is_so(cell)).count() > cells.len()
}

fn is_date(cell: &str) -> bool {
    StatementDateFormat::ALL.iter().any(|format| date::Day::read(cell, *format).is_some())
}

fn is_amount(cell: &str) -> bool {
    NumberStyle::ALL.iter().any(|style| is_number(cell, *style))
}

fn is_number(cell: &str, style: NumberStyle) -> bool {
    matches!(Number::read(Side::split_off(cell).1, style), Ok(Some(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(text: &str) -> StatementGuess {
        StatementText::from_bytes(text.as_bytes()).unwrap().guess()
    }

    fn column(at: usize, name: &str) -> Column {
        Column { at, name: name.to_owned() }
    }

    #[test]
    fn credit_and_debit_apart_below_a_few_lines() {
        let text = "Rekening;0001112223\nPeriode;01/01/2026 - 31/01/2026\n\n\
                    Tanggal Transaksi;Uraian;No. Referensi;Debet;Kredit;Saldo\n\
                    05/01/2026 10:11:12;TRF DARI BUDI;R1;0,00;50.123,00;1.050.123,00\n\
                    06/01/2026 10:11:12;BIAYA ADM;R2;2.500,00;0,00;1.047.623,00\n";
        let guess = guess(text);
        assert_eq!((guess.delimiter, guess.skip_lines, guess.rows.len()), (Delimiter::Semicolon, 0, 2));
        assert_eq!(guess.header.len(), 6);
        let profile = guess.profile().unwrap();
        assert_eq!(profile.date, column(0, "Tanggal Transaksi"));
        assert_eq!(profile.description, column(1, "Uraian"));
        assert_eq!(profile.reference, Some(column(2, "No. Referensi")));
        assert_eq!(profile.balance, Some(column(5, "Saldo")));
        let amount = AmountColumns::Split { credit: column(4, "Kredit"), debit: column(3, "Debet") };
        assert_eq!(profile.amount, amount);
        let styles = (StatementDateFormat::DaySlashYear, NumberStyle::DotThousands);
        assert_eq!((profile.date_format, profile.numbers), styles);
    }

    #[test]
    fn a_mark_in_a_column_without_a_name() {
        let text = "Date,Description,Branch,Amount,,Balance\n\
                    '05/01,TRANSFER BUDI,0000,\"50,123.00\",CR,\"150,123.00\"\n\
                    '06/01,FEE,0000,\"2,500.00\",DB,\"147,623.00\"\n";
        let profile = guess(text).profile().unwrap();
        let amount = AmountColumns::Marked { amount: column(3, "Amount"), marker: column(4, "") };
        assert_eq!(profile.amount, amount);
        let styles = (StatementDateFormat::DaySlashMonth, NumberStyle::CommaThousands);
        assert_eq!((profile.date_format, profile.numbers), styles);
    }

    #[test]
    fn one_signed_column() {
        let text = "date\tremarks\tdebit/credit\n2026-01-05\tBUDI\t50123\n2026-01-06\tFEE\t-2500.00\n";
        let profile = guess(text).profile().unwrap();
        assert_eq!(profile.delimiter, Delimiter::Tab);
        assert_eq!(profile.amount, AmountColumns::Signed { amount: column(2, "debit/credit") });
        assert_eq!(profile.date_format, StatementDateFormat::YearFirst);
    }

    #[test]
    fn without_a_header_the_cells_tell() {
        let text =
            "Statement of January\n05 Jan 2026|TRANSFER BUDI|50.123,00 CR\n06 Jan 2026|FEE|2.500,00 DB\n";
        let guess = guess(text);
        assert_eq!((guess.delimiter, guess.skip_lines), (Delimiter::Pipe, 1));
        let profile = guess.profile().unwrap();
        assert_eq!((profile.date, profile.description), (column(0, ""), column(1, "")));
        assert_eq!(profile.amount, AmountColumns::Signed { amount: column(2, "") });
        assert_eq!(profile.date_format, StatementDateFormat::DayNameYear);
    }

    #[test]
    fn what_is_no_statement_gives_no_profile() {
        for text in ["", "\n\n", "hello", "a,b,c\nd,e,f\n", "%PDF-1.7\n1 0 obj"] {
            assert_eq!(guess(text).profile(), None, "{text}");
        }
    }
}
