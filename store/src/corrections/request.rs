use domain::{CorrectionState, DAY_MS, FieldCode, PublicId, Refusal, Role, Rupiah};

use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Query, Tx, sql};
use crate::error::Error;
use crate::ledger::{Adjustment, adjust, audit, checked_reason};
use crate::model::UserId;
use crate::shop::{once, settings_in};

/// How long a correction that was done on one admin's word counts towards what that admin may do alone: many small ones
/// are one large one. It is the last 24 hours, as a day has a midnight.
const COUNTS_FOR_MS: i64 = DAY_MS;

/// Corrects a user's balance, with a reason that the user can read: at once, or, above the limit of the settings, after a
/// second look. Nothing moves before.
#[derive(Clone, Debug)]
pub struct RequestCorrection {
    /// Who asks.
    pub admin: UserId,
    /// Whose balance.
    pub user: UserId,
    /// How much to add, or to take away when negative.
    pub amount: Rupiah,
    /// Why.
    pub reason: String,
    /// Idempotency key.
    pub key: String,
}

/// What became of a correction that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// Its id.
    pub id: PublicId,
    /// Where it stands.
    pub state: CorrectionState,
}

impl Operation for RequestCorrection {
    type Output = Corrected;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Corrected, Error> {
        let reason = checked_reason(&self.reason)?;
        let Some(size) = self.amount.get().checked_abs().filter(|size| *size > 0) else {
            return Err(Refusal::field("amount", FieldCode::BadAmount).into());
        };
        let request = [self.user.0.to_string(), self.amount.get().to_string(), reason.to_owned()];
        let id = tx.new_id();
        if let Some(first) = once(tx, self.admin, "correct", &self.key, &request, id.as_str()).await? {
            return repeated(tx, &first).await;
        }
        // Two corrections by one admin at the same moment must not both count on the same rest of the day.
        sql("UPDATE meta SET value = value WHERE name = 'correction_turn'").execute(&mut tx.conn).await?;
        require_role(tx, self.admin, Role::Admin).await?;
        if self.user == self.admin {
            return Err(Refusal::OwnCase.into());
        }
        let available = self.available(tx).await?;
        let most = settings_in(tx).await?.approve_alone_most;
        let before = alone_of_late(self.admin, tx.now).one(&mut tx.conn).await?.rupiah("alone")?;
        let alone = before.checked_add(Rupiah::new(size)).is_some_and(|sum| sum <= most);
        let after = if alone { Some(self.move_money(tx, reason, &id).await?) } else { None };
        self.write(tx, &id, reason, available, after).await?;
        let detail = format!("{} {reason}", self.amount.get());
        let (action, object, state) = if alone {
            ("adjust_balance", format!("user:{}", self.user.0), CorrectionState::Done)
        } else {
            ("ask_correction", format!("correction:{}", id.as_str()), CorrectionState::Waiting)
        };
        audit(tx, Some(self.admin), action, &object, &detail).await?;
        Ok(Corrected { id, state })
    }
}

impl RequestCorrection {
    /// What the user can spend now, for as long as that suffices.
    async fn available(&self, tx: &mut Tx<'_>) -> Result<Rupiah, Error> {
        let row = sql("SELECT available FROM wallet WHERE user_id = $1")
            .bind(self.user)
            .optional(&mut tx.conn)
            .await?
            .ok_or(Refusal::NotFound)?;
        let available = row.rupiah("available")?;
        let shortfall = available.checked_add(self.amount).and_then(Rupiah::checked_neg);
        match shortfall {
            Some(shortfall) if shortfall.is_positive() => Err(Refusal::BalanceTooLow { shortfall }.into()),
            _ => Ok(available),
        }
    }

    async fn move_money(&self, tx: &mut Tx<'_>, reason: &str, id: &PublicId) -> Result<Rupiah, Error> {
        let adjustment = Adjustment {
            actor: self.admin,
            user: self.user,
            amount: self.amount,
            reason,
            reference: id.as_str(),
        };
        adjust(tx, &adjustment).await
    }

    async fn write(
        &self,
        tx: &mut Tx<'_>,
        id: &PublicId,
        reason: &str,
        available: Rupiah,
        after: Option<Rupiah>,
    ) -> Result<(), Error> {
        let state = if after.is_some() { CorrectionState::Done } else { CorrectionState::Waiting };
        sql("INSERT INTO correction (public_id, user_id, amount, reason, state, asked_by, asked_at, balance_asked, \
             decided_at, balance_after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(id)
        .bind(self.user)
        .bind(self.amount)
        .bind(reason)
        .bind(state.as_str())
        .bind(self.admin)
        .bind(tx.now)
        .bind(available)
        .bind(after.map(|_| tx.now))
        .bind(after)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
    }
}

async fn repeated(tx: &mut Tx<'_>, first: &str) -> Result<Corrected, Error> {
    let row = sql("SELECT public_id, state FROM correction WHERE public_id = $1")
        .bind(first)
        .one(&mut tx.conn)
        .await?;
    Ok(Corrected { id: row.word("public_id")?, state: row.word("state")? })
}

/// What an admin has corrected of late without anybody else.
fn alone_of_late(admin: UserId, now: domain::UtcMillis) -> Query {
    sql("SELECT CAST(COALESCE(SUM(ABS(amount)), 0) AS BIGINT) AS alone FROM correction \
         WHERE asked_by = $1 AND asked_at > $2 AND state = 'done' AND decided_by IS NULL")
    .bind(admin)
    .bind(now.plus_ms(-COUNTS_FOR_MS))
}

impl Store {
    /// What an admin may still correct alone today. More than that waits for a second look.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn may_correct_alone(&self, admin: UserId) -> Result<Rupiah, Error> {
        let done = self.db().one(alone_of_late(admin, self.now())).await?.rupiah("alone")?;
        let rest = self.settings().approve_alone_most.checked_sub(done);
        Ok(rest.filter(|rest| rest.is_positive()).unwrap_or_default())
    }
}
