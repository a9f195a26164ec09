//! Sums by day, for the overview and the month's report.
//!
//! They are made from the ledger, and only from what is sealed: blocks are chained one behind the other, so their numbers
//! are a cursor without gaps, whereas entries may be committed out of their order. A block never changes, so it is read
//! and summed outside of any transaction; [`AddToRollups`] then adds the sums and moves the cursor on, both or neither.
//! Of two servers that summed the same block, the cursor lets one in.
//!
//! Signed additions rather than days computed anew: an entry that is sealed late, or a purchase that is settled days after
//! it was placed, just adds to its own day, at the cost of a block and not of a day of any size. What makes up for an
//! earlier entry takes away again what that one had added to its day.

mod add;
mod figures;
mod read;
mod report;
mod sum;

pub use add::AddToRollups;
pub use figures::{DayFigures, Figures, SPEEDS_MS, Sold};
pub use read::{PackageSales, Speeds, TopGateway};
pub use report::{Report, ReportLine};

use crate::Store;
use crate::db::sql;
use crate::error::Error;

/// Most blocks that are summed at once: some thousands of entries, so that a book from before catches up in little time
/// and no transaction is long.
const BLOCKS_MOST: i64 = 8;
/// The cursor's name.
const CURSOR: &str = "rolled_up";

impl Store {
    /// Adds the next blocks of sealed entries to the sums by day; false when there are none.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn roll_up(&self) -> Result<bool, Error> {
        let from = self.rolled_up().await?;
        let to = self
            .db()
            .one(
                sql("SELECT COALESCE(MAX(id), 0) AS newest FROM seal_block WHERE id <= $1")
                    .bind(from + BLOCKS_MOST),
            )
            .await?
            .int("newest")?;
        if to <= from {
            return Ok(false);
        }
        let sums = self.sum_blocks(from, to).await?;
        // Not taken: another server was quicker, and there may be more.
        self.run(AddToRollups { from, to, sums }).await.map(|_| true)
    }

    /// The last block in the sums.
    async fn rolled_up(&self) -> Result<i64, Error> {
        self.db().one(sql("SELECT value FROM meta WHERE name = $1").bind(CURSOR)).await?.word("value")
    }
}
