//! The gateway's book against ours. No gateway tells its statement, only the deposit; so once a day the change of the
//! deposit is compared with what our ledger says about it: [`RecordFunding`] tells what was paid in, [`KeepReading`] keeps
//! the first reading after midnight, [`SettleDay`] is a human's word about a difference.

mod compare;
mod funding;
mod mark;
mod read;
mod reading;
mod settle;

pub use funding::{Funding, RecordFunding};
pub use mark::{LedgerMark, OpenOrders};
pub use read::{DepositBook, DepositDay};
pub use reading::KeepReading;
pub use settle::SettleDay;

use domain::Rupiah;

use crate::error::Error;

/// Days that the page shows, and that a funding can be recorded for.
pub const BOOK_DAYS: i64 = 60;

fn plus(a: Rupiah, b: Rupiah) -> Result<Rupiah, Error> {
    a.checked_add(b).ok_or_else(|| Error::corrupt("an amount is out of range"))
}

fn minus(a: Rupiah, b: Rupiah) -> Result<Rupiah, Error> {
    a.checked_sub(b).ok_or_else(|| Error::corrupt("an amount is out of range"))
}
