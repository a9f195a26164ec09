//! What a user is told. Not to be mixed up with what the operator is told (`pages/admin/notices.rs`).

mod choices;
mod list;

pub use choices::NoticeChoicesPage;
pub use list::UserNoticesPage;

/// The page of them all.
pub(crate) const LIST: &str = "/notifications";
/// Where else they go.
pub(crate) const CHOICES: &str = "/profile/notifications";
