//! What is XL's own about an exchange over HTTP: how long an answer may be, and what it means that none came. The
//! exchange itself is in the crate `wire`, which payments use too.

pub(crate) use wire::{Lost, Reply, base_url, client, exchange};

use crate::gateway::{Exchange, GatewayError};

/// The longest answer about one order that is read. A real one has some 300 bytes.
pub(crate) const ORDER_LIMIT_BYTES: usize = 64 * 1024;
/// The longest price list that is read: some 20,000 packages.
pub(crate) const LIST_LIMIT_BYTES: usize = 16 * 1024 * 1024;
/// The longest answer about a number's quota that is read.
pub(crate) const QUOTA_LIMIT_BYTES: usize = 512 * 1024;

/// How far the exchange came.
pub(crate) const fn exchange_of(lost: Lost) -> Exchange {
    match lost {
        Lost::NotConnected => Exchange::NotConnected,
        Lost::Timeout { .. } | Lost::Broken { .. } => Exchange::Lost,
        // It came from the gateway, whatever it was.
        Lost::TooLong { .. } => Exchange::Answered,
    }
}

/// Why a question about no order was not answered.
pub(crate) const fn error_of(lost: Lost) -> GatewayError {
    match lost {
        Lost::NotConnected => GatewayError::NotReached,
        Lost::Timeout { .. } => GatewayError::Timeout,
        Lost::Broken { .. } => GatewayError::Broken,
        Lost::TooLong { .. } => GatewayError::Unreadable("too long"),
    }
}
