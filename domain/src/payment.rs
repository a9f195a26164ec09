use serde::{Deserialize, Serialize};

use crate::account::words;

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

/// What only the number's owner can mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerTrouble {
    /// Too little pulsa on the number.
    PulsaTooLow,
    /// The session has ended: it may be renewed once, else the owner signs in again.
    SessionEnded,
}

words!(OwnerTrouble { PulsaTooLow = "pulsa_too_low", SessionEnded = "session_ended" });

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
