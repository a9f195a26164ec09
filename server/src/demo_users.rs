//! The demo's users and their passwords: random, kept in a file of the data folder for whoever tries the demo, and for
//! the browser tests.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use domain::Role;
use serde::{Deserialize, Serialize};
use store::Store;

use crate::commands::Failure;

/// The file in the data folder.
pub const FILE: &str = "demo-users.json";

/// Name and password of one user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoUser {
    /// Name to sign in with.
    pub username: String,
    /// The password.
    pub password: String,
}

/// One user a role.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoUsers {
    /// Pays the member price.
    pub member: DemoUser,
    /// Pays the reseller price.
    pub reseller: DemoUser,
    /// Runs the shop.
    pub admin: DemoUser,
    /// Whether the passwords were made just now.
    #[serde(skip)]
    pub are_new: bool,
}

/// Short words that are easy to type on a phone. 64 of them: six bits each.
const WORDS: &[&str; 64] = &[
    "angin", "apel", "awan", "batu", "bayam", "bebek", "beras", "bintang", "biru", "bola", "bulan", "buku",
    "bunga", "cabai", "daun", "delima", "domba", "duku", "elang", "embun", "gajah", "garam", "gitar", "gula",
    "hijau", "hujan", "ikan", "jagung", "jambu", "jeruk", "kapal", "kayu", "kelapa", "kopi", "kuda",
    "kuning", "langit", "laut", "lemari", "madu", "mangga", "meja", "melati", "merah", "nanas", "padi",
    "pagi", "pasir", "pelangi", "perahu", "pisang", "putih", "roti", "rumah", "rusa", "sawah", "senja",
    "siang", "sungai", "susu", "tanah", "teh", "ubi", "wortel",
];
const WORDS_A_PASSWORD: u32 = 5;

/// The users of the file; when there is none, new ones with new passwords.
///
/// # Errors
/// When the file cannot be read or written.
pub fn load_or_make(store: &Store, data_dir: &Path) -> Result<DemoUsers, Failure> {
    let path = data_dir.join(FILE);
    let shown = path.display().to_string();
    match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text)
            .map_err(|error| Failure::Other(format!("{shown}: {error} (delete it to get new passwords)"))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let user = |role: Role| DemoUser {
                username: role.as_str().to_owned(),
                password: password(store.random_bits()),
            };
            let users = DemoUsers {
                member: user(Role::Member),
                reseller: user(Role::Reseller),
                admin: user(Role::Admin),
                are_new: true,
            };
            write(&path, &users).map_err(Failure::io(shown))?;
            Ok(users)
        }
        Err(error) => Err(Failure::io(shown)(error)),
    }
}

/// The demo users' phone numbers. Nobody has these.
#[must_use]
pub const fn phone(role: Role) -> &'static str {
    match role {
        Role::Member => "081200000001",
        Role::Reseller => "081200000002",
        Role::Admin => "081200000003",
    }
}

/// `kopi-laut-biru-senja-padi-4821`: 43 random bits that can be read out and typed.
fn password(random_bits: u64) -> String {
    let word = |i: u32| {
        let six_bits = usize::try_from((random_bits >> (6 * i)) & 63).unwrap_or_default();
        WORDS.get(six_bits).copied().unwrap_or("kopi")
    };
    let words: Vec<&str> = (0..WORDS_A_PASSWORD).map(word).collect();
    format!("{}-{:04}", words.join("-"), (random_bits >> 40) % 10_000)
}

fn write(path: &Path, users: &DemoUsers) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(serde_json::to_string_pretty(users).map_err(std::io::Error::other)?.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_readable() {
        for bits in [0, u64::MAX, 0x0123_4567_89ab_cdef] {
            let password = password(bits);
            assert!(password.len() >= 14 + 5, "{password}");
            assert!(
                password
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            );
            assert_eq!(domain::check_new_password(&password, "member", "member@contoh.id"), Ok(()));
        }
        let distinct: std::collections::HashSet<_> = WORDS.iter().collect();
        assert_eq!(distinct.len(), WORDS.len());
    }
}
