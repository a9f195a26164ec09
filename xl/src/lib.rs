//! The way to XL: one trait, [`Gateway`], and one adapter a dialect. What an answer proves is decided here and nowhere
//! else, and in doubt it proves nothing ([`domain::Verdict::Unknown`]).
//!
//! | dialect | module | |
//! |---|---|---|
//! | H2H aggregator (Digiflazz) | `digiflazz` | orders paid from the shop's deposit |
//! | session gateway ("KMSP") | `session` | the number's owner signs in and pays; its further calls are [`SessionGateway`] |
//!
//! An adapter never retries, follows no redirect, knows no database and no clock: when a request may leave is for the
//! caller to say, once more just before it leaves. `guard` puts a rate limit and a circuit breaker around any adapter.

mod answer;
mod digiflazz;
mod gateway;
mod guard;
mod http;
mod secret;
mod session;
mod session_gateway;

#[cfg(test)]
mod tests;

pub use digiflazz::{ConfigError, Digiflazz, DigiflazzConfig};
pub use gateway::{
    Answer, Evidence, Exchange, Gateway, GatewayError, Limits, ListedPackage, MaySend, Order, QueryKind,
    StoredRequest, WebhookError, WebhookNews,
};
pub use guard::{Breaker, GuardConfig, Guarded, Rate, Spacing, Ticket};
/// The headers that [`Gateway::parse_webhook`] reads.
pub use reqwest::header::HeaderMap;
pub use secret::{AccessToken, Otp};
pub use session::{Session, SessionCall, SessionConfig, SessionConfigError};
pub use session_gateway::{
    Challenge, CutOff, DailyLimit, ListedSession, Offer, OtpError, QuotaBenefit, QuotaPackage, SessionError,
    SessionGateway, SessionStatus, SessionTokens, Stock,
};
