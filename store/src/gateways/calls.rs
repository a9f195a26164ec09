use domain::{UtcMillis, WebhookOutcome};

use crate::Store;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::model::Page;
use crate::shop::page_of;

/// Keeps a webhook for a year, believed or not.
#[derive(Clone, Debug)]
pub struct KeepWebhook {
    /// Who called, as its address says.
    pub gateway: String,
    /// The provider's id of the delivery.
    pub delivery_id: Option<String>,
    /// The order it speaks of.
    pub client_ref: Option<String>,
    /// What became of it.
    pub outcome: WebhookOutcome,
    /// What it said; the beginning of it when nobody knows who said it.
    pub body: String,
}

/// A webhook that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookCall {
    /// Its place in the log.
    pub id: i64,
    /// Who called.
    pub gateway: String,
    /// When.
    pub at: UtcMillis,
    /// The provider's id of the delivery.
    pub delivery_id: Option<String>,
    /// The order it speaks of.
    pub client_ref: Option<String>,
    /// What became of it.
    pub outcome: WebhookOutcome,
    /// What it said.
    pub body: String,
}

impl Operation for KeepWebhook {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql("INSERT INTO webhook_call (gateway, at, delivery_id, client_ref, outcome, body) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(&self.gateway)
            .bind(tx.now)
            .bind(self.delivery_id.as_deref())
            .bind(self.client_ref.as_deref())
            .bind(self.outcome.as_str())
            .bind(&self.body)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }
}

impl Store {
    /// The webhooks that came, newest first, `limit` at a time; `after` is the row that the page before ended with.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn webhook_calls(&self, after: Option<String>, limit: i64) -> Result<Page<WebhookCall>, Error> {
        let before = after.and_then(|id| id.parse::<i64>().ok());
        let query = sql("SELECT id, gateway, at, delivery_id, client_ref, outcome, body FROM webhook_call \
                         WHERE CAST($1 AS BIGINT) IS NULL OR id < $1 ORDER BY id DESC LIMIT $2")
        .bind(before)
        .bind(limit + 1);
        page_of(&self.db().all(query).await?, limit, call, |call| call.id.to_string())
    }
}

fn call(row: &Row) -> Result<WebhookCall, Error> {
    Ok(WebhookCall {
        id: row.int("id")?,
        gateway: row.text("gateway")?,
        at: row.time("at")?,
        delivery_id: row.opt_text("delivery_id")?,
        client_ref: row.opt_text("client_ref")?,
        outcome: row.word("outcome")?,
        body: row.text("body")?,
    })
}
