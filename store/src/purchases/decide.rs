use domain::{FailReason, FieldCode, HoldState, PublicId, PurchaseState, Refusal, Role};

use super::state::{Current, deliver, fail, lock, negative, set_state};
use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, audit, post};
use crate::model::UserId;

/// Calls off a purchase that has not been sent yet.
#[derive(Clone, Debug)]
pub struct CancelPurchase {
    /// Its buyer.
    pub user: UserId,
    /// Which.
    pub purchase: PublicId,
}

impl Operation for CancelPurchase {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let current = lock(tx, &self.purchase).await?;
        if current.user != self.user {
            return Err(Refusal::NotFound.into());
        }
        if current.state != PurchaseState::Accepted {
            return Err(Refusal::StateChanged.into());
        }
        fail(tx, &current, FailReason::Cancelled, None).await.map(|_| ())
    }
}

/// A human's word about a purchase whose outcome nobody can be asked about.
#[derive(Clone, Debug)]
pub struct DecidePurchase {
    /// Who decides.
    pub admin: UserId,
    /// About which.
    pub purchase: PublicId,
    /// Whether the package arrived.
    pub delivered: bool,
    /// What shows it.
    pub reason: String,
}

/// Longest reason, in characters.
const REASON_MOST_CHARS: usize = 300;

impl Operation for DecidePurchase {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(Refusal::field("reason", FieldCode::Required).into());
        }
        if reason.chars().count() > REASON_MOST_CHARS {
            return Err(Refusal::field("reason", FieldCode::TooLong { max: REASON_MOST_CHARS }).into());
        }
        let current = lock(tx, &self.purchase).await?;
        require_role(tx, self.admin, Role::Admin).await?;
        if current.user == self.admin {
            return Err(Refusal::OwnCase.into());
        }
        self.refuse_while_open(tx, &current).await?;
        let current = self.to_review(tx, current).await?;
        match (current.hold, self.delivered) {
            (HoldState::Open, true) => {
                deliver(tx, &current, None, reason, Some(self.admin)).await?;
            }
            (HoldState::Open, false) => {
                fail(tx, &current, FailReason::Decided, Some((self.admin, reason))).await?;
            }
            // The money had gone back when the success was heard.
            (HoldState::Released, true) => self.recharge(tx, &current, reason).await?,
            (HoldState::Released, false) => {
                set_state(tx, &current, PurchaseState::Failed, HoldState::Released, reason, Some(self.admin))
                    .await?;
            }
            (HoldState::Captured | HoldState::Refunded, _) => return Err(Refusal::StateChanged.into()),
        }
        let detail = format!("delivered={} {reason}", self.delivered);
        audit(tx, Some(self.admin), "decide_purchase", &format!("purchase:{}", current.id.as_str()), &detail)
            .await
    }
}

impl DecidePurchase {
    /// Not while a question that could itself buy is under way, and not against a delivery that is on record.
    async fn refuse_while_open(&self, tx: &mut Tx<'_>, current: &Current) -> Result<(), Error> {
        let row = sql("SELECT COALESCE(SUM(CASE WHEN query_until > $1 THEN 1 ELSE 0 END), 0) AS asking, \
                       COALESCE(SUM(CASE WHEN state = 'succeeded' THEN 1 ELSE 0 END), 0) AS delivered \
                       FROM attempt WHERE purchase_id = $2")
        .bind(tx.now)
        .bind(current.row_id)
        .one(&mut tx.conn)
        .await?;
        if row.int("asking")? > 0 {
            return Err(Refusal::BeingAsked.into());
        }
        if !self.delivered && current.hold == HoldState::Open && row.int("delivered")? > 0 {
            return Err(Refusal::StateChanged.into());
        }
        Ok(())
    }

    /// What is still being asked about may be decided too.
    async fn to_review(&self, tx: &mut Tx<'_>, current: Current) -> Result<Current, Error> {
        match current.state {
            PurchaseState::Review => Ok(current),
            PurchaseState::Unknown | PurchaseState::Pending | PurchaseState::AwaitingPayment => {
                set_state(
                    tx,
                    &current,
                    PurchaseState::Review,
                    current.hold,
                    "taken_by_admin",
                    Some(self.admin),
                )
                .await?;
                lock(tx, &self.purchase).await
            }
            _ => Err(Refusal::StateChanged.into()),
        }
    }

    /// Takes the price again, if the balance allows it.
    async fn recharge(&self, tx: &mut Tx<'_>, current: &Current, reason: &str) -> Result<(), Error> {
        let minus = negative(current.price)?;
        let postings = [(Account::Available(current.user), minus), (Account::Sales, current.price)];
        let entry = NewEntry {
            kind: EntryKind::Recharge,
            reference: current.id.as_str(),
            postings: &postings,
            actor: Some(self.admin),
            memo: reason,
        };
        post(tx, entry).await?;
        set_state(tx, current, PurchaseState::Succeeded, HoldState::Captured, reason, Some(self.admin)).await
    }
}
