//! A faithful XL gateway to develop and test against. It knows no adapter and not the shop's own types: it is written
//! from the contract paper alone, so that one misreading cannot hide on both sides.
//!
//! It keeps one book of what was *really* charged and delivered (`GET /book`), whatever its answers said, and it can
//! misbehave in every way the contract lists: by the number's last digits, by SKU, or by an admin call.
//!
//! | path | what |
//! |---|---|
//! | `POST /digiflazz/v1/{cek-saldo,price-list,transaction}` | the H2H dialect |
//! | `GET /book`, `GET /book/{ref_id}` | the truth |
//! | `POST /admin/{behaviour,duplicates,settle,deposit,prices,clock,reset}`, `GET /admin/counters` | the strings to pull |
//!
//! The admin calls have no password: serve this on a loopback address only. The session dialect will stand beside
//! `digiflazz` and share the book.

mod admin;
mod behaviour;
mod book;
mod catalogue;
mod chance;
mod config;
mod digiflazz;
mod faults;
mod journal;
mod orders;
mod rules;
mod server;
mod session;
mod state;
mod webhooks;

#[cfg(test)]
mod tests;

pub use behaviour::{AnswerFate, Behaviour, Ending, OrderFate, Receipt, Rule, Settling};
pub use book::{BookOrder, OrderState};
pub use catalogue::{Brand, PackageCategory, SimulatedPackage, default_catalogue};
pub use config::{Clock, Duplicates, SimulatorConfig};
pub use server::{RunningSimulator, Simulator};
pub use session::{Benefit, CutOff, PaymentMethod, SessionOrder, SessionPackage, default_session_catalogue};
