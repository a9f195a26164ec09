//! The user's own pages.

mod profile;
mod reseller;
mod statement;

pub use profile::ProfilePage;
pub use statement::StatementPage;
