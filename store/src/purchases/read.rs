use domain::{FailReason, MINUTE_MS, Msisdn, PublicId, PurchaseState, Refusal, UtcMillis};

use super::state::action_of;
use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;
use crate::model::{
    GatewayMessage, OwnerPayment, Page, Purchase, PurchaseDetail, PurchaseStep, UserId, Viewer,
};
use crate::shop::page_of;

/// Which purchases to list.
#[derive(Clone, Debug, Default)]
pub struct PurchaseFilter {
    /// Only of this buyer.
    pub buyer: Option<UserId>,
    /// Digits of the number, or the purchase's id; empty for all.
    pub q: String,
    /// Only in this state.
    pub state: Option<PurchaseState>,
    /// Accepted at or after.
    pub from: Option<UtcMillis>,
    /// Accepted before.
    pub to: Option<UtcMillis>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Purchases on a page, 1 to 100.
    pub limit: i64,
}

/// How long a purchase may be in a state before a human should look.
const STUCK_AFTER_MS: [(PurchaseState, i64); 6] = [
    (PurchaseState::Review, 0),
    (PurchaseState::Unknown, 0),
    (PurchaseState::Accepted, 30 * MINUTE_MS),
    (PurchaseState::Submitting, 5 * MINUTE_MS),
    (PurchaseState::Pending, 30 * MINUTE_MS),
    (PurchaseState::AwaitingPayment, 60 * MINUTE_MS),
];
/// Most of each state in one list.
const STUCK_MOST: i64 = 50;

macro_rules! columns {
    () => {
        "SELECT p.id AS row_id, p.public_id, p.package_name, p.quota, p.validity_days, p.msisdn, p.price, p.state, p.hold, \
         p.fail_reason, p.serial_number, p.balance_after, p.cost, p.created_at, p.state_at, u.username, p.method, p.owner_price, p.action, \
         k.public_id AS package_public_id \
         FROM purchase p JOIN users u ON u.id = p.user_id JOIN package k ON k.id = p.package_id "
    };
}

macro_rules! filters {
    () => {
        "(CAST($2 AS TEXT) IS NULL OR p.state = $2) AND (CAST($3 AS BIGINT) IS NULL OR p.created_at >= $3) \
         AND (CAST($4 AS BIGINT) IS NULL OR p.created_at < $4) \
         AND ($5 = '' OR '0' || SUBSTR(p.msisdn, 3) LIKE '%' || $5 || '%' OR p.public_id = $6) \
         AND (CAST($7 AS TEXT) IS NULL OR p.id < (SELECT id FROM purchase WHERE public_id = $7)) \
         ORDER BY p.id DESC LIMIT $8"
    };
}

impl Store {
    /// A page of purchases, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn purchases(&self, filter: PurchaseFilter) -> Result<Page<Purchase>, Error> {
        let limit = filter.limit.clamp(1, 100);
        // One text for an owner, who has an index of their own, and one for admins.
        let query = match filter.buyer {
            Some(buyer) => sql(concat!(columns!(), "WHERE p.user_id = $1 AND ", filters!())).bind(buyer),
            None => sql(concat!(columns!(), "WHERE CAST($1 AS BIGINT) IS NULL AND ", filters!()))
                .bind(None::<i64>),
        };
        let digits = search_digits(&filter.q);
        let id = filter.q.trim().parse::<PublicId>().ok();
        let rows = self
            .db()
            .all(
                query
                    .bind(filter.state.map(PurchaseState::as_str))
                    .bind(filter.from)
                    .bind(filter.to)
                    .bind(if digits.is_empty() && !filter.q.trim().is_empty() {
                        "-".to_owned()
                    } else {
                        digits
                    })
                    .bind(id.as_ref().map_or("", PublicId::as_str))
                    .bind(filter.after)
                    .bind(limit + 1),
            )
            .await?;
        page_of(&rows, limit, purchase_of, |purchase| purchase.id.as_str().to_owned())
    }

    /// Purchases that a human should look at, those that have waited longest first: to be decided, not certain, or stuck
    /// where they should be for moments only.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn stuck_purchases(&self) -> Result<Vec<Purchase>, Error> {
        let mut stuck = Vec::new();
        for (state, patience_ms) in STUCK_AFTER_MS {
            let text = concat!(columns!(), "WHERE p.state = $1 AND p.state_at <= $2 ORDER BY p.id LIMIT $3");
            let query =
                sql(text).bind(state.as_str()).bind(self.now().plus_ms(-patience_ms)).bind(STUCK_MOST);
            for row in self.db().all(query).await? {
                stuck.push(purchase_of(&row)?);
            }
        }
        stuck.sort_by_key(|purchase| (purchase.state != PurchaseState::Review, purchase.state_at));
        Ok(stuck)
    }

    /// A purchase with its story.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is none, or it is not the viewer's.
    pub async fn purchase(&self, id: &PublicId, viewer: Viewer) -> Result<PurchaseDetail, Error> {
        let owner = match viewer {
            Viewer::Owner(user) => Some(user.0),
            Viewer::Admin => None,
        };
        let text =
            concat!(columns!(), "WHERE p.public_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR p.user_id = $2)");
        let row = self.db().optional(sql(text).bind(id).bind(owner)).await?;
        let Some(row) = row else {
            return Err(Refusal::NotFound.into());
        };
        let row_id = row.int("row_id")?;
        let steps = self
            .db()
            .all(
                sql(
                    "SELECT s.at, s.from_state, s.to_state, s.note, u.username AS actor FROM purchase_step s \
                     LEFT JOIN users u ON u.id = s.actor WHERE s.purchase_id = $1 ORDER BY s.n LIMIT 200",
                )
                .bind(row_id),
            )
            .await?;
        let messages = match viewer {
            Viewer::Owner(_) => Vec::new(),
            Viewer::Admin => self.gateway_messages(row_id).await?,
        };
        Ok(PurchaseDetail {
            purchase: purchase_of(&row)?,
            steps: steps.iter().map(step_of).collect::<Result<_, _>>()?,
            messages,
        })
    }

    async fn gateway_messages(&self, purchase_row: i64) -> Result<Vec<GatewayMessage>, Error> {
        let rows = self
            .db()
            .all(
                sql("SELECT m.at, a.n, m.kind, m.ask, m.http_status, m.code, m.body, m.note FROM gateway_message m \
                     JOIN attempt a ON a.id = m.attempt_id WHERE a.purchase_id = $1 ORDER BY m.id LIMIT 200")
                .bind(purchase_row),
            )
            .await?;
        rows.iter().map(message_of).collect()
    }
}

/// An attempt, as news about it find it.
#[derive(Clone, Debug)]
pub struct AttemptRef {
    /// Its row.
    pub row: i64,
    /// Its purchase.
    pub purchase: PublicId,
    /// The package's code at the gateway.
    pub sku: String,
    /// For which number.
    pub msisdn: Msisdn,
}

impl Store {
    /// The attempt with this reference of ours at a gateway.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn attempt_by_ref(&self, gateway: &str, client_ref: &str) -> Result<Option<AttemptRef>, Error> {
        let text = "SELECT a.id, p.public_id, COALESCE(a.sku, p.sku) AS sku, p.msisdn FROM attempt a JOIN purchase p ON p.id = a.purchase_id \
                    WHERE a.client_ref = $1 AND a.gateway = $2";
        let Some(row) = self.db().optional(sql(text).bind(client_ref).bind(gateway)).await? else {
            return Ok(None);
        };
        Ok(Some(AttemptRef {
            row: row.int("id")?,
            purchase: row.word("public_id")?,
            sku: row.text("sku")?,
            msisdn: row.word("msisdn")?,
        }))
    }
}

/// The digits of a search, in the 08 form: a number from its start, or any part of one. Empty when it is no number.
pub(crate) fn search_digits(q: &str) -> String {
    let typed = q.trim();
    if !typed.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')')) {
        return String::new();
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    // Every mobile number goes on with an 8; other digits after 62 are just a part of some number.
    digits.strip_prefix("628").map_or(digits.clone(), |rest| format!("08{rest}"))
}

pub(crate) fn purchase_of(row: &Row) -> Result<Purchase, Error> {
    Ok(Purchase {
        id: row.word("public_id")?,
        package_name: row.text("package_name")?,
        quota: row.text("quota")?,
        validity_days: row.int("validity_days")?,
        msisdn: row.word("msisdn")?,
        price: row.rupiah("price")?,
        state: row.word("state")?,
        hold: row.word("hold")?,
        fail_reason: row.opt_text("fail_reason")?.as_deref().and_then(FailReason::from_word),
        serial_number: row.opt_text("serial_number")?,
        balance_after: row.rupiah("balance_after")?,
        cost: row.opt_int("cost")?.map(domain::Rupiah::new),
        created_at: row.time("created_at")?,
        state_at: row.time("state_at")?,
        buyer: row.text("username")?,
        package: row.word("package_public_id")?,
        owner: owner_payment(row)?,
    })
}

fn owner_payment(row: &Row) -> Result<Option<OwnerPayment>, Error> {
    let Some(method) = row.opt_text("method")? else { return Ok(None) };
    let method = method.parse().map_err(|_| Error::corrupt("a payment method"))?;
    Ok(Some(OwnerPayment { method, price: row.rupiah("owner_price")?, action: action_of(row)? }))
}

fn step_of(row: &Row) -> Result<PurchaseStep, Error> {
    let from = match row.opt_text("from_state")? {
        Some(word) => Some(word.parse().map_err(|_| Error::corrupt("a step from nowhere"))?),
        None => None,
    };
    Ok(PurchaseStep {
        at: row.time("at")?,
        from,
        to: row.word("to_state")?,
        note: row.text("note")?,
        actor: row.opt_text("actor")?,
    })
}

fn message_of(row: &Row) -> Result<GatewayMessage, Error> {
    Ok(GatewayMessage {
        at: row.time("at")?,
        attempt: row.int("n")?,
        kind: row.text("kind")?,
        ask: row.opt_text("ask")?.and_then(|word| word.parse().ok()),
        http_status: row.opt_int("http_status")?,
        code: row.opt_text("code")?,
        body: row.text("body")?,
        note: row.text("note")?,
    })
}
