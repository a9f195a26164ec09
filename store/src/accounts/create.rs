use domain::{Email, Lang, Phone, PublicId, Role, Username};

use super::{MakeResetLink, RegisterUser, require_role};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

/// An admin makes an account for somebody else, and with it the link by which its owner chooses a password; the link is
/// shown once, by [`super::TakeResetLink`].
#[derive(Clone)]
pub struct CreateUser {
    /// Who does it.
    pub admin: UserId,
    /// Name to sign in with.
    pub username: Username,
    /// E-mail address.
    pub email: Email,
    /// The user's phone number.
    pub phone: Phone,
    /// Of a password that nobody knows, from [`crate::password::hash`].
    pub password_hash: String,
    /// Role.
    pub role: Role,
    /// Language.
    pub lang: Lang,
}

impl Operation for CreateUser {
    type Output = PublicId;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<PublicId, Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let register = RegisterUser {
            username: self.username.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            password_hash: self.password_hash.clone(),
            role: self.role,
            lang: self.lang,
        };
        let user = register.apply(tx).await?;
        audit(tx, Some(self.admin), "create_user", &format!("user:{}", user.0), self.role.as_str()).await?;
        let row = sql("SELECT public_id FROM users WHERE id = $1").bind(user).one(&mut tx.conn).await?;
        let user: PublicId = row.word("public_id")?;
        MakeResetLink { admin: self.admin, user: user.clone() }.apply(tx).await?;
        Ok(user)
    }
}
