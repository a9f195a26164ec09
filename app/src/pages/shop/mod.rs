//! Buying packages.

mod buy;
mod dashboard;
mod number;
mod packages;
pub(super) mod parts;
mod timeline;
mod transaction;
mod transactions;

pub use buy::BuyPage;
pub use dashboard::DashboardPage;
pub use packages::PackagesPage;
pub use transaction::TransactionPage;
pub use transactions::TransactionsPage;
