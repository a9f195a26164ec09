//! Purchases, top-ups and corrections in one list, newest first.

mod cursor;
mod filter;
mod list;

pub use filter::{SEARCH_DAYS, SEARCH_DAYS_MOST, TransactionFilter, TransactionKind};
pub use list::{Transaction, What};
