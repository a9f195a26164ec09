//! What the number's owner pays, and how.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::OrderFate;

/// How the owner of a number pays for a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PaymentMethod {
    /// The number's own pulsa.
    Balance,
    /// By e-wallet.
    Dana,
    /// By e-wallet.
    Gopay,
    /// By e-wallet.
    Shopeepay,
    /// By e-wallet; needs the wallet's number.
    Ovo,
    /// By scanning a code.
    Qris,
}

/// What the session dialect adds to an order: the package's own price, which never passes through the shop's deposit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionOrder {
    /// How the owner pays.
    pub payment_method: PaymentMethod,
    /// The wallet's number, with OVO.
    pub ewallet_number: Option<String>,
    /// What the package costs the owner, in rupiah.
    pub package_price_rupiah: i64,
    /// How often the owner paid.
    pub times_paid: u32,
    /// How often the owner was paid back.
    pub times_paid_back: u32,
    /// What the owner has really paid in the end, in rupiah.
    pub paid_rupiah: i64,
    /// Until when the owner may pay; none with pulsa.
    pub payment_expires_ms: Option<i64>,
    /// What the QR code says.
    pub qr_code: Option<String>,
    /// What happens once it is paid.
    pub after_payment: OrderFate,
}

impl PaymentMethod {
    /// As the gateway writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Balance => "BALANCE",
            Self::Dana => "DANA",
            Self::Gopay => "GOPAY",
            Self::Shopeepay => "SHOPEEPAY",
            Self::Ovo => "OVO",
            Self::Qris => "QRIS",
        }
    }

    /// Reads the gateway's word; `PULSA` means the same as `BALANCE`.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let all = [Self::Balance, Self::Dana, Self::Gopay, Self::Shopeepay, Self::Ovo, Self::Qris];
        if word == "PULSA" {
            return Some(Self::Balance);
        }
        all.into_iter().find(|method| method.as_str() == word)
    }

    /// Whether a link takes the owner to the payment. OVO asks in its own app.
    const fn has_deeplink(self) -> bool {
        matches!(self, Self::Dana | Self::Gopay | Self::Shopeepay)
    }
}

impl SessionOrder {
    /// The owner pays.
    pub(crate) fn pay(&mut self) {
        self.times_paid += 1;
        self.paid_rupiah += self.package_price_rupiah;
    }

    /// The owner gets back what was paid, if anything was.
    pub(crate) fn pay_back(&mut self) {
        if self.times_paid > self.times_paid_back {
            self.times_paid_back += 1;
            self.paid_rupiah -= self.package_price_rupiah;
        }
    }

    /// What it took from the number's pulsa.
    pub(crate) fn pulsa_rupiah(&self) -> i64 {
        if self.payment_method == PaymentMethod::Balance { self.paid_rupiah } else { 0 }
    }

    /// Whether the owner still has to do something.
    pub(crate) fn awaits_payment(&self) -> bool {
        self.payment_expires_ms.is_some() && self.was_never_paid()
    }

    /// Whether the owner never paid anything.
    pub(crate) const fn was_never_paid(&self) -> bool {
        self.times_paid == 0
    }

    /// The fields that tell the owner where to pay. `wallet_url` is the simulator's own page for this payment.
    pub(super) fn instructions(&self, wallet_url: &str) -> Value {
        let method = self.payment_method;
        let deeplink = method.has_deeplink();
        let qris = self.qr_code.as_ref().map(|qr_code| {
            json!({ "qr_code": qr_code, "payment_expired_at": self.payment_expires_ms.unwrap_or_default() / 1_000 })
        });
        json!({
            "have_deeplink": deeplink,
            "deeplink_data": {
                "payment_method": method.as_str(),
                "deeplink_url": if deeplink { wallet_url } else { "" },
            },
            "is_qris": qris.is_some(),
            // An empty list where an object belongs: the gateway is written in PHP, and so are its habits.
            "qris_data": qris.unwrap_or_else(|| json!([])),
        })
    }
}

/// A dynamic QRIS text in EMV's form with a merchant that does not exist.
pub(super) fn qris_text(amount_rupiah: i64, trx_id: &str) -> String {
    let merchant = [field("00", "ID.SIMULATOR.WWW"), field("01", "000000000000000000"), field("03", "UMI")];
    let reference: String = trx_id.chars().filter(|c| *c != '-').take(20).collect();
    let mut text = [
        field("00", "01"),
        field("01", "12"),
        field("26", &merchant.concat()),
        field("52", "0000"),
        field("53", "360"),
        field("54", &amount_rupiah.to_string()),
        field("58", "ID"),
        field("59", "SIMULATOR XL"),
        field("60", "JAKARTA"),
        field("61", "00000"),
        field("62", &field("05", &reference)),
        "6304".to_owned(),
    ]
    .concat();
    text.push_str(&format!("{:04X}", crc16(text.as_bytes())));
    text
}

/// Tag, length in two digits (of characters), value.
pub(crate) fn field(tag: &str, value: &str) -> String {
    format!("{tag}{:02}{value}", value.chars().count())
}

/// CRC-16/CCITT-FALSE, as EMV asks for.
pub(crate) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc: u16, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value that catalogues of CRCs give for "123456789".
    #[test]
    fn crc_of_the_catalogue() {
        assert_eq!(crc16(b"123456789"), 0x29B1);
    }

    #[test]
    fn qris_text_is_made_of_fields() {
        let text = qris_text(25_000, "0a1b2c3d-0000-4000-a000-000000000000");
        assert!(text.starts_with("000201010212"), "{text}");
        assert!(text.contains("5303360540525000"), "{text}");
        assert_eq!(text.len(), text.find("6304").unwrap() + 8);
    }
}
