use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An amount of money in whole rupiah. May be negative: postings of a ledger are.
///
/// There is no `+` or `-`: money overflows into an error, never around.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rupiah(i64);

/// What is wrong with a text that should be an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RupiahParseError {
    /// Nothing was typed.
    Empty,
    /// Not an amount of whole rupiah, such as `12,50` or `1.2`.
    NotAnAmount,
    /// More than an amount can be (see [`Rupiah::LARGEST_TYPED`]).
    TooLarge,
}

impl Rupiah {
    /// Rp 0.
    pub const ZERO: Self = Self(0);
    /// The largest amount a person may type anywhere: Rp 999.999.999.999. A limit far above any use, far below overflow.
    pub const LARGEST_TYPED: Self = Self(999_999_999_999);

    /// An amount of `rupiah` whole rupiah.
    #[must_use]
    pub const fn new(rupiah: i64) -> Self {
        Self(rupiah)
    }

    /// The bare number of rupiah, for the database and the wire.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The difference, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }

    /// The amount with the other sign, or `None` for the one number that has no opposite.
    #[must_use]
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(opposite) => Some(Self(opposite)),
            None => None,
        }
    }

    /// Above zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }
}

/// `Rp 12.500`, `-Rp 500`.
impl fmt::Display for Rupiah {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        f.write_str("Rp\u{a0}")?;
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// Reads what people type: `12500`, `12.500`, `Rp 12.500`, `Rp12.500,00`, `rp. 12 500`. Dots and spaces must stand where
/// thousands are parted, so that `1.5` is an error and not Rp 15. Negative amounts are refused.
impl FromStr for Rupiah {
    type Err = RupiahParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut rest = text.trim();
        if let Some(prefix) = rest.get(..2)
            && prefix.eq_ignore_ascii_case("rp")
        {
            rest = rest.get(2..).unwrap_or_default().trim_start_matches('.').trim_start();
        }
        let rest = rest.strip_suffix(",00").or_else(|| rest.strip_suffix(",-")).unwrap_or(rest);
        if rest.is_empty() {
            return Err(RupiahParseError::Empty);
        }
        let groups: Vec<&str> = rest.split(['.', ' ', '\u{a0}']).collect();
        let well_parted = match groups.as_slice() {
            [_] => true,
            [first, others @ ..] => {
                (1..=3).contains(&first.len()) && others.iter().all(|group| group.len() == 3)
            }
            [] => false,
        };
        let digits = groups.concat();
        if !well_parted || digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(RupiahParseError::NotAnAmount);
        }
        let rupiah: i64 = digits.parse().map_err(|_| RupiahParseError::TooLarge)?;
        if rupiah > Self::LARGEST_TYPED.0 {
            return Err(RupiahParseError::TooLarge);
        }
        Ok(Self(rupiah))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shows_thousands_with_dots() {
        let shown = |rupiah: i64| Rupiah::new(rupiah).to_string().replace('\u{a0}', " ");
        assert_eq!(shown(0), "Rp 0");
        assert_eq!(shown(500), "Rp 500");
        assert_eq!(shown(12_500), "Rp 12.500");
        assert_eq!(shown(1_284_500), "Rp 1.284.500");
        assert_eq!(shown(-61_000), "-Rp 61.000");
        assert_eq!(shown(i64::MIN), "-Rp 9.223.372.036.854.775.808");
    }

    #[test]
    fn reads_what_people_type() {
        for text in ["12500", "12.500", "Rp 12.500", "rp12.500", "Rp. 12 500", " Rp 12.500,00 ", "12.500,-"] {
            assert_eq!(text.parse(), Ok(Rupiah::new(12_500)), "{text}");
        }
    }

    #[test]
    fn refuses_what_could_be_read_two_ways() {
        for text in ["1.5", "12.50", "12,5", "1.2345", "-500", "+500", "abc", "12a", ".500", "1..000", "١٢"]
        {
            assert_eq!(text.parse::<Rupiah>(), Err(RupiahParseError::NotAnAmount), "{text}");
        }
        assert_eq!("".parse::<Rupiah>(), Err(RupiahParseError::Empty));
        assert_eq!("Rp ".parse::<Rupiah>(), Err(RupiahParseError::Empty));
        assert_eq!("1000000000000".parse::<Rupiah>(), Err(RupiahParseError::TooLarge));
        assert_eq!("99999999999999999999".parse::<Rupiah>(), Err(RupiahParseError::TooLarge));
    }

    #[test]
    fn overflow_is_seen() {
        assert_eq!(Rupiah::new(i64::MAX).checked_add(Rupiah::new(1)), None);
        assert_eq!(Rupiah::new(i64::MIN).checked_sub(Rupiah::new(1)), None);
        assert_eq!(Rupiah::new(i64::MIN).checked_neg(), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_read_again(rupiah in 0..=Rupiah::LARGEST_TYPED.get()) {
            let amount = Rupiah::new(rupiah);
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,24}") {
            let _ = text.parse::<Rupiah>();
        }
    }
}
