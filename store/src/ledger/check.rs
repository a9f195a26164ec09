//! Whether the books hold what they promise. Reads one snapshot; changes nothing.

use domain::{HoldState, MINUTE_MS, PurchaseState, UtcMillis};
use serde::Serialize;
use sqlx::Connection;

use super::entry::content_hash;
use super::seal::{audit_hash, block_mac};
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

/// Queries whose every row is a breach: `object` and `detail` tell what it is. `$1` limits them.
const RULES: &[(u8, &str)] = &[
    (
        1,
        "SELECT 'entry:' || e.id AS object, 'postings sum to ' || COALESCE(SUM(p.amount), 0) || ', lines: ' || COUNT(p.line) AS detail \
         FROM entry e LEFT JOIN posting p ON p.entry_id = e.id GROUP BY e.id \
         HAVING COALESCE(SUM(p.amount), 0) <> 0 OR COUNT(p.line) < 2 LIMIT $1",
    ),
    (
        1,
        "SELECT 'books' AS object, 'all accounts sum to ' || SUM(amount) AS detail FROM posting HAVING SUM(amount) <> 0 LIMIT $1",
    ),
    (
        2,
        "SELECT 'user:' || user_id AS object, 'available ' || available || ', held ' || held AS detail FROM wallet \
         WHERE available < 0 OR held < 0 LIMIT $1",
    ),
    (
        3,
        "SELECT 'user:' || w.user_id AS object, 'available ' || w.available || ' held ' || w.held || ' are not the postings' AS detail \
         FROM wallet w LEFT JOIN (SELECT user_id, SUM(CASE WHEN account = 'available' THEN amount ELSE 0 END) AS available, \
         SUM(CASE WHEN account = 'held' THEN amount ELSE 0 END) AS held, \
         SUM(CASE WHEN account = 'receivable' THEN amount ELSE 0 END) AS receivable \
         FROM posting WHERE user_id IS NOT NULL GROUP BY user_id) s ON s.user_id = w.user_id \
         WHERE w.available <> COALESCE(s.available, 0) OR w.held <> COALESCE(s.held, 0) \
         OR w.receivable <> COALESCE(s.receivable, 0) LIMIT $1",
    ),
    (
        3,
        "SELECT 'user:' || w.user_id AS object, 'the last running balance is not the balance' AS detail FROM wallet w \
         JOIN posting p ON p.user_id = w.user_id AND p.account = 'available' AND p.entry_id = \
         (SELECT MAX(q.entry_id) FROM posting q WHERE q.user_id = w.user_id AND q.account = 'available') \
         WHERE p.balance_after IS NULL OR p.balance_after <> w.available LIMIT $1",
    ),
    (
        5,
        "SELECT 'idempotency:' || i.key AS object, 'names no ' || i.operation AS detail FROM idempotency i \
         WHERE (i.operation = 'purchase' AND NOT EXISTS (SELECT 1 FROM purchase p WHERE p.public_id = i.result AND p.user_id = i.user_id)) \
         OR (i.operation = 'topup' AND NOT EXISTS (SELECT 1 FROM topup t WHERE t.public_id = i.result AND t.user_id = i.user_id)) LIMIT $1",
    ),
    (
        6,
        "SELECT 'purchase:' || p.public_id AS object, COUNT(*) || ' attempts may have made an order' AS detail \
         FROM attempt a JOIN purchase p ON p.id = a.purchase_id WHERE a.state <> 'no_order' GROUP BY p.public_id \
         HAVING COUNT(*) > 1 LIMIT $1",
    ),
    (
        7,
        "SELECT 'purchase:' || public_id AS object, 'is ' || state || ' without a time to go on' AS detail FROM purchase \
         WHERE (state IN ('accepted', 'pending', 'awaiting_payment', 'unknown') AND due_at <= 0) \
         OR (state = 'submitting' AND lease_until <= 0) LIMIT $1",
    ),
    (
        8,
        "SELECT 'purchase:' || p.public_id AS object, 'paid back, but an attempt succeeded' AS detail FROM purchase p \
         JOIN attempt a ON a.purchase_id = p.id WHERE p.state = 'failed' AND a.state = 'succeeded' \
         AND NOT EXISTS (SELECT 1 FROM purchase_step s WHERE s.purchase_id = p.id AND s.note = 'late_success') LIMIT $1",
    ),
    (
        9,
        "SELECT 'topup:' || t.public_id AS object, 'is ' || t.state || ' with ' || COUNT(e.id) || ' credits' AS detail FROM topup t \
         LEFT JOIN payment y ON y.topup_id = t.id LEFT JOIN entry e ON e.kind = 'credit' AND e.reference = y.entry_reference \
         GROUP BY t.public_id, t.state HAVING COUNT(e.id) <> (CASE WHEN t.state = 'credited' THEN 1 ELSE 0 END) LIMIT $1",
    ),
    (
        9,
        "SELECT 'payment:' || y.id AS object, 'the credit is not the amount that came' AS detail FROM payment y \
         JOIN entry e ON e.kind = 'credit' AND e.reference = y.entry_reference \
         WHERE y.amount <> (SELECT SUM(p.amount) FROM posting p WHERE p.entry_id = e.id AND p.user_id IS NOT NULL) LIMIT $1",
    ),
    (
        9,
        "SELECT 'entry:' || e.id AS object, 'credits no payment' AS detail FROM entry e WHERE e.kind = 'credit' \
         AND NOT EXISTS (SELECT 1 FROM payment y WHERE y.entry_reference = e.reference) LIMIT $1",
    ),
    (
        12,
        "SELECT 'purchase:' || p.public_id AS object, 'state ' || p.state || ' does not go with hold ' || p.hold AS detail \
          FROM purchase p WHERE (p.state IN ('accepted', 'submitting', 'pending', 'awaiting_payment', 'unknown') AND p.hold <> 'open') \
          OR (p.state = 'review' AND p.hold NOT IN ('open', 'released')) OR (p.state = 'succeeded' AND p.hold <> 'captured') \
          OR (p.state = 'failed' AND p.hold <> 'released') OR (p.state = 'refunded' AND p.hold <> 'refunded') LIMIT $1",
    ),
    (
        12,
        "SELECT 'user:' || w.user_id AS object, 'held ' || w.held || ' is not the sum of open holds' AS detail FROM wallet w \
          LEFT JOIN (SELECT user_id, SUM(price) AS held FROM purchase WHERE hold = 'open' GROUP BY user_id) o \
          ON o.user_id = w.user_id WHERE w.held <> COALESCE(o.held, 0) LIMIT $1",
    ),
    (
        12,
        "SELECT 'purchase:' || p.public_id AS object, 'hold ' || p.hold || ' does not go with its entries' AS detail FROM purchase p \
          LEFT JOIN entry h ON h.kind = 'hold' AND h.reference = p.public_id \
          LEFT JOIN entry c ON c.kind = 'capture' AND c.reference = p.public_id \
          LEFT JOIN entry r ON r.kind = 'release' AND r.reference = p.public_id \
          LEFT JOIN entry x ON x.kind = 'recharge' AND x.reference = p.public_id \
          WHERE h.id IS NULL OR (p.hold = 'open' AND (c.id IS NOT NULL OR r.id IS NOT NULL OR x.id IS NOT NULL)) \
          OR (p.hold = 'captured' AND NOT ((c.id IS NOT NULL AND r.id IS NULL AND x.id IS NULL) \
          OR (c.id IS NULL AND r.id IS NOT NULL AND x.id IS NOT NULL))) \
          OR (p.hold = 'released' AND (r.id IS NULL OR c.id IS NOT NULL OR x.id IS NOT NULL)) LIMIT $1",
    ),
    (
        12,
        "SELECT 'entry:' || e.id AS object, e.kind || ' is not the price of its purchase' AS detail FROM entry e \
          JOIN purchase p ON p.public_id = e.reference JOIN posting l ON l.entry_id = e.id \
          WHERE e.kind IN ('hold', 'capture', 'release', 'recharge') AND (l.amount NOT IN (p.price, -p.price) \
          OR (l.user_id IS NOT NULL AND l.user_id <> p.user_id)) LIMIT $1",
    ),
    (
        12,
        "SELECT 'entry:' || e.id AS object, e.kind || ' of no purchase' AS detail FROM entry e \
          WHERE e.kind IN ('hold', 'capture', 'release', 'recharge') \
          AND NOT EXISTS (SELECT 1 FROM purchase p WHERE p.public_id = e.reference) LIMIT $1",
    ),
    (
        12,
        "SELECT 'attempt:' || a.client_ref AS object, 'cost and entry do not agree' AS detail FROM attempt a \
          LEFT JOIN entry e ON e.kind = 'cost' AND e.reference = a.client_ref \
          WHERE (a.cost IS NULL) <> (e.id IS NULL) OR (e.id IS NOT NULL AND NOT EXISTS \
          (SELECT 1 FROM posting p WHERE p.entry_id = e.id AND p.amount = a.cost)) LIMIT $1",
    ),
];

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
    for (invariant, text) in RULES {
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
            let own = block_mac(key, id, &previous, &block.text("stream")?, &items);
            let whole = id == expected_id
                && block.bytes("previous_mac")? == previous
                && own == mac
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
        report.breaches.push(Breach { invariant: 11, object: "seal".into(), detail });
    }
    Ok(())
}
