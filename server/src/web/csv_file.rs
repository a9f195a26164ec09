//! Files for spreadsheets. One place that knows what a spreadsheet does to what it opens.

use domain::{Lang, harmless_cell};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};

/// For whom a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// As RFC 4180 has it, for programs: commas, and nothing before the first cell.
    Plain,
    /// For Excel at a double click. It takes the separator from the system's settings, and in Indonesia, where the comma
    /// parts decimals, that is a semicolon; without a byte order mark it takes UTF-8 for Windows-1252 and spoils names.
    /// Other spreadsheets find both out by themselves.
    Sheet(Lang),
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'c> {
    /// A text, which may be a stranger's words.
    Text(&'c str),
    /// A whole number. With its sign it stays one, so that it can be added up.
    Number(i64),
    /// An empty cell.
    Nothing,
}

/// Rows on their way into a file. A long file is made of several of these, one after the other.
pub struct Rows(csv::Writer<Vec<u8>>);

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl Dialect {
    const fn separator(self) -> u8 {
        match self {
            Self::Plain | Self::Sheet(Lang::En) => b',',
            Self::Sheet(Lang::Id) => b';',
        }
    }
}

impl Rows {
    /// The beginning of a file.
    pub fn first(dialect: Dialect) -> Self {
        Self::after(dialect, if dialect == Dialect::Plain { b"" } else { BYTE_ORDER_MARK })
    }

    /// More of a file.
    pub fn more(dialect: Dialect) -> Self {
        Self::after(dialect, b"")
    }

    fn after(dialect: Dialect, start: &[u8]) -> Self {
        let writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .delimiter(dialect.separator())
            .from_writer(start.to_vec());
        Self(writer)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When it has fewer or more cells than the one before.
    pub fn add<const CELLS: usize>(&mut self, cells: [Cell<'_>; CELLS]) -> Result<(), csv::Error> {
        self.0.write_record(cells.map(|cell| match cell {
            Cell::Text(text) => harmless_cell(text).into_owned(),
            Cell::Number(number) => number.to_string(),
            Cell::Nothing => String::new(),
        }))
    }

    /// What was written.
    ///
    /// # Errors
    /// None in practice: it is written to memory.
    pub fn into_bytes(self) -> Result<Vec<u8>, csv::Error> {
        self.0.into_inner().map_err(|error| error.into_error().into())
    }
}

/// The headers of a file that the browser keeps under this name, which is of letters, digits, dashes and dots.
pub fn headers(name: &str) -> [(HeaderName, HeaderValue); 3] {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    [
        (CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment"))),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(dialect: Dialect, cells: [Cell<'_>; 3]) -> String {
        let mut rows = Rows::first(dialect);
        rows.add(cells).unwrap();
        String::from_utf8(rows.into_bytes().unwrap()).unwrap()
    }

    #[test]
    fn no_text_is_a_formula_and_numbers_stay_numbers() {
        for start in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
            let cell = format!("{start}cmd|' /C calc'!A0");
            let file = written(Dialect::Plain, [Cell::Text(&cell), Cell::Number(-5), Cell::Nothing]);
            assert!(file.trim_start_matches('"').starts_with(&format!("'{start}cmd")), "{file:?}");
            assert!(file.ends_with(",-5,\r\n"), "{file:?}");
        }
        assert_eq!(
            written(Dialect::Plain, [Cell::Text("a,\"b"), Cell::Text("a=b"), Cell::Number(12)]),
            "\"a,\"\"b\",a=b,12\r\n"
        );
    }

    #[test]
    fn excel_finds_separator_and_encoding() {
        let cells = [Cell::Text("Ibu é; dua"), Cell::Text("a,b"), Cell::Number(1)];
        assert_eq!(written(Dialect::Sheet(Lang::Id), cells), "\u{feff}\"Ibu é; dua\";a,b;1\r\n");
        assert_eq!(written(Dialect::Sheet(Lang::En), cells), "\u{feff}Ibu é; dua,\"a,b\",1\r\n");
        let mut more = Rows::more(Dialect::Sheet(Lang::Id));
        more.add([Cell::Number(1), Cell::Nothing]).unwrap();
        assert_eq!(more.into_bytes().unwrap(), b"1;\r\n", "one mark for a file");
    }

    #[test]
    fn a_name_that_no_header_can_hold_is_left_out() {
        assert_eq!(headers("a-1.csv")[1].1, "attachment; filename=\"a-1.csv\"");
        assert_eq!(headers("a\n.csv")[1].1, "attachment");
    }
}
