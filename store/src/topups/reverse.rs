use domain::{PayCaseKind, PublicId, Rupiah, TopupState};

use super::{Current, NewCase, move_on, open_case};
use crate::db::{Tx, sql};
use crate::error::Error;
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
}

/// The gateway or the payer's bank has taken back `total` of a charge's payment so far (`None`: all of it). What has not
/// been booked of it yet leaves the balance; what the balance lacks is owed, and the account is frozen. A repeat changes
/// nothing.
pub(crate) async fn reverse(
    tx: &mut Tx<'_>,
    topup: Option<&Current>,
    charge: i64,
    total: Option<Rupiah>,
) -> Result<(), Error> {
    let Some(payment) = payment_of(tx, charge).await? else {
        // Nothing was ever taken, so nothing can be taken back.
        return Ok(());
    };
    let total = total.unwrap_or(payment.amount).min(payment.amount);
    let out_of_range = || Error::corrupt("an amount is out of range");
    let more = total.checked_sub(payment.reversed).ok_or_else(out_of_range)?;
    if !more.is_positive() {
        return Ok(());
    }
    let postings = match (payment.state.as_str(), payment.user) {
        ("credited", Some(user)) => from_balance(tx, &payment, user, more).await?,
        // It is nobody's yet, or was given back by hand: then the shop has paid twice, and a human must know.
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
    if let Some(topup) = topup
        && total == payment.amount
    {
        move_on(tx, topup, TopupState::Reversed).await?;
    }
    let detail = more.get().to_string();
    let case = NewCase {
        kind: PayCaseKind::Disputed,
        cause: &reference,
        topup: topup.map(|topup| topup.row_id),
        charge: Some(charge),
        payment: Some(payment.row_id),
        detail: &detail,
    };
    open_case(tx, case).await
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

async fn payment_of(tx: &mut Tx<'_>, charge: i64) -> Result<Option<Payment>, Error> {
    let row = sql("UPDATE payment SET reversed = reversed WHERE id = \
                   (SELECT MIN(id) FROM payment WHERE charge_id = $1) RETURNING id, entry_reference, provider, amount, fee, reversed, state, user_id")
        .bind(charge)
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
        })
    })
    .transpose()
}
