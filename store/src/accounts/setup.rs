use domain::{Email, Lang, Phone, Refusal, Role, Username};

use super::RegisterUser;
use crate::crypto::hash_token;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// How long the link for the first admin works.
const LINK_LIVES_MS: i64 = domain::DAY_MS;

/// Makes the one-time link for the first admin; older ones stop working. `None` when there is an admin already.
pub struct MakeSetupLink;

impl Operation for MakeSetupLink {
    type Output = Option<String>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
        if admin_exists(tx).await? {
            return Ok(None);
        }
        sql("DELETE FROM one_time_link WHERE purpose = 'setup'").execute(&mut tx.conn).await?;
        let token = tx.ambient.token();
        sql("INSERT INTO one_time_link (token_hash, purpose, user_id, expires_at) VALUES ($1, 'setup', NULL, $2)")
            .bind(hash_token(&token))
            .bind(tx.now.plus_ms(LINK_LIVES_MS))
            .execute(&mut tx.conn)
            .await?;
        Ok(Some(token))
    }
}

/// The first admin signs up with the one-time link.
#[derive(Clone)]
pub struct UseSetupLink {
    /// From the link.
    pub token: String,
    /// Name to sign in with.
    pub username: Username,
    /// E-mail address.
    pub email: Email,
    /// Own phone number.
    pub phone: Phone,
    /// From [`crate::password::hash`].
    pub password_hash: String,
    /// Language.
    pub lang: Lang,
}

impl Operation for UseSetupLink {
    type Output = UserId;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<UserId, Error> {
        let used =
            sql("DELETE FROM one_time_link WHERE token_hash = $1 AND purpose = 'setup' AND expires_at > $2")
                .bind(hash_token(&self.token))
                .bind(tx.now)
                .execute(&mut tx.conn)
                .await?;
        if used != 1 || admin_exists(tx).await? {
            return Err(Refusal::LinkExpired.into());
        }
        RegisterUser {
            username: self.username.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            password_hash: self.password_hash.clone(),
            role: Role::Admin,
            lang: self.lang,
        }
        .apply(tx)
        .await
    }
}

async fn admin_exists(tx: &mut Tx<'_>) -> Result<bool, Error> {
    Ok(sql("SELECT id FROM users WHERE role = 'admin' LIMIT 1").optional(&mut tx.conn).await?.is_some())
}
