//! Sessions in the shop's own database, for tower-sessions.
//!
//! The database holds a hash of each id, so that nobody who reads it can take over a session. A session ends 7 days after
//! it was last used and 30 days after it began, whichever is first; `last seen` is written at most every five minutes.
//! One that nobody has signed in to only carries the draft of a refused form, and ends with it: anyone can make those.

use std::collections::HashMap;
use std::fmt;

use async_trait::async_trait;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use domain::{DAY_MS, MINUTE_MS, UtcMillis};
use http::header::USER_AGENT;
use serde_json::Value;
use store::{DeleteSession, SaveSession, Store, StoredSession, TouchSession, UpdateSession, UserId};
use time::OffsetDateTime;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore, session_store};

use super::client_ip::ClientIp;
use crate::config::PublicUrl;

const IDLE_MS: i64 = 7 * DAY_MS;
const ABSOLUTE_MS: i64 = 30 * DAY_MS;
/// A little longer than a draft is kept.
const ANONYMOUS_IDLE_MS: i64 = 15 * MINUTE_MS;
const TOUCH_MS: i64 = 5 * MINUTE_MS;
const USER_AGENT_MOST_CHARS: usize = 200;
/// Where axum-login keeps the user's id.
pub(super) const AUTH_KEY: &str = "auth";

/// A [`SessionStore`] over the shop's [`Store`].
#[derive(Clone)]
pub struct Sessions(Store);

/// Who asks: shown in the list of one's sessions.
#[derive(Clone, Default)]
struct Device {
    ip: String,
    user_agent: String,
}

tokio::task_local! {
    /// tower-sessions hands the store a record and nothing about the request.
    static DEVICE: Device;
}

/// Lets the store know who asks while the request is answered.
pub async fn note_device(request: Request, next: Next) -> Response {
    let ip = request.extensions().get::<ClientIp>().map(|ClientIp(ip)| ip.to_string()).unwrap_or_default();
    let user_agent =
        request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let device = Device { ip, user_agent: user_agent.chars().take(USER_AGENT_MOST_CHARS).collect() };
    DEVICE.scope(device, next.run(request)).await
}

/// The layer with the cookie's attributes. `__Host-` binds the cookie to this very host; it needs a page that browsers
/// trust, which a plain-http public address is not (that exists in demos only, see the configuration).
#[must_use]
pub fn layer(store: Store, public_url: &PublicUrl) -> SessionManagerLayer<Sessions> {
    let trusted = public_url.is_trustworthy();
    if !trusted {
        tracing::warn!(%public_url, "sessions are not protected: the public address is not https");
    }
    // The cookie may live as long as any session; the database decides what it is worth.
    let lifetime = time::Duration::milliseconds(ABSOLUTE_MS);
    SessionManagerLayer::new(Sessions(store))
        .with_name(cookie_name(public_url))
        .with_secure(trusted)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(lifetime))
}

/// The session cookie's name.
#[must_use]
pub const fn cookie_name(public_url: &PublicUrl) -> &'static str {
    if public_url.is_trustworthy() { "__Host-session" } else { "session" }
}

impl Sessions {
    fn row(&self, record: &Record, created_at: UtcMillis) -> session_store::Result<SaveSession> {
        let data = serde_json::to_string(&record.data);
        let data = data.map_err(|error| session_store::Error::Encode(error.to_string()))?;
        let device = DEVICE.try_with(Clone::clone).unwrap_or_default();
        let user = user_of(&record.data);
        Ok(SaveSession {
            id_hash: id_hash(&record.id),
            user,
            data,
            expires_at: self.expires_at(created_at, user),
            ip: device.ip,
            user_agent: device.user_agent,
        })
    }

    /// Until when a session lives that is used now.
    fn expires_at(&self, created_at: UtcMillis, user: Option<UserId>) -> UtcMillis {
        let idle_ms = if user.is_some() { IDLE_MS } else { ANONYMOUS_IDLE_MS };
        self.0.now().plus_ms(idle_ms).min(created_at.plus_ms(ABSOLUTE_MS))
    }

    /// Notes that a session is still used, now and then.
    async fn touch(&self, id_hash: String, session: &StoredSession, user: Option<UserId>) {
        let expires_at = self.expires_at(session.created_at, user);
        let seen_ago_ms = self.0.now().since_ms(session.last_seen_at);
        if seen_ago_ms < TOUCH_MS {
            return;
        }
        if let Err(error) = self.0.run(TouchSession { id_hash, expires_at }).await {
            // The session is good; only its "last seen" is older than it should be.
            tracing::warn!(%error, "a session could not be touched");
        }
    }
}

#[async_trait]
impl SessionStore for Sessions {
    /// Of a new session, and of one that gets a new id because somebody signed in: its age counts from here. 128 random
    /// bits do not collide.
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let row = self.row(record, self.0.now())?;
        self.0.run(row).await.map_err(backend)
    }

    /// Only of a session that is still there: one that was ended in the meantime must not come back to life.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        match self.0.session(&id_hash(&record.id)).await.map_err(backend)? {
            Some(session) => {
                let row = self.row(record, session.created_at)?;
                self.0.run(UpdateSession(row)).await.map_err(backend)
            }
            None => Ok(()),
        }
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let id_hash = id_hash(id);
        let Some(session) = self.0.session(&id_hash).await.map_err(backend)? else {
            return Ok(None);
        };
        let data = serde_json::from_str::<HashMap<String, Value>>(&session.data);
        let data = data.map_err(|error| session_store::Error::Decode(error.to_string()))?;
        let expiry_date =
            OffsetDateTime::from_unix_timestamp_nanos(i128::from(session.expires_at.0) * 1_000_000);
        let expiry_date = expiry_date.map_err(|error| session_store::Error::Decode(error.to_string()))?;
        self.touch(id_hash, &session, user_of(&data)).await;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.run(DeleteSession { id_hash: id_hash(id) }).await.map_err(backend)
    }
}

fn id_hash(id: &Id) -> String {
    store::hash_token(&id.to_string())
}

/// The user that axum-login has written into the session, so that the database can list and end a user's sessions.
fn user_of(data: &HashMap<String, Value>) -> Option<UserId> {
    data.get(AUTH_KEY)?.get("user_id")?.as_i64().map(UserId)
}

fn backend(error: store::Error) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}
