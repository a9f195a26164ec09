//! Topping up the balance: how much and how ([`TopupPage`]), what it will be ([`TopupSummaryPage`]), how to pay it and
//! where it stands ([`PayPage`]), and those before ([`TopupHistoryPage`]).

mod confirm;
mod list;
mod pay;
mod pay_forms;
mod pay_now;
mod pay_over;
mod request;
mod ways;

pub use confirm::TopupSummaryPage;
pub use list::TopupHistoryPage;
pub use pay::PayPage;
pub use request::TopupPage;
