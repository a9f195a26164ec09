use domain::{Label, Msisdn};

use super::SAVED_NUMBERS_MOST;
use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::purchases::search_digits;
use crate::shop::containing;

/// A number, and what its user calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedNumber {
    /// The number.
    pub msisdn: Msisdn,
    /// Its name; nothing for one that was only bought for.
    pub name: Option<Label>,
}

impl Store {
    /// The numbers that a user keeps, by name. `q` is a part of the name or of the number; empty for all.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn saved_numbers(&self, user: UserId, q: &str) -> Result<Vec<SavedNumber>, Error> {
        let wanted = q.trim().to_lowercase();
        let rows = self
            .db()
            .all(
                sql("SELECT msisdn, name FROM saved_number WHERE user_id = $1 \
                     AND ($2 = '' OR LOWER(name) LIKE $2 ESCAPE '\\' OR ($3 <> '' AND '0' || SUBSTR(msisdn, 3) LIKE '%' || $3 || '%')) \
                     ORDER BY LOWER(name), msisdn LIMIT $4")
                .bind(user)
                .bind(if wanted.is_empty() { wanted } else { containing(&wanted) })
                .bind(search_digits(q))
                .bind(SAVED_NUMBERS_MOST),
            )
            .await?;
        rows.iter().map(number_of).collect()
    }

    /// What a user calls a number, if they keep it.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn saved_name(&self, user: UserId, number: &Msisdn) -> Result<Option<Label>, Error> {
        let text = "SELECT name FROM saved_number WHERE user_id = $1 AND msisdn = $2";
        let row = self.db().optional(sql(text).bind(user).bind(number)).await?;
        row.map(|row| row.word("name")).transpose()
    }

    /// Numbers that a user bought for of late, the newest first, with their names where they have one.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn recent_numbers(&self, user: UserId, limit: i64) -> Result<Vec<SavedNumber>, Error> {
        let rows = self
            .db()
            .all(
                // Only among the last hundred purchases, so that it costs the same whatever the book holds.
                sql("SELECT r.msisdn, s.name, MAX(r.id) AS newest FROM (SELECT msisdn, id FROM purchase WHERE user_id = $1 \
                     ORDER BY id DESC LIMIT 100) AS r LEFT JOIN saved_number s ON s.user_id = $1 AND s.msisdn = r.msisdn \
                     GROUP BY r.msisdn, s.name ORDER BY newest DESC LIMIT $2")
                .bind(user)
                .bind(limit.clamp(1, 20)),
            )
            .await?;
        rows.iter().map(number_of).collect()
    }
}

fn number_of(row: &Row) -> Result<SavedNumber, Error> {
    Ok(SavedNumber { msisdn: row.word("msisdn")?, name: row.opt_word("name")? })
}
