use domain::{Email, Lang, PersonName, Phone, Refusal, Theme, Zone};

use super::contact::{EmailChange, change_email};
use super::links::end_reset_links;
use super::register::refuse_taken;
use super::reset::tell_of_new_password;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

/// Changes what a user says about themselves. Another e-mail address may have to wait until it is verified.
#[derive(Clone)]
pub struct UpdateProfile {
    /// Who.
    pub user: UserId,
    /// How they want to be called.
    pub name: Option<PersonName>,
    /// E-mail address.
    pub email: Email,
    /// Own phone number.
    pub phone: Phone,
    /// Language.
    pub lang: Lang,
    /// Time zone.
    pub zone: Zone,
    /// Colours.
    pub theme: Theme,
}

impl Operation for UpdateProfile {
    type Output = EmailChange;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<EmailChange, Error> {
        refuse_taken(tx, Some(self.user), None, &self.email, &self.phone).await?;
        let changed =
            sql("UPDATE users SET name = $1, phone = $2, lang = $3, zone = $4, theme = $5 WHERE id = $6")
                .bind(self.name.as_ref().map(PersonName::as_str))
                .bind(self.phone.msisdn())
                .bind(self.lang.as_str())
                .bind(self.zone.as_str())
                .bind(self.theme.as_str())
                .bind(self.user)
                .execute(&mut tx.conn)
                .await?;
        found(changed)?;
        change_email(tx, self.user, &self.email).await
    }
}

/// Keeps a user's choice of colours.
#[derive(Clone, Copy, Debug)]
pub struct SetTheme {
    /// Who.
    pub user: UserId,
    /// Colours.
    pub theme: Theme,
}

impl Operation for SetTheme {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let changed = sql("UPDATE users SET theme = $1 WHERE id = $2")
            .bind(self.theme.as_str())
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        found(changed)
    }
}

/// Keeps a user's choice of language.
#[derive(Clone, Copy, Debug)]
pub struct SetLang {
    /// Who.
    pub user: UserId,
    /// Language.
    pub lang: Lang,
}

impl Operation for SetLang {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let changed = sql("UPDATE users SET lang = $1 WHERE id = $2")
            .bind(self.lang.as_str())
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        found(changed)
    }
}

/// Sets a new password and ends every session; the new `auth_epoch`, so that the present session can go on.
#[derive(Clone)]
pub struct ChangePassword {
    /// Whose.
    pub user: UserId,
    /// From [`crate::password::hash`].
    pub password_hash: String,
}

impl Operation for ChangePassword {
    type Output = String;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let epoch = tx.ambient.token();
        let row = sql("UPDATE users SET password_hash = $1, auth_epoch = $2 WHERE id = $3 RETURNING email")
            .bind(&self.password_hash)
            .bind(&epoch)
            .bind(self.user)
            .optional(&mut tx.conn)
            .await?;
        let email = row.ok_or(Refusal::NotFound)?.text("email")?;
        end_sessions(tx, self.user).await?;
        end_reset_links(tx, self.user).await?;
        audit(tx, Some(self.user), "change_password", &format!("user:{}", self.user.0), "").await?;
        tell_of_new_password(tx, self.user, &email).await?;
        Ok(epoch)
    }
}

/// Ends every session of a user.
#[derive(Clone, Copy, Debug)]
pub struct SignOutEverywhere {
    /// Whose.
    pub user: UserId,
}

impl Operation for SignOutEverywhere {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        rotate_epoch(tx, self.user).await?;
        audit(tx, Some(self.user), "sign_out_everywhere", &format!("user:{}", self.user.0), "").await
    }
}

/// Makes every session of the user worthless at once.
pub(super) async fn rotate_epoch(tx: &mut Tx<'_>, user: UserId) -> Result<(), Error> {
    let changed = sql("UPDATE users SET auth_epoch = $1 WHERE id = $2")
        .bind(tx.ambient.token())
        .bind(user)
        .execute(&mut tx.conn)
        .await?;
    found(changed)?;
    end_sessions(tx, user).await
}

async fn end_sessions(tx: &mut Tx<'_>, user: UserId) -> Result<(), Error> {
    sql("DELETE FROM session WHERE user_id = $1").bind(user).execute(&mut tx.conn).await?;
    Ok(())
}

/// Forgets an address that waits to be verified, and the link that would do it.
pub(super) async fn drop_new_email(tx: &mut Tx<'_>, user: UserId) -> Result<(), Error> {
    sql("UPDATE users SET new_email = NULL WHERE id = $1").bind(user).execute(&mut tx.conn).await?;
    sql("DELETE FROM one_time_link WHERE user_id = $1 AND purpose = 'verify_email'")
        .bind(user)
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}

pub(super) fn found(changed: u64) -> Result<(), Error> {
    if changed == 1 { Ok(()) } else { Err(Refusal::NotFound.into()) }
}
