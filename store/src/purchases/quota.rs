//! Where no gateway can be asked what became of an order, the number itself may show it: what it had before the order
//! left, beside what it has now.

use domain::{AttemptState, PublicId, PurchaseState, Quota, SECOND_MS, UtcMillis, has_got_exactly};

use super::state::{Current, deliver, lock, set_state, wait, want_quota};
use super::{CLOCK_SKEW_MS, EXCHANGE_MOST_MS};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;

/// How often the number is looked at again: as often as the contract asks about an order, for ten minutes.
const LOOK_EVERY_MS: i64 = 30 * SECOND_MS;
const LOOKS_MOST: i64 = 20;
/// The note of a step that rests on the number's quota.
const SHOWN: &str = "shown_by_quota";

/// Compares what a number has with what it had before the order left. An exact increase settles the purchase; its absence
/// settles nothing: it is looked at again, and in the end a human decides, with both lists before them.
#[derive(Clone, Debug)]
pub struct CompareQuota {
    /// The purchase.
    pub purchase: PublicId,
    /// The attempt's row.
    pub attempt: i64,
    /// The claim's fencing token.
    pub token: i64,
}

struct Looks {
    before: Option<String>,
    after: Option<String>,
    /// The later look was taken when the order could no longer be on its way.
    is_fresh: bool,
    /// What the gateway's list calls what was bought.
    bought: Option<String>,
}

impl Operation for CompareQuota {
    type Output = PurchaseState;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<PurchaseState, Error> {
        let current = lock(tx, &self.purchase).await?;
        let Some(account) = current.xl_account else { return Ok(current.state) };
        if current.lease_token != self.token || !current.state.is_asked_about() {
            return Ok(current.state);
        }
        sql("UPDATE attempt SET query_until = 0 WHERE id = $1")
            .bind(self.attempt)
            .execute(&mut tx.conn)
            .await?;
        let looks = self.looks(tx, account).await?;
        if looks.is_fresh && looks.show_delivery(tx.now)? {
            self.keep(tx, &looks, "exactly what was bought has come").await?;
            sql("UPDATE attempt SET state = $1, updated_at = $2 WHERE id = $3")
                .bind(AttemptState::Succeeded.as_str())
                .bind(tx.now)
                .bind(self.attempt)
                .execute(&mut tx.conn)
                .await?;
            return deliver(tx, &current, None, SHOWN, None).await;
        }
        if current.asked >= LOOKS_MOST || looks.before.is_none() {
            return self.to_review(tx, &current, &looks).await;
        }
        want_quota(tx, account).await?;
        wait(tx, &current, current.state, LOOK_EVERY_MS).await
    }
}

impl CompareQuota {
    async fn looks(&self, tx: &mut Tx<'_>, account: i64) -> Result<Looks, Error> {
        let row = sql("SELECT a.quota_before, a.send_by, x.quota, x.quota_at, o.name FROM attempt a \
                       JOIN purchase p ON p.id = a.purchase_id LEFT JOIN xl_account x ON x.id = $1 \
                       LEFT JOIN offer o ON o.gateway = a.gateway AND o.sku = COALESCE(a.sku, p.sku) WHERE a.id = $2")
        .bind(account)
        .bind(self.attempt)
        .one(&mut tx.conn)
        .await?;
        let over = row.time("send_by")?.plus_ms(EXCHANGE_MOST_MS + CLOCK_SKEW_MS);
        Ok(Looks {
            before: row.opt_text("quota_before")?,
            after: row.opt_text("quota")?,
            is_fresh: row.opt_int("quota_at")?.is_some_and(|at| at > over.0),
            bought: row.opt_text("name")?,
        })
    }

    async fn to_review(
        &self,
        tx: &mut Tx<'_>,
        current: &Current,
        looks: &Looks,
    ) -> Result<PurchaseState, Error> {
        self.keep(tx, looks, "the number does not show it").await?;
        set_state(tx, current, PurchaseState::Review, current.hold, "cannot_ask", None).await?;
        Ok(PurchaseState::Review)
    }

    /// Both looks, for who has to decide.
    async fn keep(&self, tx: &mut Tx<'_>, looks: &Looks, note: &str) -> Result<(), Error> {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "null".to_owned());
        let body = format!("{{\"before\":{},\"after\":{}}}", or_none(&looks.before), or_none(&looks.after));
        sql("INSERT INTO gateway_message (attempt_id, at, kind, ask, http_status, code, body, note) \
             VALUES ($1, $2, 'quota', NULL, NULL, NULL, $3, $4)")
        .bind(self.attempt)
        .bind(tx.now)
        .bind(body)
        .bind(note)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
    }
}

impl Looks {
    fn show_delivery(&self, now: UtcMillis) -> Result<bool, Error> {
        let read = |text: &Option<String>| -> Result<Option<Vec<Quota>>, Error> {
            text.as_deref().map(serde_json::from_str).transpose().map_err(Error::corrupt)
        };
        let (Some(before), Some(after), Some(bought)) =
            (read(&self.before)?, read(&self.after)?, self.bought.as_deref())
        else {
            return Ok(false);
        };
        Ok(has_got_exactly(&before, &after, bought, now))
    }
}
