use domain::{DAY_MS, SignInOutcome, UserNoticeKind, UtcMillis};

use super::sessions::USER_AGENT_MOST_CHARS;
use crate::Store;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::model::{Page, UserId};
use crate::outbox::MailFacts;
use crate::shop::page_of;
use crate::user_notices::{NewUserNotice, note};

/// How long sign-ins are kept.
const KEPT_MS: i64 = 90 * DAY_MS;
/// Sign-ins kept of one user, and as many attempts that failed: so that those who try cannot push the others out.
const KEPT_MOST: i64 = 100;

/// Notes that somebody tried to sign in. A sign-in with a browser that was not seen before is told to the user.
///
/// For a name that nobody has, a row is written all the same, and swept away: time must not tell who has an account.
#[derive(Clone)]
pub struct NoteSignIn {
    /// To whose account.
    pub user: Option<UserId>,
    /// What came of it.
    pub outcome: SignInOutcome,
    /// The client's address.
    pub ip: String,
    /// The client's browser, as it calls itself.
    pub user_agent: String,
    /// From [`crate::hash_token`], of what the browser keeps in a cookie; empty where it has none.
    pub browser: String,
}

impl Operation for NoteSignIn {
    /// Whether it was a new device; see [`SignIn::new_device`].
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let ok = self.outcome == SignInOutcome::Entered;
        let new_device = ok && self.is_new_device(tx).await?;
        let user_agent: String = self.user_agent.chars().take(USER_AGENT_MOST_CHARS).collect();
        let written = sql(
            "INSERT INTO sign_in (public_id, user_id, at, ok, outcome, ip, user_agent, browser, new_device) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        )
        .bind(&tx.new_id())
        .bind(self.user)
        .bind(tx.now)
        .bind(ok)
        .bind(self.outcome.as_str())
        .bind(&self.ip)
        .bind(&user_agent)
        .bind(&self.browser)
        .bind(new_device)
        .one(&mut tx.conn)
        .await?;
        sql("DELETE FROM sign_in WHERE user_id = $1 AND ok = $2 AND id <= \
             (SELECT id FROM sign_in WHERE user_id = $1 AND ok = $2 ORDER BY id DESC LIMIT 1 OFFSET $3)")
        .bind(self.user)
        .bind(ok)
        .bind(KEPT_MOST)
        .execute(&mut tx.conn)
        .await?;
        if let Some(user) = self.user.filter(|_| new_device) {
            let facts = MailFacts { user_agent, ip: self.ip.clone(), ..MailFacts::default() };
            let (kind, object) = (UserNoticeKind::NewDevice, written.int("id")?);
            note(tx, NewUserNotice { user, kind, object, amount: None, facts }).await?;
        }
        Ok(new_device)
    }
}

impl NoteSignIn {
    /// The first sign-in that is known of an account is nothing to be alarmed about.
    async fn is_new_device(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let row = sql("SELECT COUNT(*) AS entered, COALESCE(SUM(CASE WHEN browser = $2 AND browser <> '' THEN 1 ELSE 0 END), 0) \
                       AS known FROM sign_in WHERE user_id = $1 AND ok = 1")
            .bind(self.user)
            .bind(&self.browser)
            .one(&mut tx.conn)
            .await?;
        Ok(row.int("entered")? > 0 && row.int("known")? == 0)
    }
}

/// An attempt to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// When.
    pub at: UtcMillis,
    /// What came of it.
    pub outcome: SignInOutcome,
    /// From which address.
    pub ip: String,
    /// With which browser, as it calls itself.
    pub user_agent: String,
    /// Somebody came in with a browser that was not seen before. Never so for the first sign-in that is known.
    pub new_device: bool,
}

impl Store {
    /// A page of the attempts to sign in to an account, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn sign_ins(
        &self,
        user: UserId,
        after: Option<String>,
        limit: i64,
    ) -> Result<Page<SignIn>, Error> {
        let limit = limit.clamp(1, 100);
        let query = sql("SELECT public_id, at, outcome, ip, user_agent, new_device FROM sign_in WHERE user_id = $1 \
                         AND (CAST($2 AS TEXT) IS NULL OR id < (SELECT id FROM sign_in WHERE public_id = $2 AND user_id = $1)) \
                         ORDER BY id DESC LIMIT $3")
            .bind(user)
            .bind(after)
            .bind(limit + 1);
        let page = page_of(&self.db().all(query).await?, limit, sign_in_of, |(_, cursor)| cursor.clone())?;
        Ok(Page { items: page.items.into_iter().map(|(sign_in, _)| sign_in).collect(), next: page.next })
    }
}

fn sign_in_of(row: &Row) -> Result<(SignIn, String), Error> {
    let sign_in = SignIn {
        at: row.time("at")?,
        outcome: row.word("outcome")?,
        ip: row.text("ip")?,
        user_agent: row.text("user_agent")?,
        new_device: row.bool("new_device")?,
    };
    Ok((sign_in, row.text("public_id")?))
}

/// Deletes what is old, and what was nobody's.
pub(crate) async fn sweep_sign_ins(tx: &mut Tx<'_>) -> Result<(), Error> {
    sql("DELETE FROM sign_in WHERE user_id IS NULL").execute(&mut tx.conn).await?;
    sql("DELETE FROM sign_in WHERE at <= $1").bind(tx.now.plus_ms(-KEPT_MS)).execute(&mut tx.conn).await?;
    Ok(())
}
