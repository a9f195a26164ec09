//! Top-ups, from the form to the balance. [`RequestTopup`] writes down what is wanted; the charge at a payment gateway
//! (`crate::charges`) or an admin ([`ApproveTopup`]) tells of a payment; `credit::take` is the only code that credits one,
//! once, whoever tells. What is taken back goes through `reverse`, what does not come as it should through `cases`.

mod approve;
mod by_buyer;
mod cases;
mod credit;
mod payout;
mod read;
mod refund;
mod refund_end;
mod request;
mod resolve;
mod reverse;
mod second_look;
mod sweep;

pub use approve::{ApproveTopup, Found, RejectTopup};
pub use by_buyer::{CancelTopup, CheckTopup, SubmitProof};
pub use cases::{CaseFilter, PayCase};
pub(crate) use cases::{NewCase, open_case};
pub(crate) use credit::{Came, Taken, take};
pub use payout::RecordPayout;
pub use read::TopupFilter;
pub use refund::{RefundState, RefundTopup, RefundView};
pub use refund_end::{ClaimRefunds, EndRefundByHand, RecordRefund, RefundJob};
pub(crate) use refund_end::{finish_refund, refunds_to_hand};
pub use request::RequestTopup;
pub use resolve::{ResolveCase, UnfreezeWallet};
pub(crate) use reverse::{Back, reverse};
pub use second_look::Approval;
pub(crate) use second_look::second_word;
pub use sweep::SweepTopups;

use domain::{DAY_MS, PublicId, Refusal, Rupiah, TopupMethod, TopupState, UtcMillis};

use crate::db::{Row, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;

/// How long a unique amount stays reserved after its top-up is closed: transfers can take days, and one that comes late
/// must still be told from another's.
pub(crate) const QUARANTINE_MS: i64 = 7 * DAY_MS;

/// A top-up whose row is locked until the transaction ends.
pub(crate) struct Current {
    pub(crate) row_id: i64,
    pub(crate) id: PublicId,
    pub(crate) user: UserId,
    pub(crate) bank_account: Option<i64>,
    pub(crate) method: TopupMethod,
    pub(crate) payable: Rupiah,
    pub(crate) fee: Rupiah,
    pub(crate) state: TopupState,
    pub(crate) expires_at: UtcMillis,
}

macro_rules! lock {
    ($by:literal) => {
        concat!(
            "UPDATE topup SET state = state WHERE ",
            $by,
            " = $1 RETURNING id, public_id, user_id, bank_account_id, method, payable, fee, state, expires_at"
        )
    };
}

/// Reads a top-up with its row locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx<'_>, id: &PublicId) -> Result<Current, Error> {
    let row = sql(lock!("public_id")).bind(id).optional(&mut tx.conn).await?;
    row.as_ref().map(current).transpose()?.ok_or_else(|| Refusal::NotFound.into())
}

/// The same by its row number.
pub(crate) async fn lock_row(tx: &mut Tx<'_>, row_id: i64) -> Result<Current, Error> {
    current(&sql(lock!("id")).bind(row_id).one(&mut tx.conn).await?)
}

/// The locked top-up of this user; of anyone else it is not there.
async fn lock_own(tx: &mut Tx<'_>, id: &PublicId, user: UserId) -> Result<Current, Error> {
    let current = lock(tx, id).await?;
    if current.user == user { Ok(current) } else { Err(Refusal::NotFound.into()) }
}

fn current(row: &Row) -> Result<Current, Error> {
    Ok(Current {
        row_id: row.int("id")?,
        id: row.word("public_id")?,
        user: row.user_id("user_id")?,
        bank_account: row.opt_int("bank_account_id")?,
        method: row.word("method")?,
        payable: row.rupiah("payable")?,
        fee: row.rupiah("fee")?,
        state: row.word("state")?,
        expires_at: row.time("expires_at")?,
    })
}

/// Moves a locked top-up on, where the table of states allows it; whether it did. Its unique amount stays kept back for
/// a while once it is closed.
pub(crate) async fn move_on(tx: &mut Tx<'_>, topup: &Current, to: TopupState) -> Result<bool, Error> {
    if !topup.state.may_become(to) {
        return Ok(false);
    }
    sql("UPDATE topup SET state = $1, reserved_until = $2 WHERE id = $3")
        .bind(to.as_str())
        .bind(if to.is_open() {
            topup.expires_at.plus_ms(QUARANTINE_MS)
        } else {
            tx.now.plus_ms(QUARANTINE_MS)
        })
        .bind(topup.row_id)
        .execute(&mut tx.conn)
        .await?;
    tx.news.push(News::Topup(topup.id.clone()));
    Ok(true)
}
