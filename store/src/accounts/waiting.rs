//! Newcomers, where an admin has to let them in: the account is made at once, and suspended until then.

use domain::{PublicId, Refusal, Role, UserState, UtcMillis};

use super::admin::require_role;
use super::profile::rotate_epoch;
use super::read::{WAITING, user_of};
use super::register::RegisterUser;
use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::{Page, User, UserId};
use crate::shop::{page_of, settings_in};

/// Signs somebody up who came by themselves, as the settings allow.
#[derive(Clone)]
pub struct SignUp(
    /// The newcomer.
    pub RegisterUser,
);

/// What became of a newcomer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedUp {
    /// They may sign in.
    In(UserId),
    /// An admin has to let them in.
    Waiting(UserId),
}

impl Operation for SignUp {
    type Output = SignedUp;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<SignedUp, Error> {
        let shop = settings_in(tx).await?;
        if !shop.signup_open {
            return Err(Refusal::NotAllowed.into());
        }
        let user = self.0.apply(tx).await?;
        if !shop.signup_approval {
            return Ok(SignedUp::In(user));
        }
        sql("UPDATE users SET state = $1, waiting_since = $2 WHERE id = $3")
            .bind(UserState::Suspended.as_str())
            .bind(tx.now)
            .bind(user)
            .execute(&mut tx.conn)
            .await?;
        Ok(SignedUp::Waiting(user))
    }
}

/// Lets a newcomer in, or not.
#[derive(Clone, Debug)]
pub struct DecideSignUp {
    /// Who decides.
    pub admin: UserId,
    /// About whom.
    pub user: PublicId,
    /// Whether they may sign in. Else they stay suspended, and wait no longer.
    pub let_in: bool,
}

impl Operation for DecideSignUp {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let state = if self.let_in { UserState::Active } else { UserState::Suspended };
        let row = sql("UPDATE users SET state = $1, waiting_since = NULL \
                       WHERE public_id = $2 AND waiting_since IS NOT NULL RETURNING id")
        .bind(state.as_str())
        .bind(&self.user)
        .optional(&mut tx.conn)
        .await?;
        let id = row.ok_or(Refusal::StateChanged)?.user_id("id")?;
        rotate_epoch(tx, id).await?;
        let action = if self.let_in { "let_in" } else { "turn_away" };
        audit(tx, Some(self.admin), action, &format!("user:{}", id.0), "").await
    }
}

impl Store {
    /// A page of newcomers who wait, those who have waited longest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn waiting_users(&self, after: Option<&str>, limit: i64) -> Result<Page<User>, Error> {
        let limit = limit.clamp(1, 100);
        let after = after.and_then(|after| {
            let (since, id) = after.split_once('-')?;
            Some((since.parse::<i64>().ok()?, id.parse::<i64>().ok()?))
        });
        let (since, id) = after.unwrap_or_default();
        let query = sql(WAITING).bind(since).bind(id).bind(limit + 1);
        let rows = self.db().all(query).await?;
        let cursor = |user: &User| format!("{}-{}", user.waiting_since.unwrap_or(UtcMillis(0)).0, user.id.0);
        page_of(&rows, limit, user_of, cursor)
    }

    /// How many newcomers wait.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn waiting_users_count(&self) -> Result<i64, Error> {
        self.db().one(sql("SELECT COUNT(*) AS n FROM users WHERE waiting_since IS NOT NULL")).await?.int("n")
    }
}
