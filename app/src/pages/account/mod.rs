//! The user's own pages.

mod close;
mod devices;
mod email;
mod profile;
mod reseller;
mod statement;

pub use close::CloseAccountPage;
pub use devices::SignInsPage;
pub(crate) use devices::sign_in_row;
pub use profile::ProfilePage;
pub use statement::StatementPage;
