//! Password hashing with Argon2id, off the async threads and at most as many at a time as there are cores: each takes
//! 19 MiB, and sign-ins must not starve everything else.

use std::sync::{Arc, LazyLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::error::{Error, Fault};

/// OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

static SLOTS: LazyLock<Arc<Semaphore>> =
    LazyLock::new(|| Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from))));

/// The hash of a password nobody has; made once, so that a sign-in with an unknown name takes as long as any other.
static DUMMY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

/// The hash to keep for a password, with a salt of its own.
///
/// # Errors
/// [`Error::Fault`] when hashing is impossible, such as without memory.
pub async fn hash(password: String) -> Result<String, Error> {
    off_thread(move || hash_now(&password)).await?
}

/// Whether the password belongs to the hash. Without a hash (unknown name) it is never right, but takes as long.
///
/// # Errors
/// [`Error::Fault`] when verifying is impossible.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, Error> {
    off_thread(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY.clone());
        let Ok(parsed) = PasswordHash::new(&hash) else {
            return false;
        };
        hasher().is_ok_and(|argon| argon.verify_password(password.as_bytes(), &parsed).is_ok()) && known
    })
    .await
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let slot = SLOTS.clone().acquire_owned().await.map_err(|_| Error::Fault(Fault::Closing))?;
    let work = move || {
        // Held by the work and not by whoever waits for it: that one may hang up, and the work goes on.
        let _slot = slot;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Fault(Fault::Panicked))
}

fn hasher() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::corrupt)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String, Error> {
    Ok(hasher()?.hash_password(password.as_bytes()).map_err(Error::corrupt)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::{SLOTS, off_thread};

    #[tokio::test]
    async fn work_keeps_its_slot_when_nobody_waits_for_it() {
        let (begin, began) = tokio::sync::oneshot::channel();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let waiting = tokio::spawn(off_thread(move || {
            let _ = begin.send(SLOTS.available_permits());
            let _ = ended.recv();
        }));
        let left = began.await.unwrap();
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert!(SLOTS.available_permits() <= left, "the work is still under way");
        end.send(()).unwrap();
    }

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let hash = super::hash("kuda laut biru".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(super::verify("kuda laut biru".into(), Some(hash.clone())).await.unwrap());
        assert!(!super::verify("kuda laut hijau".into(), Some(hash)).await.unwrap());
        assert!(!super::verify("nobody has this password".into(), None).await.unwrap());
    }
}
