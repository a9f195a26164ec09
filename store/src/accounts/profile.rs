use domain::{Email, Lang, PersonName, Phone, Refusal, Theme, Zone};

use super::register::refuse_taken;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

/// Changes what a user says about themselves.
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
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        refuse_taken(tx, Some(self.user), None, &self.email, &self.phone).await?;
        let changed = sql("UPDATE users SET name = $1, email = $2, phone = $3, lang = $4, zone = $5, theme = $6 WHERE id = $7")
            .bind(self.name.as_ref().map(PersonName::as_str))
            .bind(self.email.as_str())
            .bind(self.phone.msisdn())
            .bind(self.lang.as_str())
            .bind(self.zone.as_str())
            .bind(self.theme.as_str())
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        found(changed)
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
        let changed = sql("UPDATE users SET password_hash = $1, auth_epoch = $2 WHERE id = $3")
            .bind(&self.password_hash)
            .bind(&epoch)
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        found(changed)?;
        end_sessions(tx, self.user).await?;
        audit(tx, Some(self.user), "change_password", &format!("user:{}", self.user.0), "").await?;
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

fn found(changed: u64) -> Result<(), Error> {
    if changed == 1 { Ok(()) } else { Err(Refusal::NotFound.into()) }
}
