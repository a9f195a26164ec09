use domain::{MailKind, NoticeChannel, UtcMillis};
use serde::{Deserialize, Serialize};

use super::{NEWS_FOR_MS, place};
use crate::Store;
use crate::crypto::seal;
use crate::db::{Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;

/// What a mail tells besides its kind. Kept until the mail was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailFacts {
    /// What the account was called, where it is not called so any more.
    pub username: String,
    /// Which browser it was.
    pub user_agent: String,
    /// From which address it came.
    pub ip: String,
}

/// A mail to write down.
pub(crate) struct NewMail<'m> {
    /// To whom. To nobody: it is never sent, but takes as long to write.
    pub(crate) user: Option<UserId>,
    pub(crate) kind: MailKind,
    pub(crate) address: &'m str,
    pub(crate) facts: MailFacts,
    /// A link's token, and until when it works.
    pub(crate) link: Option<(&'m str, UtcMillis)>,
}

const IS_ON: &str = "SELECT name FROM notice_channel WHERE name = 'email' AND active = 1";

/// Whether mail can be sent: the operator has set a mail server up, and it is in use.
pub(crate) async fn mail_is_on(tx: &mut Tx<'_>) -> Result<bool, Error> {
    Ok(sql(IS_ON).optional(&mut tx.conn).await?.is_some())
}

impl Store {
    /// Whether mail can be sent: the operator has set a mail server up, and it is in use.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn mail_is_on(&self) -> Result<bool, Error> {
        Ok(self.db().optional(sql(IS_ON)).await?.is_some())
    }
}

/// Writes a mail down, to be sent after the commit; nothing where no mail can be sent. Whether it was.
pub(crate) async fn post_mail(tx: &mut Tx<'_>, mail: NewMail<'_>) -> Result<bool, Error> {
    post(tx, NoticeChannel::Email, mail, None).await
}

/// The same by any of the operator's channels; the address is a chat where it is Telegram. `notice` is the row of the user's
/// notice that it tells of.
pub(crate) async fn post(
    tx: &mut Tx<'_>,
    channel: NoticeChannel,
    mail: NewMail<'_>,
    notice: Option<i64>,
) -> Result<bool, Error> {
    let is_on = sql("SELECT name FROM notice_channel WHERE name = $1 AND active = 1").bind(channel.as_str());
    if is_on.optional(&mut tx.conn).await?.is_none() {
        return Ok(false);
    }
    if mail.link.is_some() {
        // The newest link is the one that works: an older one need not be sent any more.
        sql(
            "DELETE FROM outbox WHERE user_id = $1 AND kind = $2 AND state = 'waiting' AND lease_until <= $3",
        )
        .bind(mail.user)
        .bind(mail.kind.as_str())
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
    }
    let id = tx.new_id();
    let secret =
        mail.link.map(|(token, _)| seal(tx.key, tx.ambient, &place(id.as_str()), token)).transpose()?;
    let give_up_at = mail.link.map_or_else(|| tx.now.plus_ms(NEWS_FOR_MS), |(_, until)| until);
    sql("INSERT INTO outbox (public_id, user_id, kind, address, facts, secret, state, tries, due_at, give_up_at, lease_token, \
         lease_until, created_at, channel, user_notice) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $8, 0, 0, $7, $9, $10)")
    .bind(&id)
    .bind(mail.user)
    .bind(mail.kind.as_str())
    .bind(mail.address)
    .bind(serde_json::to_string(&mail.facts).map_err(Error::corrupt)?)
    .bind(secret)
    .bind(tx.now)
    .bind(give_up_at)
    .bind(channel.as_str())
    .bind(notice)
    .execute(&mut tx.conn)
    .await?;
    tx.news.push(News::Mail);
    Ok(true)
}
