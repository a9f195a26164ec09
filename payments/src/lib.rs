//! The way to payment gateways: one trait, [`PayGateway`], and one adapter a dialect. What an answer proves is decided
//! here, and in doubt it proves nothing. Money is credited on the answer to a status question only.
//!
//! | dialect | module | |
//! |---|---|---|
//! | Midtrans Core API | `midtrans` | QRIS, virtual accounts of four banks, Mandiri's bill payment |
//! | Tripay closed payment | `tripay` | QRIS and virtual accounts |
//!
//! Transfers that a human confirms have no adapter: there is nobody to ask.

mod config;
mod evidence;
mod gateway;
mod hex;
mod midtrans;
mod read;
mod tripay;

#[cfg(test)]
mod tests;

pub use config::PayConfigError;
pub use gateway::{
    ChargeOrder, ChargeRef, ListedPayment, PayAnswer, PayError, PayEvidence, PayGateway, PayHint, PayLimits,
    PayWebhookError, RefundOrder,
};
pub use midtrans::{Midtrans, MidtransConfig};
/// The headers that [`PayGateway::parse_webhook`] reads.
pub use reqwest::header::HeaderMap;
pub use tripay::{Tripay, TripayConfig};
