//! One SQL text for both databases: `$1` placeholders, and only three kinds of columns (64-bit integer, text, bytes),
//! so that neither `sqlx::Any` nor a second set of queries is needed.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::str::FromStr;

use domain::{Msisdn, PublicId, Rupiah, UtcMillis};
use futures_util::TryStreamExt;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Row as _, Sqlite, SqliteConnection};

use crate::error::Error;
use crate::model::UserId;

/// A connection to either database.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// A value to bind. The kind is known even when the value is missing: PostgreSQL asks for it.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// A statement with its values.
pub(crate) struct Query {
    sql: Cow<'static, str>,
    values: Vec<Value>,
}

/// A row of either database.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// Begins a statement.
pub(crate) const fn sql(text: &'static str) -> Query {
    Query { sql: Cow::Borrowed(text), values: Vec::new() }
}

/// Values in one statement. Far below what the databases take: SQLite looks each name of a placeholder up among all before.
const VALUES_MOST: usize = 900;

/// Inserts rows with as few statements as the databases allow; what `after`'s RETURNING gives, in no order.
pub(crate) async fn insert_rows<const COLUMNS: usize>(
    conn: &mut Conn<'_>,
    before: &'static str,
    rows: &[[Value; COLUMNS]],
    after: &'static str,
) -> Result<Vec<Row>, Error> {
    let mut returned = Vec::new();
    for chunk in rows.chunks((VALUES_MOST / COLUMNS.max(1)).max(1)) {
        let mut text = String::from(before);
        let mut number = 0;
        for n in 0..chunk.len() {
            text.push_str(if n == 0 { " VALUES (" } else { ", (" });
            for column in 0..COLUMNS {
                number += 1;
                // Writing into a String cannot fail.
                let _ = write!(text, "{}${number}", if column == 0 { "" } else { ", " });
            }
            text.push(')');
        }
        text.push_str(after);
        let query = Query { sql: Cow::Owned(text), values: chunk.iter().flatten().cloned().collect() };
        returned.extend(query.all(conn).await?);
    }
    Ok(returned)
}

impl Query {
    /// Binds the next `$n`.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Goes on with more of the statement.
    pub(crate) fn push(mut self, text: &'static str) -> Self {
        self.sql.to_mut().push_str(text);
        self
    }

    /// Goes on with more of the statement, and a placeholder for this value behind it.
    pub(crate) fn push_bind(mut self, text: &'static str, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        // Writing into a String cannot fail.
        let _ = write!(self.sql.to_mut(), "{text}${}", self.values.len());
        self
    }

    /// Runs it; how many rows it changed.
    pub(crate) async fn execute(self, conn: &mut Conn<'_>) -> Result<u64, Error> {
        Ok(match conn {
            Conn::Sqlite(c) => self.sqlite().execute(&mut **c).await?.rows_affected(),
            Conn::Postgres(c) => self.postgres().execute(&mut **c).await?.rows_affected(),
        })
    }

    /// The first row, if there is any.
    pub(crate) async fn optional(self, conn: &mut Conn<'_>) -> Result<Option<Row>, Error> {
        Ok(match conn {
            Conn::Sqlite(c) => self.sqlite().fetch_optional(&mut **c).await?.map(Row::Sqlite),
            Conn::Postgres(c) => self.postgres().fetch_optional(&mut **c).await?.map(Row::Postgres),
        })
    }

    /// The one row; an error when there is none.
    pub(crate) async fn one(self, conn: &mut Conn<'_>) -> Result<Row, Error> {
        self.optional(conn).await?.ok_or_else(|| Error::from(sqlx::Error::RowNotFound))
    }

    /// All rows. Callers limit how many there can be.
    pub(crate) async fn all(self, conn: &mut Conn<'_>) -> Result<Vec<Row>, Error> {
        Ok(match conn {
            Conn::Sqlite(c) => self.sqlite().fetch(&mut **c).map_ok(Row::Sqlite).try_collect().await?,
            Conn::Postgres(c) => self.postgres().fetch(&mut **c).map_ok(Row::Postgres).try_collect().await?,
        })
    }

    fn sqlite(self) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
        let query = match self.sql {
            Cow::Borrowed(text) => sqlx::query(text),
            // Put together from texts of our own and placeholders; values are always bound.
            Cow::Owned(text) => sqlx::query(AssertSqlSafe(text)),
        };
        self.values.into_iter().fold(query, |query, value| match value {
            Value::Int(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Bytes(value) => query.bind(value),
        })
    }

    fn postgres(self) -> sqlx::query::Query<'static, Postgres, PgArguments> {
        let query = match self.sql {
            Cow::Borrowed(text) => sqlx::query(text),
            // Put together from texts of our own and placeholders; values are always bound.
            Cow::Owned(text) => sqlx::query(AssertSqlSafe(text)),
        };
        self.values.into_iter().fold(query, |query, value| match value {
            Value::Int(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Bytes(value) => query.bind(value),
        })
    }
}

impl Row {
    pub(crate) fn opt_int(&self, column: &str) -> Result<Option<i64>, Error> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn opt_text(&self, column: &str) -> Result<Option<String>, Error> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn opt_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn int(&self, column: &str) -> Result<i64, Error> {
        self.opt_int(column)?.ok_or_else(|| Error::corrupt(format_args!("{column} is missing")))
    }

    pub(crate) fn text(&self, column: &str) -> Result<String, Error> {
        self.opt_text(column)?.ok_or_else(|| Error::corrupt(format_args!("{column} is missing")))
    }

    pub(crate) fn bytes(&self, column: &str) -> Result<Vec<u8>, Error> {
        self.opt_bytes(column)?.ok_or_else(|| Error::corrupt(format_args!("{column} is missing")))
    }

    pub(crate) fn bool(&self, column: &str) -> Result<bool, Error> {
        Ok(self.int(column)? != 0)
    }

    pub(crate) fn rupiah(&self, column: &str) -> Result<Rupiah, Error> {
        self.int(column).map(Rupiah::new)
    }

    pub(crate) fn time(&self, column: &str) -> Result<UtcMillis, Error> {
        self.int(column).map(UtcMillis)
    }

    pub(crate) fn user_id(&self, column: &str) -> Result<UserId, Error> {
        self.int(column).map(UserId)
    }

    /// A text that is one of a closed set of words, or has a form of its own.
    pub(crate) fn word<T: FromStr>(&self, column: &str) -> Result<T, Error> {
        let text = self.text(column)?;
        text.parse().map_err(|_| Error::corrupt(format_args!("{column} cannot be {text:?}")))
    }

    /// The same where there may be none.
    pub(crate) fn opt_word<T: FromStr>(&self, column: &str) -> Result<Option<T>, Error> {
        if self.opt_text(column)?.is_some() { self.word(column).map(Some) } else { Ok(None) }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(Some(i64::from(value)))
    }
}

impl From<Rupiah> for Value {
    fn from(value: Rupiah) -> Self {
        Self::Int(Some(value.get()))
    }
}

impl From<Option<Rupiah>> for Value {
    fn from(value: Option<Rupiah>) -> Self {
        Self::Int(value.map(Rupiah::get))
    }
}

impl From<UtcMillis> for Value {
    fn from(value: UtcMillis) -> Self {
        Self::Int(Some(value.0))
    }
}

impl From<Option<UtcMillis>> for Value {
    fn from(value: Option<UtcMillis>) -> Self {
        Self::Int(value.map(|time| time.0))
    }
}

impl From<UserId> for Value {
    fn from(value: UserId) -> Self {
        Self::Int(Some(value.0))
    }
}

impl From<Option<UserId>> for Value {
    fn from(value: Option<UserId>) -> Self {
        Self::Int(value.map(|user| user.0))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(Some(value.clone()))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

impl From<&PublicId> for Value {
    fn from(value: &PublicId) -> Self {
        Self::Text(Some(value.as_str().to_owned()))
    }
}

impl From<&Msisdn> for Value {
    fn from(value: &Msisdn) -> Self {
        Self::Text(Some(value.international().to_owned()))
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(Some(value))
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(value: Option<Vec<u8>>) -> Self {
        Self::Bytes(value)
    }
}
