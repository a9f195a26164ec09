//! Payment by the number's owner: how it is asked for in an order, and what the owner is then told to do.

use domain::{Msisdn, PaymentMethod, UtcMillis};
use serde::{Deserialize, Serialize};

/// How an order is paid by the number's owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The way of paying.
    pub method: PaymentMethod,
    /// The wallet's number, for methods that need it ([`PaymentMethod::needs_wallet_number`]).
    pub wallet: Option<Msisdn>,
    /// Whether the package is sold only in a session of the number. Then a purchase without a token is never sent.
    pub needs_session: bool,
}

/// What the owner has to do so that the order goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentAction {
    /// The way to pay.
    pub way: PaymentWay,
    /// Until when, if the gateway says so. Only the gateway's own word makes an unpaid order a failed one.
    pub expires_at: Option<UtcMillis>,
}

/// A way to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentWay {
    /// Follow this link: `https`, or the scheme of a wallet's app. Never `javascript` and the like.
    Deeplink(String),
    /// Pay the QR code with this content (EMVCo text, printable ASCII).
    Qr(String),
    /// Agree in the wallet's own app: the gateway gave no link, and none that we would show.
    InWallet,
}
