//! How many changes one address may ask for. A rough net in memory, against floods; guessing passwords is throttled by
//! account in the database.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use app::context::household;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Refusal, UtcMillis};
use http::Method;

use super::client_ip::ClientIp;
use super::{Web, answers, hooks};

/// Counts what addresses ask for.
#[derive(Debug)]
pub struct Throttle {
    most_a_minute: u32,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// In thousandths of a request, so that whole numbers do.
    tokens_milli: i64,
    at: UtcMillis,
}

/// Addresses kept in mind; some 3 MB.
const MOST_ADDRESSES: usize = 50_000;
const MINUTE_MS: i64 = domain::MINUTE_MS;
/// So many times as many calls of gateways as forms of people.
const HOOKS_TIMES: u32 = 5;

/// Refuses a POST when its address has sent too many.
pub async fn check(State(web): State<Web>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<ClientIp>().copied();
    let throttle =
        if request.uri().path().starts_with(hooks::PREFIX) { &web.hook_throttle } else { &web.throttle };
    if let (Some(throttle), Some(ClientIp(ip)), &Method::POST) = (throttle, client, request.method())
        && let Err(wait_ms) = throttle.take(ip, web.store.now())
    {
        let retry_after_s = wait_ms / domain::SECOND_MS + 1;
        tracing::info!(%ip, retry_after_s, "refused: too many changes from one address");
        return answers::refused(request.headers(), &Refusal::TooManyTries { retry_after_s }).into_response();
    }
    next.run(request).await
}

impl Throttle {
    /// At most so many a minute from one address; as many may come at once after a minute's rest.
    #[must_use]
    pub fn new(most_a_minute: u32) -> Self {
        Self { most_a_minute: most_a_minute.max(1), buckets: Mutex::default() }
    }

    /// For the calls of gateways, which come in bursts, all of one gateway's from a few addresses.
    #[must_use]
    pub fn for_hooks(&self) -> Self {
        Self::new(self.most_a_minute.saturating_mul(HOOKS_TIMES))
    }

    /// Takes one request from the address' share.
    ///
    /// # Errors
    /// Milliseconds until the next one is free.
    pub fn take(&self, ip: IpAddr, now: UtcMillis) -> Result<(), i64> {
        let most = i64::from(self.most_a_minute);
        let full_milli = most * 1_000;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_ADDRESSES {
            // Whoever has rested for a minute is as good as new.
            buckets.retain(|_, bucket| now.since_ms(bucket.at) < MINUTE_MS);
            if buckets.len() >= MOST_ADDRESSES {
                // A flood from everywhere: forgetting is better than turning honest people away.
                buckets.clear();
            }
        }
        let bucket = buckets.entry(household(ip)).or_insert(Bucket { tokens_milli: full_milli, at: now });
        let rested_ms = now.since_ms(bucket.at).clamp(0, MINUTE_MS);
        bucket.tokens_milli = (bucket.tokens_milli + rested_ms * full_milli / MINUTE_MS).min(full_milli);
        bucket.at = now;
        if bucket.tokens_milli >= 1_000 {
            bucket.tokens_milli -= 1_000;
            Ok(())
        } else {
            Err((1_000 - bucket.tokens_milli) * MINUTE_MS / full_milli + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_share_is_used_up_and_comes_back() {
        let throttle = Throttle::new(60);
        let now = UtcMillis(1_000_000);
        for _ in 0..60 {
            assert_eq!(throttle.take(ip("203.0.113.1"), now), Ok(()));
        }
        let wait_ms = throttle.take(ip("203.0.113.1"), now).unwrap_err();
        assert!((1_000..=1_002).contains(&wait_ms), "{wait_ms}");
        assert_eq!(throttle.take(ip("203.0.113.2"), now), Ok(()), "others are not concerned");
        assert_eq!(throttle.take(ip("203.0.113.1"), now.plus_ms(1_000)), Ok(()));
        assert!(throttle.take(ip("203.0.113.1"), now.plus_ms(1_000)).is_err());
    }

    #[test]
    fn a_household_has_one_share() {
        let throttle = Throttle::new(1);
        let now = UtcMillis(0);
        assert_eq!(throttle.take(ip("2001:db8:1:2::1"), now), Ok(()));
        assert!(throttle.take(ip("2001:db8:1:2:ffff::9"), now).is_err());
        assert_eq!(throttle.take(ip("2001:db8:1:3::1"), now), Ok(()));
    }

    #[test]
    fn the_table_is_bounded() {
        let throttle = Throttle::new(1);
        for i in 0..u32::try_from(MOST_ADDRESSES).unwrap() + 10 {
            let _ = throttle.take(IpAddr::from(i.to_be_bytes()), UtcMillis(0));
        }
        assert!(throttle.buckets.lock().unwrap().len() <= MOST_ADDRESSES);
    }
}
