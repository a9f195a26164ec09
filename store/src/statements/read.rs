use domain::{PublicId, Rupiah, UtcMillis};

use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;

/// Where a line of a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    /// Nobody has said what it is.
    Open,
    /// It has paid a top-up, or is a case.
    Used,
    /// It is the shop's own business.
    Ignored,
}

impl LineState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Used => "used",
            Self::Ignored => "ignored",
        }
    }
}

impl std::str::FromStr for LineState {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Open, Self::Used, Self::Ignored].into_iter().find(|state| state.as_str() == word).ok_or(())
    }
}

/// Money that arrived, as a statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLineView {
    /// For forms.
    pub id: i64,
    /// When the day began (WIB).
    pub day: UtcMillis,
    /// How much.
    pub amount: Rupiah,
    /// What tells it from all others.
    pub reference: String,
    /// The bank's words.
    pub description: String,
    /// Where it stands.
    pub state: LineState,
    /// The top-up that it has paid.
    pub topup: Option<PublicId>,
}

/// Which lines to list.
#[derive(Clone, Debug, Default)]
pub struct LineFilter {
    /// Whose statement.
    pub source: String,
    /// Only in this state.
    pub state: Option<LineState>,
    /// Only of this amount.
    pub amount: Option<Rupiah>,
    /// Only of days from here on.
    pub from: Option<UtcMillis>,
    /// Lines at most, 1 to 1,000.
    pub limit: i64,
}

impl Store {
    /// Lines of a statement, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn statement_lines(&self, filter: LineFilter) -> Result<Vec<StatementLineView>, Error> {
        let query = sql("SELECT l.id, l.day, l.amount, l.reference, l.description, l.state, t.public_id AS topup \
                         FROM statement_line l LEFT JOIN topup t ON t.id = l.topup_id WHERE l.source = $1 \
                         AND (CAST($2 AS TEXT) IS NULL OR l.state = $2) AND (CAST($3 AS BIGINT) IS NULL OR l.amount = $3) \
                         AND (CAST($4 AS BIGINT) IS NULL OR l.day >= $4) ORDER BY l.day DESC, l.id DESC LIMIT $5")
            .bind(filter.source)
            .bind(filter.state.map(LineState::as_str))
            .bind(filter.amount)
            .bind(filter.from)
            .bind(filter.limit.clamp(1, 1_000));
        self.db().all(query).await?.iter().map(line_of).collect()
    }

    /// The mapping by which this source was read the last time, as JSON.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn statement_profile(&self, source: &str) -> Result<Option<String>, Error> {
        let row = self
            .db()
            .optional(sql("SELECT profile FROM statement_profile WHERE source = $1").bind(source))
            .await?;
        row.map(|row| row.text("profile")).transpose()
    }
}

fn line_of(row: &Row) -> Result<StatementLineView, Error> {
    Ok(StatementLineView {
        id: row.int("id")?,
        day: row.time("day")?,
        amount: row.rupiah("amount")?,
        reference: row.text("reference")?,
        description: row.text("description")?,
        state: row.word("state")?,
        topup: row.opt_word("topup")?,
    })
}
