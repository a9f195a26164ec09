//! The server: it wires the store, the gateways and the pages together, and keeps the door.
//!
//! `cli` reads what the operator wants, `config` checks it, `commands` do it. [`web::router`] is everything that answers
//! HTTP, and can be built by a test without a listener. `backup` makes backups and puts them back. `engine` sends purchases to the gateways,
//! `monitor` tells how it all is.

// The pages' types nest deeply.
#![recursion_limit = "512"]

pub mod backup;
pub mod cli;
pub mod commands;
pub mod config;
pub mod demo;
mod demo_notices;
pub mod demo_packages;
mod demo_payments;
mod demo_users;
pub mod engine;
pub mod gateways;
mod log;
pub mod monitor;
pub mod pay_gateways;
pub mod setup_link;
pub mod web;

pub use web::{Site, router};
