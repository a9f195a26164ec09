//! Tables of our own as CSV: written for a spreadsheet, and read again after somebody has worked on them there.

use std::borrow::Cow;

use crate::statement::clean;
use crate::{Delimiter, StatementError, StatementText};

/// What a table looks like.
#[derive(Clone, Copy, Debug)]
pub struct SheetShape {
    /// The names of its columns, as they are written. Their order in a file does not matter.
    pub columns: &'static [&'static str],
    /// Those that a file must have.
    pub must: &'static [&'static str],
    /// Rows that are read at most.
    pub most_rows: usize,
}

/// A table that was read: which columns it has, and its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    columns: Vec<&'static str>,
    /// The rows in the file's order; those without any text are left out.
    pub rows: Vec<SheetRow>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Where it stands in the file; the first line is 1.
    pub line_number: u32,
    /// Why its cells cannot be told apart.
    pub trouble: Option<SheetRowTrouble>,
    cells: Vec<String>,
}

/// Why the cells of a row cannot be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetRowTrouble {
    /// It has fewer cells than the header.
    TooFewCells,
    /// It has more cells than the header, as when a delimiter stands in a text without quotes.
    TooManyCells,
    /// A quote is not closed where a cell ends, and may have swallowed other rows.
    OpenQuote,
}

/// Why a table cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetError {
    /// It is too large, or a cell is.
    Text(StatementError),
    /// The first line has none of the columns' names.
    NoHeader,
    /// The header has a name that is none of the columns'. It may be a typing error, and then nothing of it would be read.
    UnknownColumn {
        /// The name.
        name: String,
    },
    /// The header has a name twice.
    ColumnTwice {
        /// The name.
        name: &'static str,
    },
    /// A column is missing that must be there.
    MissingColumn {
        /// The name.
        name: &'static str,
    },
    /// More rows than are read.
    TooManyRows,
}

/// What may part the cells: what spreadsheets write.
const DELIMITERS: [Delimiter; 3] = [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab];

/// How a cell begins that a spreadsheet takes for a formula, the wide forms of East Asian keyboards included. (OWASP, CSV
/// injection.)
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A cell that no spreadsheet takes for a formula: what stands there may be a stranger's words. The mark in front of it is
/// taken away again where a table is read.
#[must_use]
pub fn harmless_cell(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA_STARTS) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// A table as RFC 4180 has it, with commas, and with no cell that is a formula.
///
/// # Errors
/// None: writing to memory cannot fail. The CSV writer does not know that.
pub fn write_sheet<'r>(
    columns: &[&str],
    rows: impl IntoIterator<Item = &'r [String]>,
) -> Result<Vec<u8>, String> {
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let told = |error: csv::Error| error.to_string();
    file.write_record(columns).map_err(told)?;
    for row in rows {
        let cells = row.iter().map(|cell| harmless_cell(cell).into_owned().into_bytes());
        file.write_record(cells).map_err(told)?;
    }
    file.into_inner().map_err(|error| error.to_string())
}

impl Sheet {
    /// A cell as it comes back when it was written by [`write_sheet`] and read by [`Sheet::read`]: on one line, without
    /// needless spaces. What is equal to it was not changed in between.
    #[must_use]
    pub fn as_read(cell: &str) -> String {
        clean(&harmless_cell(cell))
    }

    /// Reads a table with commas, semicolons or tabs, whose first line names its columns.
    ///
    /// # Errors
    /// [`SheetError`]. What is wrong with a single row is told there.
    pub fn read(text: &StatementText, shape: &SheetShape) -> Result<Self, SheetError> {
        let delimiter = delimiter_of(text, shape).ok_or(SheetError::NoHeader)?;
        let mut records = text.records(delimiter, 0);
        let header = records.next().ok_or(SheetError::NoHeader)?.map_err(SheetError::Text)?;
        let columns = columns_of(&header.cells, shape)?;
        let mut rows = Vec::new();
        for record in records {
            let record = record.map_err(SheetError::Text)?;
            if record.cells.iter().all(String::is_empty) {
                continue;
            }
            if rows.len() == shape.most_rows {
                return Err(SheetError::TooManyRows);
            }
            let trouble = if record.is_torn {
                Some(SheetRowTrouble::OpenQuote)
            } else {
                match record.cells.len().cmp(&columns.len()) {
                    std::cmp::Ordering::Less => Some(SheetRowTrouble::TooFewCells),
                    std::cmp::Ordering::Equal => None,
                    std::cmp::Ordering::Greater => Some(SheetRowTrouble::TooManyCells),
                }
            };
            rows.push(SheetRow { line_number: record.line_number, trouble, cells: record.cells });
        }
        Ok(Self { columns, rows })
    }

    /// What a row says in a column; nothing where the file does not have the column.
    #[must_use]
    pub fn cell<'r>(&self, row: &'r SheetRow, column: &str) -> Option<&'r str> {
        let at = self.columns.iter().position(|known| *known == column)?;
        row.cells.get(at).map(String::as_str)
    }
}

/// The delimiter by which the first line has the most names of columns.
fn delimiter_of(text: &StatementText, shape: &SheetShape) -> Option<Delimiter> {
    let names = |delimiter: Delimiter| {
        let first = text.records(delimiter, 0).next().and_then(Result::ok);
        first.map_or(0, |record| {
            record.cells.iter().filter(|cell| known_column(cell, shape).is_some()).count()
        })
    };
    DELIMITERS
        .into_iter()
        .map(|delimiter| (names(delimiter), delimiter))
        .filter(|(names, _)| *names > 0)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, delimiter)| delimiter)
}

fn known_column(cell: &str, shape: &SheetShape) -> Option<&'static str> {
    let name = cell.to_lowercase().replace([' ', '-'], "_");
    shape.columns.iter().copied().find(|known| *known == name)
}

fn columns_of(header: &[String], shape: &SheetShape) -> Result<Vec<&'static str>, SheetError> {
    let mut columns = Vec::new();
    for cell in header {
        let name = known_column(cell, shape)
            .ok_or_else(|| SheetError::UnknownColumn { name: cell.chars().take(40).collect() })?;
        if columns.contains(&name) {
            return Err(SheetError::ColumnTwice { name });
        }
        columns.push(name);
    }
    match shape.must.iter().find(|must| !columns.contains(*must)) {
        Some(name) => Err(SheetError::MissingColumn { name }),
        None => Ok(columns),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHAPE: SheetShape =
        SheetShape { columns: &["sku", "name", "price_member"], must: &["sku"], most_rows: 3 };

    fn read(text: &str) -> Result<Sheet, SheetError> {
        Sheet::read(&StatementText::from_bytes(text.as_bytes()).unwrap(), &SHAPE)
    }

    #[test]
    fn columns_may_stand_anywhere_and_be_parted_by_anything() {
        for text in [
            "Price Member,SKU\n\"12,500\",a\n",
            "\u{feff}price_member;sku\r\n12,500;a\r\n;\r\n",
            "price-member\tsku\n12,500\ta",
        ] {
            let sheet = read(text).unwrap();
            assert_eq!(sheet.rows.len(), 1, "{text}");
            let row = &sheet.rows[0];
            let cell = |column| sheet.cell(row, column);
            assert_eq!((cell("sku"), cell("price_member"), cell("name")), (Some("a"), Some("12,500"), None));
            assert_eq!((row.line_number, row.trouble), (2, None));
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let unknown = SheetError::UnknownColumn { name: "prise".into() };
        assert_eq!(read("sku,prise\n"), Err(unknown));
        assert_eq!(read("sku,SKU\n"), Err(SheetError::ColumnTwice { name: "sku" }));
        assert_eq!(read("name\n"), Err(SheetError::MissingColumn { name: "sku" }));
        assert_eq!((read(""), read("a,b\n1,2")), (Err(SheetError::NoHeader), Err(SheetError::NoHeader)));
        assert_eq!(read("sku\na\nb\nc\nd\n"), Err(SheetError::TooManyRows));
        assert!(read("sku\na\n\nb\nc\n").is_ok(), "an empty line is no row");
        let sheet = read("sku,name\na\nb,c,d\nc,\"d\" e\n").unwrap();
        let troubles: Vec<_> = sheet.rows.iter().map(|row| (row.line_number, row.trouble)).collect();
        let expected = [
            (2, Some(SheetRowTrouble::TooFewCells)),
            (3, Some(SheetRowTrouble::TooManyCells)),
            (4, Some(SheetRowTrouble::OpenQuote)),
        ];
        assert_eq!(troubles, expected);
        let long = format!("sku\n{}\n", "x".repeat(StatementText::CELL_MOST_CHARS + 1));
        assert_eq!(read(&long), Err(SheetError::Text(StatementError::CellTooLong { line_number: 2 })));
    }

    #[test]
    fn no_cell_that_is_written_is_a_formula() {
        let row = ["=1+1", "+ Bonus", "-5"].map(str::to_owned);
        let written = write_sheet(SHAPE.columns, [row.as_slice()]).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "sku,name,price_member\r\n'=1+1,'+ Bonus,'-5\r\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(cells in prop::array::uniform3("[ -~\u{a0}-\u{17f}\n]{0,40}")) {
            let written = write_sheet(SHAPE.columns, [cells.as_slice()]).unwrap();
            let sheet = Sheet::read(&StatementText::from_bytes(&written).unwrap(), &SHAPE).unwrap();
            let expected = cells.each_ref().map(|cell| Sheet::as_read(cell));
            if expected.iter().all(String::is_empty) {
                prop_assert!(sheet.rows.is_empty());
            } else {
                let row = &sheet.rows[0];
                prop_assert_eq!(row.trouble, None);
                for (column, expected) in SHAPE.columns.iter().zip(&expected) {
                    prop_assert_eq!(sheet.cell(row, column), Some(expected.as_str()));
                }
            }
        }

        #[test]
        fn any_text_can_be_looked_at(text in "\\PC{0,200}") {
            let _ = read(&text);
        }
    }
}
