//! Topping up the balance.

mod pay;
mod request;

pub use pay::PayPage;
pub use request::TopupPage;
