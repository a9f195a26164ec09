//! The way to payment gateways: one trait, [`PayGateway`], and one adapter a dialect. What an answer proves is decided
//! here, and in doubt it proves nothing. Money is credited on the answer to a status question only.
//!
//! | dialect | module | |
//! |---|---|---|
//! | Midtrans Core API | `midtrans` | QRIS, virtual accounts of four banks, Mandiri's bill payment |
//! | Tripay closed payment | `tripay` | QRIS and virtual accounts |
//!
//! Transfers that a human confirms have no adapter: there is nobody to ask.

mod gateway;

pub use gateway::{
    ChargeOrder, ChargeRef, ListedPayment, PayAnswer, PayError, PayEvidence, PayGateway, PayHint, PayLimits,
    PayWebhookError, RefundOrder,
};
/// The headers that [`PayGateway::parse_webhook`] reads.
pub use reqwest::header::HeaderMap;
