use domain::{ChargeState, PublicId, Rupiah, TopupMethod, TopupState, UtcMillis};

use super::LEASE_MS;
use super::when::NEVER;
use crate::crash;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;

/// Takes charges that a gateway is to be asked about. Each claim raises the row's token; what is recorded later names it.
#[derive(Clone, Debug)]
pub struct ClaimCharges {
    /// Which gateway.
    pub gateway: String,
    /// The shop's account there, as the adapter names it. Charges of another one are left alone.
    pub account: String,
    /// At most so many: the worker's free slots.
    pub limit: i64,
}

/// Something to ask of a payment gateway, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeJob {
    /// The charge's row.
    pub charge: i64,
    /// The claim's fencing token.
    pub token: i64,
    /// How many reasons to ask there had been when it was claimed.
    pub hints: i64,
    /// Which gateway.
    pub gateway: String,
    /// Our id of the order.
    pub order_id: String,
    /// The gateway's, when it is known.
    pub transaction_id: Option<String>,
    /// How the payer pays.
    pub method: TopupMethod,
    /// What the payer pays.
    pub gross: Rupiah,
    /// Until when.
    pub expires_at: UtcMillis,
    /// Whom it is for: the top-up, or a name of its own for one that tries a way of paying.
    pub payer: PublicId,
    /// What to ask.
    pub todo: ChargeTodo,
}

/// What to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargeTodo {
    /// To collect the money, for the first time.
    Charge,
    /// The answer to that was lost: the same again, as long as the gateway takes it for the same, else how it stands.
    Recover {
        /// When it was first sent.
        charged_at: UtcMillis,
    },
    /// To call it off.
    Cancel,
    /// How it stands.
    Status,
}

/// In a restored shop only questions are asked: what was about to be sent may have been, after the backup.
macro_rules! due {
    () => {
        "due_at > 0 AND due_at <= $1 AND lease_until <= $1 AND gateway = $4 AND account IN ('', $5) \
         AND ((state <> 'creating' AND cancel_wanted = 0) \
         OR NOT EXISTS (SELECT 1 FROM restoration r WHERE r.ended_at IS NULL)) ORDER BY due_at, id LIMIT $2"
    };
}
macro_rules! claimed {
    ($c:literal) => {
        concat!(
            "RETURNING ",
            $c,
            "id, ",
            $c,
            "topup_id, ",
            $c,
            "lease_token, ",
            $c,
            "hints, ",
            $c,
            "gateway, ",
            $c,
            "order_id, ",
            $c,
            "transaction_id, ",
            $c,
            "method, ",
            $c,
            "gross, ",
            $c,
            "expires_at, ",
            $c,
            "state, ",
            $c,
            "charged_at, ",
            $c,
            "cancel_wanted, ",
            $c,
            "unanswered"
        )
    };
}

impl Operation for ClaimCharges {
    type Output = Vec<ChargeJob>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<ChargeJob>, Error> {
        let text = if tx.is_postgres() {
            concat!(
                "WITH c AS MATERIALIZED (SELECT id FROM charge WHERE ",
                due!(),
                " FOR UPDATE SKIP LOCKED) UPDATE charge AS p SET account = $5, lease_token = lease_token + 1, lease_until = $3 \
                 FROM c WHERE p.id = c.id ",
                claimed!("p.")
            )
        } else {
            concat!(
                "UPDATE charge SET account = $5, lease_token = lease_token + 1, lease_until = $3 \
                 WHERE id IN (SELECT id FROM charge WHERE ",
                due!(),
                ") ",
                claimed!("")
            )
        };
        let rows = sql(text)
            .bind(tx.now)
            .bind(self.limit)
            .bind(tx.now.plus_ms(LEASE_MS))
            .bind(self.gateway.as_str())
            .bind(self.account.as_str())
            .all(&mut tx.conn)
            .await?;
        let mut jobs = Vec::with_capacity(rows.len());
        for row in &rows {
            if let Some(job) = job(tx, row).await? {
                jobs.push(job);
            }
        }
        crash::point("charge-claimed");
        Ok(jobs)
    }
}

async fn job(tx: &mut Tx<'_>, row: &Row) -> Result<Option<ChargeJob>, Error> {
    let charge = row.int("id")?;
    let topup = match row.opt_int("topup_id")? {
        Some(id) => {
            let topup =
                sql("SELECT public_id, state FROM topup WHERE id = $1").bind(id).one(&mut tx.conn).await?;
            Some((topup.word::<PublicId>("public_id")?, topup.word::<TopupState>("state")?))
        }
        None => None,
    };
    let state: ChargeState = row.word("state")?;
    let expires_at = row.time("expires_at")?;
    let charged_at = row.opt_int("charged_at")?.map(UtcMillis);
    let wanted = topup.as_ref().is_none_or(|(_, state)| state.is_open()) && expires_at > tx.now;
    let (cancel_wanted, unanswered) = (row.bool("cancel_wanted")?, row.int("unanswered")?);
    let todo = match (state, charged_at) {
        (ChargeState::Creating, None) if !wanted || cancel_wanted => {
            // Not a byte of it has left, so there is nothing to call off or to watch.
            never_sent(tx, charge).await?;
            return Ok(None);
        }
        (ChargeState::Creating, None) => {
            sql("UPDATE charge SET charged_at = $1 WHERE id = $2")
                .bind(tx.now)
                .bind(charge)
                .execute(&mut tx.conn)
                .await?;
            ChargeTodo::Charge
        }
        // A gateway that does not answer to it is asked how it stands in between: somebody may pay meanwhile.
        (ChargeState::Creating | ChargeState::Pending, _) if cancel_wanted && unanswered % 2 == 0 => {
            ChargeTodo::Cancel
        }
        (ChargeState::Creating, Some(charged_at)) if wanted => ChargeTodo::Recover { charged_at },
        _ => ChargeTodo::Status,
    };
    let payer = match topup {
        Some((id, _)) => id,
        None => tx.new_id(),
    };
    Ok(Some(ChargeJob {
        charge,
        token: row.int("lease_token")?,
        hints: row.int("hints")?,
        gateway: row.text("gateway")?,
        order_id: row.text("order_id")?,
        transaction_id: row.opt_text("transaction_id")?,
        method: row.word("method")?,
        gross: row.rupiah("gross")?,
        expires_at,
        payer,
        todo,
    }))
}

async fn never_sent(tx: &mut Tx<'_>, charge: i64) -> Result<(), Error> {
    sql("UPDATE charge SET state = $1, due_at = $2, lease_until = 0, cancel_wanted = 0, updated_at = $3 WHERE id = $4")
        .bind(ChargeState::Cancelled.as_str())
        .bind(NEVER)
        .bind(tx.now)
        .bind(charge)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
}
