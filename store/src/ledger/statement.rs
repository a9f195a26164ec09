//! What has moved a user's balance, page by page, each movement with the balance after it.
//!
//! The ledger writes that balance with the posting, while it holds the wallet's row; so along the numbers of a user's
//! entries it is right for each of them, whatever was written at the same time, and nothing has to be added up to show a
//! page. Times are not in that order to the millisecond: an operation takes its time before it waits for the wallet. A range
//! of time is therefore turned into a range of numbers first, by halving, which needs neither an index of times nor a look
//! at more than a few dozen entries.

use domain::{PublicId, Rupiah, UtcMillis};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;
use crate::model::{Page, UserId};
use crate::shop::page_of;

/// The most movements that are added up for one page, which takes some 15 ms: four months of a busy counter. Whoever has
/// more in a range takes a shorter one, or the file.
const SUMMED_MOST: i64 = 20_000;

/// One movement of a user's available balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLine {
    /// When.
    pub at: UtcMillis,
    /// What it was: `hold`, `release`, `credit`, `adjust`, `refund`.
    pub kind: String,
    /// How much, signed; zero when only what is owed has changed.
    pub amount: Rupiah,
    /// The balance after it.
    pub balance_after: Rupiah,
    /// What it changed of what is owed to the shop: below zero when that grew, above when some was paid.
    pub debt: Rupiah,
    /// What caused it: a purchase's or top-up's id, or an adjustment's key.
    pub reference: String,
    /// An admin's reason, else empty.
    pub memo: String,
    /// Where there is more about it.
    pub cause: Option<Cause>,
}

/// What a movement of a balance came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// A purchase.
    Purchase(PublicId),
    /// A top-up, or what was taken or given back of one.
    Topup(PublicId),
    /// A correction by an admin. Only admins have a page for it.
    Correction(PublicId),
}

/// Which movements of a balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// What came in.
    In,
    /// What went out.
    Out,
}

/// A range of movements, summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementSums {
    /// The balance before the first.
    pub opening: Rupiah,
    /// The balance after the last.
    pub closing: Rupiah,
    /// What came in and what went out, both as positive amounts; nothing when there are too many to add up.
    pub turnover: Option<(Rupiah, Rupiah)>,
}

/// A range of a user's movements, as it stands in the books. What is posted after it was looked up is not in it.
#[derive(Clone, Copy, Debug)]
pub struct StatementSpan {
    user: UserId,
    /// The first entry's number.
    first: i64,
    /// The number after the last one's.
    end: i64,
}

impl Store {
    /// The newest movements of a user, and those after them.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn statement(
        &self,
        user: UserId,
        after: Option<String>,
        limit: i64,
    ) -> Result<Page<StatementLine>, Error> {
        let span = self.statement_span(user, None, None).await?;
        self.movements(span, None, after, limit).await
    }

    /// The movements from one moment (with it) to another (without it).
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn statement_span(
        &self,
        user: UserId,
        from: Option<UtcMillis>,
        to: Option<UtcMillis>,
    ) -> Result<StatementSpan, Error> {
        let row = sql("SELECT COALESCE(MAX(entry_id), 0) AS last FROM posting \
                       WHERE user_id = $1 AND account IN ('available', 'receivable')")
        .bind(user);
        let after_last = self.db().one(row).await?.int("last")? + 1;
        let first = match from {
            Some(at) => self.first_movement_at(user, at, after_last).await?,
            None => 0,
        };
        let end = match to {
            Some(at) => self.first_movement_at(user, at, after_last).await?,
            None => after_last,
        };
        Ok(StatementSpan { user, first, end })
    }

    /// The number of the first movement at a moment or later, or `after_last`.
    async fn first_movement_at(&self, user: UserId, at: UtcMillis, after_last: i64) -> Result<i64, Error> {
        let text = "WITH RECURSIVE search (low, high, n) AS (SELECT CAST(0 AS BIGINT), CAST($3 AS BIGINT), 0 UNION ALL \
                    SELECT CASE WHEN COALESCE((SELECT e.created_at FROM posting p JOIN entry e ON e.id = p.entry_id \
                    WHERE p.user_id = $1 AND p.account = 'available' AND p.entry_id >= (low + high) / 2 \
                    ORDER BY p.entry_id LIMIT 1), $2) >= $2 THEN low ELSE (low + high) / 2 + 1 END, \
                    CASE WHEN COALESCE((SELECT e.created_at FROM posting p JOIN entry e ON e.id = p.entry_id \
                    WHERE p.user_id = $1 AND p.account = 'available' AND p.entry_id >= (low + high) / 2 \
                    ORDER BY p.entry_id LIMIT 1), $2) >= $2 THEN (low + high) / 2 ELSE high END, n + 1 \
                    FROM search WHERE low < high AND n < 64) \
                    SELECT high FROM search ORDER BY n DESC LIMIT 1";
        self.db().one(sql(text).bind(user).bind(at).bind(after_last)).await?.int("high")
    }

    /// The balances before and after a range, and what came in and went out in between.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn statement_sums(&self, span: StatementSpan) -> Result<StatementSums, Error> {
        let text = "SELECT COALESCE((SELECT balance_after FROM posting WHERE user_id = $1 AND account = 'available' \
                    AND entry_id < $2 ORDER BY entry_id DESC LIMIT 1), 0) AS opening, \
                    COALESCE((SELECT balance_after FROM posting WHERE user_id = $1 AND account = 'available' \
                    AND entry_id < $3 ORDER BY entry_id DESC LIMIT 1), 0) AS closing, COUNT(*) AS movements, \
                    CAST(COALESCE(SUM(CASE WHEN r.amount > 0 THEN r.amount ELSE 0 END), 0) AS BIGINT) AS came_in \
                    FROM (SELECT amount FROM posting WHERE user_id = $1 AND account = 'available' \
                    AND entry_id >= $2 AND entry_id < $3 LIMIT $4) AS r";
        let query = sql(text).bind(span.user).bind(span.first).bind(span.end).bind(SUMMED_MOST + 1);
        let row = self.db().one(query).await?;
        let (opening, closing) = (row.rupiah("opening")?, row.rupiah("closing")?);
        let whole = row.int("movements")? <= SUMMED_MOST;
        let came_in = row.rupiah("came_in")?;
        let out_of_range = || Error::corrupt("an amount is out of range");
        // What came in and was not kept went out.
        let kept = closing.checked_sub(opening).ok_or_else(out_of_range)?;
        let went_out = came_in.checked_sub(kept).ok_or_else(out_of_range)?;
        Ok(StatementSums { opening, closing, turnover: whole.then_some((came_in, went_out)) })
    }

    /// A page of a range, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn movements(
        &self,
        span: StatementSpan,
        direction: Option<Direction>,
        after: Option<String>,
        limit: i64,
    ) -> Result<Page<StatementLine>, Error> {
        let limit = limit.clamp(1, 500);
        let end = match after {
            Some(cursor) => span.end.min(self.number_of_cursor(&cursor).await?),
            None => span.end,
        };
        let sign = match direction {
            None => 0,
            Some(Direction::In) => 1,
            Some(Direction::Out) => -1,
        };
        // Beside movements of the balance, the rare ones that move only what is owed: they leave it as it was.
        let text = "SELECT l.amount, e.kind, e.reference, e.memo, e.created_at, t.public_id AS topup, \
            COALESCE(l.balance_after, (SELECT b.balance_after FROM posting b WHERE b.user_id = $1 AND b.account = 'available' \
            AND b.entry_id < l.entry_id ORDER BY b.entry_id DESC LIMIT 1), 0) AS balance, \
            (SELECT d.amount FROM posting d WHERE d.user_id = $1 AND d.account = 'receivable' AND d.entry_id = l.entry_id) AS debt \
            FROM (SELECT * FROM (SELECT entry_id, amount, balance_after FROM posting WHERE user_id = $1 AND account = 'available' \
            AND entry_id >= $2 AND entry_id < $3 AND amount * CAST($4 AS BIGINT) >= 0 ORDER BY entry_id DESC LIMIT $5) AS a \
            UNION ALL SELECT * FROM (SELECT r.entry_id, CAST(0 AS BIGINT) AS amount, CAST(NULL AS BIGINT) AS balance_after \
            FROM posting r WHERE r.user_id = $1 AND r.account = 'receivable' AND r.entry_id >= $2 AND r.entry_id < $3 \
            AND CAST($4 AS BIGINT) = 0 AND NOT EXISTS (SELECT 1 FROM posting a WHERE a.entry_id = r.entry_id \
            AND a.user_id = r.user_id AND a.account = 'available') ORDER BY r.entry_id DESC LIMIT $5) AS o) AS l \
            JOIN entry e ON e.id = l.entry_id \
            LEFT JOIN payment y ON y.entry_reference = CASE e.kind WHEN 'credit' THEN e.reference \
            WHEN 'reversal' THEN SUBSTR(e.reference, 1, 12) END \
            LEFT JOIN refund f ON e.kind IN ('refund', 'refund_back') AND f.public_id = e.reference \
            LEFT JOIN topup t ON t.id = COALESCE(y.topup_id, f.topup_id) \
            ORDER BY l.entry_id DESC LIMIT $5";
        let query = sql(text).bind(span.user).bind(span.first).bind(end).bind(sign).bind(limit + 1);
        let rows = self.db().all(query).await?;
        let lines = page_of(&rows, limit, line_of, |(_, cursor)| cursor.clone())?;
        Ok(Page { items: lines.items.into_iter().map(|(line, _)| line).collect(), next: lines.next })
    }

    /// The cursor is an entry's kind and reference: both may leave the system, a row number may not. One that names nothing
    /// is the end of all pages.
    async fn number_of_cursor(&self, cursor: &str) -> Result<i64, Error> {
        let Some((kind, reference)) = cursor.split_once('~') else { return Ok(0) };
        let query = sql("SELECT id FROM entry WHERE kind = $1 AND reference = $2").bind(kind).bind(reference);
        self.db().optional(query).await?.map_or(Ok(0), |row| row.int("id"))
    }
}

fn line_of(row: &Row) -> Result<(StatementLine, String), Error> {
    let (kind, reference) = (row.text("kind")?, row.text("reference")?);
    let cursor = format!("{kind}~{reference}");
    let topup: Option<PublicId> = row.opt_word("topup")?;
    let cause = match kind.as_str() {
        "hold" | "release" | "recharge" => reference.parse().ok().map(Cause::Purchase),
        // What the program itself has corrected has a name that is no id.
        "adjust" => reference.parse().ok().map(Cause::Correction),
        _ => topup.clone().map(Cause::Topup),
    };
    let line = StatementLine {
        at: row.time("created_at")?,
        amount: row.rupiah("amount")?,
        balance_after: row.rupiah("balance")?,
        debt: row.opt_int("debt")?.map_or(Rupiah::ZERO, Rupiah::new),
        // A payment's name in the ledger says nothing to anybody; its top-up's does.
        reference: topup.map_or(reference, |topup| topup.as_str().to_owned()),
        memo: row.text("memo")?,
        cause,
        kind,
    };
    Ok((line, cursor))
}
