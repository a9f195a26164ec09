//! The web side through the real router, on SQLite and, when `TEST_DATABASE_URL` names a server, on PostgreSQL.
//!
//! Each module is marked as a test, so that clippy lets its helpers unwrap.

#[cfg(test)]
mod access;
mod access_table;
#[cfg(test)]
mod audit_log;
#[cfg(test)]
mod backups;
#[cfg(test)]
mod backups_trouble;
#[cfg(test)]
mod book;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod confirm;
#[cfg(test)]
mod connections;
#[cfg(test)]
mod counter;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod crash_topups;
#[cfg(test)]
mod door;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod files;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod live;
#[cfg(test)]
mod load_balancers;
#[cfg(test)]
mod monitor;
#[cfg(test)]
mod my_account;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod overview;
#[cfg(test)]
mod owner;
#[cfg(test)]
mod packages;
#[cfg(test)]
mod pay_admin;
#[cfg(test)]
mod payments;
#[cfg(test)]
mod payments_torture;
#[cfg(test)]
mod proxies;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod shop_settings;
#[cfg(test)]
mod stopping;
#[cfg(test)]
mod topups;
#[cfg(test)]
mod two_servers;
#[cfg(test)]
mod uploads;
#[cfg(test)]
mod user_notices;
#[cfg(test)]
mod users;
#[cfg(test)]
mod viewing;
