use domain::UtcMillis;

use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::{SessionRow, UserId};

/// Keeps a new session under the hash of its id.
#[derive(Clone)]
pub struct SaveSession {
    /// From [`crate::hash_token`].
    pub id_hash: String,
    /// Whose, once signed in.
    pub user: Option<UserId>,
    /// What the session holds.
    pub data: String,
    /// Until when.
    pub expires_at: UtcMillis,
    /// The client's address.
    pub ip: String,
    /// The client's browser.
    pub user_agent: String,
}

/// Longest browser name kept.
pub(super) const USER_AGENT_MOST_CHARS: usize = 200;

impl Operation for SaveSession {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let user_agent: String = self.user_agent.chars().take(USER_AGENT_MOST_CHARS).collect();
        sql("INSERT INTO session (id_hash, user_id, data, ip, user_agent, created_at, last_seen_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7)")
        .bind(&self.id_hash)
        .bind(self.user)
        .bind(&self.data)
        .bind(&self.ip)
        .bind(user_agent)
        .bind(tx.now)
        .bind(self.expires_at)
        .execute(&mut tx.conn)
        .await?;
        Ok(())
    }
}

/// Writes what a session holds, if it is still there: one that was ended in the meantime must not come back to life.
#[derive(Clone)]
pub struct UpdateSession(
    /// As it is now.
    pub SaveSession,
);

impl Operation for UpdateSession {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let Self(session) = self;
        let user_agent: String = session.user_agent.chars().take(USER_AGENT_MOST_CHARS).collect();
        sql("UPDATE session SET user_id = $2, data = $3, ip = $4, user_agent = $5, last_seen_at = $6, expires_at = $7 \
             WHERE id_hash = $1 AND expires_at > $6")
        .bind(&session.id_hash)
        .bind(session.user)
        .bind(&session.data)
        .bind(&session.ip)
        .bind(user_agent)
        .bind(tx.now)
        .bind(session.expires_at)
        .execute(&mut tx.conn)
        .await?;
        Ok(())
    }
}

/// Notes that a session is still used.
#[derive(Clone)]
pub struct TouchSession {
    /// From [`crate::hash_token`].
    pub id_hash: String,
    /// Until when it lives now.
    pub expires_at: UtcMillis,
}

impl Operation for TouchSession {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql("UPDATE session SET last_seen_at = $1, expires_at = $2 WHERE id_hash = $3")
            .bind(tx.now)
            .bind(self.expires_at)
            .bind(&self.id_hash)
            .execute(&mut tx.conn)
            .await?;
        Ok(())
    }
}

/// Forgets a session.
#[derive(Clone)]
pub struct DeleteSession {
    /// From [`crate::hash_token`].
    pub id_hash: String,
}

impl Operation for DeleteSession {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql("DELETE FROM session WHERE id_hash = $1").bind(&self.id_hash).execute(&mut tx.conn).await?;
        Ok(())
    }
}

/// A user ends one of their own sessions.
#[derive(Clone)]
pub struct EndSession {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub id_hash: String,
}

impl Operation for EndSession {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql("DELETE FROM session WHERE id_hash = $1 AND user_id = $2")
            .bind(&self.id_hash)
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        Ok(())
    }
}

/// A user ends all of their sessions but one.
#[derive(Clone)]
pub struct EndOtherSessions {
    /// Whose.
    pub user: UserId,
    /// The one that goes on.
    pub keep: String,
}

impl Operation for EndOtherSessions {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql("DELETE FROM session WHERE user_id = $1 AND id_hash <> $2")
            .bind(self.user)
            .bind(&self.keep)
            .execute(&mut tx.conn)
            .await?;
        Ok(())
    }
}

/// A session as it is kept.
#[derive(Clone)]
pub struct StoredSession {
    /// What it holds.
    pub data: String,
    /// Since when.
    pub created_at: UtcMillis,
    /// Last used, to within five minutes.
    pub last_seen_at: UtcMillis,
    /// Until when.
    pub expires_at: UtcMillis,
}

impl Store {
    /// A session that has not expired.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn session(&self, id_hash: &str) -> Result<Option<StoredSession>, Error> {
        let text = "SELECT data, created_at, last_seen_at, expires_at FROM session WHERE id_hash = $1 AND expires_at > $2";
        let row = self.db().optional(sql(text).bind(id_hash).bind(self.now())).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(StoredSession {
            data: row.text("data")?,
            created_at: row.time("created_at")?,
            last_seen_at: row.time("last_seen_at")?,
            expires_at: row.time("expires_at")?,
        }))
    }

    /// Where a user is signed in, the last used first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRow>, Error> {
        let text = "SELECT id_hash, created_at, last_seen_at, ip, user_agent FROM session \
                    WHERE user_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC LIMIT 50";
        let rows = self.db().all(sql(text).bind(user).bind(self.now())).await?;
        rows.iter()
            .map(|row| {
                Ok(SessionRow {
                    id_hash: row.text("id_hash")?,
                    created_at: row.time("created_at")?,
                    last_seen_at: row.time("last_seen_at")?,
                    ip: row.text("ip")?,
                    user_agent: row.text("user_agent")?,
                })
            })
            .collect()
    }
}
