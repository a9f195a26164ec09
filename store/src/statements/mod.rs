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

/// How many unused lines have this amount, one with this very reference left out.
pub(crate) async fn unused_lines(
    tx: &mut Tx<'_>,
    source: &str,
    amount: Rupiah,
    reference: &str,
) -> Result<i64, Error> {
    // One that was typed is that line itself.
    sql("UPDATE statement_line SET state = 'used' WHERE source = $1 AND reference = $2 AND amount = $3 AND state = 'open'")
        .bind(source)
        .bind(reference)
        .bind(amount)
        .execute(&mut tx.conn)
        .await?;
    let row = sql(
        "SELECT COUNT(*) AS lines FROM statement_line WHERE source = $1 AND amount = $2 AND state = 'open'",
    )
    .bind(source)
    .bind(amount)
    .one(&mut tx.conn)
    .await?;
    row.int("lines")
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
