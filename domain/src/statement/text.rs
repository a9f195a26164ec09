//! From the bytes of a file to rows of cells.

use std::fmt;

use super::{Delimiter, StatementError};

/// The text of a file, within the limits.
#[derive(Clone, PartialEq, Eq)]
pub struct StatementText(String);

/// One row.
pub(crate) struct Record {
    pub(crate) line_number: u32,
    pub(super) last_line: u32,
    pub(crate) cells: Vec<String>,
    /// A quote is not closed where a cell ends.
    pub(crate) is_torn: bool,
    /// The lines behind the first, as they stand in the file.
    pub(super) later_lines: Vec<String>,
}

/// See [`StatementText::records`].
pub(crate) struct Records<'a> {
    text: &'a str,
    delimiter: Delimiter,
    reader: csv::Reader<&'a [u8]>,
    skipped_lines: u32,
}

/// What Windows-1252 has at 0x80 to 0x9F, where latin-1 has control characters.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl StatementText {
    /// Far more than a month of a busy account.
    pub const MOST_BYTES: usize = 2 * 1024 * 1024;
    /// The same in lines.
    pub const MOST_LINES: usize = 20_000;
    /// Banks write some ten columns.
    pub const MOST_CELLS: usize = 64;
    /// A longer cell is no description but a quote that is never closed.
    pub const CELL_MOST_CHARS: usize = 1_100;

    /// Reads UTF-8, with or without a byte order mark, UTF-16 with one, and anything else as Windows-1252, in which all
    /// bytes mean something. Any kind of line end will do.
    ///
    /// # Errors
    /// [`StatementError::TooLarge`] and [`StatementError::TooManyLines`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > Self::MOST_BYTES {
            return Err(StatementError::TooLarge);
        }
        let text = decoded(bytes).replace("\r\n", "\n").replace('\r', "\n");
        if text.lines().count() > Self::MOST_LINES {
            return Err(StatementError::TooManyLines);
        }
        Ok(Self(text))
    }

    /// The text with `\n` for line ends.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The rows below the lines that are skipped. Empty lines are no rows.
    pub(crate) fn records(&self, delimiter: Delimiter, skip_lines: u32) -> Records<'_> {
        let skipped = usize::try_from(skip_lines).unwrap_or(usize::MAX);
        let begin = match skipped.checked_sub(1) {
            None => 0,
            Some(last) => self.0.match_indices('\n').nth(last).map_or(self.0.len(), |(at, _)| at + 1),
        };
        let text = self.0.get(begin..).unwrap_or_default();
        let reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(delimiter.as_char()).unwrap_or(b','))
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        Records { text, delimiter, reader, skipped_lines: skip_lines }
    }
}

/// Statements are full of names; none of them belongs into a log.
impl fmt::Debug for StatementText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatementText({} bytes)", self.0.len())
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, StatementError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut row = csv::StringRecord::new();
        // Reading from memory cannot fail, and what is cut out of UTF-8 at ASCII characters is UTF-8.
        if !self.reader.read_record(&mut row).ok()? {
            return None;
        }
        let begin = row.position()?;
        let end = usize::try_from(self.reader.position().byte()).unwrap_or_default();
        let whole = self.text.get(usize::try_from(begin.byte()).unwrap_or_default()..end).unwrap_or_default();
        // The reader passes over empty lines and takes the first of them for the row's.
        let raw = whole.trim_start_matches('\n');
        let empty_lines = whole.len() - raw.len();
        let first_line = u32::try_from(begin.line()).unwrap_or(u32::MAX).saturating_add(count(empty_lines));
        let line_number = first_line.saturating_add(self.skipped_lines);
        Some(self.record(&row, raw.trim_end_matches('\n'), line_number))
    }
}

impl Records<'_> {
    fn record(&self, row: &csv::StringRecord, raw: &str, line_number: u32) -> Result<Record, StatementError> {
        if row.len() > StatementText::MOST_CELLS {
            return Err(StatementError::TooManyCells { line_number });
        }
        if row.iter().any(|cell| cell.chars().count() > StatementText::CELL_MOST_CHARS) {
            return Err(StatementError::CellTooLong { line_number });
        }
        let later_lines: Vec<String> = raw.split('\n').skip(1).map(str::to_owned).collect();
        Ok(Record {
            line_number,
            last_line: line_number.saturating_add(count(later_lines.len())),
            cells: row.iter().map(clean).collect(),
            is_torn: is_torn(raw, self.delimiter.as_char()),
            later_lines,
        })
    }
}

/// The reader is patient with quotes: what follows a closed one it takes for more of the cell, and the end of the file
/// closes one too. But a quote that was never closed ends in the next row that has one, and there it looks like this.
fn is_torn(raw: &str, delimiter: char) -> bool {
    let mut rest = raw.chars().peekable();
    loop {
        if rest.next_if_eq(&'"').is_some() {
            loop {
                match rest.next() {
                    None => return true,
                    Some('"') if rest.next_if_eq(&'"').is_none() => break,
                    Some(_) => {}
                }
            }
            if rest.peek().is_some_and(|c| *c != delimiter) {
                return true;
            }
        }
        // To the next cell.
        if !rest.by_ref().any(|c| c == delimiter) {
            return false;
        }
    }
}

/// One line without needless spaces. What spreadsheets and banks put before a number or a date to keep it a text, as in
/// `'05/01` and `="007"`, is no part of it.
pub(crate) fn clean(cell: &str) -> String {
    let words = cell.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let text = words.collect::<Vec<_>>().join(" ");
    let formula = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let bare = formula.unwrap_or_else(|| text.strip_prefix('\'').unwrap_or(&text));
    bare.trim().to_owned()
}

fn decoded(bytes: &[u8]) -> String {
    let utf16 = |read: fn([u8; 2]) -> u16, rest: &[u8]| {
        let (pairs, _) = rest.as_chunks::<2>();
        char::decode_utf16(pairs.iter().copied().map(read)).map(|c| c.unwrap_or('\u{fffd}')).collect()
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => utf16(u16::from_be_bytes, rest),
        [0xEF, 0xBB, 0xBF, rest @ ..] | rest => std::str::from_utf8(rest)
            .map_or_else(|_| rest.iter().copied().map(windows_1252).collect(), str::to_owned),
    }
}

fn windows_1252(byte: u8) -> char {
    let special = usize::from(byte).checked_sub(0x80).and_then(|at| WINDOWS_1252.get(at));
    special.copied().unwrap_or(char::from(byte))
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        StatementText::from_bytes(bytes).unwrap().as_str().to_owned()
    }

    fn rows(text: &str, delimiter: Delimiter, skip_lines: u32) -> Vec<(u32, u32, Vec<String>)> {
        let text = StatementText::from_bytes(text.as_bytes()).unwrap();
        let rows = text.records(delimiter, skip_lines).map(Result::unwrap);
        rows.map(|row| (row.line_number, row.last_line, row.cells)).collect()
    }

    #[test]
    fn every_encoding_that_banks_use() {
        assert_eq!(text("Café\r\nb\rc\n".as_bytes()), "Café\nb\nc\n");
        assert_eq!(text(b"\xEF\xBB\xBFCaf\xC3\xA9"), "Café");
        assert_eq!(text(b"Caf\xE9 \x80 \x93a\x94"), "Café € “a”");
        assert_eq!(text(b"\xFF\xFEC\0a\0"), "Ca");
        assert_eq!(text(b"\xFE\xFF\0C\0a\0"), "Ca");
    }

    #[test]
    fn limits_of_the_whole() {
        let most = vec![b'x'; StatementText::MOST_BYTES];
        assert!(StatementText::from_bytes(&most).is_ok());
        assert_eq!(StatementText::from_bytes(&[&most[..], b"x"].concat()), Err(StatementError::TooLarge));
        let lines = "a\n".repeat(StatementText::MOST_LINES);
        assert!(StatementText::from_bytes(lines.as_bytes()).is_ok());
        let more = lines + "a\n";
        assert_eq!(StatementText::from_bytes(more.as_bytes()), Err(StatementError::TooManyLines));
    }

    #[test]
    fn limits_of_a_row() {
        let first_error = |text: String| {
            let text = StatementText::from_bytes(text.as_bytes()).unwrap();
            text.records(Delimiter::Comma, 0).find_map(Result::err)
        };
        let commas = |count| format!("a\n{}\n", ",".repeat(count));
        assert_eq!(first_error(commas(StatementText::MOST_CELLS - 1)), None);
        let many = Some(StatementError::TooManyCells { line_number: 2 });
        assert_eq!(first_error(commas(StatementText::MOST_CELLS)), many);
        let long = |chars| format!("a\nb,{}\n", "é".repeat(chars));
        assert_eq!(first_error(long(StatementText::CELL_MOST_CHARS)), None);
        let too_long = Some(StatementError::CellTooLong { line_number: 2 });
        assert_eq!(first_error(long(StatementText::CELL_MOST_CHARS + 1)), too_long);
    }

    #[test]
    fn rows_know_their_lines() {
        let text = "skipped \"quote\n\nA;B\n\n\n\"x;\ny\";2\r\n='1';'05/01\r\n=\"007\";a  \u{0}b\n\n";
        let cells = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let expected = [
            (3, 3, cells(["A", "B"])),
            (6, 7, cells(["x; y", "2"])),
            (8, 8, cells(["='1'", "05/01"])),
            (9, 9, cells(["007", "a b"])),
        ];
        assert_eq!(rows(text, Delimiter::Semicolon, 1), expected);
        assert_eq!(rows(text, Delimiter::Semicolon, 99), []);
        assert_eq!(rows("a|b", Delimiter::Pipe, 0), [(1, 1, cells(["a", "b"]))]);
        assert_eq!(rows("a\tb", Delimiter::Tab, 0), [(1, 1, cells(["a", "b"]))]);
    }

    #[test]
    fn quotes_that_close_nowhere() {
        for whole in ["", "a,b", "\"a\"", "\"a,\"\"b\"\"\",\"\"", "a \"b\" c,5\"", "\"a\nb\",c"] {
            assert!(!is_torn(whole, ','), "{whole}");
        }
        for torn in ["\"", "a,\"b", "\"a\" b,c", "\"a\"\"", "a,\"b\nc,\"d\",e"] {
            assert!(is_torn(torn, ','), "{torn}");
        }
    }

    #[test]
    fn names_do_not_show_in_a_log() {
        let text = StatementText::from_bytes(b"BUDI").unwrap();
        assert_eq!(format!("{text:?}"), "StatementText(4 bytes)");
    }
}
