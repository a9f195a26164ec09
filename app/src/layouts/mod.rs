//! What stands around the content of every page.

mod admin;
mod bare;
mod frame;
mod member;
mod problem;
mod public;
mod viewing;

pub use admin::{Section, Waiting, admin};
pub use bare::bare;
pub use member::{Tab, member};
pub use problem::problem;
pub use public::public;
