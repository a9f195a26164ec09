use domain::{Email, Msisdn, Username};

use crate::crypto::hash_token;
use crate::model::UserId;

/// What somebody typed to sign in. Its shape says what it is, so that one text can mean one user only: nobody's phone
/// number can stand in the way of another's e-mail address.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInName {
    canonical: String,
    meaning: Meaning,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    Username(Username),
    Email(Email),
    Phone(Msisdn),
    /// No user can have it.
    Nothing,
}

/// No address is longer, and nobody else's name is either.
const MOST_CHARS: usize = 254;

impl SignInName {
    /// With `@` it is an e-mail address, with a letter in front a username, and digits with the signs that people put
    /// between them are a phone number. Anything else is nobody's name.
    #[must_use]
    pub fn read(typed: &str) -> Self {
        let typed = typed.trim();
        let meaning = if typed.chars().count() > MOST_CHARS {
            Meaning::Nothing
        } else if typed.contains('@') {
            typed.parse().map_or(Meaning::Nothing, Meaning::Email)
        } else if typed.starts_with(|first: char| first.is_ascii_alphabetic()) {
            typed.parse().map_or(Meaning::Nothing, Meaning::Username)
        } else if typed.bytes().all(|byte| byte.is_ascii_digit() || b"+-.() ".contains(&byte)) {
            typed.parse().map_or(Meaning::Nothing, Meaning::Phone)
        } else {
            Meaning::Nothing
        };
        let canonical = match &meaning {
            Meaning::Username(name) => name.as_str().to_owned(),
            Meaning::Email(email) => email.as_str().to_owned(),
            Meaning::Phone(phone) => phone.international().to_owned(),
            Meaning::Nothing => typed.to_lowercase(),
        };
        Self { canonical, meaning }
    }

    /// What tries to sign in are counted under: the user, whichever of their names was typed. Unknown names are counted
    /// too, so that the count does not tell who has an account; as a hash, because people type passwords into the wrong
    /// field.
    #[must_use]
    pub fn tries_key(&self, user: Option<UserId>) -> String {
        match user {
            Some(UserId(id)) => format!("sign_in:user:{id}"),
            None => format!("sign_in:unknown:{}", hash_token(&self.canonical)),
        }
    }

    pub(super) const fn meaning(&self) -> &Meaning {
        &self.meaning
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(typed: &str) -> String {
        SignInName::read(typed).tries_key(None)
    }

    #[test]
    fn the_shape_says_what_it_is() {
        let meaning = |typed: &str| SignInName::read(typed).meaning;
        assert!(matches!(meaning(" Siti "), Meaning::Username(_)));
        assert!(matches!(meaning("x081234567890"), Meaning::Username(_)));
        assert!(matches!(meaning("081234567890@contoh.id"), Meaning::Email(_)));
        assert!(matches!(meaning("+62 (812) 3456-7890"), Meaning::Phone(_)));
        let long = format!("{}@contoh.id", "a".repeat(300));
        for nothing in ["", "0812x34567890", "_siti", "@", "081234567890a", "０８１２", &long] {
            assert!(matches!(meaning(nothing), Meaning::Nothing), "{nothing}");
        }
    }

    #[test]
    fn spellings_of_one_name_are_counted_together() {
        assert_eq!(key("0812 3456 7890"), key("+62-812-3456-7890"));
        assert_eq!(key("Siti@Contoh.ID"), key(" siti@contoh.id"));
        assert_ne!(key("siti"), key("wati"));
        assert!(!key("my password").contains("password"));
    }
}
