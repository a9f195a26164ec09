use domain::{CorrectionState, PublicId, Refusal, Rupiah, UtcMillis};

use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;
use crate::model::{Page, UserId};
use crate::shop::page_of;

/// A correction of a balance that an admin has asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// For addresses; the reference of its line in the statement.
    pub id: PublicId,
    /// Whose balance.
    pub user: PublicId,
    /// The same by username.
    pub username: String,
    /// What is added, or taken away when negative.
    pub amount: Rupiah,
    /// Why; the user reads it once it is done.
    pub reason: String,
    /// Where it stands.
    pub state: CorrectionState,
    /// Who asked, by row number and by username.
    pub asked_by: (UserId, String),
    /// When.
    pub asked_at: UtcMillis,
    /// What the user could spend then.
    pub balance_asked: Rupiah,
    /// What the user can spend now.
    pub balance_now: Rupiah,
    /// Who looked a second time, by username; nobody when it was done at once.
    pub decided_by: Option<String>,
    /// When it came to its end.
    pub decided_at: Option<UtcMillis>,
    /// Why it was rejected.
    pub decide_reason: Option<String>,
    /// What the user could spend right after it.
    pub balance_after: Option<Rupiah>,
}

impl Correction {
    /// The balance that it begins from: now while it waits, when it happened once it is done.
    #[must_use]
    pub fn balance_before(&self) -> Rupiah {
        match self.state {
            CorrectionState::Waiting => self.balance_now,
            CorrectionState::Done => {
                self.balance_after.and_then(|after| after.checked_sub(self.amount)).unwrap_or_default()
            }
            CorrectionState::Rejected | CorrectionState::Withdrawn => self.balance_asked,
        }
    }
}

/// Which corrections to list, the newest first.
#[derive(Clone, Debug, Default)]
pub struct CorrectionFilter {
    /// Only in this state.
    pub state: Option<CorrectionState>,
    /// Only of this user.
    pub user: Option<UserId>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// On a page, 1 to 100.
    pub limit: i64,
}

macro_rules! columns {
    () => {
        "SELECT c.public_id, u.public_id AS user_public_id, u.username, c.amount, c.reason, c.state, c.asked_by, \
         a.username AS asked_by_name, c.asked_at, c.balance_asked, w.available, d.username AS decided_by_name, \
         c.decided_at, c.decide_reason, c.balance_after FROM correction c JOIN users u ON u.id = c.user_id \
         JOIN wallet w ON w.user_id = c.user_id JOIN users a ON a.id = c.asked_by \
         LEFT JOIN users d ON d.id = c.decided_by "
    };
}

impl Store {
    /// A page of corrections, the newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn corrections(&self, filter: CorrectionFilter) -> Result<Page<Correction>, Error> {
        let limit = filter.limit.clamp(1, 100);
        let query = sql(concat!(
            columns!(),
            "WHERE (CAST($1 AS TEXT) IS NULL OR c.state = $1) AND (CAST($2 AS BIGINT) IS NULL OR c.user_id = $2) \
             AND (CAST($3 AS TEXT) IS NULL OR c.id < (SELECT id FROM correction WHERE public_id = $3)) \
             ORDER BY c.id DESC LIMIT $4"
        ))
        .bind(filter.state.map(CorrectionState::as_str))
        .bind(filter.user)
        .bind(filter.after)
        .bind(limit + 1);
        page_of(&self.db().all(query).await?, limit, correction_of, |one| one.id.as_str().to_owned())
    }

    /// One correction.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], and faults of the database.
    pub async fn correction(&self, id: &PublicId) -> Result<Correction, Error> {
        let row = self.db().optional(sql(concat!(columns!(), "WHERE c.public_id = $1")).bind(id)).await?;
        row.as_ref().map(correction_of).transpose()?.ok_or_else(|| Refusal::NotFound.into())
    }

    /// How many corrections wait for a second look.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn waiting_corrections(&self) -> Result<i64, Error> {
        let row =
            self.db().one(sql("SELECT COUNT(*) AS waiting FROM correction WHERE state = 'waiting'")).await?;
        row.int("waiting")
    }
}

fn correction_of(row: &Row) -> Result<Correction, Error> {
    Ok(Correction {
        id: row.word("public_id")?,
        user: row.word("user_public_id")?,
        username: row.text("username")?,
        amount: row.rupiah("amount")?,
        reason: row.text("reason")?,
        state: row.word("state")?,
        asked_by: (row.user_id("asked_by")?, row.text("asked_by_name")?),
        asked_at: row.time("asked_at")?,
        balance_asked: row.rupiah("balance_asked")?,
        balance_now: row.rupiah("available")?,
        decided_by: row.opt_text("decided_by_name")?,
        decided_at: row.opt_int("decided_at")?.map(UtcMillis),
        decide_reason: row.opt_text("decide_reason")?,
        balance_after: row.opt_int("balance_after")?.map(Rupiah::new),
    })
}
