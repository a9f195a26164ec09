use serde::{Deserialize, Serialize};

use crate::account::words;

/// How the statements of one bank account are to be read. An admin saves it once, and it holds until the bank changes its
/// file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementProfile {
    /// What parts the cells.
    pub delimiter: Delimiter,
    /// Lines at the top that are not even looked at. The header is sought below them; without a header the rows begin
    /// there.
    pub skip_lines: u32,
    /// The day of the booking.
    pub date: Column,
    /// What came in or went out.
    pub amount: AmountColumns,
    /// The bank's and the payer's words.
    pub description: Column,
    /// The bank's own reference, if it is different for every transfer.
    pub reference: Option<Column>,
    /// The account's balance after each row.
    pub balance: Option<Column>,
    /// How days are written.
    pub date_format: StatementDateFormat,
    /// How amounts are written.
    pub numbers: NumberStyle,
}

/// A column by its place *and* its name: one that was moved must not be read as another, and some have no name.
///
/// The header is the first line in which every column of the profile has its name. When all names are empty, there is no
/// header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The place in the row; the first is 0.
    pub at: usize,
    /// What the header says there; capitals do not matter.
    pub name: String,
}

/// Where the amount stands, and how credits are told from debits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum AmountColumns {
    /// One column. What has a minus, brackets or a mark such as `DB` went out; all else came in.
    Signed {
        /// The column.
        amount: Column,
    },
    /// One column for all amounts, and another that says `CR` or `DB`. Without a mark it is a problem.
    Marked {
        /// The amount.
        amount: Column,
        /// The mark.
        marker: Column,
    },
    /// One column for what came in, another for what went out.
    Split {
        /// What came in.
        credit: Column,
        /// What went out.
        debit: Column,
    },
}

/// What parts the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

words!(Delimiter { Comma = "comma", Semicolon = "semicolon", Tab = "tab", Pipe = "pipe" });

/// How days are written. A time may stand behind each of them; it is checked and not used. Days and months may have one
/// digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementDateFormat {
    /// `05/01/2026`
    DaySlashYear,
    /// `05-01-2026`
    DayDashYear,
    /// `2026-01-05`
    YearFirst,
    /// `05/01/26`
    DaySlashShortYear,
    /// `05 Jan 2026`, with Indonesian or English names, long or short; dashes may stand for the spaces.
    DayNameYear,
    /// `05/01`, in the year that makes it the latest day possible.
    DaySlashMonth,
}

words!(StatementDateFormat {
    DaySlashYear = "day_slash_year",
    DayDashYear = "day_dash_year",
    YearFirst = "year_first",
    DaySlashShortYear = "day_slash_short_year",
    DayNameYear = "day_name_year",
    DaySlashMonth = "day_slash_month",
});

/// How amounts are written. Thousands need not be parted, but where they are, it must be in the right places; so a
/// statement of the other style is refused and not read a thousand times too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberStyle {
    /// `1.234.567,89`
    DotThousands,
    /// `1,234,567.89`
    CommaThousands,
    /// `1234567`, `1234567.89` or `1234567,89`
    Plain,
}

words!(NumberStyle {
    DotThousands = "dot_thousands",
    CommaThousands = "comma_thousands",
    Plain = "plain",
});

impl StatementProfile {
    /// Every column that is set.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Column> {
        [&self.date, &self.description]
            .into_iter()
            .chain(self.amount.columns())
            .chain(&self.reference)
            .chain(&self.balance)
    }

    /// How many cells a row must have.
    pub(super) fn needed_cells(&self) -> usize {
        self.columns().map(|column| column.at.saturating_add(1)).max().unwrap_or_default()
    }

    pub(super) fn has_header(&self) -> bool {
        self.columns().any(|column| !column.name.trim().is_empty())
    }

    pub(super) fn is_header(&self, cells: &[String]) -> bool {
        let is_named =
            |column: &Column| cells.get(column.at).is_some_and(|cell| same_words(cell, &column.name));
        self.has_header() && self.columns().all(is_named)
    }

    pub(super) fn uses_a_column_twice(&self) -> bool {
        let mut places: Vec<usize> = self.columns().map(|column| column.at).collect();
        let all = places.len();
        places.sort_unstable();
        places.dedup();
        places.len() < all
    }
}

impl AmountColumns {
    pub(super) fn columns(&self) -> impl Iterator<Item = &Column> {
        let (first, second) = match self {
            Self::Signed { amount } => (amount, None),
            Self::Marked { amount, marker } => (amount, Some(marker)),
            Self::Split { credit, debit } => (credit, Some(debit)),
        };
        std::iter::once(first).chain(second)
    }
}

impl Delimiter {
    /// The character.
    #[must_use]
    pub const fn as_char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
            Self::Pipe => '|',
        }
    }
}

fn same_words(one: &str, other: &str) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    words(one) == words(other)
}
