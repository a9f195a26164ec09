//! What is inside the encrypted files: a compressed tar archive, written and read in one go with little memory.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use store::ServerKey;

use super::crypt::{self, Decrypted, Identity, Recipient, damaged};
use super::failure;
use super::manifest::Manifest;
use super::space::{FreeSpace, demand};
use crate::commands::Failure;

const MANIFEST: &str = "manifest.json";
const SEAL: &str = "manifest.seal";
const DATABASE: &str = "database";
const KEY: &str = "encryption.key";
const SETTINGS: &str = "settings.env";
/// Everything but the database.
const SMALL_MOST_BYTES: u64 = 4 * 1024 * 1024;
const CHUNK_BYTES: usize = 64 * 1024;

/// What the keys file holds.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secrets {
    /// The server's key file.
    pub(super) key: String,
    /// The server's settings.
    pub(super) settings: Option<Vec<u8>>,
}

enum Item<'i> {
    Bytes(&'i [u8]),
    File(&'i Path),
}

/// Writes a data file.
pub(super) fn write_data(
    to: &Path,
    recipients: &[Recipient],
    manifest: &Manifest,
    key: &ServerKey,
    snapshot: &Path,
) -> Result<(), Failure> {
    let text = serde_json::to_vec_pretty(manifest).map_err(|error| failure(error.to_string()))?;
    let seal = key.backup_seal(&text);
    let items = [
        (MANIFEST, Item::Bytes(&text)),
        (SEAL, Item::Bytes(seal.as_bytes())),
        (DATABASE, Item::File(snapshot)),
    ];
    write(to, recipients, manifest.made_at_ms, &items)
}

/// Writes a keys file.
pub(super) fn write_keys(
    to: &Path,
    recipients: &[Recipient],
    made_at_ms: i64,
    secrets: &Secrets,
) -> Result<(), Failure> {
    let mut items = vec![(KEY, Item::Bytes(secrets.key.as_bytes()))];
    items.extend(secrets.settings.as_deref().map(|settings| (SETTINGS, Item::Bytes(settings))));
    write(to, recipients, made_at_ms, &items)
}

fn write(to: &Path, recipients: &[Recipient], at_ms: i64, items: &[(&str, Item<'_>)]) -> Result<(), Failure> {
    let named = || Failure::io(to.display().to_string());
    let encrypted = crypt::encrypt(to, recipients)?;
    let mut archive = tar::Builder::new(GzEncoder::new(encrypted, Compression::fast()));
    let mut header = tar::Header::new_gnu();
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(at_ms / domain::SECOND_MS).unwrap_or_default());
    for (name, item) in items {
        match item {
            Item::Bytes(bytes) => {
                header.set_size(bytes.len() as u64);
                archive.append_data(&mut header, name, *bytes).map_err(named())?;
            }
            Item::File(path) => {
                let file = File::open(path).map_err(Failure::io(path.display().to_string()))?;
                let size = file.metadata().map_err(Failure::io(path.display().to_string()))?.len();
                header.set_size(size);
                archive.append_data(&mut header, name, file).map_err(named())?;
            }
        }
    }
    let compressed = archive.into_inner().map_err(named())?;
    let encrypted = compressed.finish().map_err(named())?;
    crypt::finish(encrypted).map_err(named())
}

/// How large a file is, and its SHA-256.
pub(super) fn measure(path: &Path) -> Result<(u64, String), Failure> {
    let named = || Failure::io(path.display().to_string());
    let mut file = File::open(path).map_err(named())?;
    copy(&mut file, &mut std::io::sink(), u64::MAX).map_err(named())
}

/// Copies at most so many bytes; how many there were, and their SHA-256.
fn copy(from: &mut impl Read, to: &mut impl Write, most: u64) -> std::io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut bytes = 0;
    loop {
        let count = from.read(&mut buffer)?;
        let chunk = buffer.get(..count).unwrap_or_default();
        if chunk.is_empty() || bytes > most {
            break;
        }
        hash.update(chunk);
        to.write_all(chunk)?;
        bytes += chunk.len() as u64;
    }
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, digest))
}

type Opened = tar::Archive<GzDecoder<Decrypted>>;

fn open(path: &Path, identities: &[Identity]) -> Result<Opened, Failure> {
    Ok(tar::Archive::new(GzDecoder::new(crypt::decrypt(path, identities)?)))
}

/// Reads a data file: its manifest, once the key has shown it to be the server's own, and the database into a new file.
pub(super) fn read_data(
    path: &Path,
    identities: &[Identity],
    key: &ServerKey,
    folder: &Path,
    free: &FreeSpace,
) -> Result<(Manifest, PathBuf), Failure> {
    let mut archive = open(path, identities)?;
    let broken = |_| damaged(path);
    let mut text = Vec::new();
    let mut seal = String::new();
    let mut found = None;
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = entry.path().map_err(broken)?.to_string_lossy().into_owned();
        match name.as_str() {
            MANIFEST => text = small(&mut entry).map_err(broken)?,
            SEAL => seal = String::from_utf8_lossy(&small(&mut entry).map_err(broken)?).into_owned(),
            DATABASE => {
                let manifest = Manifest::read(&text, &seal, key)?;
                demand(free, folder, manifest.bytes, "to unpack it")?;
                let to = folder.join(DATABASE);
                let measured = unpack(&mut entry, &to, manifest.bytes, path)?;
                if measured != (manifest.bytes, manifest.sha256.clone()) {
                    return Err(damaged(path));
                }
                found = Some((manifest, to));
            }
            _ => {}
        }
    }
    drain(archive).map_err(broken)?;
    found.ok_or_else(|| damaged(path))
}

/// A fault of the disk that is written to is not one of the file that is read.
fn unpack(entry: &mut impl Read, to: &Path, most: u64, from: &Path) -> Result<(u64, String), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(to).map_err(Failure::io(to.display().to_string()))?;
    let measured = copy(entry, &mut file, most).map_err(|error| match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            Failure::io(to.display().to_string())(error)
        }
        _ => damaged(from),
    })?;
    file.sync_all().map_err(Failure::io(to.display().to_string()))?;
    Ok(measured)
}

/// Reads a keys file.
pub(super) fn read_keys(path: &Path, identities: &[Identity]) -> Result<Secrets, Failure> {
    let mut archive = open(path, identities)?;
    let broken = |_| damaged(path);
    let (mut key, mut settings) = (None, None);
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = entry.path().map_err(broken)?.to_string_lossy().into_owned();
        match name.as_str() {
            KEY => key = Some(small(&mut entry).map_err(broken)?),
            SETTINGS => settings = Some(small(&mut entry).map_err(broken)?),
            _ => {}
        }
    }
    drain(archive).map_err(broken)?;
    let key = key.and_then(|key| String::from_utf8(key).ok());
    let key = key.ok_or_else(|| failure(format!("{} is no keys file", path.display())))?;
    Ok(Secrets { key, settings })
}

fn small(entry: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    entry.take(SMALL_MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// To the very end: only the last piece shows that nothing was cut off.
fn drain(archive: Opened) -> std::io::Result<()> {
    let mut compressed = archive.into_inner();
    std::io::copy(&mut compressed, &mut std::io::sink())?;
    std::io::copy(&mut compressed.into_inner(), &mut std::io::sink()).map(|_| ())
}
