//! QRIS, the codes that every Indonesian bank and wallet can pay (EMVCo's merchant-presented form). Reading is patient,
//! as the codes that shops have were made by many; writing is strict.
//!
//! A checksum is no signature: a code proves nothing about who made it, and a static code made dynamic brings no word of
//! its payment.

mod tlv;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use self::tlv::Field;
use crate::Rupiah;
use crate::account::words;

const POINT_OF_INITIATION: u8 = 1;
const CURRENCY: u8 = 53;
const AMOUNT: u8 = 54;
const COUNTRY: u8 = 58;
const NAME: u8 = 59;
const CITY: u8 = 60;
const EXTRA: u8 = 62;
const CHECKSUM: u8 = 63;
/// What a payer adds on top: tips and fees. Merchants must not pass their own fee on, so none is ever written.
const FEES: std::ops::RangeInclusive<u8> = 55..=57;
const MERCHANTS: std::ops::RangeInclusive<u8> = 26..=51;
/// The template with the merchant's national number.
const NATIONAL: u8 = 51;
const AMOUNT_MOST_CHARS: usize = 13;
const NAME_MOST_CHARS: usize = 25;
const CITY_MOST_CHARS: usize = 15;

/// A code that was read, checksum included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qris {
    fields: Vec<Field>,
    amount: Option<Rupiah>,
}

/// Whether a code can be paid again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QrisKind {
    /// The shop's code on the counter: any number of payments, the payer types the amount.
    Static,
    /// Made for one payment.
    Dynamic,
}

words!(QrisKind { Static = "static", Dynamic = "dynamic" });

/// Why a text is no QRIS code. Tags are those of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QrisError {
    /// It does not begin with tag and length.
    NotACode,
    /// More than 512 characters.
    TooLong,
    /// A field's length is not what follows.
    Length {
        /// The field.
        tag: u8,
    },
    /// A field comes twice.
    Twice {
        /// The field.
        tag: u8,
    },
    /// A field is not there.
    Missing {
        /// The field.
        tag: u8,
    },
    /// A field's value is not what it should be.
    Value {
        /// The field.
        tag: u8,
    },
    /// The text was changed or copied wrongly.
    Checksum,
    /// Not an amount that can be asked for.
    Amount,
}

/// What is unusual about a code that can be paid all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QrisWarning {
    /// It does not say whether it is static or dynamic, so it is taken for static.
    KindMissing,
    /// Static, and yet with an amount.
    StaticWithAmount,
    /// The payer is asked for a tip or a fee on top.
    FeeOnTop,
    /// The merchant's name is longer than the standard allows.
    LongName,
    /// The city is longer than the standard allows.
    LongCity,
    /// The template with the merchant's national number is missing.
    NoNationalNumber,
}

impl Qris {
    /// The most that is asked for with a code, unless a shop decides otherwise.
    pub const USUAL_MOST: Rupiah = Rupiah::new(10_000_000);

    /// Whether it can be paid again and again.
    #[must_use]
    pub fn kind(&self) -> QrisKind {
        if self.value(POINT_OF_INITIATION) == Some("12") { QrisKind::Dynamic } else { QrisKind::Static }
    }

    /// The merchant's name.
    #[must_use]
    pub fn merchant(&self) -> &str {
        self.value(NAME).unwrap_or_default()
    }

    /// The merchant's city.
    #[must_use]
    pub fn city(&self) -> &str {
        self.value(CITY).unwrap_or_default()
    }

    /// The merchant's national number (NMID), where the code names it.
    #[must_use]
    pub fn national_number(&self) -> Option<String> {
        const NUMBER: u8 = 2;
        let template = tlv::read(self.value(NATIONAL)?).ok()?;
        value_of(&template, NUMBER).map(str::to_owned)
    }

    /// The amount, where the payer need not type it.
    #[must_use]
    pub const fn amount(&self) -> Option<Rupiah> {
        self.amount
    }

    /// What is unusual about it.
    #[must_use]
    pub fn warnings(&self) -> Vec<QrisWarning> {
        let has = |tag| self.value(tag).is_some();
        let longer = |tag, most| self.value(tag).is_some_and(|value| value.chars().count() > most);
        let found = [
            (!has(POINT_OF_INITIATION), QrisWarning::KindMissing),
            (self.kind() == QrisKind::Static && has(AMOUNT), QrisWarning::StaticWithAmount),
            (FEES.into_iter().any(has), QrisWarning::FeeOnTop),
            (longer(NAME, NAME_MOST_CHARS), QrisWarning::LongName),
            (longer(CITY, CITY_MOST_CHARS), QrisWarning::LongCity),
            (!has(NATIONAL), QrisWarning::NoNationalNumber),
        ];
        found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, warning)| warning).collect()
    }

    /// The code for one payment of this amount. What the payer would add on top is left out.
    ///
    /// # Errors
    /// [`QrisError::Amount`] when the amount is not above zero, or above `most`.
    pub fn with_amount(&self, amount: Rupiah, most: Rupiah) -> Result<Self, QrisError> {
        if !amount.is_positive() || amount > most {
            return Err(QrisError::Amount);
        }
        let is_dropped = |tag| tag == POINT_OF_INITIATION || tag == AMOUNT || FEES.contains(&tag);
        let mut fields: Vec<Field> =
            self.fields.iter().filter(|field| !is_dropped(field.tag)).cloned().collect();
        let after =
            |fields: &[Field], tag| fields.iter().position(|field| field.tag == tag).map_or(0, |at| at + 1);
        // The kind stands second, the amount behind its currency.
        fields.insert(after(&fields, 0), Field::new(POINT_OF_INITIATION, "12"));
        fields.insert(after(&fields, CURRENCY), Field::new(AMOUNT, amount.get().to_string()));
        let made = Self { fields, amount: Some(amount) };
        // A code that was close to the longest may have become too long.
        tlv::write_checked(&made.fields).ok_or(QrisError::TooLong)?;
        Ok(made)
    }

    fn value(&self, tag: u8) -> Option<&str> {
        value_of(&self.fields, tag)
    }
}

fn value_of(fields: &[Field], tag: u8) -> Option<&str> {
    fields.iter().find(|field| field.tag == tag).map(|field| field.value.as_str())
}

impl FromStr for Qris {
    type Err = QrisError;

    fn from_str(text: &str) -> Result<Self, QrisError> {
        let fields = tlv::read_checked(text.trim())?;
        let must = |tag, is_right: fn(&str) -> bool| match value_of(&fields, tag) {
            None => Err(QrisError::Missing { tag }),
            Some(value) if is_right(value) => Ok(()),
            Some(_) => Err(QrisError::Value { tag }),
        };
        must(0, |value| value == "01")?;
        must(52, |value| value.len() == 4 && value.bytes().all(|byte| byte.is_ascii_digit()))?;
        must(CURRENCY, |value| value == "360")?;
        must(COUNTRY, |value| value == "ID")?;
        must(NAME, |value| !value.trim().is_empty())?;
        must(CITY, |value| !value.trim().is_empty())?;
        if value_of(&fields, POINT_OF_INITIATION).is_some() {
            must(POINT_OF_INITIATION, |value| matches!(value, "11" | "12"))?;
        }
        let merchants = fields.iter().filter(|field| MERCHANTS.contains(&field.tag));
        if merchants.clone().count() == 0 {
            return Err(QrisError::Missing { tag: *MERCHANTS.start() });
        }
        for template in merchants.chain(fields.iter().filter(|field| field.tag == EXTRA)) {
            tlv::read(&template.value).map_err(|_| QrisError::Value { tag: template.tag })?;
        }
        let amount = value_of(&fields, AMOUNT).map(amount_of).transpose()?;
        Ok(Self { fields, amount })
    }
}

/// Whole rupiah; `.00` may follow, as some gateways write it.
fn amount_of(value: &str) -> Result<Rupiah, QrisError> {
    let wrong = QrisError::Value { tag: AMOUNT };
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let is_digits = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    let no_sen = decimals.len() <= 2 && decimals.bytes().all(|byte| byte == b'0');
    if value.chars().count() > AMOUNT_MOST_CHARS || !is_digits || !no_sen {
        return Err(wrong);
    }
    whole.parse().map(Rupiah::new).ok().filter(|amount| amount.is_positive()).ok_or(wrong)
}

/// The code's text, with its checksum.
impl fmt::Display for Qris {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What was read or made is never too long to be written.
        f.write_str(&tlv::write_checked(&self.fields).ok_or(fmt::Error)?)
    }
}

impl QrisError {
    /// The tag of the field that is wrong, for words about it. `None` when the text has no fields at all, or too many.
    #[must_use]
    pub const fn tag(self) -> Option<u8> {
        match self {
            Self::NotACode | Self::TooLong => None,
            Self::Length { tag } | Self::Twice { tag } | Self::Missing { tag } | Self::Value { tag } => {
                Some(tag)
            }
            Self::Checksum => Some(CHECKSUM),
            Self::Amount => Some(AMOUNT),
        }
    }
}

/// For operators; the interface has words of its own.
impl fmt::Display for QrisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotACode => write!(f, "this is no QRIS code"),
            Self::TooLong => write!(f, "the code is longer than 512 characters"),
            Self::Length { tag } => write!(f, "the length of tag {tag:02} is not what follows it"),
            Self::Twice { tag } => write!(f, "tag {tag:02} comes twice"),
            Self::Missing { tag } => write!(f, "tag {tag:02} is missing"),
            Self::Value { tag } => write!(f, "the value of tag {tag:02} is not what it should be"),
            Self::Checksum => {
                write!(f, "the checksum (tag 63) is wrong: the code was changed or copied wrongly")
            }
            Self::Amount => write!(f, "this amount (tag 54) cannot be asked for"),
        }
    }
}

impl std::error::Error for QrisError {}

#[cfg(test)]
mod tests;
