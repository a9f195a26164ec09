//! Numbers that a user keeps under a name, to buy for them again. They have nothing to do with the numbers that are signed
//! in by a one-time code (`xl_accounts`): anyone's number may be kept here.

mod forget;
mod number;
mod read;

pub use forget::ForgetSaved;
pub use number::{RemoveNumber, SAVED_NUMBERS_MOST, SaveNumber};
pub use read::SavedNumber;
