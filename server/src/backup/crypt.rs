use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use age::secrecy::ExposeSecret;
use age::{DecryptError, Decryptor, Encryptor};

use super::failure;
use crate::commands::Failure;

/// Whoever can open what is encrypted for them.
pub type Recipient = age::x25519::Recipient;
/// What opens it.
pub type Identity = age::x25519::Identity;
/// Takes what is to be encrypted. It must be finished.
pub(super) type Encrypted = age::stream::StreamWriter<BufWriter<File>>;
/// Gives what was encrypted.
pub(super) type Decrypted = age::stream::StreamReader<BufReader<File>>;

/// More than anybody has.
const RECIPIENTS_MOST: usize = 20;
/// An identity file is a few lines.
const IDENTITY_MOST_BYTES: u64 = 64 * 1024;

/// Reads the owner's public keys.
///
/// # Errors
/// Words about what is wrong with them.
pub fn parse_recipients(text: &str) -> Result<Vec<Recipient>, String> {
    let words = text.split([',', ' ', '\n', '\t']).map(str::trim).filter(|word| !word.is_empty());
    let mut recipients = Vec::new();
    for word in words {
        if word.to_ascii_uppercase().starts_with("AGE-SECRET-KEY") {
            // Never repeated: it opens everything.
            return Err("holds a secret key; only its public key (age1…) belongs on the server".to_owned());
        }
        let recipient = word.parse().map_err(|why| format!("`{word}` is no public key of age: {why}"))?;
        recipients.push(recipient);
    }
    match recipients.len() {
        0 => Err("names nobody who could open the backups once this server is lost. Make a pair of keys with \
                  `xl-package-manager backup --new-identity`, keep the secret one away from the server, and name the public \
                  one here"
            .to_owned()),
        count if count > RECIPIENTS_MOST => Err(format!("names more than {RECIPIENTS_MOST}")),
        _ => Ok(recipients),
    }
}

/// A new pair of keys, in the form of age's identity files, and its public key.
#[must_use]
pub fn new_identity() -> (String, String) {
    let identity = Identity::generate();
    let public = identity.to_public().to_string();
    (format!("# public key: {public}\n{}\n", identity.to_string().expose_secret()), public)
}

/// Reads an identity file of age.
pub(super) fn identities(path: &Path) -> Result<Vec<Identity>, Failure> {
    let named = || Failure::io(path.display().to_string());
    let file = File::open(path).map_err(named())?;
    let mut text = String::new();
    file.take(IDENTITY_MOST_BYTES).read_to_string(&mut text).map_err(named())?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    // Never repeats a line in a message: it may be most of a secret.
    let parsed: Result<Vec<Identity>, _> = lines.map(str::parse).collect();
    match parsed {
        Ok(identities) if !identities.is_empty() => Ok(identities),
        _ => Err(failure(format!(
            "{} is no identity file of age: it must hold a line AGE-SECRET-KEY-1… (one that is locked with a passphrase has to \
             be opened first: age -d)",
            path.display()
        ))),
    }
}

/// The server's own identity, made at the first use for its owner's eyes only.
pub(super) fn server_identity(path: &Path) -> Result<Vec<Identity>, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            let (text, _) = new_identity();
            let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
            written.map_err(Failure::io(path.display().to_string()))?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Failure::io(path.display().to_string())(error)),
    }
    identities(path)
}

/// A new file that only these can open.
pub(super) fn encrypt(path: &Path, recipients: &[Recipient]) -> Result<Encrypted, Failure> {
    let named = || Failure::io(path.display().to_string());
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = BufWriter::new(options.open(path).map_err(named())?);
    let recipients = recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(recipients).map_err(|error| failure(error.to_string()))?;
    encryptor.wrap_output(file).map_err(named())
}

/// Ends the file, so that it is on the disk.
pub(super) fn finish(encrypted: Encrypted) -> std::io::Result<()> {
    let file = encrypted.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()
}

/// Opens a file.
pub(super) fn decrypt(path: &Path, identities: &[Identity]) -> Result<Decrypted, Failure> {
    let file = File::open(path).map_err(Failure::io(path.display().to_string()))?;
    let opened = Decryptor::new_buffered(BufReader::new(file))
        .and_then(|decryptor| decryptor.decrypt(identities.iter().map(|own| own as &dyn age::Identity)));
    opened.map_err(|error| match error {
        DecryptError::NoMatchingKeys => {
            failure(format!("this identity does not open {}: it was encrypted for others", path.display()))
        }
        DecryptError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            Failure::io(path.display().to_string())(error)
        }
        _ => damaged(path),
    })
}

/// What is said of a file that does not hold what was once written.
pub(super) fn damaged(path: &Path) -> Failure {
    failure(format!("{} is damaged, or no backup: use another one", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_keys_only() {
        let (text, public) = new_identity();
        assert_eq!(parse_recipients(&format!(" {public},\n{public}")).unwrap().len(), 2);
        let secret = text.lines().last().unwrap();
        for wrong in ["", " , ", "age1nobody", secret] {
            let error = parse_recipients(wrong).map(|_| ()).unwrap_err();
            assert!(!error.contains(secret), "{error}");
        }
    }

    #[test]
    fn the_servers_identity_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("identity.txt");
        let first = server_identity(&path).unwrap();
        let again = server_identity(&path).unwrap();
        assert_eq!(first[0].to_public().to_string(), again[0].to_public().to_string());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "AGE-SECRET-KEY-1HALF\n").unwrap();
        let error = server_identity(&path).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("no identity file") && !error.contains("HALF"), "{error}");
    }
}
