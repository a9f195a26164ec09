//! Every operation on both databases: SQLite always, PostgreSQL when `TEST_DATABASE_URL` names a server.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod accounts;
mod audit;
mod book;
mod books;
mod charges;
mod concurrency;
mod engine;
mod fundings;
mod gateways;
mod lists;
mod model;
mod notice_settings;
mod notices;
mod numbers;
mod owner;
mod owner_outcomes;
mod pay_settings;
mod purchases;
mod routes;
mod settings;
mod shop;
mod statements;
mod taken_back;
mod till;
mod topup_model;
mod topups;
