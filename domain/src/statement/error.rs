use std::fmt;

/// Why a statement cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementError {
    /// More bytes than [`super::StatementText::MOST_BYTES`].
    TooLarge,
    /// More lines than [`super::StatementText::MOST_LINES`].
    TooManyLines,
    /// A row has more cells than [`super::StatementText::MOST_CELLS`]: the delimiter is hardly the right one.
    TooManyCells {
        /// The row.
        line_number: u32,
    },
    /// A cell has more characters than [`super::StatementText::CELL_MOST_CHARS`], as when a quote is never closed.
    CellTooLong {
        /// The row.
        line_number: u32,
    },
    /// A quote above the header is not closed where it should be, so the header may be missed.
    OpenQuote {
        /// The row.
        line_number: u32,
    },
    /// No line has the names of the columns where they should be. The bank may have changed its file.
    HeaderNotFound,
    /// One column stands for two things.
    SameColumnTwice,
}

/// Why one row cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowTrouble {
    /// It ends before the last column that is needed.
    TooFewCells,
    /// It has more cells than the header, as when a delimiter stands in a text without quotes. Nobody can tell then which
    /// cell is which.
    TooManyCells,
    /// A quote is not closed where a cell ends, and may have swallowed other rows.
    OpenQuote {
        /// The last line that it may have swallowed.
        until_line: u32,
    },
    /// Not a day in the date format that is set.
    BadDate,
    /// A day after the last one that the statement can be about.
    LaterDate,
    /// Not a number in the style that is set, or larger than any amount.
    BadAmount,
    /// No amount, or zero.
    NoAmount,
    /// A part of a rupiah came in, and nothing is ever rounded.
    FractionOfRupiah,
    /// Nobody can tell whether it came in or went out: both columns have an amount, or the mark is unknown or says
    /// something else than the sign.
    CreditOrDebit,
    /// It reads like a balance, and yet it has an amount.
    BalanceWithAmount,
    /// The bank's reference is longer than one can be.
    BadReference,
    /// An earlier row has this reference, so it tells no transfer from another.
    ReferenceTwice {
        /// The earlier row.
        first_line: u32,
    },
}

/// For operators; the interface has words of its own.
impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the file is too large"),
            Self::TooManyLines => write!(f, "the file has too many lines"),
            Self::TooManyCells { line_number } => write!(f, "line {line_number} has too many cells"),
            Self::CellTooLong { line_number } => write!(f, "a cell in line {line_number} is too long"),
            Self::OpenQuote { line_number } => write!(f, "a quote in line {line_number} is not closed"),
            Self::HeaderNotFound => write!(f, "no line has the names of the columns"),
            Self::SameColumnTwice => write!(f, "one column stands for two things"),
        }
    }
}

impl std::error::Error for StatementError {}

/// For operators; the interface has words of its own.
impl fmt::Display for RowTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewCells => write!(f, "too few cells"),
            Self::TooManyCells => write!(f, "more cells than the header"),
            Self::OpenQuote { until_line } => {
                write!(f, "a quote that is not closed goes on to line {until_line}")
            }
            Self::BadDate => write!(f, "not a date in this format"),
            Self::LaterDate => write!(f, "a date that is still to come"),
            Self::BadAmount => write!(f, "not an amount in this style"),
            Self::NoAmount => write!(f, "no amount"),
            Self::FractionOfRupiah => write!(f, "not whole rupiah"),
            Self::CreditOrDebit => write!(f, "neither clearly a credit nor clearly a debit"),
            Self::BalanceWithAmount => write!(f, "it reads like a balance, and has an amount"),
            Self::BadReference => write!(f, "the reference is too long"),
            Self::ReferenceTwice { first_line } => write!(f, "line {first_line} has this reference already"),
        }
    }
}
