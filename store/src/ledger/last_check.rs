use domain::UtcMillis;

use super::Breach;
use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;

const NAME: &str = "last_check";
/// The invariant that history is never edited, as numbered in ARCHITECTURE.md.
const HISTORY: u8 = 11;

/// What the last check of a running server found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastCheck {
    /// When it began.
    pub at: UtcMillis,
    /// Breaches of all kinds.
    pub breaches: i64,
    /// Those among them that say that entries, audit rows or their seals were changed.
    pub changed: i64,
}

/// Notes that the books, and the chain over them, were checked.
#[derive(Clone, Debug)]
pub struct NoteCheck(LastCheck);

impl NoteCheck {
    /// A check that began at this moment and found this.
    #[must_use]
    pub fn of(at: UtcMillis, found: &[Breach]) -> Self {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        // A worker that seals late has changed nothing.
        let changed = found.iter().filter(|breach| breach.invariant == HISTORY && breach.is_about_money());
        Self(LastCheck { at, breaches: count(found.len()), changed: count(changed.count()) })
    }
}

impl Operation for NoteCheck {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let LastCheck { at, breaches, changed } = self.0;
        sql("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(NAME)
            .bind(format!("{} {breaches} {changed}", at.0))
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }
}

impl Store {
    /// The last check of a running server; none when there was none yet.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn last_check(&self) -> Result<Option<LastCheck>, Error> {
        let row = self.db().optional(sql("SELECT value FROM meta WHERE name = $1").bind(NAME)).await?;
        let Some(row) = row else { return Ok(None) };
        let text = row.text("value")?;
        let numbers: Option<Vec<i64>> = text.split(' ').map(|number| number.parse().ok()).collect();
        match numbers.as_deref() {
            Some([at, breaches, changed]) => {
                Ok(Some(LastCheck { at: UtcMillis(*at), breaches: *breaches, changed: *changed }))
            }
            _ => Err(Error::corrupt("the last check cannot be read")),
        }
    }
}
