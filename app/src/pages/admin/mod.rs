//! Running the shop.

mod overview;
mod package;
mod packages;
mod parts;
mod settings;
mod topup;
mod topups;
mod transaction;
mod transactions;
mod user;
mod user_steps;
mod users;

pub use overview::AdminOverviewPage;
pub use package::{AdminPackagePage, NewPackagePage};
pub use packages::AdminPackagesPage;
pub use settings::AdminSettingsPage;
pub use topup::AdminTopupPage;
pub use topups::AdminTopupsPage;
pub use transaction::AdminTransactionPage;
pub use transactions::AdminTransactionsPage;
pub use user::AdminUserPage;
pub use users::AdminUsersPage;
