//! What gateways really charge, and give back. Each once for an attempt.

use domain::Rupiah;

use super::state::{Current, negative};
use crate::db::{Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, post};

/// The gateway has charged the shop's deposit for an attempt.
pub(super) async fn book_cost(
    tx: &mut Tx<'_>,
    current: &Current,
    attempt: i64,
    cost: Rupiah,
) -> Result<(), Error> {
    if !cost.is_positive() {
        return Ok(());
    }
    // The time tells the reconciliation what was booked just around a reading of the deposit.
    let fresh = sql("UPDATE attempt SET cost = $1, updated_at = $3 WHERE id = $2 AND cost IS NULL \
                     RETURNING client_ref, gateway")
    .bind(cost)
    .bind(attempt)
    .bind(tx.now)
    .optional(&mut tx.conn)
    .await?;
    let Some(row) = fresh else { return Ok(()) };
    let (gateway, client_ref) = (row.text("gateway")?, row.text("client_ref")?);
    let postings = [(Account::Deposit(gateway.clone()), cost), (Account::Cost(gateway), negative(cost)?)];
    write(tx, current, EntryKind::Cost, &client_ref, &postings, cost).await
}

/// The gateway has given back what it had charged for an attempt, or a part of it.
pub(super) async fn book_refund(
    tx: &mut Tx<'_>,
    current: &Current,
    attempt: i64,
    refund: Rupiah,
) -> Result<(), Error> {
    if !refund.is_positive() {
        return Ok(());
    }
    // More than was charged is no refund of ours: the reconciliation tells.
    let fresh = sql("UPDATE attempt SET refunded = $1, updated_at = $3 WHERE id = $2 AND refunded IS NULL \
                     AND cost >= $1 RETURNING client_ref, gateway")
    .bind(refund)
    .bind(attempt)
    .bind(tx.now)
    .optional(&mut tx.conn)
    .await?;
    let Some(row) = fresh else { return Ok(()) };
    let (gateway, client_ref) = (row.text("gateway")?, row.text("client_ref")?);
    let minus = negative(refund)?;
    let postings = [(Account::Deposit(gateway.clone()), minus), (Account::Cost(gateway), refund)];
    write(tx, current, EntryKind::CostRefund, &client_ref, &postings, minus).await
}

async fn write(
    tx: &mut Tx<'_>,
    current: &Current,
    kind: EntryKind,
    client_ref: &str,
    postings: &[(Account, Rupiah)],
    change: Rupiah,
) -> Result<(), Error> {
    post(tx, NewEntry { kind, reference: client_ref, postings, actor: None, memo: "" }).await?;
    sql("UPDATE purchase SET cost = COALESCE(cost, 0) + $1 WHERE id = $2")
        .bind(change)
        .bind(current.row_id)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
}
