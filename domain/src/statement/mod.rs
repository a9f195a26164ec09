//! What came in at the bank, read from the statement that the bank lets its customer download as CSV. Every bank writes
//! it in a way of its own and changes it when it likes, so nothing is known about any bank here: an admin says once how
//! the account's file is to be read ([`StatementProfile`]), and [`StatementText::guess`] proposes it.
//!
//! # Nothing is left out silently
//! Each row of the file ends in exactly one place: a credit ([`Statement::lines`]), a debit, a note or a problem. A row is
//! a *note*, which is only counted, when
//! - all its cells are empty, or it is the header once more;
//! - its date is empty and its amount is empty or zero, as in an opening balance or a description that goes on;
//! - its date cell begins with a word of sums, such as `Saldo`, `Total` or `Mutasi`;
//! - its description is one of a balance (`Saldo Awal`, `Opening balance`) and its amount is empty or zero.
//!
//! Everything else that cannot be read is a [`RowProblem`] with its line number.
//!
//! # References
//! [`StatementLine::reference`] is unique within a statement, and the same whenever the same line is read again with the
//! same columns. It is the bank's own reference where a column for it is set and the cell says anything; else it is
//! `2026-01-05 50123 6F1D… 1`: the day, the amount, a digest of description and running balance, and the how-many-eth
//! such line of the day it is.
//!
//! Lines that are the same in all of these cannot be told apart, so they are only counted. An export that holds the whole
//! day, or that day from its beginning, gives each of them the same number again, in either order of the file. One that
//! begins in the middle of a day counts anew: its second identical transfer is taken for the first, which is known
//! already. That errs towards a credit too few, which a human can give, and never towards one too many. A running balance
//! tells all lines apart, so it should be set where there is one; but only if it is the account's, and not one that
//! starts anew with each export. Whoever changes the columns of description, balance or reference gets other references
//! for lines that were read before.

mod date;
mod error;
mod guess;
mod number;
mod profile;
mod propose;
mod read;
mod rows;
mod text;

use crate::{Rupiah, UtcMillis};

pub use self::error::{RowTrouble, StatementError};
pub use self::guess::StatementGuess;
pub use self::profile::{
    AmountColumns, Column, Delimiter, NumberStyle, StatementDateFormat, StatementProfile,
};
pub use self::propose::{Expected, MatchFit, Proposal, propose_matches};
pub use self::text::StatementText;
pub(crate) use self::text::clean;

/// What a statement says, row by row; see the module for what becomes of which row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The credits, in the file's order.
    pub lines: Vec<StatementLine>,
    /// How many rows took money from the account. They are no concern of the shop.
    pub debits: u32,
    /// How many rows are no transactions.
    pub notes: u32,
    /// The rows that could not be read, in the file's order.
    pub problems: Vec<RowProblem>,
}

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// Where it stands in the file; the first line is 1.
    pub line_number: u32,
    /// When the day began (WIB) on which the bank booked it.
    pub day: UtcMillis,
    /// How much; above zero.
    pub amount: Rupiah,
    /// The bank's and the payer's words on one line, of at most [`StatementLine::DESCRIPTION_MOST_CHARS`].
    pub description: String,
    /// Unique within the account: 3 to [`StatementLine::REFERENCE_MOST_CHARS`] characters in capitals.
    pub reference: String,
}

/// A row that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// Where it stands in the file; the first line is 1.
    pub line_number: u32,
    /// What is wrong.
    pub trouble: RowTrouble,
}

impl StatementLine {
    /// The longest description that is kept. What is longer is cut; the reference is made from all of it.
    pub const DESCRIPTION_MOST_CHARS: usize = 200;
    /// The shortest reference: fewer characters are a mark and no reference.
    pub const REFERENCE_LEAST_CHARS: usize = 3;
    /// The longest reference, as an approved payment may have it.
    pub const REFERENCE_MOST_CHARS: usize = 64;
}

#[cfg(test)]
mod tests;
