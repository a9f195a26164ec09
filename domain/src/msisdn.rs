use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::FieldCode;

/// An Indonesian mobile number, kept as digits with the country code: `6287812345678`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Msisdn(String);

/// The mobile operator that a prefix belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Operator {
    /// XL Axiata's first brand.
    Xl,
    /// XL Axiata's second brand.
    Axis,
    /// Telkomsel.
    Telkomsel,
    /// Indosat (IM3).
    Indosat,
    /// Tri.
    Tri,
    /// Smartfren.
    Smartfren,
}

/// Prefixes by operator, from libphonenumber's carrier data. A prefix is the first four digits in the 08 form.
const PREFIXES: &[(Operator, &[&str])] = &[
    (Operator::Xl, &["0817", "0818", "0819", "0859", "0877", "0878", "0879"]),
    (Operator::Axis, &["0831", "0832", "0833", "0838"]),
    (Operator::Telkomsel, &["0811", "0812", "0813", "0821", "0822", "0823", "0851", "0852", "0853"]),
    (Operator::Indosat, &["0814", "0815", "0816", "0855", "0856", "0857", "0858"]),
    (Operator::Tri, &["0895", "0896", "0897", "0898", "0899"]),
    (Operator::Smartfren, &["0881", "0882", "0883", "0884", "0885", "0886", "0887", "0888", "0889"]),
];

/// Fewest and most digits of a number in the 08 form.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=13;

impl Operator {
    /// The operator that owns the prefix of these digits (08 form, whole or just begun), if any.
    #[must_use]
    pub fn of_local_digits(local: &str) -> Option<Self> {
        let prefix = local.get(..4)?;
        PREFIXES.iter().find(|(_, prefixes)| prefixes.contains(&prefix)).map(|(operator, _)| *operator)
    }

    /// The brand's name, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xl => "XL",
            Self::Axis => "AXIS",
            Self::Telkomsel => "Telkomsel",
            Self::Indosat => "Indosat",
            Self::Tri => "Tri",
            Self::Smartfren => "Smartfren",
        }
    }

    /// Whether the packages of this shop can go to the operator's numbers.
    #[must_use]
    pub const fn is_served(self) -> bool {
        matches!(self, Self::Xl | Self::Axis)
    }
}

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

    /// The operator by prefix; `None` for a prefix that no operator is known to own.
    #[must_use]
    pub fn operator(&self) -> Option<Operator> {
        Operator::of_local_digits(&self.local())
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

    /// A number that packages of this shop can go to, or why not.
    ///
    /// # Errors
    /// [`FieldCode::NotServed`] with the operator's name, [`FieldCode::UnknownPrefix`], or what
    /// [`Msisdn::from_str`] says.
    pub fn parse_served(typed: &str) -> Result<Self, FieldCode> {
        let number: Self = typed.parse()?;
        match number.operator() {
            Some(operator) if operator.is_served() => Ok(number),
            Some(operator) => Err(FieldCode::NotServed { operator }),
            None => Err(FieldCode::UnknownPrefix),
        }
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
    fn operators_by_prefix() {
        let operator = |typed: &str| typed.parse::<Msisdn>().unwrap().operator();
        assert_eq!(operator("087812345678"), Some(Operator::Xl));
        assert_eq!(operator("083112345678"), Some(Operator::Axis));
        assert_eq!(operator("081212345678"), Some(Operator::Telkomsel));
        assert_eq!(operator("085612345678"), Some(Operator::Indosat));
        assert_eq!(operator("089612345678"), Some(Operator::Tri));
        assert_eq!(operator("088112345678"), Some(Operator::Smartfren));
        assert_eq!(operator("080012345678"), None);
        assert_eq!(
            Msisdn::parse_served("081212345678"),
            Err(FieldCode::NotServed { operator: Operator::Telkomsel })
        );
        assert_eq!(Msisdn::parse_served("080012345678"), Err(FieldCode::UnknownPrefix));
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
