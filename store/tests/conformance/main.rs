//! Every operation on both databases: SQLite always, PostgreSQL when `TEST_DATABASE_URL` names a server.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod access;
mod accounts;
mod audit;
mod backups;
mod book;
mod books;
mod charges;
mod closing;
mod concurrency;
mod corrections;
mod engine;
mod fundings;
mod gateways;
mod lists;
mod model;
mod monitor;
mod movements;
mod notice_settings;
mod notices;
mod numbers;
mod outbox;
mod owner;
mod owner_outcomes;
mod package_import;
mod packages;
mod pay_settings;
mod purchases;
mod receipts;
mod rollups;
mod routes;
mod saved_numbers;
mod settings;
mod shop;
mod sign_ins;
mod statements;
mod taken_back;
mod till;
mod topup_model;
mod topups;
mod transactions;
mod users;
