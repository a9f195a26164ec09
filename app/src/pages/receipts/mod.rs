//! Receipts: the buyer's page of one, and what a public link shows of it.

mod own;
pub(super) mod paper;
mod shared;

pub use own::ReceiptPage;
pub use shared::SharedReceiptPage;

use domain::PublicId;

/// The buyer's page of a purchase's receipt.
pub(crate) fn page_of(purchase: &PublicId) -> String {
    format!("/transactions/{}/receipt", purchase.as_str())
}

/// The address that customers get.
pub(super) fn public_link(site: &str, token: &str) -> String {
    format!("{site}/r/{token}")
}
