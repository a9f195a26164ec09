//! The user's e-mail address, and whether a mail has shown that it is theirs.

use domain::{DAY_MS, Email, MailKind, Refusal, UtcMillis};

use super::links::{LinkPurpose, NewLink, end_reset_links, make_link, use_link};
use super::profile::{drop_new_email, found};
use crate::Store;
use crate::crypto::hash_token;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;
use crate::outbox::{MailFacts, NewMail, mail_is_on, post_mail};

/// How long a link works that verifies an address.
const LINK_LIVES_MS: i64 = DAY_MS;
const VERIFY: [LinkPurpose; 2] = [LinkPurpose::VerifyEmail; 2];

/// What became of an address that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailChange {
    /// It is the one that was there.
    Same,
    /// It is used once the link that was sent to it has been opened. The old one stays meanwhile.
    Waits,
    /// It is used from now on, unverified: this shop sends no mail.
    Done,
}

/// A user's address, as far as it is known to be theirs.
#[derive(Clone)]
pub struct Contact {
    /// When a mail has shown that it is theirs.
    pub verified_at: Option<UtcMillis>,
    /// Waits to be verified, to take the place of the present one.
    pub new_email: Option<Email>,
    /// When the user closed the account.
    pub closed_at: Option<UtcMillis>,
}

/// Takes another address, if it is another: at once where no mail can be sent, else after it was verified.
pub(super) async fn change_email(tx: &mut Tx<'_>, user: UserId, email: &Email) -> Result<EmailChange, Error> {
    let row = sql("SELECT email FROM users WHERE id = $1").bind(user).optional(&mut tx.conn).await?;
    let old = row.ok_or(Refusal::NotFound)?.text("email")?;
    if old == email.as_str() {
        return Ok(EmailChange::Same);
    }
    audit(tx, Some(user), "change_email", &format!("user:{}", user.0), "").await?;
    if !mail_is_on(tx).await? {
        use_email(tx, user, email.as_str(), None).await?;
        return Ok(EmailChange::Done);
    }
    let changed = sql("UPDATE users SET new_email = $1 WHERE id = $2").bind(email.as_str()).bind(user);
    found(changed.execute(&mut tx.conn).await?)?;
    send_link(tx, user, email.as_str()).await?;
    let facts = MailFacts::default();
    let mail = NewMail { user: Some(user), kind: MailKind::EmailChanging, address: &old, facts, link: None };
    post_mail(tx, mail).await?;
    Ok(EmailChange::Waits)
}

/// From now on this is the address. Links that went to the old one set no password any more.
async fn use_email(
    tx: &mut Tx<'_>,
    user: UserId,
    email: &str,
    verified_at: Option<UtcMillis>,
) -> Result<(), Error> {
    let changed = sql("UPDATE users SET email = $1, email_verified_at = $2, new_email = NULL WHERE id = $3")
        .bind(email)
        .bind(verified_at)
        .bind(user)
        .execute(&mut tx.conn)
        .await?;
    found(changed)?;
    end_reset_links(tx, user).await
}

async fn send_link(tx: &mut Tx<'_>, user: UserId, email: &str) -> Result<bool, Error> {
    let until = tx.now.plus_ms(LINK_LIVES_MS);
    let link = NewLink { purpose: LinkPurpose::VerifyEmail, user: Some(user), until, detail: email };
    let token = make_link(tx, link).await?;
    let mail = NewMail {
        user: Some(user),
        kind: MailKind::VerifyEmail,
        address: email,
        facts: MailFacts::default(),
        link: Some((&token, until)),
    };
    post_mail(tx, mail).await
}

/// Sends a link to the address that waits to be verified, or to the present one when it was not. Older links stop working.
/// Whether one was sent: not where there is nothing to verify, or no mail can be sent.
#[derive(Clone, Copy, Debug)]
pub struct SendVerification {
    /// Whose.
    pub user: UserId,
}

impl Operation for SendVerification {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let row = sql("SELECT COALESCE(new_email, email) AS address FROM users WHERE id = $1 \
                       AND (new_email IS NOT NULL OR email_verified_at IS NULL)")
        .bind(self.user)
        .optional(&mut tx.conn)
        .await?;
        let Some(row) = row else { return Ok(false) };
        if !mail_is_on(tx).await? {
            return Ok(false);
        }
        send_link(tx, self.user, &row.text("address")?).await
    }
}

/// Forgets the address that waits to be verified.
#[derive(Clone, Copy, Debug)]
pub struct DropNewEmail {
    /// Whose.
    pub user: UserId,
}

impl Operation for DropNewEmail {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        drop_new_email(tx, self.user).await
    }
}

/// Whoever opened the link has shown that the address is theirs; a new one takes the place of the old one.
#[derive(Clone)]
pub struct VerifyEmail {
    /// From the link.
    pub token: String,
}

impl Operation for VerifyEmail {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let used = use_link(tx, &self.token, VERIFY).await?;
        let (user, address) = used.ok_or(Refusal::LinkExpired)?;
        let row = sql("SELECT email, new_email FROM users WHERE id = $1 AND state = 'active'")
            .bind(user)
            .optional(&mut tx.conn)
            .await?
            .ok_or(Refusal::LinkExpired)?;
        if row.opt_text("new_email")?.as_deref() == Some(&address) {
            let taken = sql("SELECT id FROM users WHERE email = $1").bind(&address).optional(&mut tx.conn);
            if taken.await?.is_some() {
                // Somebody else has signed up with it since, and verified or not, it is in use.
                return Err(Refusal::LinkExpired.into());
            }
            use_email(tx, user, &address, Some(tx.now)).await?;
        } else if row.text("email")? == address {
            sql("UPDATE users SET email_verified_at = $1 WHERE id = $2")
                .bind(tx.now)
                .bind(user)
                .execute(&mut tx.conn)
                .await?;
        } else {
            return Err(Refusal::LinkExpired.into());
        }
        audit(tx, Some(user), "verify_email", &format!("user:{}", user.0), "").await
    }
}

impl Store {
    /// A user's address, as far as it is known to be theirs.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is no such user.
    pub async fn contact(&self, user: UserId) -> Result<Contact, Error> {
        let query = sql("SELECT email_verified_at, new_email, closed_at FROM users WHERE id = $1").bind(user);
        let row = self.db().optional(query).await?.ok_or(Refusal::NotFound)?;
        Ok(Contact {
            verified_at: row.opt_int("email_verified_at")?.map(UtcMillis),
            new_email: row.opt_word("new_email")?,
            closed_at: row.opt_int("closed_at")?.map(UtcMillis),
        })
    }

    /// The address that a link verifies, while it works. Looking at it does not use it up.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn verification_link(&self, token: &str) -> Result<Option<Email>, Error> {
        let query = sql("SELECT l.detail FROM one_time_link l JOIN users u ON u.id = l.user_id \
                         WHERE l.token_hash = $1 AND l.purpose = $2 AND l.expires_at > $3 AND u.state = 'active' \
                         AND (u.new_email = l.detail OR u.email = l.detail)")
            .bind(hash_token(token))
            .bind(LinkPurpose::VerifyEmail.as_str())
            .bind(self.now());
        let row = self.db().optional(query).await?;
        row.map(|row| row.word("detail")).transpose()
    }
}
