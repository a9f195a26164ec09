use serde::{Deserialize, Serialize};

use crate::{FieldCode, Msisdn};

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

impl Operator {
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

/// Prefixes of the brands that are served, from libphonenumber's carrier data. A prefix is the first four digits in the 08
/// form.
const XL: &str = "0817 0818 0819 0859 0877 0878 0879";
const AXIS: &str = "0831 0832 0833 0838";

/// Prefixes of the others: only so that their numbers are told apart from mistyped ones.
const OTHERS: &[(Operator, &str)] = &[
    (Operator::Telkomsel, "0811 0812 0813 0821 0822 0823 0851 0852 0853"),
    (Operator::Indosat, "0814 0815 0816 0855 0856 0857 0858"),
    (Operator::Tri, "0895 0896 0897 0898 0899"),
    (Operator::Smartfren, "0881 0882 0883 0884 0885 0886 0887 0888 0889"),
];

const PREFIX_DIGITS: usize = 4;

/// Whose number a number is, by its first four digits. What counts as XL and as AXIS is for the shop's admin to say:
/// operators get new prefixes, and merge. Written `0817 0818/0831 0832`: XL's, then AXIS's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prefixes {
    /// Each followed by a blank but the last, in order.
    xl: String,
    /// See `xl`.
    axis: String,
}

impl Default for Prefixes {
    fn default() -> Self {
        Self { xl: XL.to_owned(), axis: AXIS.to_owned() }
    }
}

impl Prefixes {
    /// Reads two lists, parted by blanks or commas. One of them may be empty: that brand is not sold then.
    ///
    /// # Errors
    /// The list's place, 0 or 1, and what is wrong with it: [`FieldCode::BadPrefix`], or nothing in either.
    pub fn parse(xl: &str, axis: &str) -> Result<Self, (usize, FieldCode)> {
        let (xl, axis) =
            (tidy(xl).ok_or((0, FieldCode::BadPrefix))?, tidy(axis).ok_or((1, FieldCode::BadPrefix))?);
        if xl.is_empty() && axis.is_empty() {
            return Err((0, FieldCode::Required));
        }
        if axis.iter().any(|prefix| xl.contains(prefix)) {
            return Err((1, FieldCode::BadPrefix));
        }
        Ok(Self { xl: xl.join(" "), axis: axis.join(" ") })
    }

    /// XL's, parted by blanks.
    #[must_use]
    pub fn xl(&self) -> &str {
        &self.xl
    }

    /// AXIS's, parted by blanks.
    #[must_use]
    pub fn axis(&self) -> &str {
        &self.axis
    }

    /// The operator that owns the prefix of these digits (08 form, whole or just begun), if any.
    #[must_use]
    pub fn of_local_digits(&self, local: &str) -> Option<Operator> {
        let prefix = local.get(..PREFIX_DIGITS)?;
        let served = [(Operator::Xl, self.xl.as_str()), (Operator::Axis, self.axis.as_str())];
        let mut owners = served.iter().chain(OTHERS);
        owners.find(|(_, prefixes)| prefixes.split(' ').any(|known| known == prefix)).map(|(owner, _)| *owner)
    }

    /// The operator of a number; `None` for a prefix that no operator is known to own.
    #[must_use]
    pub fn operator(&self, number: &Msisdn) -> Option<Operator> {
        self.of_local_digits(&number.local())
    }

    /// Whether packages of this shop can go to a number.
    ///
    /// # Errors
    /// [`FieldCode::NotServed`] with the operator's name, or [`FieldCode::UnknownPrefix`].
    pub fn served(&self, number: &Msisdn) -> Result<Operator, FieldCode> {
        match self.operator(number) {
            Some(operator) if operator.is_served() => Ok(operator),
            Some(operator) => Err(FieldCode::NotServed { operator }),
            None => Err(FieldCode::UnknownPrefix),
        }
    }

    /// Reads a number that packages of this shop can go to.
    ///
    /// # Errors
    /// What [`Msisdn`] says of it, or [`Prefixes::served`].
    pub fn parse_served(&self, typed: &str) -> Result<Msisdn, FieldCode> {
        let number: Msisdn = typed.parse()?;
        self.served(&number)?;
        Ok(number)
    }
}

/// Four digits each, which begin with 08, each once, in order.
fn tidy(typed: &str) -> Option<Vec<&str>> {
    let mut prefixes: Vec<&str> =
        typed.split([' ', ',', ';', '\n', '\r', '\t']).filter(|word| !word.is_empty()).collect();
    let fits = |prefix: &&str| {
        prefix.len() == PREFIX_DIGITS
            && prefix.starts_with("08")
            && prefix.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !prefixes.iter().all(fits) {
        return None;
    }
    prefixes.sort_unstable();
    prefixes.dedup();
    Some(prefixes)
}

impl TryFrom<String> for Prefixes {
    type Error = FieldCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (xl, axis) = text.split_once('/').ok_or(FieldCode::BadPrefix)?;
        Self::parse(xl, axis).map_err(|(_, code)| code)
    }
}

impl From<Prefixes> for String {
    fn from(prefixes: Prefixes) -> Self {
        format!("{}/{}", prefixes.xl, prefixes.axis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_by_prefix() {
        let prefixes = Prefixes::default();
        let operator = |typed: &str| prefixes.operator(&typed.parse().unwrap());
        assert_eq!(operator("087812345678"), Some(Operator::Xl));
        assert_eq!(operator("083112345678"), Some(Operator::Axis));
        assert_eq!(operator("081212345678"), Some(Operator::Telkomsel));
        assert_eq!(operator("085612345678"), Some(Operator::Indosat));
        assert_eq!(operator("089612345678"), Some(Operator::Tri));
        assert_eq!(operator("088112345678"), Some(Operator::Smartfren));
        assert_eq!(operator("080012345678"), None);
        let telkomsel = FieldCode::NotServed { operator: Operator::Telkomsel };
        assert_eq!(prefixes.parse_served("081212345678"), Err(telkomsel));
        assert_eq!(prefixes.parse_served("080012345678"), Err(FieldCode::UnknownPrefix));
        assert_eq!(prefixes.of_local_digits("087"), None, "just begun");
    }

    #[test]
    fn the_admins_lists_come_first() {
        let merged = Prefixes::parse("0878,0881\n0817 0878", "").unwrap();
        assert_eq!((merged.xl(), merged.axis()), ("0817 0878 0881", ""));
        assert_eq!(merged.of_local_digits("0881"), Some(Operator::Xl), "no longer Smartfren's");
        assert_eq!(merged.of_local_digits("0831"), None);
        let written = String::from(merged.clone());
        assert_eq!(Prefixes::try_from(written), Ok(merged));
        let usual = Prefixes::default();
        assert_eq!(Prefixes::parse(usual.xl(), usual.axis()), Ok(usual));
    }

    #[test]
    fn what_are_no_prefixes() {
        for wrong in ["878", "08781", "0778", "08a1", "08"] {
            assert_eq!(Prefixes::parse(wrong, "0831"), Err((0, FieldCode::BadPrefix)), "{wrong}");
            assert_eq!(Prefixes::parse("0878", wrong), Err((1, FieldCode::BadPrefix)), "{wrong}");
        }
        assert_eq!(Prefixes::parse("0878", "0878"), Err((1, FieldCode::BadPrefix)), "both");
        assert_eq!(Prefixes::parse(" ", ","), Err((0, FieldCode::Required)));
    }
}
