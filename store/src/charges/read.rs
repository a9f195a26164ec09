use domain::{ChargeState, PayTo, PublicId, Rupiah, UtcMillis};

use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;

/// An order at a payment gateway, as admins see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeView {
    /// Our id of it.
    pub order_id: String,
    /// Which gateway.
    pub gateway: String,
    /// The gateway's id of it.
    pub transaction_id: Option<String>,
    /// What the payer pays.
    pub gross: Rupiah,
    /// Where it stands.
    pub state: ChargeState,
    /// The gateway's last word, in our words.
    pub provider_state: Option<String>,
    /// Why the gateway took no order.
    pub refusal: Option<String>,
    /// What the payer needs.
    pub pay_to: Option<PayTo>,
    /// Since when.
    pub created_at: UtcMillis,
    /// What was said, oldest first.
    pub messages: Vec<ChargeMessage>,
}

/// What was said between the shop and a payment gateway, redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeMessage {
    /// When.
    pub at: UtcMillis,
    /// `charge`, `status` or `cancel`: what was asked.
    pub kind: String,
    /// HTTP status of the answer.
    pub http_status: Option<i64>,
    /// The gateway's code.
    pub code: Option<String>,
    /// The text, secrets taken out.
    pub body: String,
    /// What we made of it.
    pub note: String,
}

/// The newest messages of a charge that are shown.
const MESSAGES_MOST: i64 = 50;

impl Store {
    /// The charges of a top-up with what was said about them, oldest first. For admins.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn charges_of(&self, topup: &PublicId) -> Result<Vec<ChargeView>, Error> {
        let query = sql("SELECT c.id, c.order_id, c.gateway, c.transaction_id, c.gross, c.state, c.provider_state, c.refusal, \
                         c.pay_to, c.created_at FROM charge c JOIN topup t ON t.id = c.topup_id WHERE t.public_id = $1 ORDER BY c.n")
            .bind(topup);
        let mut charges = Vec::new();
        for row in self.db().all(query).await? {
            let messages = sql(
                "SELECT at, kind, http_status, code, body, note FROM charge_message WHERE charge_id = $1 \
                                ORDER BY id DESC LIMIT $2",
            )
            .bind(row.int("id")?)
            .bind(MESSAGES_MOST);
            let rows = self.db().all(messages).await?;
            let messages = rows.iter().rev().map(message_of).collect::<Result<_, _>>()?;
            charges.push(ChargeView {
                order_id: row.text("order_id")?,
                gateway: row.text("gateway")?,
                transaction_id: row.opt_text("transaction_id")?,
                gross: row.rupiah("gross")?,
                state: row.word("state")?,
                provider_state: row.opt_text("provider_state")?,
                refusal: row.opt_text("refusal")?,
                pay_to: pay_to_of(&row)?,
                created_at: row.time("created_at")?,
                messages,
            });
        }
        Ok(charges)
    }
}

/// What the payer needs, in a row that has it as `pay_to`.
pub(crate) fn pay_to_of(row: &Row) -> Result<Option<PayTo>, Error> {
    let text = row.opt_text("pay_to")?;
    text.map(|text| serde_json::from_str(&text).map_err(Error::corrupt)).transpose()
}

fn message_of(row: &Row) -> Result<ChargeMessage, Error> {
    Ok(ChargeMessage {
        at: row.time("at")?,
        kind: row.text("kind")?,
        http_status: row.opt_int("http_status")?,
        code: row.opt_text("code")?,
        body: row.text("body")?,
        note: row.text("note")?,
    })
}
