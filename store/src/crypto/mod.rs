//! The server's key, and keys derived from it. The key itself is a file outside the database.

mod seal;

pub(crate) use seal::{open, seal};

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The keys that all servers of one shop share, 32 random bytes each. The current one seals; the older ones still open
/// and prove what was made with them.
#[derive(Clone)]
pub struct ServerKey {
    current: [u8; 32],
    older: Vec<[u8; 32]>,
}

/// What the key that seals backups is for.
const BACKUP: &str = "backup";

impl ServerKey {
    /// The one key with these bytes.
    #[must_use]
    pub const fn new(current: [u8; 32]) -> Self {
        Self { current, older: Vec::new() }
    }

    /// With keys that were current before.
    #[must_use]
    pub fn with_older(mut self, older: Vec<[u8; 32]>) -> Self {
        self.older = older;
        self
    }

    /// HMAC-SHA256 of a message under a key of its own for each purpose.
    pub(crate) fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
        mac(&self.current, purpose, parts)
    }

    /// The same under each key, the current one first.
    pub(crate) fn macs(&self, purpose: &str, parts: &[&[u8]]) -> Vec<Vec<u8>> {
        self.all().map(|key| mac(key, purpose, parts)).collect()
    }

    /// What shows that a backup was made by a server with this key.
    #[must_use]
    pub fn backup_seal(&self, manifest: &[u8]) -> String {
        hex(&self.mac(BACKUP, &[manifest]))
    }

    /// Whether one of the keys made that seal.
    #[must_use]
    pub fn made_backup(&self, manifest: &[u8], seal: &str) -> bool {
        self.macs(BACKUP, &[manifest]).iter().any(|mac| hex(mac) == seal.trim())
    }

    fn all(&self) -> impl Iterator<Item = &[u8; 32]> {
        std::iter::once(&self.current).chain(&self.older)
    }
}

fn mac(key: &[u8; 32], purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
    let own_key = hmac(key, &[purpose.as_bytes()]);
    hmac(&own_key, parts)
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of any length, so there is no error to handle; an impossible one must not yield a valid-looking MAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    for part in parts {
        // Each part's length goes first, so that no two lists of parts make the same message.
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// SHA-256 over parts, each with its length before it.
pub(crate) fn digest(parts: &[&str]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().to_vec()
}

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The form in which secrets that people carry (session ids, links) are kept.
#[must_use]
pub fn hash_token(token: &str) -> String {
    hex(&digest(&[token]))
}

/// The name of a file by what it holds.
pub(crate) fn hash_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
