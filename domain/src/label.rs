use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::FieldCode;

/// A name that a user gives to something of theirs, such as a phone number or their counter: 1 to 40 characters, one line.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Label(String);

/// As much as a line of a phone, or two of a 58 mm receipt.
const MOST_CHARS: usize = 40;

impl Label {
    /// The name, single-spaced.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = FieldCode;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let label = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if label.is_empty() {
            return Err(FieldCode::Required);
        }
        if label.chars().count() > MOST_CHARS {
            return Err(FieldCode::TooLong { max: MOST_CHARS });
        }
        if label.chars().any(char::is_control) { Err(FieldCode::NotAChoice) } else { Ok(Self(label)) }
    }
}

/// Logs must not name people, and users name numbers after people.
impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Label(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_of_forty() {
        assert_eq!("  Ibu \n Rina ".parse::<Label>().unwrap().as_str(), "Ibu Rina");
        assert_eq!(" \t".parse::<Label>(), Err(FieldCode::Required));
        assert_eq!("é".repeat(40).parse::<Label>().unwrap().as_str(), "é".repeat(40));
        assert_eq!("a".repeat(41).parse::<Label>(), Err(FieldCode::TooLong { max: 40 }));
        assert_eq!("Ibu\u{7}".parse::<Label>(), Err(FieldCode::NotAChoice));
    }
}
