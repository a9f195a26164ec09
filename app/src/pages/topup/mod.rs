//! Topping up the balance.

mod pay;
mod pay_forms;
mod request;

pub use pay::PayPage;
pub use request::TopupPage;
