use serde::{Deserialize, Serialize};

use crate::account::words;
use crate::{Msisdn, UtcMillis};

/// How the number's owner pays for a package that is bought in a session of theirs. The shop's own fee is another
/// matter: it comes from the buyer's balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// The number's own airtime.
    Pulsa,
    /// The DANA wallet.
    Dana,
    /// The GoPay wallet.
    Gopay,
    /// The ShopeePay wallet.
    Shopeepay,
    /// The OVO wallet, which asks on the phone of its owner.
    Ovo,
    /// A QR code that any bank or wallet can pay.
    Qris,
}

words!(PaymentMethod {
    Pulsa = "pulsa",
    Dana = "dana",
    Gopay = "gopay",
    Shopeepay = "shopeepay",
    Ovo = "ovo",
    Qris = "qris",
});

impl PaymentMethod {
    /// Whether the wallet's number has to be known.
    #[must_use]
    pub const fn needs_wallet_number(self) -> bool {
        matches!(self, Self::Ovo)
    }

    /// Whether the owner still has to do something after the order was taken: follow a link, scan a code, or agree on
    /// the phone.
    #[must_use]
    pub const fn is_paid_apart(self) -> bool {
        !matches!(self, Self::Pulsa)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_read_back() {
        for method in PaymentMethod::ALL {
            assert_eq!(method.as_str().parse(), Ok(*method));
        }
        let apart: Vec<_> = PaymentMethod::ALL.iter().filter(|method| method.is_paid_apart()).collect();
        assert_eq!(apart.len(), PaymentMethod::ALL.len() - 1);
        assert!(PaymentMethod::Ovo.needs_wallet_number() && !PaymentMethod::Qris.needs_wallet_number());
    }
}
