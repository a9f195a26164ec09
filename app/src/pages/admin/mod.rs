//! Running the shop.

mod book;
mod gateways;
mod notice_forms;
mod notices;
mod offers;
mod overview;
mod package;
mod package_ways;
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
mod webhooks;

pub use book::AdminBookPage;
pub use gateways::AdminGatewaysPage;
pub use notices::AdminNoticesPage;
pub use offers::AdminOffersPage;
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
pub use webhooks::AdminWebhooksPage;
