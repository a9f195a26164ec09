//! The way back in for who has forgotten the password: a link by mail, or one that an admin makes.

use domain::{DAY_MS, Email, HOUR_MS, MINUTE_MS, MailKind, PublicId, Refusal, Role, UserState, Username};

use super::identity::SignInName;
use super::links::{LinkPurpose, NewLink, end_reset_links, make_link, use_link};
use super::profile::{drop_new_email, rotate_epoch};
use super::require_role;
use crate::Store;
use crate::crypto::{hash_token, open, seal};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::{User, UserId};
use crate::outbox::{MailFacts, NewMail, mail_is_on, post_mail};
use crate::shop::NoteTry;

/// How long a link that came by mail works.
const MAILED_LIVES_MS: i64 = 30 * MINUTE_MS;
/// How long a link works that an admin hands on.
const BY_ADMIN_LIVES_MS: i64 = DAY_MS;
/// Links that go to one mailbox in an hour. More are not sent, and nobody is told: whoever asks is not known.
const MAILS_AN_HOUR: i64 = 5;

const RESETS: [LinkPurpose; 2] = [LinkPurpose::Reset, LinkPurpose::ResetByAdmin];

/// Somebody wants to set a new password and has typed a name. Sends the user a link, if there is such a user. It does as
/// much, and answers the same, if there is none.
#[derive(Clone)]
pub struct RequestReset {
    /// What was typed.
    pub name: SignInName,
    /// Whose it is, from [`Store::user_for_sign_in`].
    pub user: Option<User>,
}

impl Operation for RequestReset {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        if !mail_is_on(tx).await? {
            return Err(Refusal::NotFound.into());
        }
        let known = self.user.as_ref().filter(|user| user.state == UserState::Active);
        let key = format!("reset:{}", self.name.tries_key(known.map(|user| user.id)));
        let counted = NoteTry { key, most: MAILS_AN_HOUR, window_ms: HOUR_MS }.apply(tx).await?;
        let known = known.filter(|_| counted.is_ok());
        let (user, address) = (known.map(|user| user.id), known.map_or("", |user| user.email.as_str()));
        let until = tx.now.plus_ms(MAILED_LIVES_MS);
        let link = NewLink { purpose: LinkPurpose::Reset, user, until, detail: address };
        let token = make_link(tx, link).await?;
        let mail = NewMail {
            user,
            kind: MailKind::ResetPassword,
            address,
            facts: MailFacts::default(),
            link: Some((&token, until)),
        };
        post_mail(tx, mail).await?;
        Ok(())
    }
}

/// An admin makes a link for a user. It is shown once, by [`TakeResetLink`].
#[derive(Clone, Debug)]
pub struct MakeResetLink {
    /// Who.
    pub admin: UserId,
    /// For whom.
    pub user: PublicId,
}

impl Operation for MakeResetLink {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let row = sql("SELECT id, state FROM users WHERE public_id = $1")
            .bind(&self.user)
            .optional(&mut tx.conn)
            .await?
            .ok_or(Refusal::NotFound)?;
        let user = row.user_id("id")?;
        if user == self.admin {
            return Err(Refusal::OwnCase.into());
        }
        if row.word::<UserState>("state")? != UserState::Active {
            return Err(Refusal::StateChanged.into());
        }
        let until = tx.now.plus_ms(BY_ADMIN_LIVES_MS);
        let link = NewLink { purpose: LinkPurpose::ResetByAdmin, user: Some(user), until, detail: "" };
        let token = make_link(tx, link).await?;
        let hash = hash_token(&token);
        let sealed = seal(tx.key, tx.ambient, &place(&hash), &token)?;
        sql("UPDATE one_time_link SET sealed = $1, made_by = $2 WHERE token_hash = $3")
            .bind(sealed)
            .bind(self.admin)
            .bind(hash)
            .execute(&mut tx.conn)
            .await?;
        audit(tx, Some(self.admin), "make_reset_link", &format!("user:{}", user.0), "").await
    }
}

/// The token of the link that this admin has just made for a user; it is given once.
#[derive(Clone, Copy, Debug)]
pub struct TakeResetLink {
    /// Who.
    pub admin: UserId,
    /// For whom the link is.
    pub user: UserId,
}

impl Operation for TakeResetLink {
    type Output = Option<String>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let row = sql("SELECT token_hash, sealed FROM one_time_link WHERE user_id = $1 AND purpose = $2 AND made_by = $3 \
                       AND sealed IS NOT NULL AND expires_at > $4")
            .bind(self.user)
            .bind(LinkPurpose::ResetByAdmin.as_str())
            .bind(self.admin)
            .bind(tx.now)
            .optional(&mut tx.conn)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let hash = row.text("token_hash")?;
        let taken =
            sql("UPDATE one_time_link SET sealed = NULL WHERE token_hash = $1 AND sealed IS NOT NULL")
                .bind(&hash)
                .execute(&mut tx.conn)
                .await?;
        if taken == 1 { open(tx.key, &place(&hash), &row.bytes("sealed")?).map(Some) } else { Ok(None) }
    }
}

/// Sets a new password with a link, and ends every session. Whoever could have had a hand in the account before has none
/// left: other links and an address that waits to be verified are gone too.
#[derive(Clone)]
pub struct ResetPassword {
    /// From the link.
    pub token: String,
    /// From [`crate::password::hash`].
    pub password_hash: String,
}

impl Operation for ResetPassword {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let used = use_link(tx, &self.token, RESETS).await?;
        let (user, sent_to) = used.ok_or(Refusal::LinkExpired)?;
        let changed = sql("UPDATE users SET password_hash = $1, \
                           email_verified_at = CASE WHEN email = $2 THEN COALESCE(email_verified_at, $3) ELSE email_verified_at END \
                           WHERE id = $4 AND state = 'active' RETURNING email")
            .bind(&self.password_hash)
            .bind(sent_to)
            .bind(tx.now)
            .bind(user)
            .optional(&mut tx.conn)
            .await?;
        let email = changed.ok_or(Refusal::LinkExpired)?.text("email")?;
        rotate_epoch(tx, user).await?;
        drop_new_email(tx, user).await?;
        end_reset_links(tx, user).await?;
        audit(tx, Some(user), "reset_password", &format!("user:{}", user.0), "").await?;
        tell_of_new_password(tx, user, &email).await
    }
}

/// Tells the user that the password is another one.
pub(super) async fn tell_of_new_password(tx: &mut Tx<'_>, user: UserId, email: &str) -> Result<(), Error> {
    let facts = MailFacts::default();
    let mail =
        NewMail { user: Some(user), kind: MailKind::PasswordChanged, address: email, facts, link: None };
    post_mail(tx, mail).await.map(|_| ())
}

/// Whose password a link sets.
#[derive(Clone)]
pub struct ResetLink {
    /// Their name to sign in with.
    pub username: Username,
    /// Their address: a password should not be the same.
    pub email: Email,
}

impl Store {
    /// Whose password a link sets, while it works. Looking at it does not use it up.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn reset_link(&self, token: &str) -> Result<Option<ResetLink>, Error> {
        let query = sql("SELECT u.username, u.email FROM one_time_link l JOIN users u ON u.id = l.user_id \
                         WHERE l.token_hash = $1 AND l.purpose IN ($2, $3) AND l.expires_at > $4 AND u.state = 'active'")
            .bind(hash_token(token))
            .bind(LinkPurpose::Reset.as_str())
            .bind(LinkPurpose::ResetByAdmin.as_str())
            .bind(self.now());
        let row = self.db().optional(query).await?;
        row.map(|row| Ok(ResetLink { username: row.word("username")?, email: row.word("email")? }))
            .transpose()
    }
}

/// Where the token of a link is sealed.
fn place(token_hash: &str) -> String {
    format!("one_time_link:{token_hash}:sealed")
}
