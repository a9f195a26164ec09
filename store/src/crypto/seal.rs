//! Secrets at rest: XChaCha20-Poly1305 under a key derived from the server's, with the place where the value stands as
//! associated data, so that a value moved to another row or column does not open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::ServerKey;
use crate::ambient::Ambient;
use crate::error::Error;

/// The first byte of a sealed value, so that another form can follow one day.
const FORM: u8 = 1;
/// What the derived keys are for: the one that seals, and the name of the key that it was derived from, which tells
/// nothing about it.
const KEY: &str = "secrets";
const KEY_ID: &str = "secrets key id";
const KEY_ID_BYTES: usize = 8;
const NONCE_BYTES: usize = 24;

/// Seals a text for one place, such as `gateway:digiflazz:api_key`.
pub(crate) fn seal(key: &ServerKey, ambient: &Ambient, place: &str, text: &str) -> Result<Vec<u8>, Error> {
    let mut nonce = [0; NONCE_BYTES];
    for part in nonce.chunks_mut(8) {
        part.copy_from_slice(&ambient.bits().to_be_bytes());
    }
    let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
    let id: Vec<u8> = key.mac(KEY_ID, &[]).into_iter().take(KEY_ID_BYTES).collect();
    let sealed = cipher(&key.mac(KEY, &[]))?
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| Error::corrupt("a secret cannot be sealed"))?;
    Ok([&[FORM][..], &id, &nonce, &sealed].concat())
}

/// Opens what [`seal`] made for the same place.
pub(crate) fn open(key: &ServerKey, place: &str, sealed: &[u8]) -> Result<String, Error> {
    let broken = || Error::corrupt(format_args!("the sealed value of {place} cannot be opened"));
    let (form, rest) = sealed.split_first().ok_or_else(broken)?;
    let (id, rest) = rest.split_first_chunk::<KEY_ID_BYTES>().ok_or_else(broken)?;
    let (nonce, text) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(broken)?;
    let ids = key.macs(KEY_ID, &[]);
    let known = ids.iter().zip(key.macs(KEY, &[])).find(|(known, _)| known.starts_with(id));
    let Some((_, own_key)) = known.filter(|_| *form == FORM) else {
        return Err(Error::corrupt(format_args!("{place} was sealed with a key that is not known here")));
    };
    let payload = Payload { msg: text, aad: place.as_bytes() };
    let plain = cipher(&own_key)?.decrypt(&XNonce::from(*nonce), payload).map_err(|_| broken())?;
    String::from_utf8(plain).map_err(|_| broken())
}

fn cipher(own_key: &[u8]) -> Result<XChaCha20Poly1305, Error> {
    XChaCha20Poly1305::new_from_slice(own_key)
        .map_err(|_| Error::corrupt("the sealing key has the wrong length"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_in_its_place_with_its_key_only() {
        let (key, other) = (ServerKey::new([1; 32]), ServerKey::new([2; 32]));
        let ambient = Ambient::system();
        let sealed = seal(&key, &ambient, "gateway:a:api_key", "rahasia").unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"rahasia"));
        assert_eq!(open(&key, "gateway:a:api_key", &sealed).unwrap(), "rahasia");
        assert_ne!(seal(&key, &ambient, "gateway:a:api_key", "rahasia").unwrap(), sealed);
        for (key, place) in [(&key, "gateway:b:api_key"), (&other, "gateway:a:api_key")] {
            assert!(open(key, place, &sealed).is_err());
        }
        let rotated = ServerKey::new([2; 32]).with_older(vec![[1; 32]]);
        assert_eq!(open(&rotated, "gateway:a:api_key", &sealed).unwrap(), "rahasia");
        let anew = seal(&rotated, &ambient, "gateway:a:api_key", "rahasia").unwrap();
        assert_eq!(open(&other, "gateway:a:api_key", &anew).unwrap(), "rahasia");
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert!(open(&key, "gateway:a:api_key", &changed).is_err(), "byte {i}");
            assert!(open(&key, "gateway:a:api_key", &sealed[..i]).is_err(), "{i} bytes");
        }
    }
}
