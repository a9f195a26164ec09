//! Corrections of balances by people. A small one is done on one admin's word; above the limit of the settings, counted
//! over a day, it waits until somebody has looked a second time. Each is a row, and moves money at most once.

mod decide;
mod read;
mod request;

pub use decide::{ApproveCorrection, RejectCorrection, WithdrawCorrection};
pub use read::{Correction, CorrectionFilter};
pub use request::{Corrected, RequestCorrection};
