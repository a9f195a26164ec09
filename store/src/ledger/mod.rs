//! The books: double entry, append-only, whole rupiah. Every movement of money is one entry of two or more postings that
//! sum to zero; [`post`] and [`post_all`] are the only code that writes one.

mod account;
mod adjust;
mod audit_log;
mod check;
mod entry;
mod last_check;
mod rules;
mod rules_corrections;
mod rules_topups;
mod seal;
mod statement;

pub(crate) use account::{Account, EntryKind};
pub use adjust::AdjustBalance;
pub(crate) use adjust::{Adjustment, adjust, checked_reason};
pub use audit_log::{AUDIT_LOOKED_AT_MOST, AuditFilter, AuditRow, Person};
pub use check::{Breach, CheckReport};
pub(crate) use entry::{NewEntry, post, post_all};
pub use last_check::{LastCheck, NoteCheck};
pub use seal::SealEntries;
pub(crate) use seal::audit;
pub use statement::{Cause, Direction, StatementLine, StatementSpan, StatementSums};
