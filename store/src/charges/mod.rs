//! Orders at payment gateways. A row is committed before a gateway hears of it (`RequestTopup`); a worker claims it
//! ([`ClaimCharges`]), asks, and records what the answer proves ([`RecordCharge`]). A notification is only a reason to ask
//! ([`HintCharge`]): money is taken on the answer to a status question and nothing else.

mod believe;
mod claim;
mod hint;
mod read;
mod record;
mod when;

pub use claim::{ChargeJob, ChargeTodo, ClaimCharges};
pub use hint::{AskAbout, AskAgain, HintCharge, WEBHOOK_PREFIX};
pub(crate) use read::pay_to_of;
pub use read::{ChargeMessage, ChargeView};
pub use record::{ChargeEvidence, Heard, RecordCharge};

use domain::{ChargeState, MINUTE_MS, Rupiah, TopupMethod, UtcMillis};

use crate::db::{Tx, sql};
use crate::error::Error;
use crate::news::News;

/// How long a claim holds. The adapters' timeouts stay well below it.
const LEASE_MS: i64 = MINUTE_MS;
/// Charges of one top-up: a new one only when the data of the one before was lost.
const CHARGES_MOST: i64 = 3;

/// An order that a gateway is to be asked for.
pub(crate) struct NewCharge<'c> {
    /// Nothing for one that only tries a way of paying.
    pub(crate) topup: Option<i64>,
    pub(crate) order_id: String,
    pub(crate) n: i64,
    pub(crate) gateway: &'c str,
    pub(crate) method: TopupMethod,
    pub(crate) gross: Rupiah,
    /// The payer's fee in it.
    pub(crate) fee: Rupiah,
    pub(crate) expected_cost: Rupiah,
    pub(crate) expires_at: UtcMillis,
}

/// Writes it down; a worker does the rest.
pub(crate) async fn insert_charge(tx: &mut Tx<'_>, charge: NewCharge<'_>) -> Result<(), Error> {
    sql("INSERT INTO charge (topup_id, n, gateway, account, order_id, method, gross, fee, expected_cost, state, expires_at, \
         cancel_wanted, unanswered, hints, checked_at, due_at, lease_token, lease_until, created_at, updated_at) \
         VALUES ($1, $2, $3, '', $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, 0, $11, 0, 0, $11, $11)")
    .bind(charge.topup)
    .bind(charge.n)
    .bind(charge.gateway)
    .bind(charge.order_id)
    .bind(charge.method.as_str())
    .bind(charge.gross)
    .bind(charge.fee)
    .bind(charge.expected_cost)
    .bind(ChargeState::Creating.as_str())
    .bind(charge.expires_at)
    .bind(tx.now)
    .execute(&mut tx.conn)
    .await?;
    tx.news.push(News::Work);
    Ok(())
}
