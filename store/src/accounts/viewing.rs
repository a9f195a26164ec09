use domain::{MINUTE_MS, PublicId, Refusal, Role, UtcMillis};

use super::admin::require_role;
use super::read::{user_columns, user_of};
use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::{User, UserId};

/// How long an admin may look at the shop as a user sees it, before asking anew.
const VIEWING_MS: i64 = 30 * MINUTE_MS;

/// An admin begins to look at the shop as a user sees it; the id that the session keeps. One at a time: an older view of
/// the same admin ends. Only people who buy can be looked at like this, never another admin.
#[derive(Clone, Debug)]
pub struct BeginViewing {
    /// Who looks.
    pub admin: UserId,
    /// As whom.
    pub user: PublicId,
}

impl Operation for BeginViewing {
    type Output = String;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<String, Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let row = sql("SELECT id, role FROM users WHERE public_id = $1")
            .bind(&self.user)
            .optional(&mut tx.conn)
            .await?
            .ok_or(Refusal::NotFound)?;
        let user = row.user_id("id")?;
        if row.word::<Role>("role")? == Role::Admin {
            return Err(Refusal::NotAllowed.into());
        }
        let older = sql(
            "UPDATE viewing SET ended_at = $1 WHERE admin_id = $2 AND ended_at IS NULL RETURNING user_id",
        )
        .bind(tx.now)
        .bind(self.admin)
        .all(&mut tx.conn)
        .await?;
        for row in older {
            audit_end(tx, self.admin, row.user_id("user_id")?, "another began").await?;
        }
        let (id, ends_at) = (tx.ambient.token(), tx.now.plus_ms(VIEWING_MS));
        sql("INSERT INTO viewing (id, admin_id, user_id, begun_at, ends_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(&id)
            .bind(self.admin)
            .bind(user)
            .bind(tx.now)
            .bind(ends_at)
            .execute(&mut tx.conn)
            .await?;
        let detail = format!("until {}", ends_at.0);
        audit(tx, Some(self.admin), "view_as", &format!("user:{}", user.0), &detail).await?;
        Ok(id)
    }
}

/// The admin has seen enough; the user whom they looked at. Nobody when it was over already.
#[derive(Clone, Debug)]
pub struct EndViewing {
    /// Who looked.
    pub admin: UserId,
    /// From [`BeginViewing`].
    pub id: String,
}

impl Operation for EndViewing {
    type Output = Option<PublicId>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Option<PublicId>, Error> {
        let ended = sql("UPDATE viewing SET ended_at = $1 WHERE id = $2 AND admin_id = $3 AND ended_at IS NULL RETURNING user_id")
            .bind(tx.now)
            .bind(&self.id)
            .bind(self.admin)
            .optional(&mut tx.conn)
            .await?;
        let Some(row) = ended else { return Ok(None) };
        let user = row.user_id("user_id")?;
        audit_end(tx, self.admin, user, "").await?;
        let row = sql("SELECT public_id FROM users WHERE id = $1").bind(user).one(&mut tx.conn).await?;
        row.word("public_id").map(Some)
    }
}

/// Writes the end of those whose time is over into the audit log, so that each beginning there has its end.
pub(crate) async fn sweep_viewings(tx: &mut Tx<'_>) -> Result<(), Error> {
    let over = sql("UPDATE viewing SET ended_at = ends_at WHERE ended_at IS NULL AND ends_at <= $1 \
                    RETURNING admin_id, user_id")
    .bind(tx.now)
    .all(&mut tx.conn)
    .await?;
    for row in over {
        audit_end(tx, row.user_id("admin_id")?, row.user_id("user_id")?, "its time was over").await?;
    }
    Ok(())
}

async fn audit_end(tx: &mut Tx<'_>, admin: UserId, user: UserId, detail: &str) -> Result<(), Error> {
    audit(tx, Some(admin), "view_as_end", &format!("user:{}", user.0), detail).await
}

impl Store {
    /// Whom an admin looks at the shop as, and until when; nobody once it is over.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn viewing(&self, id: &str, admin: UserId) -> Result<Option<(User, UtcMillis)>, Error> {
        let query = sql(concat!(
            "SELECT ",
            user_columns!(),
            ", v.ends_at FROM viewing v JOIN users u ON u.id = v.user_id \
                         WHERE v.id = $1 AND v.admin_id = $2 AND v.ended_at IS NULL AND v.ends_at > $3 \
                         AND u.role <> 'admin'"
        ))
        .bind(id)
        .bind(admin)
        .bind(self.now());
        let row = self.db().optional(query).await?;
        row.map(|row| Ok((user_of(&row)?, row.time("ends_at")?))).transpose()
    }
}
