//! How a refund ends: by the gateway's word, or by hand.

use domain::{
    FieldCode, MINUTE_MS, PayCaseKind, ProviderState, PublicId, RefundVerdict, Refusal, Role, Rupiah,
    SECOND_MS, TopupMethod, TopupState, UtcMillis,
};

use super::refund::{RefundState, checked};
use super::{Back, Current, NewCase, lock_row, move_on, open_case, reverse};
use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, audit, post};
use crate::model::UserId;
use crate::news::News;

const LEASE_MS: i64 = MINUTE_MS;
/// Between two tries to have it paid back.
const AGAIN_AFTER_MS: i64 = 30 * SECOND_MS;
const AGAIN_MOST_MS: i64 = 10 * MINUTE_MS;
/// After so long without a proof, and the order as it was, it is a human's.
const GIVE_UP_AFTER_MS: i64 = 15 * MINUTE_MS;

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
                        AND lease_until <= $2 AND NOT EXISTS (SELECT 1 FROM restoration r WHERE r.ended_at IS NULL) \
                        ORDER BY id LIMIT $3) AND lease_until <= $2 \
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
            RefundVerdict::Refused => by_hand(tx, &refund).await,
            RefundVerdict::Unknown => later(tx, &refund).await,
        }
    }
}

/// Nothing was proven: how the order stands tells more than to ask again. When that says for a while that nothing went
/// back, a human goes on.
async fn later(tx: &mut Tx<'_>, refund: &Refund) -> Result<(), Error> {
    let row = sql("SELECT c.id, c.provider_state, c.updated_at, f.sent_at, f.tries FROM refund f \
                   JOIN payment y ON y.id = f.payment_id JOIN charge c ON c.id = y.charge_id WHERE f.id = $1")
    .bind(refund.row_id)
    .one(&mut tx.conn)
    .await?;
    let sent_at = row.opt_int("sent_at")?.unwrap_or(tx.now.0);
    let is_still_paid = row.opt_word::<ProviderState>("provider_state")? == Some(ProviderState::Paid);
    if tx.now.0 - sent_at > GIVE_UP_AFTER_MS && is_still_paid && row.int("updated_at")? > sent_at {
        return by_hand(tx, refund).await;
    }
    sql("UPDATE charge SET hints = hints + 1, due_at = $1 WHERE id = $2")
        .bind(tx.now)
        .bind(row.int("id")?)
        .execute(&mut tx.conn)
        .await?;
    sql("UPDATE refund SET tries = tries + 1 WHERE id = $1")
        .bind(refund.row_id)
        .execute(&mut tx.conn)
        .await?;
    tx.news.push(News::Work);
    let pause_ms = AGAIN_AFTER_MS.saturating_mul(row.int("tries")?.saturating_add(1)).min(AGAIN_MOST_MS);
    set_state(tx, refund, RefundState::Open, tx.now.plus_ms(pause_ms)).await
}

/// The gateway does not do it.
async fn by_hand(tx: &mut Tx<'_>, refund: &Refund) -> Result<(), Error> {
    set_state(tx, refund, RefundState::Refused, UtcMillis(0)).await?;
    let row =
        sql("SELECT charge_id FROM payment WHERE id = $1").bind(refund.payment).one(&mut tx.conn).await?;
    let charge = row.int("charge_id")?;
    let detail = refund.amount.get().to_string();
    call_a_human(tx, refund, charge, PayCaseKind::RefundStuck, &detail).await
}

/// In a restored shop: the gateway may have paid them back after the backup was made, so nobody asks it to once more. A human
/// looks there first.
pub(crate) async fn refunds_to_hand(tx: &mut Tx<'_>) -> Result<(), Error> {
    let rows = sql("SELECT public_id FROM refund WHERE state = 'open' AND way = 'gateway' ORDER BY id")
        .all(&mut tx.conn)
        .await?;
    for row in rows {
        let (_, refund) = lock_refund(tx, &row.word("public_id")?).await?;
        by_hand(tx, &refund).await?;
    }
    Ok(())
}

/// The gateway says, when it is asked how the order stands, that money went back while a refund is open. Only when it is
/// all that was booked before and the refund, too, the refund is done; less may be old news. Whether there is a payment.
pub(crate) async fn finish_refund(tx: &mut Tx<'_>, topup: &Current, back: &Back<'_>) -> Result<bool, Error> {
    let row = sql("SELECT public_id FROM refund WHERE topup_id = $1 AND state IN ('open', 'refused')")
        .bind(topup.row_id)
        .one(&mut tx.conn)
        .await?;
    let refund = locked(tx, &row.word("public_id")?).await?;
    let payment = sql("SELECT amount, reversed, charge_id FROM payment WHERE id = $1")
        .bind(refund.payment)
        .one(&mut tx.conn)
        .await?;
    if payment.opt_int("charge_id")? != Some(back.charge) {
        // Of a second payment by another order.
        return reverse(tx, Some(topup), back).await;
    }
    let out_of_range = || Error::corrupt("an amount is out of range");
    let total = back.total.unwrap_or(payment.rupiah("amount")?).min(payment.rupiah("amount")?);
    let booked = payment.rupiah("reversed")?;
    let with_refund = booked.checked_add(refund.amount).ok_or_else(out_of_range)?;
    if total <= booked {
        return Ok(true);
    }
    if total < with_refund || !refund.by_gateway {
        let detail = total.get().to_string();
        let kind = if total < with_refund { PayCaseKind::Contradiction } else { PayCaseKind::Disputed };
        // Somebody may be transferring at this moment what the payer has already.
        call_a_human(tx, &refund, back.charge, kind, &detail).await?;
    }
    if total < with_refund {
        return Ok(true);
    }
    sql("UPDATE refund SET way = 'gateway' WHERE id = $1").bind(refund.row_id).execute(&mut tx.conn).await?;
    done(tx, topup, &refund, None, None).await?;
    // What is more than the refund is taken like any other.
    let topup = lock_row(tx, topup.row_id).await?;
    reverse(tx, Some(&topup), back).await
}

async fn call_a_human(
    tx: &mut Tx<'_>,
    refund: &Refund,
    charge: i64,
    kind: PayCaseKind,
    detail: &str,
) -> Result<(), Error> {
    let cause = format!("{}:{detail}", refund.id.as_str());
    let case = NewCase {
        kind,
        cause: &cause,
        topup: Some(refund.topup),
        charge: Some(charge),
        payment: Some(refund.payment),
        detail,
    };
    open_case(tx, case).await
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
