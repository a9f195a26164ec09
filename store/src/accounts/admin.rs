use domain::{PublicId, Refusal, Role, UserState, UtcMillis};

use super::profile::rotate_epoch;
use super::reseller::close_request;
use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::{audit, checked_reason};
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
        set_role(tx, self.admin, &self.user, self.role).await
    }
}

/// The same as a part of another operation. A waiting request to become a reseller is answered by it.
pub(super) async fn set_role(
    tx: &mut Tx<'_>,
    admin: UserId,
    user: &PublicId,
    role: Role,
) -> Result<(), Error> {
    take_turn(tx, admin).await?;
    let row = sql("UPDATE users SET role = $1 WHERE public_id = $2 AND closed_at IS NULL RETURNING id")
        .bind(role.as_str())
        .bind(user)
        .optional(&mut tx.conn)
        .await?
        .ok_or(Refusal::NotFound)?;
    let user = row.user_id("id")?;
    rotate_epoch(tx, user).await?;
    refuse_no_admin(tx).await?;
    if role != Role::Member {
        close_request(tx, admin, user).await?;
    }
    audit(tx, Some(admin), "set_role", &format!("user:{}", user.0), role.as_str()).await
}

/// Lets a user in or keeps them out, with the reason on record; ends their sessions.
#[derive(Clone, Debug)]
pub struct SetUserState {
    /// Who does it.
    pub admin: UserId,
    /// Whose state.
    pub user: PublicId,
    /// The new one.
    pub state: UserState,
    /// Why, for the admins. Whoever is suspended is suspended for a reason.
    pub reason: String,
}

impl Operation for SetUserState {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let reason = match self.state {
            UserState::Active if self.reason.trim().is_empty() => "",
            UserState::Active | UserState::Suspended => checked_reason(&self.reason)?,
        };
        take_turn(tx, self.admin).await?;
        let before = sql("SELECT state FROM users WHERE public_id = $1 AND closed_at IS NULL")
            .bind(&self.user)
            .optional(&mut tx.conn)
            .await?
            .ok_or(Refusal::NotFound)?;
        // Somebody else was quicker, and had a reason of their own.
        if before.word::<UserState>("state")? == self.state {
            return Err(Refusal::StateChanged.into());
        }
        let row = sql("UPDATE users SET state = $1, state_reason = $2, state_by = $3, state_at = $4, waiting_since = NULL \
                       WHERE public_id = $5 RETURNING id")
        .bind(self.state.as_str())
        .bind(reason)
        .bind(self.admin)
        .bind(tx.now)
        .bind(&self.user)
        .one(&mut tx.conn)
        .await?;
        let user = row.user_id("id")?;
        rotate_epoch(tx, user).await?;
        refuse_no_admin(tx).await?;
        let detail = format!("{} {reason}", self.state.as_str());
        audit(tx, Some(self.admin), "set_state", &format!("user:{}", user.0), detail.trim_end()).await
    }
}

/// Two admins who demote each other at the same moment must not both succeed: they take turns, and only then is it asked
/// whether this one still is an admin.
pub(super) async fn take_turn(tx: &mut Tx<'_>, admin: UserId) -> Result<(), Error> {
    sql("UPDATE meta SET value = value WHERE name = 'admin_turn'").execute(&mut tx.conn).await?;
    require_role(tx, admin, Role::Admin).await
}

async fn refuse_no_admin(tx: &mut Tx<'_>) -> Result<(), Error> {
    let left = sql("SELECT id FROM users WHERE role = 'admin' AND state = 'active' LIMIT 1")
        .optional(&mut tx.conn)
        .await?;
    if left.is_some() { Ok(()) } else { Err(Refusal::LastAdmin.into()) }
}

/// The last time that a user was suspended or let in again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// Why; empty when nothing was said.
    pub reason: String,
    /// By whom, by username.
    pub by: String,
    /// When.
    pub at: UtcMillis,
}

impl Store {
    /// Why a user is in the state they are in; nothing when it has never been changed, or before reasons were kept.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn state_change(&self, user: UserId) -> Result<Option<StateChange>, Error> {
        let query = sql(
            "SELECT u.state_reason, u.state_at, a.username FROM users u JOIN users a ON a.id = u.state_by \
                         WHERE u.id = $1",
        )
        .bind(user);
        let row = self.db().optional(query).await?;
        row.map(|row| {
            Ok(StateChange {
                reason: row.opt_text("state_reason")?.unwrap_or_default(),
                by: row.text("username")?,
                at: row.time("state_at")?,
            })
        })
        .transpose()
    }
}
