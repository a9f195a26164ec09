//! Work for the senders. Each claim raises the purchase's lease token; every later write of that worker names it.

use std::sync::Arc;

use domain::{AttemptState, Msisdn, Payment, PublicId, PurchaseState, Rupiah, UtcMillis};

use super::choose::next_route;
use super::{ASK_WITHIN_MS, CLOCK_SKEW_MS, EXCHANGE_MOST_MS, START_WITHIN_MS, Step, step};
use crate::crash;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::xl_accounts::{needs_sign_in, session_token};

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
    /// How the number's owner pays, where it is not the shop's deposit that pays.
    pub payment: Option<Payment>,
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
#[derive(Clone)]
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
    /// The token of the number's session, where it is bought in one.
    pub session: Option<String>,
    /// Not a byte may go out after this.
    pub send_by: UtcMillis,
}

/// Without what opens the session.
impl std::fmt::Debug for SendJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SendJob")
            .field("purchase", &self.purchase)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// What can be sent. What is bought in a session waits until the session holds and the number's quota has been read: it may
/// be all that tells later what became of the order. In a restored shop nothing is.
macro_rules! ready {
    () => {
        "state = 'accepted' AND due_at <= $1 AND send_until > $1 AND (xl_account IS NULL OR EXISTS (SELECT 1 FROM xl_account a \
         WHERE a.id = purchase.xl_account AND a.state = 'active' AND a.quota_at >= purchase.created_at \
         AND a.expires_at > $4 AND a.renew_at > $1 AND a.lease_until <= $1)) \
         AND NOT EXISTS (SELECT 1 FROM restoration r WHERE r.ended_at IS NULL) ORDER BY due_at, id LIMIT $2"
    };
}
macro_rules! claimed {
    ($p:literal) => {
        concat!(
            "RETURNING ",
            $p,
            "id, ",
            $p,
            "public_id, ",
            $p,
            "package_id, ",
            $p,
            "gateway, ",
            $p,
            "sku, ",
            $p,
            "route, ",
            $p,
            "msisdn, ",
            $p,
            "max_price, ",
            $p,
            "method, ",
            $p,
            "wallet, ",
            $p,
            "xl_account, ",
            $p,
            "attempts, ",
            $p,
            "lease_token"
        )
    };
}

impl Operation for ClaimSends {
    type Output = Vec<SendJob>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<SendJob>, Error> {
        let send_by = tx.now.plus_ms(START_WITHIN_MS);
        // Nothing is concluded about an order before its worker can no longer be sending it.
        let lease_until = send_by.plus_ms(EXCHANGE_MOST_MS + CLOCK_SKEW_MS);
        let text = if tx.is_postgres() {
            concat!(
                "WITH c AS MATERIALIZED (SELECT id FROM purchase WHERE ",
                ready!(),
                " FOR UPDATE SKIP LOCKED) UPDATE purchase AS p SET state = 'submitting', state_at = $1, \
                 lease_token = lease_token + 1, lease_until = $3, attempts = attempts + 1 FROM c WHERE p.id = c.id ",
                claimed!("p.")
            )
        } else {
            concat!(
                "UPDATE purchase SET state = 'submitting', state_at = $1, lease_token = lease_token + 1, lease_until = $3, \
                 attempts = attempts + 1 WHERE id IN (SELECT id FROM purchase WHERE ",
                ready!(),
                ") ",
                claimed!("")
            )
        };
        let rows = sql(text)
            .bind(tx.now)
            .bind(self.limit)
            .bind(lease_until)
            // A session that is about to end is renewed first.
            .bind(tx.now.plus_ms(START_WITHIN_MS + CLOCK_SKEW_MS))
            .all(&mut tx.conn)
            .await?;
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
            payment: payment_of(row)?,
        };
        let session = session_of(tx, row).await?;
        let written = (self.write_order)(&order).filter(|_| {
            session.is_some() || order.payment.as_ref().is_none_or(|payment| !payment.needs_session)
        });
        let Some(WrittenOrder { request, account }) = written else {
            give_back(tx, row).await?;
            return Ok(None);
        };
        let (session, quota_before) = session.unzip();
        let attempt = sql(
            "INSERT INTO attempt (purchase_id, n, gateway, account, client_ref, request, state, send_by, \
                           query_until, created_at, updated_at, quota_before, sku) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9, $10, $11) RETURNING id",
        )
        .bind(row_id)
        .bind(n)
        .bind(&order.gateway)
        .bind(&account)
        .bind(&order.client_ref)
        .bind(&request)
        .bind(AttemptState::Submitting.as_str())
        .bind(send_by)
        .bind(tx.now)
        .bind(quota_before.flatten())
        .bind(&order.sku)
        .one(&mut tx.conn)
        .await?
        .int("id")?;
        let from = Some(PurchaseState::Accepted);
        step(tx, row_id, &id, Step { from, to: PurchaseState::Submitting, note: "", actor: None }).await?;
        let token = row.int("lease_token")?;
        let gateway = order.gateway;
        Ok(Some(SendJob { purchase: id, attempt, token, gateway, account, request, session, send_by }))
    }
}

fn payment_of(row: &Row) -> Result<Option<Payment>, Error> {
    let Some(method) = row.opt_text("method")? else { return Ok(None) };
    let wallet = row.opt_text("wallet")?.map(|wallet| wallet.parse()).transpose();
    Ok(Some(Payment {
        method: method.parse().map_err(|_| Error::corrupt("a payment method"))?,
        wallet: wallet.map_err(|_| Error::corrupt("a wallet's number"))?,
        needs_session: row.opt_int("xl_account")?.is_some(),
    }))
}

/// The session's token, and what the number has now. A token that does not open, such as after a key was lost, is its
/// owner's to make anew; the other purchases go on.
async fn session_of(tx: &mut Tx<'_>, row: &Row) -> Result<Option<(String, Option<String>)>, Error> {
    let Some(account) = row.opt_int("xl_account")? else { return Ok(None) };
    let account = sql("SELECT public_id, token, quota FROM xl_account WHERE id = $1")
        .bind(account)
        .one(&mut tx.conn)
        .await?;
    match session_token(tx, &account) {
        Ok(token) => Ok(Some((token, account.opt_text("quota")?))),
        Err(error) => {
            needs_sign_in(tx, &account, &error).await?;
            Ok(None)
        }
    }
}

/// There is no such gateway here. Another of the package's may do, or another process; else it is given up in the end.
async fn give_back(tx: &mut Tx<'_>, row: &Row) -> Result<(), Error> {
    let other = match row.opt_text("method")? {
        None => next_route(tx, row.int("package_id")?, row.int("route")?, row.rupiah("max_price")?).await?,
        Some(_) => None,
    };
    let (due_at, route) = match other {
        Some(route) => (tx.now, route),
        None => {
            (tx.now.plus_ms(domain::MINUTE_MS), (row.int("route")?, row.text("gateway")?, row.text("sku")?))
        }
    };
    sql("UPDATE purchase SET state = 'accepted', attempts = attempts - 1, due_at = $1, route = $2, gateway = $3, sku = $4 \
         WHERE id = $5")
    .bind(due_at)
    .bind(route.0)
    .bind(route.1)
    .bind(route.2)
    .bind(row.int("id")?)
    .execute(&mut tx.conn)
    .await
    .map(|_| ())
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
    /// The gateway's own id of it, where it is known.
    pub provider_id: Option<String>,
    /// Whether the number's quota may tell what nobody can be asked.
    pub in_session: bool,
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
             AND due_at <= $1 AND lease_until <= $1 AND created_at > $4 \
             AND NOT EXISTS (SELECT 1 FROM restoration r WHERE r.ended_at IS NULL) ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) \
             UPDATE purchase AS p SET lease_token = lease_token + 1, lease_until = $3, asked = asked + 1 FROM c \
             WHERE p.id = c.id RETURNING p.id, p.public_id, p.xl_account, p.attempts, p.lease_token"
        } else {
            "UPDATE purchase SET lease_token = lease_token + 1, lease_until = $3, asked = asked + 1 \
             WHERE id IN (SELECT id FROM purchase WHERE state IN ('pending', 'awaiting_payment', 'unknown') \
             AND due_at <= $1 AND lease_until <= $1 AND created_at > $4 \
             AND NOT EXISTS (SELECT 1 FROM restoration r WHERE r.ended_at IS NULL) ORDER BY due_at, id LIMIT $2) \
             RETURNING id, public_id, xl_account, attempts, lease_token"
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
                "UPDATE attempt SET query_until = $1 WHERE purchase_id = $2 AND n = $3 RETURNING id, gateway, request, account, \
                 provider_id",
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
                gateway: attempt.text("gateway")?,
                account: attempt.text("account")?,
                request: attempt.text("request")?,
                provider_id: attempt.opt_text("provider_id")?,
                in_session: row.opt_int("xl_account")?.is_some(),
                send_by,
            });
        }
        crash::point("query-claimed");
        Ok(jobs)
    }
}
