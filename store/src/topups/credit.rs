//! The one code that credits a payment.

use domain::{NoticeKind, PayCaseKind, PublicId, Rupiah, TopupState, UserNoticeKind};

use super::{Current, NewCase, QUARANTINE_MS, open_case};
use crate::crash;
use crate::db::{Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, post};
use crate::model::UserId;
use crate::news::News;
use crate::notices::{Told, tell};
use crate::outbox::MailFacts;
use crate::user_notices::{NewUserNotice, note};

/// Money that came, as sure as it gets: a payment gateway has confirmed it when it was asked, or an admin has found it on
/// the statement.
pub(crate) struct Came<'c> {
    /// `bank`, or the payment gateway's name.
    pub(crate) provider: &'c str,
    /// Which of the shop's accounts there. With provider and reference it makes the payment one.
    pub(crate) account: &'c str,
    /// The transaction's id, or the statement line's reference.
    pub(crate) reference: &'c str,
    /// What came.
    pub(crate) amount: Rupiah,
    /// What should have come, where anything else is not to be credited by itself.
    pub(crate) expected: Option<Rupiah>,
    /// What the gateway keeps of it.
    pub(crate) cost: Rupiah,
    /// By which charge.
    pub(crate) charge: Option<i64>,
    /// The admin who found it.
    pub(crate) actor: Option<UserId>,
}

/// What became of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is in the balance.
    Credited,
    /// It was taken before; nothing has changed.
    Repeat,
    /// It is in suspense, and a case is open.
    Aside,
}

/// Takes a payment, for a locked top-up or for none. A repeat changes nothing; what is not as it should be goes into
/// suspense, for a human.
pub(crate) async fn take(tx: &mut Tx<'_>, topup: Option<&Current>, came: &Came<'_>) -> Result<Taken, Error> {
    let aside = match topup {
        None => Some(PayCaseKind::Unmatched),
        Some(topup) if !topup.state.may_become(TopupState::Credited) => Some(PayCaseKind::Second),
        // Its first payment waits for a human, or its money is on the way back.
        Some(topup) if matches!(topup.state, TopupState::Review | TopupState::RefundPending) => {
            Some(PayCaseKind::Second)
        }
        Some(_) if came.expected.is_some_and(|expected| expected != came.amount) => {
            Some(PayCaseKind::WrongAmount)
        }
        Some(_) => None,
    };
    let Some((payment, entry_reference)) = insert(tx, topup, came, aside).await? else {
        return Ok(Taken::Repeat);
    };
    crash::point("payment-inserted");
    let taken = match (topup, aside) {
        (Some(topup), None) => {
            let from = came.from()?;
            let reference = &entry_reference;
            let credit = Credit { from, payment, reference, amount: came.amount, fee: topup.fee };
            credit.post(tx, topup.user, came.actor).await?;
            crash::point("payment-credited");
            close(tx, topup, came).await?;
            Taken::Credited
        }
        (_, aside) => {
            set_aside(tx, topup, came, aside.unwrap_or(PayCaseKind::Unmatched), payment, &entry_reference)
                .await?;
            Taken::Aside
        }
    };
    book_cost(tx, came, &entry_reference).await?;
    crash::point("topup-credited-before-commit");
    Ok(taken)
}

impl Came<'_> {
    fn from(&self) -> Result<Account, Error> {
        if self.provider == "bank" {
            let id = self.account.parse().map_err(|_| Error::corrupt("a bank account without a number"))?;
            Ok(Account::Bank(id))
        } else {
            Ok(Account::Gateway(self.provider.to_owned()))
        }
    }
}

/// The payment's row and its name in the ledger; `None` when it is there already.
async fn insert(
    tx: &mut Tx<'_>,
    topup: Option<&Current>,
    came: &Came<'_>,
    aside: Option<PayCaseKind>,
) -> Result<Option<(i64, PublicId)>, Error> {
    let entry_reference = tx.new_id();
    let topup_id = topup.map(|topup| topup.row_id);
    let credited = aside.is_none();
    let row = sql("INSERT INTO payment (provider, account, reference, entry_reference, amount, topup_id, created_at, charge_id, \
                   state, fee, cost, reversed, user_id, about_topup) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13) ON CONFLICT DO NOTHING RETURNING id")
        .bind(came.provider)
        .bind(came.account)
        .bind(came.reference)
        .bind(&entry_reference)
        .bind(came.amount)
        .bind(topup_id.filter(|_| credited))
        .bind(tx.now)
        .bind(came.charge)
        .bind(if credited { "credited" } else { "suspense" })
        .bind(topup.filter(|_| credited).map_or(Rupiah::ZERO, |topup| topup.fee))
        .bind(came.cost)
        .bind(topup.filter(|_| credited).map(|topup| topup.user))
        .bind(topup_id.filter(|_| !credited))
        .optional(&mut tx.conn)
        .await?;
    row.map(|row| Ok((row.int("id")?, entry_reference))).transpose()
}

/// The entry that credits.
pub(super) struct Credit<'c> {
    /// Where the money is.
    pub(super) from: Account,
    /// The payment's row.
    pub(super) payment: i64,
    /// The payment's name in the ledger.
    pub(super) reference: &'c PublicId,
    /// What came.
    pub(super) amount: Rupiah,
    /// The payer's fee in it.
    pub(super) fee: Rupiah,
}

impl Credit<'_> {
    /// Writes it, and tells the user. What the user owes is paid first.
    pub(super) async fn post(
        self,
        tx: &mut Tx<'_>,
        user: UserId,
        actor: Option<UserId>,
    ) -> Result<(), Error> {
        let out_of_range = || Error::corrupt("an amount is out of range");
        let wallet = sql("UPDATE wallet SET frozen = frozen WHERE user_id = $1 RETURNING receivable")
            .bind(user)
            .one(&mut tx.conn)
            .await?;
        let owed = wallet.rupiah("receivable")?.checked_neg().ok_or_else(out_of_range)?;
        let net =
            self.amount.checked_sub(self.fee).filter(|net| net.is_positive()).ok_or_else(out_of_range)?;
        let repaid = owed.min(net);
        let rest = net.checked_sub(repaid).ok_or_else(out_of_range)?;
        let mut postings = vec![(self.from, self.amount.checked_neg().ok_or_else(out_of_range)?)];
        for posting in [
            (Account::Available(user), rest),
            (Account::Receivable(user), repaid),
            (Account::PayerFees, self.fee),
        ] {
            if posting.1 != Rupiah::ZERO {
                postings.push(posting);
            }
        }
        let reference = self.reference.as_str();
        let entry = NewEntry { kind: EntryKind::Credit, reference, postings: &postings, actor, memo: "" };
        post(tx, entry).await?;
        let (kind, facts) = (UserNoticeKind::Credited, MailFacts::default());
        note(tx, NewUserNotice { user, kind, object: self.payment, amount: Some(net), facts }).await
    }
}

/// The top-up has its money.
async fn close(tx: &mut Tx<'_>, topup: &Current, came: &Came<'_>) -> Result<(), Error> {
    let late = !topup.state.is_open();
    sql("UPDATE topup SET state = $1, decided_by = $2, decided_at = $3, late = $4, reserved_until = $5 WHERE id = $6")
        .bind(TopupState::Credited.as_str())
        .bind(came.actor)
        .bind(tx.now)
        .bind(late)
        .bind(tx.now.plus_ms(QUARANTINE_MS))
        .bind(topup.row_id)
        .execute(&mut tx.conn)
        .await?;
    let kind = if late {
        Some(PayCaseKind::Late)
    } else if came.amount < topup.payable {
        Some(PayCaseKind::Under)
    } else if came.amount > topup.payable {
        Some(PayCaseKind::Over)
    } else {
        None
    };
    if let Some(kind) = kind {
        let detail = came.amount.get().to_string();
        let case = NewCase {
            kind,
            cause: topup.id.as_str(),
            topup: Some(topup.row_id),
            charge: came.charge,
            payment: None,
            detail: &detail,
        };
        open_case(tx, case).await?;
    }
    let received = came.amount.get().to_string();
    let told = Told { kind: NoticeKind::TopupCredited, object: topup.row_id, detail: &received, but: "" };
    tell(tx, told).await?;
    tx.news.push(News::Topup(topup.id.clone()));
    Ok(())
}

/// The money is there, but nobody's yet.
async fn set_aside(
    tx: &mut Tx<'_>,
    topup: Option<&Current>,
    came: &Came<'_>,
    kind: PayCaseKind,
    payment: i64,
    entry_reference: &PublicId,
) -> Result<(), Error> {
    let minus = came.amount.checked_neg().ok_or_else(|| Error::corrupt("an amount is out of range"))?;
    let postings = [(came.from()?, minus), (Account::Suspense, came.amount)];
    let entry = NewEntry {
        kind: EntryKind::Suspense,
        reference: entry_reference.as_str(),
        postings: &postings,
        actor: came.actor,
        memo: "",
    };
    post(tx, entry).await?;
    if let Some(topup) = topup
        && kind == PayCaseKind::WrongAmount
    {
        super::move_on(tx, topup, TopupState::Review).await?;
    }
    let detail = came.amount.get().to_string();
    let case = NewCase {
        kind,
        cause: entry_reference.as_str(),
        topup: topup.map(|topup| topup.row_id),
        charge: came.charge,
        payment: Some(payment),
        detail: &detail,
    };
    open_case(tx, case).await
}

/// What the gateway keeps never reaches the shop.
async fn book_cost(tx: &mut Tx<'_>, came: &Came<'_>, entry_reference: &PublicId) -> Result<(), Error> {
    if came.cost == Rupiah::ZERO {
        return Ok(());
    }
    let minus = came.cost.checked_neg().ok_or_else(|| Error::corrupt("an amount is out of range"))?;
    let postings = [(came.from()?, came.cost), (Account::Fee(came.provider.to_owned()), minus)];
    let entry = NewEntry {
        kind: EntryKind::PayCost,
        reference: entry_reference.as_str(),
        postings: &postings,
        actor: None,
        memo: "",
    };
    post(tx, entry).await.map(|_| ())
}
