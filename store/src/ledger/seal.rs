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
        let mut sealed = 0;
        for stream in ["entry", "audit"] {
            let from = all_sealed_up_to(tx, stream).await?;
            let rows = match stream {
                "entry" => unsealed_entries(tx, from).await?,
                _ => unsealed_audits(tx, from).await?,
            };
            if let Some(last) = rows.last() {
                let last = last.int("id")?;
                sealed += i64::try_from(rows.len()).unwrap_or_default();
                seal_block(tx, stream, &rows).await?;
                note_all_sealed(tx, stream, from, last).await?;
            }
        }
        Ok(sealed)
    }
}

async fn unsealed_entries(tx: &mut Tx<'_>, from: i64) -> Result<Vec<Row>, Error> {
    sql("SELECT e.id, e.content_hash FROM entry e \
         LEFT JOIN sealed s ON s.stream = 'entry' AND s.item_id = e.id \
         WHERE e.id > $1 AND s.item_id IS NULL ORDER BY e.id LIMIT $2")
    .bind(from)
    .bind(BLOCK_MOST)
    .all(&mut tx.conn)
    .await
}

async fn unsealed_audits(tx: &mut Tx<'_>, from: i64) -> Result<Vec<Row>, Error> {
    sql("SELECT a.id, a.content_hash FROM audit a \
         LEFT JOIN sealed s ON s.stream = 'audit' AND s.item_id = a.id \
         WHERE a.id > $1 AND s.item_id IS NULL ORDER BY a.id LIMIT $2")
    .bind(from)
    .bind(BLOCK_MOST)
    .all(&mut tx.conn)
    .await
}

/// A row number up to which nothing can still be unsealed: where the numbers had no gap so far, or the first of a block
/// that was made long before the newest one, so that stragglers have come in and have been sealed since. Measured by
/// the blocks, not by the clock: nobody sealed while no server ran.
async fn all_sealed_up_to(tx: &mut Tx<'_>, stream: &str) -> Result<i64, Error> {
    let noted =
        sql("SELECT value FROM meta WHERE name = $1").bind(mark(stream)).optional(&mut tx.conn).await?;
    let noted = noted.map_or(Ok(0), |row| row.word("value"))?;
    let block = sql("SELECT id FROM seal_block WHERE stream = $1 AND created_at < \
                     (SELECT MAX(created_at) FROM seal_block WHERE stream = $1) - $2 ORDER BY id DESC LIMIT 1")
        .bind(stream)
        .bind(STRAGGLER_MS)
        .optional(&mut tx.conn)
        .await?;
    let Some(block) = block else { return Ok(noted) };
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
    Ok(if items.is_empty() { noted } else { noted.max(first) })
}

/// Notes how far all is sealed, when every number since `from` is. PostgreSQL leaves gaps where an operation was undone;
/// then the age of the blocks tells.
async fn note_all_sealed(tx: &mut Tx<'_>, stream: &str, from: i64, last: i64) -> Result<(), Error> {
    let between =
        sql("SELECT COUNT(*) AS items FROM sealed WHERE stream = $1 AND item_id > $2 AND item_id <= $3")
            .bind(stream)
            .bind(from)
            .bind(last)
            .one(&mut tx.conn)
            .await?;
    if between.int("items")? != last - from {
        return Ok(());
    }
    sql("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(mark(stream))
        .bind(last.to_string())
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}

fn mark(stream: &str) -> String {
    format!("all_sealed:{stream}")
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
    let mac = block_macs(tx.key, id, &previous, stream, &items).swap_remove(0);
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

/// The MACs of a block over its place in the chain and its items, ordered by number: under the current key first, then
/// under each older one.
pub(super) fn block_macs(
    key: &crate::crypto::ServerKey,
    id: i64,
    previous: &[u8],
    stream: &str,
    items: &[(i64, Vec<u8>)],
) -> Vec<Vec<u8>> {
    let id = id.to_be_bytes();
    let mut parts: Vec<&[u8]> = vec![&id, previous, stream.as_bytes()];
    let numbers: Vec<[u8; 8]> = items.iter().map(|(item, _)| item.to_be_bytes()).collect();
    for (number, (_, hash)) in numbers.iter().zip(items) {
        parts.push(number);
        parts.push(hash);
    }
    key.macs("seal", &parts)
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
