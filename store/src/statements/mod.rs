//! Statements of the shop's bank accounts, and payment gateways' own lists of a day: what others say has arrived.

mod day;
mod draft;
mod list;
mod read;
mod take_in;

pub use day::{DayLine, DayReport, ListState};
pub use draft::KeepStatement;
pub use list::{ListJob, NoteList, WantList};
pub use read::{LineFilter, LineState, StatementLineView};
pub use take_in::{IgnoreLine, NewLine, TakeInStatement, TakenIn};

use domain::{Refusal, Rupiah};

use crate::db::{Tx, sql};
use crate::error::Error;

/// A bank account's statement.
#[must_use]
pub fn source_of_bank(account: i64) -> String {
    format!("bank:{account}")
}

/// A payment gateway's own list.
#[must_use]
pub fn source_of_gateway(gateway: &str) -> String {
    format!("gateway:{gateway}")
}

/// A bank's reference in the one form in which it is compared, whether it was typed or read in.
pub(crate) fn tidy(reference: &str) -> String {
    reference.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}

/// A typed reference: when a stored line has it, that is the line, and its amount must be the typed one. When a stored
/// line waits that has just this amount under another reference, it has to be picked: it could else pay once more.
pub(crate) async fn typed_line(
    tx: &mut Tx<'_>,
    source: &str,
    reference: &str,
    amount: Rupiah,
    topup: i64,
) -> Result<(), Error> {
    let line = sql("SELECT id, amount FROM statement_line WHERE source = $1 AND reference = $2")
        .bind(source)
        .bind(reference)
        .optional(&mut tx.conn)
        .await?;
    if let Some(line) = line {
        if line.rupiah("amount")? != amount {
            return Err(Refusal::PickStatementLine.into());
        }
        return pick_line(tx, source, line.int("id")?, topup).await.map(|_| ());
    }
    let waiting =
        sql("SELECT id FROM statement_line WHERE source = $1 AND amount = $2 AND state = 'open' LIMIT 1")
            .bind(source)
            .bind(amount)
            .optional(&mut tx.conn)
            .await?;
    if waiting.is_some() { Err(Refusal::PickStatementLine.into()) } else { Ok(()) }
}

/// Lines that were picked for a top-up and have not paid it are free again.
pub(crate) async fn release_lines(tx: &mut Tx<'_>, topup: i64, but: Option<&str>) -> Result<(), Error> {
    sql("UPDATE statement_line SET state = 'open', topup_id = NULL WHERE topup_id = $1 AND state = 'used' \
         AND (CAST($2 AS TEXT) IS NULL OR reference <> $2) AND source LIKE 'bank:%'")
    .bind(topup)
    .bind(but)
    .execute(&mut tx.conn)
    .await
    .map(|_| ())
}

/// Takes an unused line for a top-up: its reference and amount.
pub(crate) async fn pick_line(
    tx: &mut Tx<'_>,
    source: &str,
    line: i64,
    topup: i64,
) -> Result<(String, Rupiah), Error> {
    // While a second look is waited for, the line is this top-up's already.
    let row = sql("UPDATE statement_line SET state = 'used', topup_id = $1 WHERE id = $2 AND source = $3 \
                   AND (state = 'open' OR (state = 'used' AND topup_id = $1)) RETURNING reference, amount")
    .bind(topup)
    .bind(line)
    .bind(source)
    .optional(&mut tx.conn)
    .await?;
    let row = row.ok_or(Refusal::PaymentUsed)?;
    Ok((row.text("reference")?, row.rupiah("amount")?))
}
