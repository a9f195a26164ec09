use domain::{DAY_MS, Refusal, Role, UtcMillis, start_of_wib_day};

use super::take_in::add_lines;
use super::{NewLine, source_of_gateway};
use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;

/// An admin wants a payment gateway's own list of a day; a worker fetches it.
#[derive(Clone, Debug)]
pub struct WantList {
    /// Who.
    pub admin: UserId,
    /// Of which gateway.
    pub gateway: String,
    /// Of which day: when it began (WIB).
    pub day: UtcMillis,
}

impl Operation for WantList {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let known = sql("SELECT name FROM pay_gateway WHERE name = $1")
            .bind(&self.gateway)
            .optional(&mut tx.conn)
            .await?;
        if known.is_none() || start_of_wib_day(self.day) != self.day || self.day > tx.now {
            return Err(Refusal::NotFound.into());
        }
        sql("INSERT INTO pay_list (gateway, day, due) VALUES ($1, $2, 1) ON CONFLICT (gateway, day) DO UPDATE SET due = 1")
            .bind(&self.gateway)
            .bind(self.day)
            .execute(&mut tx.conn)
            .await?;
        tx.news.push(News::Gateways);
        Ok(())
    }
}

/// A list to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListJob {
    /// Of which gateway.
    pub gateway: String,
    /// From this day on: when it began (WIB).
    pub day: UtcMillis,
    /// Until just before this.
    pub until: UtcMillis,
}

/// Keeps a fetched list.
#[derive(Clone, Debug)]
pub struct NoteList {
    /// Of which gateway.
    pub gateway: String,
    /// Of which day.
    pub day: UtcMillis,
    /// What the gateway has collected, or why it did not tell.
    pub heard: Result<Vec<NewLine>, String>,
}

impl Operation for NoteList {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let (lines, trouble) = match &self.heard {
            Ok(lines) => (lines.as_slice(), None),
            Err(trouble) => (&[][..], Some(trouble.as_str())),
        };
        add_lines(tx, &source_of_gateway(&self.gateway), lines, None).await?;
        sql("UPDATE pay_list SET due = 0, trouble = $1, fetched_at = CASE WHEN CAST($1 AS TEXT) IS NULL THEN $2 ELSE fetched_at END \
             WHERE gateway = $3 AND day = $4")
            .bind(trouble)
            .bind(tx.now)
            .bind(&self.gateway)
            .bind(self.day)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }
}

/// Lists fetched in one turn.
const JOBS_MOST: i64 = 10;

impl Store {
    /// The lists that are to be fetched.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn wanted_lists(&self) -> Result<Vec<ListJob>, Error> {
        let query =
            sql("SELECT gateway, day FROM pay_list WHERE due = 1 ORDER BY day LIMIT $1").bind(JOBS_MOST);
        let rows = self.db().all(query).await?;
        rows.iter()
            .map(|row| {
                let day = row.time("day")?;
                Ok(ListJob { gateway: row.text("gateway")?, day, until: day.plus_ms(DAY_MS) })
            })
            .collect()
    }
}
