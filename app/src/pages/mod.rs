//! The pages, one file each.

pub mod account;
pub mod admin;
pub mod numbers;
pub mod public;
pub mod receipts;
pub mod saved;
pub mod shop;
pub mod topup;
pub(crate) mod user_notices;
