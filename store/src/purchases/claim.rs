//! Work for the senders. Each claim raises the purchase's lease token; every later write of that worker names it.

use std::sync::Arc;

use domain::{AttemptState, Msisdn, PublicId, PurchaseState, Rupiah, UtcMillis};

use super::{ASK_WITHIN_MS, CLOCK_SKEW_MS, EXCHANGE_MOST_MS, START_WITHIN_MS, Step, step};
use crate::crash;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;

/// What a gateway's adapter needs to write an order.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// Which gateway.
    pub gateway: String,
    /// Our reference, unique for each attempt.
    pub client_ref: String,
    /// The package's code at the gateway.
    pub sku: String,
    /// For which number.
    pub msisdn: Msisdn,
    /// The most that the gateway may charge.
    pub max_price: Rupiah,
}

/// An order as it will be sent.
#[derive(Clone, Debug)]
pub struct WrittenOrder {
    /// The text.
    pub request: String,
    /// Which of the shop's accounts at the gateway it is meant for. Asked of another one, the same order would buy.
    pub account: String,
}

/// Writes an order as it will be sent; `None` when there is no such gateway. Pure: it runs inside a transaction.
pub type WriteOrder = Arc<dyn Fn(&NewOrder) -> Option<WrittenOrder> + Send + Sync>;

/// Takes accepted purchases and commits that they are about to be sent.
pub struct ClaimSends {
    /// At most so many: the worker's free slots.
    pub limit: i64,
    /// Writes the orders.
    pub write_order: WriteOrder,
}

/// An order to send now, once.
#[derive(Clone, Debug)]
pub struct SendJob {
    /// The purchase.
    pub purchase: PublicId,
    /// The attempt's row.
    pub attempt: i64,
    /// The claim's fencing token.
    pub token: i64,
    /// Which gateway.
    pub gateway: String,
    /// Which of the shop's accounts there the order is meant for.
    pub account: String,
    /// The order, as committed.
    pub request: String,
    /// Not a byte may go out after this.
    pub send_by: UtcMillis,
}

impl Operation for ClaimSends {
    type Output = Vec<SendJob>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<SendJob>, Error> {
        let send_by = tx.now.plus_ms(START_WITHIN_MS);
        // Nothing is concluded about an order before its worker can no longer be sending it.
        let lease_until = send_by.plus_ms(EXCHANGE_MOST_MS + CLOCK_SKEW_MS);
        let text = if tx.is_postgres() {
            "WITH c AS MATERIALIZED (SELECT id FROM purchase WHERE state = 'accepted' AND due_at <= $1 AND send_until > $1 \
             ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) \
             UPDATE purchase AS p SET state = 'submitting', state_at = $1, lease_token = lease_token + 1, lease_until = $3, \
             attempts = attempts + 1 FROM c WHERE p.id = c.id \
             RETURNING p.id, p.public_id, p.gateway, p.sku, p.msisdn, p.max_price, p.attempts, p.lease_token"
        } else {
            "UPDATE purchase SET state = 'submitting', state_at = $1, lease_token = lease_token + 1, lease_until = $3, \
             attempts = attempts + 1 WHERE id IN (SELECT id FROM purchase WHERE state = 'accepted' AND due_at <= $1 \
             AND send_until > $1 ORDER BY due_at, id LIMIT $2) \
             RETURNING id, public_id, gateway, sku, msisdn, max_price, attempts, lease_token"
        };
        let rows = sql(text).bind(tx.now).bind(self.limit).bind(lease_until).all(&mut tx.conn).await?;
        let mut jobs = Vec::with_capacity(rows.len());
        for row in rows {
            jobs.extend(self.begin_attempt(tx, &row, send_by).await?);
        }
        crash::point("claimed");
        Ok(jobs)
    }
}

impl ClaimSends {
    async fn begin_attempt(
        &self,
        tx: &mut Tx<'_>,
        row: &Row,
        send_by: UtcMillis,
    ) -> Result<Option<SendJob>, Error> {
        let (row_id, n) = (row.int("id")?, row.int("attempts")?);
        let id: PublicId = row.word("public_id")?;
        let order = NewOrder {
            gateway: row.text("gateway")?,
            client_ref: format!("{}-{n}", id.as_str()),
            sku: row.text("sku")?,
            msisdn: row.word("msisdn")?,
            max_price: row.rupiah("max_price")?,
        };
        let Some(WrittenOrder { request, account }) = (self.write_order)(&order) else {
            // No such gateway here: given back, for another process or until it is given up.
            sql("UPDATE purchase SET state = 'accepted', attempts = attempts - 1, due_at = $1 WHERE id = $2")
                .bind(tx.now.plus_ms(domain::MINUTE_MS))
                .bind(row_id)
                .execute(&mut tx.conn)
                .await?;
            return Ok(None);
        };
        let attempt = sql("INSERT INTO attempt (purchase_id, n, gateway, account, client_ref, request, state, send_by, \
                           query_until, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9) RETURNING id")
            .bind(row_id)
            .bind(n)
            .bind(&order.gateway)
            .bind(&account)
            .bind(&order.client_ref)
            .bind(&request)
            .bind(AttemptState::Submitting.as_str())
            .bind(send_by)
            .bind(tx.now)
            .one(&mut tx.conn)
            .await?
            .int("id")?;
        let from = Some(PurchaseState::Accepted);
        step(tx, row_id, &id, Step { from, to: PurchaseState::Submitting, note: "", actor: None }).await?;
        let token = row.int("lease_token")?;
        Ok(Some(SendJob { purchase: id, attempt, token, gateway: order.gateway, account, request, send_by }))
    }
}

/// Takes purchases whose outcome is to be asked about.
pub struct ClaimQueries {
    /// At most so many.
    pub limit: i64,
}

/// An attempt to ask about. Where asking may itself buy, the request is the stored one, byte for byte.
#[derive(Clone, Debug)]
pub struct QueryJob {
    /// The purchase.
    pub purchase: PublicId,
    /// The attempt's row.
    pub attempt: i64,
    /// The claim's fencing token.
    pub token: i64,
    /// Which gateway.
    pub gateway: String,
    /// Which of the shop's accounts there.
    pub account: String,
    /// The order, as it was sent.
    pub request: String,
    /// Not a byte may go out after this.
    pub send_by: UtcMillis,
}

impl Operation for ClaimQueries {
    type Output = Vec<QueryJob>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<QueryJob>, Error> {
        let send_by = tx.now.plus_ms(START_WITHIN_MS);
        let until = send_by.plus_ms(EXCHANGE_MOST_MS + CLOCK_SKEW_MS);
        let text = if tx.is_postgres() {
            "WITH c AS MATERIALIZED (SELECT id FROM purchase WHERE state IN ('pending', 'awaiting_payment', 'unknown') \
             AND due_at <= $1 AND lease_until <= $1 AND created_at > $4 ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) \
             UPDATE purchase AS p SET lease_token = lease_token + 1, lease_until = $3, asked = asked + 1 FROM c \
             WHERE p.id = c.id RETURNING p.id, p.public_id, p.gateway, p.attempts, p.lease_token"
        } else {
            "UPDATE purchase SET lease_token = lease_token + 1, lease_until = $3, asked = asked + 1 \
             WHERE id IN (SELECT id FROM purchase WHERE state IN ('pending', 'awaiting_payment', 'unknown') \
             AND due_at <= $1 AND lease_until <= $1 AND created_at > $4 ORDER BY due_at, id LIMIT $2) \
             RETURNING id, public_id, gateway, attempts, lease_token"
        };
        let rows = sql(text)
            .bind(tx.now)
            .bind(self.limit)
            .bind(until)
            // An older reference may be forgotten, and asking would buy.
            .bind(tx.now.plus_ms(-ASK_WITHIN_MS))
            .all(&mut tx.conn)
            .await?;
        let mut jobs = Vec::with_capacity(rows.len());
        for row in rows {
            // A query that may buy is committed before it is sent, like a send.
            let attempt = sql(
                "UPDATE attempt SET query_until = $1 WHERE purchase_id = $2 AND n = $3 RETURNING id, request, account",
            )
            .bind(until)
            .bind(row.int("id")?)
            .bind(row.int("attempts")?)
            .one(&mut tx.conn)
            .await?;
            jobs.push(QueryJob {
                purchase: row.word("public_id")?,
                attempt: attempt.int("id")?,
                token: row.int("lease_token")?,
                gateway: row.text("gateway")?,
                account: attempt.text("account")?,
                request: attempt.text("request")?,
                send_by,
            });
        }
        crash::point("query-claimed");
        Ok(jobs)
    }
}
