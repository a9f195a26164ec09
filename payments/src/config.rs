//! What the adapters' configurations share.

use reqwest::Url;

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayConfigError {
    /// The base URL is not one, or has a query, a user or a fragment.
    #[error("the payment gateway's base URL must look like https://api.midtrans.com")]
    BaseUrl,
    /// A key, or the merchant's name at the gateway, is empty or has a letter that no header can carry.
    #[error("the payment gateway's keys must be there, without spaces")]
    Credentials,
    /// The address that stands in for the payer's is none.
    #[error("the address for receipts must be an e-mail address")]
    ReceiptEmail,
    /// The gateway has no such channel for QRIS.
    #[error("the channel for QRIS must be QRIS, QRISC or QRIS2")]
    QrisChannel,
    /// TLS could not be set up, for want of root certificates most often.
    #[error("the HTTP client cannot be made: {0}")]
    Client(String),
}

/// Whether a text can be a key, or a merchant's name: it is signed with, or becomes part of a header.
pub(crate) fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The base URL with these segments added, each of them encoded.
pub(crate) fn address(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    // A base URL has a host, and with it a path that takes segments.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}
