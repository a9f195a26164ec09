//! Giving a credited top-up back to its payer: the money leaves the balance before anybody is asked to pay it back.

use domain::{FieldCode, PublicId, Refusal, Role, Rupiah, TopupMethod, TopupState, UtcMillis};

use super::{lock, move_on};
use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, audit, post};
use crate::model::UserId;
use crate::news::News;

/// An admin gives a credited top-up back, all that is left of it.
#[derive(Clone, Debug)]
pub struct RefundTopup {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub topup: PublicId,
    /// By the gateway that collected it; else an admin transfers it back.
    pub by_gateway: bool,
    /// Why.
    pub reason: String,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// Under way: the gateway is asked, or an admin transfers.
    Open,
    /// The gateway does not do it: an admin goes on by hand.
    Refused,
    /// Paid back.
    Done,
    /// Not paid back: it is in the balance again.
    Back,
}

impl RefundState {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Refused => "refused",
            Self::Done => "done",
            Self::Back => "back",
        }
    }
}

impl std::str::FromStr for RefundState {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Open, Self::Refused, Self::Done, Self::Back]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or(())
    }
}

/// A refund, as admins see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundView {
    /// For addresses.
    pub id: PublicId,
    /// How much.
    pub amount: Rupiah,
    /// By the gateway.
    pub by_gateway: bool,
    /// Where it stands.
    pub state: RefundState,
    /// Why.
    pub reason: String,
    /// The transfer back, by hand.
    pub reference: Option<String>,
    /// Who wanted it.
    pub by: String,
    /// Since when.
    pub created_at: UtcMillis,
}

const TEXT_MOST_CHARS: usize = 200;

impl Operation for RefundTopup {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let reason = checked("reason", &self.reason)?;
        let topup = lock(tx, &self.topup).await?;
        require_role(tx, self.admin, Role::Admin).await?;
        if topup.user == self.admin {
            return Err(Refusal::OwnCase.into());
        }
        if topup.state != TopupState::Credited {
            return Err(Refusal::StateChanged.into());
        }
        let payment = sql("UPDATE payment SET reversed = reversed WHERE topup_id = $1 \
                           RETURNING id, amount, fee, reversed, charge_id")
        .bind(topup.row_id)
        .one(&mut tx.conn)
        .await?;
        // Of the ways that a gateway collects by, only QRIS can be paid back by it.
        let can = payment.opt_int("charge_id")?.is_some() && topup.method == TopupMethod::Qris;
        if self.by_gateway && !can {
            return Err(Refusal::field("by_gateway", FieldCode::NotAChoice).into());
        }
        let out_of_range = || Error::corrupt("an amount is out of range");
        let credited =
            payment.rupiah("amount")?.checked_sub(payment.rupiah("fee")?).ok_or_else(out_of_range)?;
        let amount = credited.checked_sub(payment.rupiah("reversed")?).filter(|left| left.is_positive());
        let amount = amount.ok_or(Refusal::StateChanged)?;
        let id = tx.new_id();
        let minus = amount.checked_neg().ok_or_else(out_of_range)?;
        let postings = [(Account::Available(topup.user), minus), (Account::RefundClearing, amount)];
        let entry = NewEntry {
            kind: EntryKind::Refund,
            reference: id.as_str(),
            postings: &postings,
            actor: Some(self.admin),
            memo: reason,
        };
        post(tx, entry).await?;
        sql("INSERT INTO refund (public_id, payment_id, topup_id, amount, way, state, reason, requested_by, created_at, updated_at, \
             due_at, tries, lease_token, lease_until) VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $8, $9, 0, 0, 0)")
        .bind(&id)
        .bind(payment.int("id")?)
        .bind(topup.row_id)
        .bind(amount)
        .bind(if self.by_gateway { "gateway" } else { "hand" })
        .bind(reason)
        .bind(self.admin)
        .bind(tx.now)
        .bind(if self.by_gateway { tx.now } else { UtcMillis(0) })
        .execute(&mut tx.conn)
        .await?;
        move_on(tx, &topup, TopupState::RefundPending).await?;
        tx.news.push(News::Work);
        let detail = format!("{} by_gateway={} {reason}", amount.get(), self.by_gateway);
        audit(tx, Some(self.admin), "refund_topup", &format!("topup:{}", self.topup.as_str()), &detail).await
    }
}

pub(super) fn checked<'t>(field: &str, text: &'t str) -> Result<&'t str, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::field(field, FieldCode::Required));
    }
    if text.chars().count() > TEXT_MOST_CHARS {
        return Err(Refusal::field(field, FieldCode::TooLong { max: TEXT_MOST_CHARS }));
    }
    Ok(text)
}

impl Store {
    /// The refunds of a top-up, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn refunds_of(&self, topup: &PublicId) -> Result<Vec<RefundView>, Error> {
        let query = sql("SELECT r.public_id, r.amount, r.way, r.state, r.reason, r.reference, r.created_at, u.username \
                         FROM refund r JOIN topup t ON t.id = r.topup_id JOIN users u ON u.id = r.requested_by \
                         WHERE t.public_id = $1 ORDER BY r.id DESC LIMIT 20")
        .bind(topup);
        self.db().all(query).await?.iter().map(refund_view).collect()
    }
}

fn refund_view(row: &Row) -> Result<RefundView, Error> {
    Ok(RefundView {
        id: row.word("public_id")?,
        amount: row.rupiah("amount")?,
        by_gateway: row.text("way")? == "gateway",
        state: row.word("state")?,
        reason: row.text("reason")?,
        reference: row.opt_text("reference")?,
        by: row.text("username")?,
        created_at: row.time("created_at")?,
    })
}
