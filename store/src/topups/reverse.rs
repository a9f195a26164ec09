use domain::{AlarmKind, PayCaseAction, PayCaseKind, PublicId, Rupiah, TopupState};

use super::{Current, NewCase, move_on, open_case};
use crate::db::{Tx, sql};
use crate::error::Error;
use crate::gateways::close_alarm;
use crate::ledger::{Account, EntryKind, NewEntry, post};
use crate::model::UserId;

/// A payment that was taken, as far as taking it back needs.
struct Payment {
    row_id: i64,
    entry_reference: PublicId,
    provider: String,
    amount: Rupiah,
    fee: Rupiah,
    reversed: Rupiah,
    state: String,
    user: Option<UserId>,
    topup: Option<i64>,
}

/// What a gateway has told of money that went back.
pub(crate) struct Back<'b> {
    /// Of which charge.
    pub(crate) charge: i64,
    /// Of which of its payments, where it said so.
    pub(crate) transaction_id: Option<&'b str>,
    /// How much so far; `None`: all of it.
    pub(crate) total: Option<Rupiah>,
}

/// The gateway or the payer's bank has taken a payment back, in all or in part. What has not been booked of it yet leaves
/// the balance; what the balance lacks is owed, and the account is frozen. A repeat changes nothing. Whether there is such
/// a payment.
pub(crate) async fn reverse(
    tx: &mut Tx<'_>,
    topup: Option<&Current>,
    back: &Back<'_>,
) -> Result<bool, Error> {
    let Some(payment) = payment_of(tx, back).await? else {
        // Nothing was ever taken, so nothing can be taken back.
        return Ok(false);
    };
    let total = back.total.unwrap_or(payment.amount).min(payment.amount);
    let out_of_range = || Error::corrupt("an amount is out of range");
    let more = total.checked_sub(payment.reversed).ok_or_else(out_of_range)?;
    if !more.is_positive() {
        return Ok(true);
    }
    let postings = match (payment.state.as_str(), payment.user) {
        ("credited", Some(user)) => from_balance(tx, &payment, user, more).await?,
        // It is nobody's yet; or it was given back by hand: then the shop has paid twice, and a human hears of it.
        _ => vec![
            (Account::Gateway(payment.provider.clone()), more),
            (Account::Suspense, more.checked_neg().ok_or_else(out_of_range)?),
        ],
    };
    let reference = format!("{}-{}", payment.entry_reference.as_str(), total.get());
    let entry = NewEntry {
        kind: EntryKind::Reversal,
        reference: &reference,
        postings: &postings,
        actor: None,
        memo: "",
    };
    post(tx, entry).await?;
    sql("UPDATE payment SET reversed = $1 WHERE id = $2")
        .bind(total)
        .bind(payment.row_id)
        .execute(&mut tx.conn)
        .await?;
    if total == payment.amount {
        all_gone(tx, topup, &payment).await?;
    }
    let detail = more.get().to_string();
    let case = NewCase {
        kind: PayCaseKind::Disputed,
        cause: &reference,
        topup: topup.map(|topup| topup.row_id),
        charge: Some(back.charge),
        payment: Some(payment.row_id),
        detail: &detail,
    };
    open_case(tx, case).await?;
    Ok(true)
}

/// Nothing is left of it.
async fn all_gone(tx: &mut Tx<'_>, topup: Option<&Current>, payment: &Payment) -> Result<(), Error> {
    if payment.state == "suspense" {
        // There is nothing left to decide.
        sql("UPDATE payment SET state = 'returned' WHERE id = $1")
            .bind(payment.row_id)
            .execute(&mut tx.conn)
            .await?;
        let closed = sql("UPDATE pay_case SET closed_at = $1, outcome = $2, note = '' \
                          WHERE payment_id = $3 AND closed_at IS NULL RETURNING public_id")
        .bind(tx.now)
        .bind(PayCaseAction::Return.as_str())
        .bind(payment.row_id)
        .all(&mut tx.conn)
        .await?;
        for case in closed {
            close_alarm(tx, AlarmKind::PaymentCase, &case.text("public_id")?).await?;
        }
        if let Some(topup) = topup.filter(|topup| topup.state == TopupState::Review) {
            move_on(tx, topup, TopupState::Rejected).await?;
        }
        return Ok(());
    }
    if let Some(topup) = topup.filter(|topup| payment.topup == Some(topup.row_id)) {
        move_on(tx, topup, TopupState::Reversed).await?;
    }
    Ok(())
}

/// The postings that take `more` from the user: the balance first, the rest as a debt. The payer's fee, which never was in
/// the balance, goes last.
async fn from_balance(
    tx: &mut Tx<'_>,
    payment: &Payment,
    user: UserId,
    more: Rupiah,
) -> Result<Vec<(Account, Rupiah)>, Error> {
    let out_of_range = || Error::corrupt("an amount is out of range");
    let minus = |amount: Rupiah| amount.checked_neg().ok_or_else(out_of_range);
    let wallet = sql("UPDATE wallet SET frozen = frozen WHERE user_id = $1 RETURNING available")
        .bind(user)
        .one(&mut tx.conn)
        .await?;
    let credited = payment.amount.checked_sub(payment.fee).ok_or_else(out_of_range)?;
    let left = credited.checked_sub(payment.reversed.min(credited)).ok_or_else(out_of_range)?;
    let from_user = more.min(left);
    let from_fee = more.checked_sub(from_user).ok_or_else(out_of_range)?;
    let from_available = wallet.rupiah("available")?.min(from_user);
    let owed = from_user.checked_sub(from_available).ok_or_else(out_of_range)?;
    if owed.is_positive() {
        sql("UPDATE wallet SET frozen = 1 WHERE user_id = $1").bind(user).execute(&mut tx.conn).await?;
    }
    let mut postings = vec![(Account::Gateway(payment.provider.clone()), more)];
    for (account, amount) in [
        (Account::Available(user), from_available),
        (Account::Receivable(user), owed),
        (Account::PayerFees, from_fee),
    ] {
        if amount.is_positive() {
            postings.push((account, minus(amount)?));
        }
    }
    Ok(postings)
}

/// The payment that went back, locked: the one with that id, or the charge's first.
async fn payment_of(tx: &mut Tx<'_>, back: &Back<'_>) -> Result<Option<Payment>, Error> {
    let row = sql("UPDATE payment SET reversed = reversed WHERE id = COALESCE(\
                   (SELECT MIN(id) FROM payment WHERE charge_id = $1 AND reference = $2), \
                   (SELECT MIN(id) FROM payment WHERE charge_id = $1)) \
                   RETURNING id, entry_reference, provider, amount, fee, reversed, state, user_id, topup_id")
    .bind(back.charge)
    .bind(back.transaction_id)
    .optional(&mut tx.conn)
    .await?;
    row.map(|row| {
        Ok(Payment {
            row_id: row.int("id")?,
            entry_reference: row.word("entry_reference")?,
            provider: row.text("provider")?,
            amount: row.rupiah("amount")?,
            fee: row.rupiah("fee")?,
            reversed: row.rupiah("reversed")?,
            state: row.text("state")?,
            user: row.opt_int("user_id")?.map(UserId),
            topup: row.opt_int("topup_id")?,
        })
    })
    .transpose()
}
