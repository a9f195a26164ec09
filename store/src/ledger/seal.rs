//! Tamper evidence: entries and audit rows are gathered into blocks whose MACs form a chain, under a key that is not in
//! the database. Entries are found by their absence from a block, not by the order of their numbers, because PostgreSQL
//! may commit a lower number later.

use crate::crypto::digest;
use crate::db::{Operation, Row, Tx, Value, insert_rows, sql};
use crate::error::Error;
use crate::model::UserId;

/// Most items in one block, so that sealing never holds its transaction for long.
const BLOCK_MOST: i64 = 500;
/// A number given out this long ago is committed or gone: no transaction lives longer (see the pool's settings).
const STRAGGLER_MS: i64 = 10 * domain::MINUTE_MS;

/// Seals up to 500 entries and as many audit rows; how many it sealed.
pub struct SealEntries;

impl Operation for SealEntries {
    type Output = i64;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<i64, Error> {
        // Sealers take turns: the chain has one end. The row is locked until the commit.
        sql("UPDATE meta SET value = value WHERE name = 'seal_turn'").execute(&mut tx.conn).await?;
        let entries = unsealed_entries(tx).await?;
        let audits = unsealed_audits(tx).await?;
        let mut sealed = 0;
        for (stream, rows) in [("entry", entries), ("audit", audits)] {
            if !rows.is_empty() {
                sealed += i64::try_from(rows.len()).unwrap_or_default();
                seal_block(tx, stream, &rows).await?;
            }
        }
        Ok(sealed)
    }
}

async fn unsealed_entries(tx: &mut Tx<'_>) -> Result<Vec<Row>, Error> {
    let from = all_sealed_up_to(tx, "entry").await?;
    sql("SELECT e.id, e.content_hash FROM entry e \
         LEFT JOIN sealed s ON s.stream = 'entry' AND s.item_id = e.id \
         WHERE e.id > $1 AND s.item_id IS NULL ORDER BY e.id LIMIT $2")
    .bind(from)
    .bind(BLOCK_MOST)
    .all(&mut tx.conn)
    .await
}

async fn unsealed_audits(tx: &mut Tx<'_>) -> Result<Vec<Row>, Error> {
    let from = all_sealed_up_to(tx, "audit").await?;
    sql("SELECT a.id, a.content_hash FROM audit a \
         LEFT JOIN sealed s ON s.stream = 'audit' AND s.item_id = a.id \
         WHERE a.id > $1 AND s.item_id IS NULL ORDER BY a.id LIMIT $2")
    .bind(from)
    .bind(BLOCK_MOST)
    .all(&mut tx.conn)
    .await
}

/// A row number below which nothing can still be unsealed: the first of a block that was made long before the newest one,
/// so that stragglers have come in and have been sealed since. Measured by the blocks, not by the clock: nobody sealed
/// while no server ran.
async fn all_sealed_up_to(tx: &mut Tx<'_>, stream: &str) -> Result<i64, Error> {
    let block = sql("SELECT id FROM seal_block WHERE stream = $1 AND created_at < \
                     (SELECT MAX(created_at) FROM seal_block WHERE stream = $1) - $2 ORDER BY id DESC LIMIT 1")
        .bind(stream)
        .bind(STRAGGLER_MS)
        .optional(&mut tx.conn)
        .await?;
    let Some(block) = block else { return Ok(0) };
    // A block has at most BLOCK_MOST items and an index of its own; the smallest is found here because a database might
    // look for it along the whole stream.
    let items = sql("SELECT item_id FROM sealed WHERE block_id = $1")
        .bind(block.int("id")?)
        .all(&mut tx.conn)
        .await?;
    let mut first = i64::MAX;
    for row in &items {
        first = first.min(row.int("item_id")?);
    }
    Ok(if items.is_empty() { 0 } else { first })
}

async fn seal_block(tx: &mut Tx<'_>, stream: &str, rows: &[Row]) -> Result<(), Error> {
    let last = sql("SELECT id, mac FROM seal_block ORDER BY id DESC LIMIT 1").optional(&mut tx.conn).await?;
    let (id, previous) = match last {
        Some(row) => (row.int("id")? + 1, row.bytes("mac")?),
        None => (1, Vec::new()),
    };
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push((row.int("id")?, row.bytes("content_hash")?));
    }
    let mac = block_mac(tx.key, id, &previous, stream, &items);
    sql("INSERT INTO seal_block (id, stream, previous_mac, mac, items, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(stream)
        .bind(previous)
        .bind(mac)
        .bind(i64::try_from(items.len()).unwrap_or_default())
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
    let rows: Vec<[Value; 3]> =
        items.iter().map(|(item, _)| [stream.into(), (*item).into(), id.into()]).collect();
    insert_rows(&mut tx.conn, "INSERT INTO sealed (stream, item_id, block_id)", &rows, "").await?;
    Ok(())
}

/// The MAC of a block over its place in the chain and its items, ordered by number.
pub(super) fn block_mac(
    key: &crate::crypto::ServerKey,
    id: i64,
    previous: &[u8],
    stream: &str,
    items: &[(i64, Vec<u8>)],
) -> Vec<u8> {
    let id = id.to_be_bytes();
    let mut parts: Vec<&[u8]> = vec![&id, previous, stream.as_bytes()];
    let numbers: Vec<[u8; 8]> = items.iter().map(|(item, _)| item.to_be_bytes()).collect();
    for (number, (_, hash)) in numbers.iter().zip(items) {
        parts.push(number);
        parts.push(hash);
    }
    key.mac("seal", &parts)
}

/// Notes what an admin did.
pub(crate) async fn audit(
    tx: &mut Tx<'_>,
    actor: Option<UserId>,
    action: &str,
    object: &str,
    detail: &str,
) -> Result<(), Error> {
    let hash = audit_hash(actor.map(|user| user.0), action, object, detail, tx.now.0);
    sql("INSERT INTO audit (actor, action, object, detail, created_at, content_hash) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(actor)
        .bind(action)
        .bind(object)
        .bind(detail)
        .bind(tx.now)
        .bind(hash)
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}

pub(super) fn audit_hash(
    actor: Option<i64>,
    action: &str,
    object: &str,
    detail: &str,
    created_at: i64,
) -> Vec<u8> {
    let actor = actor.map(|user| user.to_string()).unwrap_or_default();
    digest(&[&actor, action, object, detail, &created_at.to_string()])
}
