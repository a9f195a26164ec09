//! The way to XL: one trait, [`Gateway`], and one adapter a dialect. What an answer proves is decided here and nowhere
//! else, and in doubt it proves nothing ([`domain::Verdict::Unknown`]).
//!
//! | dialect | module | |
//! |---|---|---|
//! | H2H aggregator (Digiflazz) | `digiflazz` | orders paid from the shop's deposit |
//! | session gateway ("KMSP") | `session` | to come, beside `digiflazz`: OTP sign-in, pulsa and wallets; its further calls (`request_otp`, `quota`, …) become a second trait that only it implements |
//!
//! An adapter never retries, follows no redirect, knows no database and no clock: when a request may leave is for the
//! caller to say, once more just before it leaves.

mod digiflazz;
mod gateway;

#[cfg(test)]
mod tests;

pub use digiflazz::{ConfigError, Digiflazz, DigiflazzConfig};
pub use gateway::{
    Answer, Evidence, Gateway, GatewayError, Limits, ListedPackage, MaySend, Order, QueryKind, StoredRequest,
    WebhookError, WebhookNews,
};
/// The headers that [`Gateway::parse_webhook`] reads.
pub use reqwest::header::HeaderMap;
