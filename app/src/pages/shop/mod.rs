//! Buying packages.

mod buy;
mod dashboard;
mod number;
mod owner;
mod packages;
pub(super) mod parts;
mod pay;
mod timeline;
mod transaction;
mod transactions;

pub use buy::BuyPage;
pub use dashboard::DashboardPage;
pub use packages::PackagesPage;
pub use transaction::TransactionPage;
pub use transactions::TransactionsPage;
