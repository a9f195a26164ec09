//! Numbers that their owners have signed in.

mod list;
mod one;
mod otp;

pub use list::NumbersPage;
pub use one::NumberPage;
pub use otp::OtpPage;

const LIST: &str = "/numbers";
