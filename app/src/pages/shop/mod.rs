//! Buying packages.

mod buy;
mod dashboard;
mod packages;
mod transaction;
mod transactions;

pub use buy::BuyPage;
pub use dashboard::DashboardPage;
pub use packages::PackagesPage;
pub use transaction::TransactionPage;
pub use transactions::TransactionsPage;
