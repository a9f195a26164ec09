//! Whether the books hold what they promise. Reads one snapshot; changes nothing.

use domain::{HoldState, MINUTE_MS, PurchaseState, UtcMillis};
use serde::Serialize;
use sqlx::Connection;

use super::entry::content_hash;
use super::seal::{audit_hash, block_macs};
use super::{rules, rules_corrections, rules_topups};
use crate::Store;
use crate::crypto::ServerKey;
use crate::db::{Conn, Db, Query, Row, sql};
use crate::error::Error;

/// A promise that the books break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// Which invariant, as numbered in ARCHITECTURE.md.
    pub invariant: u8,
    /// What it is about, such as `entry:17`.
    pub object: String,
    /// What is wrong.
    pub detail: String,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Nothing here: all is well.
    pub breaches: Vec<Breach>,
    /// Entries read.
    pub entries: i64,
    /// Purchases read.
    pub purchases: i64,
    /// Top-ups read.
    pub topups: i64,
    /// Users read.
    pub users: i64,
    /// Entries and audit rows that are in no block yet.
    pub unsealed: i64,
}

/// Breaches of one kind that are listed; more would only hide the others.
const LISTED_MOST: i64 = 50;
/// Rows read at a time when hashes are computed again.
const BATCH: i64 = 1000;
/// A running server seals within seconds.
const SEALED_WITHIN_MS: i64 = MINUTE_MS;
/// A running server gets to every open purchase within seconds of its time; questions may wait for slots.
const STRANDED_AFTER_MS: i64 = 5 * MINUTE_MS;
/// What a breach about late sealing is about.
const SEAL: &str = "seal";

impl Breach {
    /// Whether it says that money may be wrong, as opposed to a worker that is late.
    #[must_use]
    pub fn is_about_money(&self) -> bool {
        self.object != SEAL && self.invariant != 7
    }
}

impl Store {
    /// Checks every invariant that rows can show. The others (what survives a crash, what a refusal changes) are shown by
    /// tests.
    ///
    /// # Errors
    /// Faults of the database; broken promises are in the report.
    pub async fn check(&self) -> Result<CheckReport, Error> {
        let now = self.now();
        match self.db() {
            Db::Sqlite { read, .. } => {
                let mut pooled = read.acquire().await?;
                let mut transaction = pooled.begin().await?;
                check(&mut Conn::Sqlite(&mut transaction), self.server_key(), now).await
            }
            Db::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                let mut conn = Conn::Postgres(&mut transaction);
                sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut conn).await?;
                sql("SET LOCAL statement_timeout = 0").execute(&mut conn).await?;
                check(&mut conn, self.server_key(), now).await
            }
        }
    }
}

async fn check(conn: &mut Conn<'_>, key: &ServerKey, now: UtcMillis) -> Result<CheckReport, Error> {
    let mut report = counts(conn).await?;
    for (invariant, text) in rules::RULES.iter().chain(rules_topups::RULES).chain(rules_corrections::RULES) {
        for row in sql(text).bind(LISTED_MOST).all(conn).await? {
            report.breaches.push(Breach {
                invariant: *invariant,
                object: row.text("object")?,
                detail: row.text("detail")?,
            });
        }
    }
    check_steps(conn, &mut report).await?;
    check_hashes(conn, &mut report).await?;
    check_blocks(conn, key, &mut report).await?;
    check_sealing(conn, now, &mut report).await?;
    check_stranded(conn, now, &mut report).await?;
    Ok(report)
}

async fn counts(conn: &mut Conn<'_>) -> Result<CheckReport, Error> {
    let row =
        sql("SELECT (SELECT COUNT(*) FROM entry) AS entries, (SELECT COUNT(*) FROM purchase) AS purchases, \
                   (SELECT COUNT(*) FROM topup) AS topups, (SELECT COUNT(*) FROM users) AS users")
        .one(conn)
        .await?;
    Ok(CheckReport {
        entries: row.int("entries")?,
        purchases: row.int("purchases")?,
        topups: row.int("topups")?,
        users: row.int("users")?,
        ..CheckReport::default()
    })
}

/// Each purchase's last step is its state, and each step is one that the domain's table allows.
async fn check_steps(conn: &mut Conn<'_>, report: &mut CheckReport) -> Result<(), Error> {
    let last =
        sql("SELECT p.public_id, p.state FROM purchase p WHERE NOT EXISTS (SELECT 1 FROM purchase_step s \
                    WHERE s.purchase_id = p.id AND s.to_state = p.state AND s.n = \
                    (SELECT MAX(n) FROM purchase_step t WHERE t.purchase_id = p.id)) LIMIT $1")
        .bind(LISTED_MOST)
        .all(conn)
        .await?;
    for row in last {
        report.breaches.push(Breach {
            invariant: 12,
            object: format!("purchase:{}", row.text("public_id")?),
            detail: format!("is {} but its story ends elsewhere", row.text("state")?),
        });
    }
    let pairs = sql("SELECT DISTINCT from_state, to_state FROM purchase_step").all(conn).await?;
    for row in pairs {
        let to: PurchaseState = row.word("to_state")?;
        let allowed = match row.opt_text("from_state")? {
            None => to == PurchaseState::Accepted,
            Some(from) => from.parse::<PurchaseState>().is_ok_and(|from| from.may_become(to)),
        };
        if !allowed {
            report.breaches.push(Breach {
                invariant: 12,
                object: "purchase_step".into(),
                detail: format!("{:?} to {to:?} is no step", row.opt_text("from_state")?),
            });
        }
    }
    // The words of the column are the domain's words.
    for row in sql("SELECT DISTINCT hold FROM purchase").all(conn).await? {
        row.word::<HoldState>("hold")?;
    }
    Ok(())
}

/// Computes each entry's and audit row's hash again from what the rows say now.
async fn check_hashes(conn: &mut Conn<'_>, report: &mut CheckReport) -> Result<(), Error> {
    let mut last = 0;
    loop {
        let entries = sql(
            "SELECT id, kind, reference, actor, memo, created_at, content_hash FROM entry WHERE id > $1 \
                           ORDER BY id LIMIT $2",
        );
        let rows = entries.bind(last).bind(BATCH).all(conn).await?;
        let Some(end) = rows.last() else { break };
        let end = end.int("id")?;
        let lines = sql(
            "SELECT entry_id, account, user_id, amount FROM posting WHERE entry_id > $1 AND entry_id <= $2 \
                         ORDER BY entry_id, line",
        )
        .bind(last)
        .bind(end)
        .all(conn)
        .await?;
        let mut lines = lines.iter().peekable();
        for row in &rows {
            let id = row.int("id")?;
            let mut own = Vec::new();
            while let Some(line) = lines.peek() {
                if line.int("entry_id")? != id {
                    break;
                }
                own.push((line.text("account")?, line.opt_int("user_id")?, line.int("amount")?));
                lines.next();
            }
            let hash = content_hash(
                &row.text("kind")?,
                &row.text("reference")?,
                row.opt_int("actor")?,
                &row.text("memo")?,
                row.int("created_at")?,
                &own,
            );
            note_changed(report, "entry", id, hash == row.bytes("content_hash")?);
        }
        last = end;
    }
    check_audit_hashes(conn, report).await
}

async fn check_audit_hashes(conn: &mut Conn<'_>, report: &mut CheckReport) -> Result<(), Error> {
    let mut last = 0;
    loop {
        let text = "SELECT id, actor, action, object, detail, created_at, content_hash FROM audit WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = sql(text).bind(last).bind(BATCH).all(conn).await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.int("id")?;
        for row in &rows {
            let hash = audit_hash(
                row.opt_int("actor")?,
                &row.text("action")?,
                &row.text("object")?,
                &row.text("detail")?,
                row.int("created_at")?,
            );
            note_changed(report, "audit", row.int("id")?, hash == row.bytes("content_hash")?);
        }
    }
}

fn note_changed(report: &mut CheckReport, what: &str, id: i64, same: bool) {
    if !same {
        let detail = "was changed after it was written".into();
        report.breaches.push(Breach { invariant: 11, object: format!("{what}:{id}"), detail });
    }
}

/// Computes the chain of blocks again.
async fn check_blocks(conn: &mut Conn<'_>, key: &ServerKey, report: &mut CheckReport) -> Result<(), Error> {
    let mut expected_id = 1;
    let mut previous = Vec::new();
    loop {
        let text =
            "SELECT id, stream, previous_mac, mac, items FROM seal_block WHERE id >= $1 ORDER BY id LIMIT $2";
        let blocks = sql(text).bind(expected_id).bind(BATCH).all(conn).await?;
        if blocks.is_empty() {
            return Ok(());
        }
        for block in &blocks {
            let (id, mac) = (block.int("id")?, block.bytes("mac")?);
            let items = block_items(conn, &block.text("stream")?, id).await?;
            let own = block_macs(key, id, &previous, &block.text("stream")?, &items);
            let whole = id == expected_id
                && block.bytes("previous_mac")? == previous
                && own.contains(&mac)
                && i64::try_from(items.len()).ok() == Some(block.int("items")?);
            if !whole {
                let detail = "the chain of blocks is broken here".into();
                report.breaches.push(Breach { invariant: 11, object: format!("block:{id}"), detail });
            }
            previous = mac;
            expected_id = id + 1;
        }
    }
}

async fn block_items(conn: &mut Conn<'_>, stream: &str, block: i64) -> Result<Vec<(i64, Vec<u8>)>, Error> {
    let query: Query = if stream == "entry" {
        sql("SELECT s.item_id, e.content_hash FROM sealed s JOIN entry e ON e.id = s.item_id \
             WHERE s.block_id = $1 AND s.stream = 'entry' ORDER BY s.item_id")
    } else {
        sql("SELECT s.item_id, a.content_hash FROM sealed s JOIN audit a ON a.id = s.item_id \
             WHERE s.block_id = $1 AND s.stream = 'audit' ORDER BY s.item_id")
    };
    let rows = query.bind(block).all(conn).await?;
    rows.iter().map(|row: &Row| Ok((row.int("item_id")?, row.bytes("content_hash")?))).collect()
}

/// While a server runs, nothing stays unsealed for long. Without one, the next start seals what is left.
async fn check_sealing(conn: &mut Conn<'_>, now: UtcMillis, report: &mut CheckReport) -> Result<(), Error> {
    let row = sql("SELECT (SELECT COUNT(*) FROM entry e WHERE NOT EXISTS \
                   (SELECT 1 FROM sealed s WHERE s.stream = 'entry' AND s.item_id = e.id)) \
                   + (SELECT COUNT(*) FROM audit a WHERE NOT EXISTS \
                   (SELECT 1 FROM sealed s WHERE s.stream = 'audit' AND s.item_id = a.id)) AS unsealed, \
                   (SELECT COUNT(*) FROM entry e WHERE e.created_at < $1 AND NOT EXISTS \
                   (SELECT 1 FROM sealed s WHERE s.stream = 'entry' AND s.item_id = e.id)) AS overdue, \
                   (SELECT COUNT(*) FROM lease WHERE name = 'seal' AND until > $2) AS sealers")
    .bind(now.plus_ms(-SEALED_WITHIN_MS))
    .bind(now)
    .one(conn)
    .await?;
    report.unsealed = row.int("unsealed")?;
    if row.int("overdue")? > 0 && row.int("sealers")? > 0 {
        let detail = format!("{} entries are unsealed for more than a minute", row.int("overdue")?);
        report.breaches.push(Breach { invariant: 11, object: SEAL.into(), detail });
    }
    Ok(())
}

/// While a server runs, no open purchase stays past its time for long.
async fn check_stranded(conn: &mut Conn<'_>, now: UtcMillis, report: &mut CheckReport) -> Result<(), Error> {
    let rows = sql("SELECT public_id, state FROM purchase WHERE (SELECT COUNT(*) FROM lease \
                    WHERE name = 'sweep-purchases' AND until > $1) > 0 AND ((state = 'accepted' AND send_until < $2) \
                    OR (state = 'submitting' AND lease_until < $2) \
                    OR (state IN ('pending', 'awaiting_payment', 'unknown') AND due_at < $3 AND lease_until < $3)) LIMIT $4")
    .bind(now)
    .bind(now.plus_ms(-STRANDED_AFTER_MS))
    .bind(now.plus_ms(-6 * STRANDED_AFTER_MS))
    .bind(LISTED_MOST)
    .all(conn)
    .await?;
    for row in rows {
        let detail = format!("is {} and nobody goes on with it", row.text("state")?);
        let object = format!("purchase:{}", row.text("public_id")?);
        report.breaches.push(Breach { invariant: 7, object, detail });
    }
    check_waiting_topups(conn, now, report).await
}

/// While a server runs, no top-up waits past its time, nor for a gateway that nobody asks.
async fn check_waiting_topups(
    conn: &mut Conn<'_>,
    now: UtcMillis,
    report: &mut CheckReport,
) -> Result<(), Error> {
    let rows = sql("SELECT t.public_id, t.state FROM topup t WHERE (SELECT COUNT(*) FROM lease \
                    WHERE name = 'sweep-topups' AND until > $1) > 0 AND t.state IN ('creating', 'pending') \
                    AND (t.expires_at < $2 OR (t.gateway IS NOT NULL AND t.created_at < $2 AND NOT EXISTS \
                    (SELECT 1 FROM charge c WHERE c.topup_id = t.id AND c.due_at > 0))) LIMIT $3")
    .bind(now)
    .bind(now.plus_ms(-2 * STRANDED_AFTER_MS))
    .bind(LISTED_MOST)
    .all(conn)
    .await?;
    for row in rows {
        let detail = format!("is {} and nobody goes on with it", row.text("state")?);
        let object = format!("topup:{}", row.text("public_id")?);
        report.breaches.push(Breach { invariant: 7, object, detail });
    }
    Ok(())
}
