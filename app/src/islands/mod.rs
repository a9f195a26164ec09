//! What reacts in the browser. Everything here is compiled to WASM and paid for by every phone, so islands are small:
//! most wrap HTML that the server has rendered, listen to it, and change attributes and texts that are there already.
//! None is needed: without JavaScript each leaves a page that works.

pub mod check;
mod copy_button;
mod countdown;
mod dom;
mod filter_list;
mod form_guard;
mod live_status;
mod password_toggle;
mod phone_field;
mod theme_toggle;

pub use copy_button::CopyButton;
pub use countdown::{Countdown, clock};
pub use filter_list::FilterList;
pub use form_guard::FormGuard;
pub use live_status::LiveStatus;
pub use password_toggle::PasswordToggle;
pub use phone_field::PhoneField;
pub use theme_toggle::ThemeToggle;
