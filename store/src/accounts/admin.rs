use domain::{PublicId, Refusal, Role, UserState};

use super::profile::rotate_epoch;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

/// Checks, inside the transaction that acts on it, that the actor is active and has the role: what the page checked may
/// have changed since.
pub(crate) async fn require_role(tx: &mut Tx<'_>, user: UserId, role: Role) -> Result<(), Error> {
    let row = sql("SELECT role, state FROM users WHERE id = $1").bind(user).optional(&mut tx.conn).await?;
    let Some(row) = row else {
        return Err(Refusal::NotAllowed.into());
    };
    if row.word::<Role>("role")? == role && row.word::<UserState>("state")? == UserState::Active {
        Ok(())
    } else {
        Err(Refusal::NotAllowed.into())
    }
}

/// Changes what a user may do and pays; ends their sessions.
#[derive(Clone, Debug)]
pub struct SetUserRole {
    /// Who does it.
    pub admin: UserId,
    /// Whose role.
    pub user: PublicId,
    /// The new one.
    pub role: Role,
}

impl Operation for SetUserRole {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let user = change(
            tx,
            &self.user,
            "UPDATE users SET role = $1 WHERE public_id = $2 RETURNING id",
            self.role.as_str(),
        )
        .await?;
        refuse_no_admin(tx).await?;
        audit(tx, Some(self.admin), "set_role", &format!("user:{}", user.0), self.role.as_str()).await
    }
}

/// Lets a user in or keeps them out; ends their sessions.
#[derive(Clone, Debug)]
pub struct SetUserState {
    /// Who does it.
    pub admin: UserId,
    /// Whose state.
    pub user: PublicId,
    /// The new one.
    pub state: UserState,
}

impl Operation for SetUserState {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let user = change(
            tx,
            &self.user,
            "UPDATE users SET state = $1, waiting_since = NULL WHERE public_id = $2 RETURNING id",
            self.state.as_str(),
        )
        .await?;
        refuse_no_admin(tx).await?;
        audit(tx, Some(self.admin), "set_state", &format!("user:{}", user.0), self.state.as_str()).await
    }
}

async fn change(tx: &mut Tx<'_>, user: &PublicId, text: &'static str, value: &str) -> Result<UserId, Error> {
    // Two admins who demote each other at the same moment must not both succeed: they take turns here.
    sql("UPDATE meta SET value = value WHERE name = 'admin_turn'").execute(&mut tx.conn).await?;
    let row = sql(text).bind(value).bind(user).optional(&mut tx.conn).await?;
    let Some(row) = row else {
        return Err(Refusal::NotFound.into());
    };
    let id = row.user_id("id")?;
    rotate_epoch(tx, id).await?;
    Ok(id)
}

async fn refuse_no_admin(tx: &mut Tx<'_>) -> Result<(), Error> {
    let left = sql("SELECT id FROM users WHERE role = 'admin' AND state = 'active' LIMIT 1")
        .optional(&mut tx.conn)
        .await?;
    if left.is_some() { Ok(()) } else { Err(Refusal::LastAdmin.into()) }
}
