use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{FieldCode, Msisdn};

/// What a user may do, and which price they pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Buys at the member price.
    Member,
    /// Buys at the reseller price.
    Reseller,
    /// Runs the shop.
    Admin,
}

/// Whether a user may use their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserState {
    /// May sign in.
    Active,
    /// May not sign in; money stays where it is.
    Suspended,
}

/// Language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Bahasa Indonesia, the default.
    #[default]
    Id,
    /// English.
    En,
}

/// Indonesia's three time zones. None of them has summer time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// Western: Jakarta, UTC+7.
    #[default]
    Wib,
    /// Central: Makassar, UTC+8.
    Wita,
    /// Eastern: Jayapura, UTC+9.
    Wit,
}

/// Colours of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device is set.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Gives a closed set of words its one written form: for the database, forms, cookies and addresses.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// Every value, in the order in which people should see them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The written form, in the database and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::FieldCode;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::FieldCode::NotAChoice),
                }
            }
        }
    };
}
pub(crate) use words;

words!(Role { Member = "member", Reseller = "reseller", Admin = "admin" });
words!(UserState { Active = "active", Suspended = "suspended" });
words!(Lang { Id = "id", En = "en" });
words!(Zone { Wib = "wib", Wita = "wita", Wit = "wit" });
words!(Theme { System = "system", Light = "light", Dark = "dark" });

impl Zone {
    /// What stands behind a time: `13.42 WIB`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }

    /// The zone's name in the tz database.
    #[must_use]
    pub const fn tz_name(self) -> &'static str {
        match self {
            Self::Wib => "Asia/Jakarta",
            Self::Wita => "Asia/Makassar",
            Self::Wit => "Asia/Jayapura",
        }
    }
}

/// A name to sign in with: 3 to 24 of `a–z 0–9 _ .`, beginning with a letter; kept in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Username(String);

/// An e-mail address, kept in lower case. Only the shape is checked; whether it is theirs, a mail must show.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

/// A user's own phone number: any Indonesian mobile number, of any operator.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(Msisdn);

/// How a user wants to be called: 1 to 60 characters, one line.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonName(String);

const USERNAME_CHARS: std::ops::RangeInclusive<usize> = 3..=24;
/// RFC 5321's limit on a path, less the brackets.
const EMAIL_MOST_CHARS: usize = 254;
const NAME_MOST_CHARS: usize = 60;
/// NIST SP 800-63B and ASVS 5.0 ask for at least 8; longer beats fancier.
const PASSWORD_FEWEST_CHARS: usize = 10;
/// A limit, so that nobody makes the server hash a megabyte.
const PASSWORD_MOST_CHARS: usize = 128;

impl FromStr for Username {
    type Err = FieldCode;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let name = typed.trim().to_ascii_lowercase();
        if name.is_empty() {
            return Err(FieldCode::Required);
        }
        if name.chars().count() < *USERNAME_CHARS.start() {
            return Err(FieldCode::TooShort { min: *USERNAME_CHARS.start() });
        }
        if name.chars().count() > *USERNAME_CHARS.end() {
            return Err(FieldCode::TooLong { max: *USERNAME_CHARS.end() });
        }
        let allowed =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.bytes().all(allowed) {
            return Err(FieldCode::BadUsername);
        }
        Ok(Self(name))
    }
}

impl FromStr for Email {
    type Err = FieldCode;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let address = typed.trim().to_lowercase();
        if address.is_empty() {
            return Err(FieldCode::Required);
        }
        if address.len() > EMAIL_MOST_CHARS {
            return Err(FieldCode::TooLong { max: EMAIL_MOST_CHARS });
        }
        let clean = !address
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';'));
        let shaped = address.rsplit_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && !local.contains('@')
                && host.len() > 3
                && host.split('.').count() > 1
                && host
                    .split('.')
                    .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        });
        if clean && shaped { Ok(Self(address)) } else { Err(FieldCode::BadEmail) }
    }
}

impl FromStr for Phone {
    type Err = FieldCode;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        typed.parse().map(Self)
    }
}

impl FromStr for PersonName {
    type Err = FieldCode;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(FieldCode::Required);
        }
        if name.chars().count() > NAME_MOST_CHARS {
            return Err(FieldCode::TooLong { max: NAME_MOST_CHARS });
        }
        if name.chars().any(char::is_control) { Err(FieldCode::NotAChoice) } else { Ok(Self(name)) }
    }
}

impl Username {
    /// The name in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Email {
    /// The address in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PersonName {
    /// The name, single-spaced.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Phone {
    /// The number.
    #[must_use]
    pub const fn msisdn(&self) -> &Msisdn {
        &self.0
    }
}

/// Logs must not name people.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// Whether a new password will do: 10 to 128 characters, not the user's own name or address, not one single
/// character repeated. No rules about capitals and signs: length is what helps.
///
/// # Errors
/// The code to show beside the field.
pub fn check_new_password(password: &str, username: &str, email: &str) -> Result<(), FieldCode> {
    let chars = password.chars().count();
    if chars == 0 {
        return Err(FieldCode::Required);
    }
    if chars < PASSWORD_FEWEST_CHARS {
        return Err(FieldCode::TooShort { min: PASSWORD_FEWEST_CHARS });
    }
    if chars > PASSWORD_MOST_CHARS {
        return Err(FieldCode::TooLong { max: PASSWORD_MOST_CHARS });
    }
    let lower = password.to_lowercase();
    let same_all_over = lower.chars().all(|c| lower.starts_with(c));
    let own_name = !username.is_empty() && lower == username.to_lowercase();
    let own_mail = !email.is_empty() && lower == email.to_lowercase();
    let everyday = [
        "password12",
        "password123",
        "1234567890",
        "12345678910",
        "0123456789",
        "qwertyuiop",
        "indonesia123",
    ];
    if same_all_over || own_name || own_mail || everyday.contains(&lower.as_str()) {
        return Err(FieldCode::EasyPassword);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames() {
        assert_eq!("  Rina_Cell ".parse::<Username>().unwrap().as_str(), "rina_cell");
        assert_eq!("ab".parse::<Username>(), Err(FieldCode::TooShort { min: 3 }));
        assert_eq!("1abc".parse::<Username>(), Err(FieldCode::BadUsername));
        assert_eq!("a b c".parse::<Username>(), Err(FieldCode::BadUsername));
        assert_eq!("a".repeat(25).parse::<Username>(), Err(FieldCode::TooLong { max: 24 }));
        assert_eq!(" ".parse::<Username>(), Err(FieldCode::Required));
    }

    #[test]
    fn emails() {
        assert_eq!("Budi@Contoh.CO.id".parse::<Email>().unwrap().as_str(), "budi@contoh.co.id");
        for typed in [
            "budi",
            "budi@",
            "@contoh.id",
            "budi@contoh",
            "bu di@contoh.id",
            "a@b@c.id",
            "a@-b.id",
            "a@b..id",
        ] {
            assert_eq!(typed.parse::<Email>(), Err(FieldCode::BadEmail), "{typed}");
        }
    }

    #[test]
    fn passwords() {
        assert_eq!(check_new_password("kuda laut biru", "budi", "budi@contoh.id"), Ok(()));
        assert_eq!(check_new_password("", "budi", ""), Err(FieldCode::Required));
        assert_eq!(check_new_password("pendek", "budi", ""), Err(FieldCode::TooShort { min: 10 }));
        assert_eq!(check_new_password("aaaaaaaaaaaa", "budi", ""), Err(FieldCode::EasyPassword));
        assert_eq!(check_new_password("Konter.Melati", "konter.melati", ""), Err(FieldCode::EasyPassword));
        assert_eq!(check_new_password(&"x1".repeat(65), "budi", ""), Err(FieldCode::TooLong { max: 128 }));
    }

    #[test]
    fn words_read_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        assert_eq!("root".parse::<Role>(), Err(FieldCode::NotAChoice));
    }
}
