use domain::{AlarmKind, PublicId, Refusal, Role};

use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::gateways::open_alarm;
use crate::ledger::audit;
use crate::model::UserId;
use crate::news::News;

/// A notification with a good signature speaks of an order: it is asked about at once. Whether there is such an order; for
/// one that is none of ours an alarm is opened.
#[derive(Clone, Debug)]
pub struct HintCharge {
    /// Who told.
    pub gateway: String,
    /// Of which order.
    pub order_id: String,
}

/// The longest order id that is shown in an alarm.
const SHOWN_MOST_CHARS: usize = 60;

impl Operation for HintCharge {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        if hint(tx, &self.gateway, &self.order_id).await? {
            return Ok(true);
        }
        let order: String =
            self.order_id.chars().filter(|c| !c.is_control()).take(SHOWN_MOST_CHARS).collect();
        open_alarm(tx, AlarmKind::PayOrderUnknown, &format!("{} {order}", self.gateway), "").await?;
        Ok(false)
    }
}

async fn hint(tx: &mut Tx<'_>, gateway: &str, order_id: &str) -> Result<bool, Error> {
    let known = sql("UPDATE charge SET hints = hints + 1, due_at = $1 WHERE order_id = $2 AND gateway = $3")
        .bind(tx.now)
        .bind(order_id)
        .bind(gateway)
        .execute(&mut tx.conn)
        .await?;
    if known > 0 {
        tx.news.push(News::Work);
    }
    Ok(known > 0)
}

/// An admin has a stored notification, or an order, looked at once more.
#[derive(Clone, Debug)]
pub struct AskAgain {
    /// Who.
    pub admin: UserId,
    /// About what.
    pub what: AskAbout,
}

/// What an admin wants to be asked about.
#[derive(Clone, Debug)]
pub enum AskAbout {
    /// The order of a stored notification, by its place in the log.
    Webhook(i64),
    /// All orders of a top-up.
    Topup(PublicId),
}

impl Operation for AskAgain {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let object = match &self.what {
            AskAbout::Webhook(id) => {
                // One that was not believed stays so, however often it is delivered.
                let call = sql(
                    "SELECT gateway, client_ref FROM webhook_call WHERE id = $1 AND client_ref IS NOT NULL \
                                AND outcome IN ('recorded', 'unknown')",
                )
                .bind(*id)
                .optional(&mut tx.conn)
                .await?;
                let call = call.ok_or(Refusal::StateChanged)?;
                let gateway = call.text("gateway")?;
                let gateway = gateway.strip_prefix(WEBHOOK_PREFIX).ok_or(Refusal::StateChanged)?.to_owned();
                if !hint(tx, &gateway, &call.text("client_ref")?).await? {
                    return Err(Refusal::NotFound.into());
                }
                sql("UPDATE webhook_call SET outcome = 'recorded' WHERE id = $1")
                    .bind(*id)
                    .execute(&mut tx.conn)
                    .await?;
                format!("webhook:{id}")
            }
            AskAbout::Topup(id) => {
                let asked =
                    sql("UPDATE charge SET hints = hints + 1, due_at = $1 WHERE charged_at IS NOT NULL \
                                 AND topup_id = (SELECT id FROM topup WHERE public_id = $2)")
                    .bind(tx.now)
                    .bind(id)
                    .execute(&mut tx.conn)
                    .await?;
                if asked == 0 {
                    return Err(Refusal::NotFound.into());
                }
                tx.news.push(News::Work);
                format!("topup:{}", id.as_str())
            }
        };
        audit(tx, Some(self.admin), "ask_again", &object, "").await
    }
}

/// Notifications of payment gateways stand in the log of webhooks under `pay:` and the gateway's name: an XL gateway may
/// have the same.
pub const WEBHOOK_PREFIX: &str = "pay:";
