//! Reading the audit log: what was done, by whom, to what. It is only ever added to, and sealed like the entries.

use domain::{PublicId, UtcMillis};

use crate::Store;
use crate::db::{Query, Row, sql};
use crate::error::Error;
use crate::model::{Page, UserId};

/// Rows that are looked at for one page. Where several conditions meet, one of them picks the rows by its index, and the
/// others are looked for among these; what was not reached is on the next page.
pub const AUDIT_LOOKED_AT_MOST: i64 = 5_000;
const ROWS_MOST: i64 = 500;

/// Which rows to list. Empty texts stand for all.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only what this user did.
    pub actor: Option<UserId>,
    /// Only this action.
    pub action: String,
    /// Only objects of this kind, such as `user`.
    pub kind: String,
    /// Only this object, as it stands in the log, such as `purchase:7QK2M9DAX3TP`.
    pub object: String,
    /// From this moment on.
    pub from: Option<UtcMillis>,
    /// Before this moment.
    pub to: Option<UtcMillis>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Rows on a page, 1 to 500.
    pub limit: i64,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: UtcMillis,
    /// Who; nobody for what the shop did by itself.
    pub actor: Option<Person>,
    /// What was done.
    pub action: String,
    /// To what.
    pub object: String,
    /// The user that the object is, if it is one.
    pub person: Option<Person>,
    /// More about it.
    pub detail: String,
    /// Whether it is in a block of the chain already.
    pub sealed: bool,
}

/// A user by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// For addresses.
    pub id: PublicId,
    /// Username.
    pub username: String,
}

/// `$1` and `$2` the place from which on rows are older, `$3` the oldest moment, `$4` to `$7` what is looked for, `$8` how
/// many, `$9` what the index is asked for.
macro_rules! listed {
    ($by:literal) => {
        concat!(
            "SELECT s.id, s.created_at, s.action, s.object, s.detail, u.public_id, u.username, \
             (SELECT COUNT(*) FROM sealed b WHERE b.stream = 'audit' AND b.item_id = s.id) AS seals FROM \
             (SELECT id, actor, action, object, detail, created_at FROM audit WHERE ",
            $by,
            "(created_at, id) < ($1, $2) AND created_at >= $3 ORDER BY created_at DESC, id DESC LIMIT 5000) AS s \
             LEFT JOIN users u ON u.id = s.actor \
             WHERE (CAST($4 AS BIGINT) IS NULL OR s.actor = $4) AND ($5 = '' OR s.action = $5) \
             AND ($6 = '' OR s.object = $6 OR SUBSTR(s.object, 1, LENGTH($6) + 1) = CAST($6 AS TEXT) || ':') \
             AND ($7 = '' OR s.object = $7) ORDER BY s.created_at DESC, s.id DESC LIMIT $8"
        )
    };
}

/// The last of the rows that are looked at, when there are as many.
macro_rules! reached {
    ($by:literal) => {
        concat!(
            "SELECT created_at, id FROM audit WHERE ",
            $by,
            "(created_at, id) < ($1, $2) AND created_at >= $3 ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET 4999"
        )
    };
}

/// Which index picks the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Index {
    Object,
    Action,
    Actor,
    Newest,
}

impl Index {
    /// The one that leaves the fewest rows.
    fn of(filter: &AuditFilter) -> Self {
        if !filter.object.is_empty() {
            Self::Object
        } else if !filter.action.is_empty() {
            Self::Action
        } else if filter.actor.is_some() {
            Self::Actor
        } else {
            Self::Newest
        }
    }

    const fn listed(self) -> &'static str {
        match self {
            Self::Object => listed!("object = $9 AND "),
            Self::Action => listed!("action = $9 AND "),
            Self::Actor => listed!("actor = $9 AND "),
            Self::Newest => listed!(""),
        }
    }

    const fn reached(self) -> &'static str {
        match self {
            Self::Object => reached!("object = $4 AND "),
            Self::Action => reached!("action = $4 AND "),
            Self::Actor => reached!("actor = $4 AND "),
            Self::Newest => reached!(""),
        }
    }

    fn bind(self, query: Query, filter: &AuditFilter) -> Query {
        match self {
            Self::Object => query.bind(&filter.object),
            Self::Action => query.bind(&filter.action),
            Self::Actor => query.bind(filter.actor),
            Self::Newest => query,
        }
    }
}

/// A place in the log: older than this moment, or of this moment and with a smaller number.
#[derive(Clone, Copy)]
struct Place {
    at: i64,
    id: i64,
}

impl Place {
    /// Nothing is skipped before the end that was asked for, whatever stands in the address.
    fn begin(filter: &AuditFilter) -> Self {
        let end = Self { at: filter.to.map_or(i64::MAX, |to| to.0), id: 0 };
        let after = filter.after.as_deref().and_then(|after| {
            let (at, id) = after.split_once('-')?;
            Some(Self { at: at.parse().ok()?, id: id.parse().ok()? })
        });
        after.filter(|after| after.at < end.at).unwrap_or(end)
    }

    fn of(row: &Row) -> Result<String, Error> {
        Ok(format!("{}-{}", row.int("created_at")?, row.int("id")?))
    }
}

impl Store {
    /// A page of the audit log, the newest first. A page with few rows and a `next` has looked at as many rows as one page
    /// may; older ones may still follow.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn audit_log(&self, filter: &AuditFilter) -> Result<Page<AuditRow>, Error> {
        let limit = filter.limit.clamp(1, ROWS_MOST);
        let (index, begin) = (Index::of(filter), Place::begin(filter));
        let from = filter.from.unwrap_or(UtcMillis(0));
        let query = sql(index.listed())
            .bind(begin.at)
            .bind(begin.id)
            .bind(from)
            .bind(filter.actor)
            .bind(&filter.action)
            .bind(&filter.kind)
            .bind(&filter.object)
            .bind(limit + 1);
        let rows = self.db().all(index.bind(query, filter)).await?;
        let shown = rows.iter().take(usize::try_from(limit).unwrap_or(1));
        let mut items = Vec::new();
        for row in shown.clone() {
            let mut item = row_of(row)?;
            item.person = self.person_of(&item.object, &items).await?;
            items.push(item);
        }
        let next = if rows.len() > items.len() {
            shown.last().map(Place::of).transpose()?
        } else {
            let query = sql(index.reached()).bind(begin.at).bind(begin.id).bind(from);
            let reached = self.db().optional(index.bind(query, filter)).await?;
            reached.as_ref().map(Place::of).transpose()?
        };
        Ok(Page { items, next })
    }

    /// Who an object is that is a user: rows name users by their number, which no page shows.
    async fn person_of(&self, object: &str, known: &[AuditRow]) -> Result<Option<Person>, Error> {
        let Some(number) = object.strip_prefix("user:").and_then(|number| number.parse::<i64>().ok()) else {
            return Ok(None);
        };
        if let Some(row) = known.iter().find(|row| row.object == object) {
            return Ok(row.person.clone());
        }
        let query = sql("SELECT public_id, username FROM users WHERE id = $1").bind(number);
        let row = self.db().optional(query).await?;
        row.map(|row| Ok(Person { id: row.word("public_id")?, username: row.text("username")? })).transpose()
    }
}

fn row_of(row: &Row) -> Result<AuditRow, Error> {
    let actor = row.opt_word("public_id")?.zip(row.opt_text("username")?);
    Ok(AuditRow {
        at: row.time("created_at")?,
        actor: actor.map(|(id, username)| Person { id, username }),
        action: row.text("action")?,
        object: row.text("object")?,
        person: None,
        detail: row.text("detail")?,
        sealed: row.int("seals")? > 0,
    })
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row as _};

    use super::*;
    use crate::DatabaseUrl;
    use crate::testing::{TestDatabase, databases};

    /// How the database would go about it, with values in the place of the gaps.
    async fn plan(database: &TestDatabase, text: &str) -> String {
        let filled = (1..=9).rev().fold(text.to_owned(), |text, n| {
            let value = match n {
                3 => "0",
                5..=7 => "''",
                9 if !text.contains("actor = $9") => "'x'",
                4 if !text.contains("actor = $4 AND") && !text.contains("CAST($4") => "'x'",
                _ => "7",
            };
            text.replace(&format!("${n}"), value)
        });
        let steps: Vec<String> = match &database.url {
            DatabaseUrl::Sqlite(path) => {
                let mut conn = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
                let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {filled}"));
                let rows = sqlx::query(explain).fetch_all(&mut conn).await.unwrap();
                rows.iter().map(|row| row.get::<String, _>("detail")).collect()
            }
            DatabaseUrl::Postgres(url) => {
                let mut conn = PgConnection::connect(url).await.unwrap();
                // An empty table is read as a whole and sorted, whatever indexes it has: what counts is that an index gives
                // the rows in their order.
                for way in ["seqscan", "bitmapscan", "sort", "incremental_sort"] {
                    let off = AssertSqlSafe(format!("SET enable_{way} = off"));
                    sqlx::query(off).execute(&mut conn).await.unwrap();
                }
                let explain = AssertSqlSafe(format!("EXPLAIN {filled}"));
                let rows = sqlx::query(explain).fetch_all(&mut conn).await.unwrap();
                rows.iter().map(|row| row.get::<String, _>(0)).collect()
            }
        };
        steps.join("\n")
    }

    #[tokio::test]
    async fn every_search_begins_at_an_index_in_its_order() {
        for database in databases().await {
            database.open().await;
            // SQLite's indexes end with the row number anyway.
            let newest = if database.kind == "sqlite" { "audit_time" } else { "audit_newest" };
            for (index, name) in [
                (Index::Object, "audit_object"),
                (Index::Action, "audit_action"),
                (Index::Actor, "audit_actor"),
                (Index::Newest, newest),
            ] {
                for text in [index.listed(), index.reached()] {
                    let plan = plan(&database, text).await;
                    assert!(plan.contains(name), "{name}: {plan}");
                }
                let (most, last) = (AUDIT_LOOKED_AT_MOST, AUDIT_LOOKED_AT_MOST - 1);
                assert!(index.listed().contains(&format!("LIMIT {most}) AS s")));
                assert!(index.reached().ends_with(&format!("OFFSET {last}")));
                // Nothing is sorted before the rows are limited.
                let plan = plan(&database, index.reached()).await;
                assert!(!plan.contains("Sort") && !plan.contains("B-TREE"), "{name}: {plan}");
            }
        }
    }
}
