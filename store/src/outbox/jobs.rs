use std::fmt;

use domain::{Lang, MailKind, NoticeChannel, UtcMillis, Zone};

use super::record::settle;
use super::{LEASE_MS, MailFacts, place};
use crate::crypto::open;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::notices::{NoticeAccess, access};
use crate::user_notices::{UserNotice, user_notice};

/// Takes mails to send by one channel, the longest due first; news of sales, of which there can be very many, after all
/// else. Each claim raises the mail's token, and what is recorded later names it.
#[derive(Clone, Copy, Debug)]
pub struct ClaimMails {
    /// By which channel. Each has a worker of its own, so that one that hangs holds up no other.
    pub channel: NoticeChannel,
    /// At most so many.
    pub limit: i64,
}

/// A mail to send.
#[derive(Clone)]
pub struct MailJob {
    /// Its row.
    pub id: i64,
    /// The claim's fencing token.
    pub token: i64,
    /// By which mail server, or bot.
    pub access: NoticeAccess,
    /// To which address, or chat.
    pub address: String,
    /// What it tells.
    pub kind: MailKind,
    /// The token of its link; empty where it has none.
    pub secret: String,
    /// More of what it tells.
    pub facts: MailFacts,
    /// The notice that it tells of, for [`MailKind::Notice`].
    pub notice: Option<UserNotice>,
    /// What the user is called.
    pub username: String,
    /// The user's language.
    pub lang: Lang,
    /// The user's time zone.
    pub zone: Zone,
    /// When it happened.
    pub at: UtcMillis,
}

/// Without names and secrets.
impl fmt::Debug for MailJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailJob").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Operation for ClaimMails {
    type Output = Vec<MailJob>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<MailJob>, Error> {
        // Most of the time there is nothing, and nothing is written.
        let waiting =
            sql("SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= $1 AND channel = $2 LIMIT 1");
        if waiting.bind(tx.now).bind(self.channel.as_str()).optional(&mut tx.conn).await?.is_none() {
            return Ok(Vec::new());
        }
        sql("DELETE FROM outbox WHERE user_id IS NULL").execute(&mut tx.conn).await?;
        give_up_what_is_old(tx).await?;
        let Some(access) = channel_access(tx, self.channel).await? else { return Ok(Vec::new()) };
        let mut jobs = Vec::new();
        for row in self.claim(tx).await? {
            match job(tx, &row, &access).await {
                Ok(job) => jobs.push(job),
                // Such as after a key was lost. It would be claimed for ever.
                Err(error) => {
                    tracing::error!(%error, "a mail cannot be read and is given up");
                    settle(tx, row.int("id")?, "failed", None).await?;
                }
            }
        }
        Ok(jobs)
    }
}

impl ClaimMails {
    async fn claim(&self, tx: &mut Tx<'_>) -> Result<Vec<Row>, Error> {
        let ids = if tx.is_postgres() {
            "SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= $1 AND lease_until <= $1 AND channel = $3 \
             ORDER BY CASE WHEN user_notice IS NULL THEN 0 ELSE 1 END, due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED"
        } else {
            "SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= $1 AND lease_until <= $1 AND channel = $3 \
             ORDER BY CASE WHEN user_notice IS NULL THEN 0 ELSE 1 END, due_at, id LIMIT $2"
        };
        let ids = sql(ids).bind(tx.now).bind(self.limit.max(0)).bind(self.channel.as_str());
        let ids = ids.all(&mut tx.conn).await?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let id = id.int("id")?;
            sql("UPDATE outbox SET lease_token = lease_token + 1, lease_until = $2 WHERE id = $1")
                .bind(id)
                .bind(tx.now.plus_ms(LEASE_MS))
                .execute(&mut tx.conn)
                .await?;
            let row = sql(
                "SELECT o.id, o.public_id, o.kind, o.address, o.facts, o.secret, o.lease_token, o.created_at, o.user_notice, \
                           u.username, u.lang, u.zone FROM outbox o JOIN users u ON u.id = o.user_id WHERE o.id = $1",
            );
            rows.push(row.bind(id).one(&mut tx.conn).await?);
        }
        Ok(rows)
    }
}

async fn give_up_what_is_old(tx: &mut Tx<'_>) -> Result<(), Error> {
    let old = sql(
        "SELECT id FROM outbox WHERE state = 'waiting' AND give_up_at <= $1 AND lease_until <= $1 LIMIT 100",
    )
    .bind(tx.now)
    .all(&mut tx.conn)
    .await?;
    for row in old {
        settle(tx, row.int("id")?, "failed", None).await?;
    }
    Ok(())
}

/// The operator's mail server or bot; `None` where there is none in use.
async fn channel_access(tx: &mut Tx<'_>, channel: NoticeChannel) -> Result<Option<NoticeAccess>, Error> {
    let row = sql("SELECT settings, secret FROM notice_channel WHERE name = $1 AND active = 1")
        .bind(channel.as_str())
        .optional(&mut tx.conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    match access(tx, channel, &row) {
        Ok(access) => Ok(Some(access)),
        Err(error) => {
            tracing::error!(%error, channel = channel.as_str(), "the channel cannot be used");
            Ok(None)
        }
    }
}

async fn job(tx: &mut Tx<'_>, row: &Row, access: &NoticeAccess) -> Result<MailJob, Error> {
    let notice = match row.opt_int("user_notice")? {
        Some(notice) => Some(user_notice(tx, notice).await?),
        None => None,
    };
    let secret = row.opt_bytes("secret")?;
    let secret = secret.map(|sealed| open(tx.key, &place(&row.text("public_id")?), &sealed)).transpose()?;
    Ok(MailJob {
        id: row.int("id")?,
        token: row.int("lease_token")?,
        access: access.clone(),
        address: row.text("address")?,
        kind: row.word("kind")?,
        secret: secret.unwrap_or_default(),
        facts: serde_json::from_str(&row.text("facts")?).map_err(Error::corrupt)?,
        notice,
        username: row.text("username")?,
        lang: row.word("lang")?,
        zone: row.word("zone")?,
        at: row.time("created_at")?,
    })
}
