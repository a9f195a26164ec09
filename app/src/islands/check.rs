//! The rules of `domain` for single fields, asked by the browser. It answers with words, the texts come from the page.

use domain::{Email, FieldCode, Phone, Prefixes, Username, check_new_password};

/// What a field must hold; its word stands in the input's `data-check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A username.
    Username,
    /// An e-mail address.
    Email,
    /// Any Indonesian mobile number.
    Phone,
    /// A number that packages can go to.
    Served,
    /// A new password.
    Password,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Username, Self::Email, Self::Phone, Self::Served, Self::Password];

    /// The word in `data-check`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Served => "served",
            Self::Password => "password",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The words that [`problem`] can answer with for this kind.
    #[must_use]
    pub const fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Username => &["too_short", "too_long", "bad_username"],
            Self::Email => &["too_long", "bad_email"],
            Self::Phone => &["bad_phone"],
            Self::Served => &["bad_phone", "unknown_prefix", "not_served"],
            Self::Password => &["too_short", "too_long", "easy_password"],
        }
    }
}

/// What is wrong with a value: the code's word, and the number or name that its text has a place for. An empty field is
/// not nagged about before the form is sent.
#[must_use]
pub fn problem(kind: Kind, value: &str, prefixes: &Prefixes) -> Option<(&'static str, String)> {
    if value.trim().is_empty() {
        return None;
    }
    let code = match kind {
        Kind::Username => value.parse::<Username>().err(),
        Kind::Email => value.parse::<Email>().err(),
        Kind::Phone => value.parse::<Phone>().err(),
        Kind::Served => prefixes.parse_served(value).err(),
        Kind::Password => check_new_password(value, "", "").err(),
    }?;
    Some(match code {
        FieldCode::TooShort { min } => ("too_short", min.to_string()),
        FieldCode::TooLong { max } => ("too_long", max.to_string()),
        FieldCode::NotServed { operator } => ("not_served", operator.name().to_owned()),
        FieldCode::BadUsername => ("bad_username", String::new()),
        FieldCode::BadEmail => ("bad_email", String::new()),
        FieldCode::BadPhone => ("bad_phone", String::new()),
        FieldCode::UnknownPrefix => ("unknown_prefix", String::new()),
        FieldCode::EasyPassword => ("easy_password", String::new()),
        // The other codes belong to fields that only the server can judge.
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_a_text() {
        let typed = ["a", "ab c", "1x", "x@", "0812-3456-7890", "0800-1234-5678", "08", "aaaaaaaaaaaa"];
        for kind in Kind::ALL {
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
            let usual = Prefixes::default();
            assert_eq!(problem(kind, " ", &usual), None);
            for (word, _) in typed.iter().filter_map(|value| problem(kind, value, &usual)) {
                assert!(kind.codes().contains(&word), "{kind:?} {word}");
            }
        }
    }
}
