use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::FieldCode;

/// An Indonesian mobile number, kept as digits with the country code: `6287812345678`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Msisdn(String);

/// Fewest and most digits of a number in the 08 form.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=13;

impl Msisdn {
    /// Digits in the 08 form of whatever has been typed so far: `+62 878-12` becomes `087812`. Meant for a field that
    /// is still being typed into; [`Msisdn::from_str`] decides about a finished one.
    #[must_use]
    pub fn local_digits(typed: &str) -> String {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        // `+62 0878…` is a frequent slip of the pen.
        let bare = digits.strip_prefix("0062").or_else(|| digits.strip_prefix("62")).unwrap_or(&digits);
        match bare.strip_prefix('0') {
            Some(_) => bare.to_owned(),
            None if bare.starts_with('8') || bare.len() != digits.len() => format!("0{bare}"),
            None => bare.to_owned(),
        }
    }

    /// Digits with the country code, as gateways want them: `6287812345678`.
    #[must_use]
    pub fn international(&self) -> &str {
        &self.0
    }

    /// Digits in the 08 form: `087812345678`.
    #[must_use]
    pub fn local(&self) -> String {
        format!("0{}", self.0.strip_prefix("62").unwrap_or(&self.0))
    }

    /// `0878-1234-5678`, for the person it concerns.
    #[must_use]
    pub fn display(&self) -> String {
        grouped(&self.local())
    }

    /// `0878-****-5678`, where others may look.
    #[must_use]
    pub fn masked(&self) -> String {
        let local = self.local();
        let hidden: String = local
            .char_indices()
            .map(|(i, digit)| if i >= 4 && i + 4 < local.len().max(8) { '*' } else { digit })
            .collect();
        grouped(&hidden)
    }
}

fn grouped(local: &str) -> String {
    let mut shown = String::with_capacity(local.len() + 3);
    for (i, c) in local.chars().enumerate() {
        // Groups of four; a last one of a single digit joins the third.
        if i > 0 && i % 4 == 0 && i < 12 {
            shown.push('-');
        }
        shown.push(c);
    }
    shown
}

/// Takes `+62`, `62`, `0` and bare `8` forms with spaces, dashes, dots and brackets, and a pasted contact
/// (`Ibu <0878-1234-5678>`). 10 to 13 digits in the 08 form.
impl FromStr for Msisdn {
    type Err = FieldCode;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        if typed.trim().is_empty() {
            return Err(FieldCode::Required);
        }
        let local = Self::local_digits(typed);
        if !local.starts_with("08") || !DIGITS.contains(&local.len()) {
            return Err(FieldCode::BadPhone);
        }
        Ok(Self(format!("62{}", local.trim_start_matches('0'))))
    }
}

impl TryFrom<String> for Msisdn {
    type Error = FieldCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Msisdn> for String {
    fn from(number: Msisdn) -> Self {
        number.0
    }
}

/// Logs must not name people: masked.
impl fmt::Debug for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for crate::Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.msisdn().masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_written_form_is_one_number() {
        for typed in [
            "087812345678",
            "+62 878-1234-5678",
            "6287812345678",
            "62 (878) 1234.5678",
            "87812345678",
            "+62 0878 1234 5678",
            "0062 878 1234 5678",
            "Ibu <0878-1234-5678>",
        ] {
            let number: Msisdn = typed.parse().unwrap_or_else(|code| panic!("{typed}: {code:?}"));
            assert_eq!(number.international(), "6287812345678", "{typed}");
        }
    }

    #[test]
    fn what_is_no_mobile_number_is_refused() {
        assert_eq!("".parse::<Msisdn>(), Err(FieldCode::Required));
        for typed in ["0878", "021 555 1234", "08781234567890", "+1 202 555 0100", "abc", "62"] {
            assert_eq!(typed.parse::<Msisdn>(), Err(FieldCode::BadPhone), "{typed}");
        }
    }

    #[test]
    fn shown_in_groups_and_masked() {
        let number: Msisdn = "087812345678".parse().unwrap();
        assert_eq!(number.display(), "0878-1234-5678");
        assert_eq!(number.masked(), "0878-****-5678");
        assert_eq!("0817000021".parse::<Msisdn>().unwrap().masked(), "0817-**00-21");
        assert_eq!("0878123456789".parse::<Msisdn>().unwrap().display(), "0878-1234-56789");
        assert_eq!(format!("{number:?}"), "0878-****-5678");
    }

    proptest! {
        #[test]
        fn display_reads_back(rest in "[0-9]{8,11}") {
            let number: Msisdn = format!("08{rest}").parse().unwrap();
            prop_assert_eq!(number.display().parse::<Msisdn>().unwrap(), number.clone());
            prop_assert_eq!(number.international().parse::<Msisdn>().unwrap(), number);
        }

        #[test]
        fn masking_keeps_the_middle_secret(rest in "[1-9]{8,11}") {
            let number: Msisdn = format!("08{rest}").parse().unwrap();
            prop_assert!(number.masked().matches('*').count() >= 2);
        }
    }
}
