use domain::{DAY_MS, DepositDayState, Rupiah, UtcMillis, start_of_wib_day};

use super::{BOOK_DAYS, Funding};
use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;

/// A gateway's deposit as it was compared with our books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DepositBook {
    /// The days of the last two months, and older ones that still differ, newest first.
    pub days: Vec<DepositDay>,
    /// The day of the first reading ever: what was paid up to it is in it.
    pub first_day: Option<UtcMillis>,
    /// The latest fundings, newest first.
    pub fundings: Vec<Funding>,
}

/// A day's change of a deposit, told by the gateway and by our books. Amounts in rupiah.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepositDay {
    /// When the day began (WIB).
    pub day: UtcMillis,
    /// When the first day of the row began: days without a reading are part of the row after them.
    pub first: UtcMillis,
    /// The deposit at the reading before; `None` where there is none of this account.
    pub started: Option<Rupiah>,
    /// The deposit at this reading.
    pub deposit: Rupiah,
    /// When it was asked for: the first answer after midnight.
    pub asked_at: UtcMillis,
    /// Paid in, by our books.
    pub fundings: Rupiah,
    /// Charged, by our books.
    pub costs: Rupiah,
    /// Given back, by our books.
    pub refunds: Rupiah,
    /// The real change less the one by our books.
    pub difference: Rupiah,
    /// The differences that orders under way explain: from, to.
    pub explained: (Rupiah, Rupiah),
    /// What is left of the difference.
    pub unexplained: Rupiah,
    /// What that means.
    pub state: DepositDayState,
    /// What a human said about it, and who.
    pub settled: Option<(String, String)>,
}

/// Fundings that the page shows.
const FUNDINGS_MOST: i64 = 30;

impl Store {
    /// A gateway's deposit compared with our books, of the last days.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn deposit_book(&self, gateway: &str) -> Result<DepositBook, Error> {
        let days = sql("SELECT d.day, d.started, d.deposit, d.asked_at, d.fundings, d.costs, d.refunds, d.difference, \
                        d.explained_low, d.explained_high, d.unexplained, d.state, d.settled_reason, u.username, \
                        (SELECT MAX(b.day) FROM deposit_day b WHERE b.gateway = d.gateway AND b.day < d.day) AS before \
                        FROM deposit_day d LEFT JOIN users u ON u.id = d.settled_by \
                        WHERE d.gateway = $1 AND (d.day >= $2 OR d.state = $3) ORDER BY d.day DESC LIMIT $4")
        .bind(gateway)
        .bind(start_of_wib_day(self.now()).plus_ms(-BOOK_DAYS * DAY_MS))
        .bind(DepositDayState::Differs.as_str())
        .bind(2 * BOOK_DAYS);
        let first = sql("SELECT MIN(day) AS first FROM deposit_day WHERE gateway = $1").bind(gateway);
        let fundings = sql("SELECT f.amount, f.day, b.bank, f.note, u.username, f.created_at FROM funding f \
                            JOIN bank_account b ON b.id = f.bank_account_id JOIN users u ON u.id = f.created_by \
                            WHERE f.gateway = $1 ORDER BY f.id DESC LIMIT $2")
        .bind(gateway)
        .bind(FUNDINGS_MOST);
        Ok(DepositBook {
            days: self.db().all(days).await?.iter().map(deposit_day).collect::<Result<_, _>>()?,
            first_day: self.db().one(first).await?.opt_int("first")?.map(UtcMillis),
            fundings: self.db().all(fundings).await?.iter().map(funding).collect::<Result<_, _>>()?,
        })
    }
}

fn deposit_day(row: &Row) -> Result<DepositDay, Error> {
    Ok(DepositDay {
        day: row.time("day")?,
        first: row.opt_int("before")?.map_or(row.time("day")?, |before| UtcMillis(before).plus_ms(DAY_MS)),
        started: row.opt_int("started")?.map(Rupiah::new),
        deposit: row.rupiah("deposit")?,
        asked_at: row.time("asked_at")?,
        fundings: row.rupiah("fundings")?,
        costs: row.rupiah("costs")?,
        refunds: row.rupiah("refunds")?,
        difference: row.rupiah("difference")?,
        explained: (row.rupiah("explained_low")?, row.rupiah("explained_high")?),
        unexplained: row.rupiah("unexplained")?,
        state: row.word("state")?,
        settled: row.opt_text("settled_reason")?.zip(row.opt_text("username")?),
    })
}

fn funding(row: &Row) -> Result<Funding, Error> {
    Ok(Funding {
        amount: row.rupiah("amount")?,
        day: row.time("day")?,
        bank: row.text("bank")?,
        note: row.text("note")?,
        by: row.text("username")?,
        at: row.time("created_at")?,
    })
}
