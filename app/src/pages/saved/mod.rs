//! Numbers that users keep under a name. Not to be mixed up with the numbers that are signed in (`pages/numbers`).

mod list;
pub(super) mod parts;

pub use list::SavedNumbersPage;

/// The page of them all.
pub(crate) const LIST: &str = "/saved-numbers";
