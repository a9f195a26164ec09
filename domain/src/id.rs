use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An id that may leave the system: 12 letters and digits (60 random bits), shown in groups of four:
/// `7QK2-M9DA-X3TP`. Row numbers never leave it: they tell how many there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicId(String);

/// The text is no id of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdParseError;

/// Crockford's base 32: no I, L, O or U, so that it can be read out over the phone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARS: usize = 12;

impl PublicId {
    /// The id that these random bits make; 60 of the 64 are used.
    #[must_use]
    pub fn from_random(bits: u64) -> Self {
        let symbol = |i: usize| {
            let five_bits = usize::try_from((bits >> (5 * i)) & 31).unwrap_or_default();
            char::from(ALPHABET.get(five_bits).copied().unwrap_or(b'0'))
        };
        Self((0..CHARS).map(symbol).collect())
    }

    /// The 12 characters without dashes: for the database and addresses.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `7QK2-M9DA-X3TP`.
impl fmt::Display for PublicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, c) in self.0.chars().enumerate() {
            if i > 0 && i % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{c}")?;
        }
        Ok(())
    }
}

/// With or without dashes, in capitals or not.
impl FromStr for PublicId {
    type Err = IdParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bare: String = text.chars().filter(|c| *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        if bare.len() == CHARS && bare.bytes().all(|byte| ALPHABET.contains(&byte)) {
            Ok(Self(bare))
        } else {
            Err(IdParseError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn foreign_texts_are_refused() {
        for text in ["", "7QK2", "7QK2-M9DA-X3TPP", "IIII-LLLL-OOOO", "7QK2-M9DA-X3T'"] {
            assert_eq!(text.parse::<PublicId>(), Err(IdParseError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn shown_and_read_back(bits in any::<u64>()) {
            let id = PublicId::from_random(bits);
            prop_assert_eq!(id.to_string().to_lowercase().parse::<PublicId>(), Ok(id));
        }
    }
}
