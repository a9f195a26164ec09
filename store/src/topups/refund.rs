//! Giving a credited top-up back to its payer: the money leaves the balance before anybody is asked to pay it back.

use domain::{
    FieldCode, MINUTE_MS, PublicId, RefundVerdict, Refusal, Role, Rupiah, SECOND_MS, TopupMethod, TopupState,
    UtcMillis,
};

use super::{Current, lock, lock_row, move_on};
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
    const fn as_str(self) -> &'static str {
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
const LEASE_MS: i64 = MINUTE_MS;
/// Between two tries to have it paid back.
const AGAIN_AFTER_MS: i64 = 30 * SECOND_MS;

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
             due_at, lease_token, lease_until) VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $8, $9, 0, 0)")
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

fn checked<'t>(field: &str, text: &'t str) -> Result<&'t str, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::field(field, FieldCode::Required));
    }
    if text.chars().count() > TEXT_MOST_CHARS {
        return Err(Refusal::field(field, FieldCode::TooLong { max: TEXT_MOST_CHARS }));
    }
    Ok(text)
}

/// A refund to ask of a gateway.
#[derive(Clone, Debug)]
pub struct RefundJob {
    /// The refund; also the key under which the gateway never pays twice.
    pub id: PublicId,
    /// The claim's fencing token.
    pub token: i64,
    /// Which gateway.
    pub gateway: String,
    /// Which of the shop's accounts there collected it.
    pub account: String,
    /// The order that was paid.
    pub order_id: String,
    /// The gateway's own id of it.
    pub transaction_id: Option<String>,
    /// How it was paid.
    pub method: TopupMethod,
    /// How much.
    pub amount: Rupiah,
}

/// Takes refunds that a gateway is to be asked for.
#[derive(Clone, Debug)]
pub struct ClaimRefunds {
    /// At most so many.
    pub limit: i64,
}

impl Operation for ClaimRefunds {
    type Output = Vec<RefundJob>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<RefundJob>, Error> {
        // Few and rare: one process after the other may look, so no row is skipped over.
        let rows = sql("UPDATE refund SET lease_token = lease_token + 1, lease_until = $1, sent_at = COALESCE(sent_at, $2) \
                        WHERE id IN (SELECT id FROM refund WHERE state = 'open' AND way = 'gateway' AND due_at <= $2 \
                        AND lease_until <= $2 ORDER BY id LIMIT $3) AND lease_until <= $2 \
                        RETURNING public_id, lease_token, amount, payment_id")
            .bind(tx.now.plus_ms(LEASE_MS))
            .bind(tx.now)
            .bind(self.limit)
            .all(&mut tx.conn)
            .await?;
        let mut jobs = Vec::with_capacity(rows.len());
        for row in &rows {
            let charge =
                sql("SELECT c.gateway, c.account, c.order_id, c.transaction_id, c.method FROM payment y \
                              JOIN charge c ON c.id = y.charge_id WHERE y.id = $1")
                .bind(row.int("payment_id")?)
                .one(&mut tx.conn)
                .await?;
            jobs.push(RefundJob {
                id: row.word("public_id")?,
                token: row.int("lease_token")?,
                gateway: charge.text("gateway")?,
                account: charge.text("account")?,
                order_id: charge.text("order_id")?,
                transaction_id: charge.opt_text("transaction_id")?,
                method: charge.word("method")?,
                amount: row.rupiah("amount")?,
            });
        }
        Ok(jobs)
    }
}

/// Records what a gateway said to "pay it back".
#[derive(Clone, Debug)]
pub struct RecordRefund {
    /// Which.
    pub id: PublicId,
    /// The claim's fencing token.
    pub token: i64,
    /// What it proves.
    pub verdict: RefundVerdict,
}

impl Operation for RecordRefund {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let (topup, refund) = lock_refund(tx, &self.id).await?;
        if refund.token != self.token || refund.state != RefundState::Open {
            return Ok(());
        }
        match self.verdict {
            RefundVerdict::Done => done(tx, &topup, &refund, None, None).await,
            RefundVerdict::Refused => set_state(tx, &refund, RefundState::Refused, UtcMillis(0)).await,
            RefundVerdict::Unknown => {
                set_state(tx, &refund, RefundState::Open, tx.now.plus_ms(AGAIN_AFTER_MS)).await
            }
        }
    }
}

/// The gateway says, when it is asked how the order stands, that it was paid back.
pub(crate) async fn finish_refund(tx: &mut Tx<'_>, topup: &Current) -> Result<(), Error> {
    let row = sql("SELECT public_id FROM refund WHERE topup_id = $1 AND way = 'gateway' AND state IN ('open', 'refused')")
        .bind(topup.row_id)
        .optional(&mut tx.conn)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let id: PublicId = row.word("public_id")?;
    let refund = locked(tx, &id).await?;
    done(tx, topup, &refund, None, None).await
}

/// An admin ends a refund by hand: it was transferred, or it goes back into the balance.
#[derive(Clone, Debug)]
pub struct EndRefundByHand {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub refund: PublicId,
    /// From which bank account, and the transfer's reference; `None` to put it back into the balance.
    pub transferred: Option<(i64, String)>,
}

impl Operation for EndRefundByHand {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let (topup, refund) = lock_refund(tx, &self.refund).await?;
        require_role(tx, self.admin, Role::Admin).await?;
        if topup.user == self.admin {
            return Err(Refusal::OwnCase.into());
        }
        // While the gateway may be doing it, nobody else does.
        let by_hand =
            refund.state == RefundState::Refused || (refund.state == RefundState::Open && !refund.by_gateway);
        if !by_hand {
            return Err(Refusal::StateChanged.into());
        }
        let detail = match &self.transferred {
            Some((account, reference)) => {
                let reference = checked("reference", reference)?;
                let known = sql("SELECT id FROM bank_account WHERE id = $1")
                    .bind(*account)
                    .optional(&mut tx.conn)
                    .await?;
                if known.is_none() {
                    return Err(Refusal::field("bank_account", FieldCode::NotAChoice).into());
                }
                sql("UPDATE refund SET way = 'hand', reference = $1, bank_account_id = $2 WHERE id = $3")
                    .bind(reference)
                    .bind(*account)
                    .bind(refund.row_id)
                    .execute(&mut tx.conn)
                    .await?;
                done(tx, &topup, &refund, Some(*account), Some(self.admin)).await?;
                format!("{} transferred bank:{account} {reference}", refund.amount.get())
            }
            None => {
                back(tx, &topup, &refund, self.admin).await?;
                format!("{} back into the balance", refund.amount.get())
            }
        };
        audit(tx, Some(self.admin), "end_refund", &format!("refund:{}", self.refund.as_str()), &detail).await
    }
}

struct Refund {
    row_id: i64,
    id: PublicId,
    payment: i64,
    amount: Rupiah,
    by_gateway: bool,
    state: RefundState,
    token: i64,
    topup: i64,
}

/// The top-up first, then the refund, as everywhere.
async fn lock_refund(tx: &mut Tx<'_>, id: &PublicId) -> Result<(Current, Refund), Error> {
    let row = sql("SELECT topup_id FROM refund WHERE public_id = $1").bind(id).optional(&mut tx.conn).await?;
    let Some(row) = row else {
        return Err(Refusal::NotFound.into());
    };
    let topup = lock_row(tx, row.int("topup_id")?).await?;
    Ok((topup, locked(tx, id).await?))
}

async fn locked(tx: &mut Tx<'_>, id: &PublicId) -> Result<Refund, Error> {
    let row = sql("UPDATE refund SET state = state WHERE public_id = $1 \
                   RETURNING id, payment_id, amount, way, state, lease_token, topup_id")
    .bind(id)
    .one(&mut tx.conn)
    .await?;
    Ok(Refund {
        row_id: row.int("id")?,
        id: id.clone(),
        payment: row.int("payment_id")?,
        amount: row.rupiah("amount")?,
        by_gateway: row.text("way")? == "gateway",
        state: row.word("state")?,
        token: row.int("lease_token")?,
        topup: row.int("topup_id")?,
    })
}

/// Paid back: by the gateway, or from this bank account.
async fn done(
    tx: &mut Tx<'_>,
    topup: &Current,
    refund: &Refund,
    bank_account: Option<i64>,
    actor: Option<UserId>,
) -> Result<(), Error> {
    let payment =
        sql("SELECT provider FROM payment WHERE id = $1").bind(refund.payment).one(&mut tx.conn).await?;
    let from = bank_account
        .map_or_else(|| payment.text("provider").map(Account::Gateway), |id| Ok(Account::Bank(id)))?;
    let minus = refund.amount.checked_neg().ok_or_else(|| Error::corrupt("an amount is out of range"))?;
    let postings = [(Account::RefundClearing, minus), (from, refund.amount)];
    let entry = NewEntry {
        kind: EntryKind::RefundDone,
        reference: refund.id.as_str(),
        postings: &postings,
        actor,
        memo: "",
    };
    post(tx, entry).await?;
    if bank_account.is_none() {
        // The gateway will go on telling of it: this much of it is booked.
        sql("UPDATE payment SET reversed = reversed + $1 WHERE id = $2")
            .bind(refund.amount)
            .bind(refund.payment)
            .execute(&mut tx.conn)
            .await?;
    }
    set_state(tx, refund, RefundState::Done, UtcMillis(0)).await?;
    move_on(tx, topup, TopupState::Refunded).await.map(|_| ())
}

async fn back(tx: &mut Tx<'_>, topup: &Current, refund: &Refund, actor: UserId) -> Result<(), Error> {
    let minus = refund.amount.checked_neg().ok_or_else(|| Error::corrupt("an amount is out of range"))?;
    let postings = [(Account::RefundClearing, minus), (Account::Available(topup.user), refund.amount)];
    let entry = NewEntry {
        kind: EntryKind::RefundBack,
        reference: refund.id.as_str(),
        postings: &postings,
        actor: Some(actor),
        memo: "",
    };
    post(tx, entry).await?;
    set_state(tx, refund, RefundState::Back, UtcMillis(0)).await?;
    move_on(tx, topup, TopupState::Credited).await.map(|_| ())
}

async fn set_state(
    tx: &mut Tx<'_>,
    refund: &Refund,
    to: RefundState,
    due_at: UtcMillis,
) -> Result<(), Error> {
    sql("UPDATE refund SET state = $1, due_at = $2, lease_until = 0, updated_at = $3 WHERE id = $4")
        .bind(to.as_str())
        .bind(due_at)
        .bind(tx.now)
        .bind(refund.row_id)
        .execute(&mut tx.conn)
        .await?;
    let row = sql("SELECT public_id FROM topup WHERE id = $1").bind(refund.topup).one(&mut tx.conn).await?;
    tx.news.push(News::Topup(row.word("public_id")?));
    Ok(())
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
