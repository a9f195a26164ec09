use domain::{
    AlarmKind, FieldCode, PayCaseAction, PayCaseKind, PublicId, Refusal, Role, Rupiah, TopupState, Username,
    UtcMillis,
};

use super::credit::Credit;
use super::second_look::{Approval, agreed};
use super::{Current, lock_row};
use crate::accounts::require_role;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::gateways::close_alarm;
use crate::ledger::{Account, EntryKind, NewEntry, audit, post};
use crate::model::UserId;
use crate::news::News;

/// An admin sees to a case.
#[derive(Clone, Debug)]
pub struct ResolveCase {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub case: PublicId,
    /// What is done; only what its kind allows.
    pub action: PayCaseAction,
    /// Into whose balance, where no top-up says so.
    pub user: Option<Username>,
    /// From which bank account it was given back; `None`: from where it had come in, such as by the gateway's dashboard.
    pub from_bank: Option<i64>,
    /// Why, or the reference of the transfer back.
    pub note: String,
}

const NOTE_MOST_CHARS: usize = 200;

/// A case whose row is locked.
struct Open {
    row_id: i64,
    kind: PayCaseKind,
    topup: Option<i64>,
    payment: Option<i64>,
}

impl Operation for ResolveCase {
    type Output = Approval;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Approval, Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let note = self.note.trim();
        if note.is_empty() {
            return Err(Refusal::field("note", FieldCode::Required).into());
        }
        if note.chars().count() > NOTE_MOST_CHARS {
            return Err(Refusal::field("note", FieldCode::TooLong { max: NOTE_MOST_CHARS }).into());
        }
        // The top-up is locked before anything else, as everywhere.
        let topup = self.topup_of(tx).await?;
        let open = self.lock(tx).await?;
        if !open.kind.actions().contains(&self.action) {
            return Err(Refusal::NotAllowed.into());
        }
        if topup.as_ref().is_some_and(|topup| topup.user == self.admin) {
            return Err(Refusal::OwnCase.into());
        }
        match self.action {
            PayCaseAction::Acknowledge => {}
            PayCaseAction::Credit => {
                if !self.agreed(tx, &open).await? {
                    return Ok(Approval::SecondLook);
                }
                self.credit(tx, &open, topup.as_ref()).await?;
            }
            PayCaseAction::Return => self.give_back(tx, &open, topup.as_ref(), note).await?,
        }
        sql("UPDATE pay_case SET closed_at = $1, closed_by = $2, outcome = $3, note = $4 WHERE id = $5")
            .bind(tx.now)
            .bind(self.admin)
            .bind(self.action.as_str())
            .bind(note)
            .bind(open.row_id)
            .execute(&mut tx.conn)
            .await?;
        close_alarm(tx, AlarmKind::PaymentCase, self.case.as_str()).await?;
        let detail = format!("{} {} {note}", open.kind.as_str(), self.action.as_str());
        let object = format!("case:{}", self.case.as_str());
        audit(tx, Some(self.admin), "resolve_case", &object, &detail).await?;
        Ok(Approval::Credited)
    }
}

impl ResolveCase {
    async fn topup_of(&self, tx: &mut Tx<'_>) -> Result<Option<Current>, Error> {
        let row = sql("SELECT topup_id FROM pay_case WHERE public_id = $1")
            .bind(&self.case)
            .optional(&mut tx.conn)
            .await?;
        match row {
            None => Err(Refusal::NotFound.into()),
            Some(row) => match row.opt_int("topup_id")? {
                Some(topup) => lock_row(tx, topup).await.map(Some),
                None => Ok(None),
            },
        }
    }

    async fn lock(&self, tx: &mut Tx<'_>) -> Result<Open, Error> {
        let row = sql("UPDATE pay_case SET kind = kind WHERE public_id = $1 AND closed_at IS NULL \
                       RETURNING id, kind, topup_id, payment_id")
        .bind(&self.case)
        .optional(&mut tx.conn)
        .await?;
        let Some(row) = row else {
            return Err(Refusal::StateChanged.into());
        };
        Ok(Open {
            row_id: row.int("id")?,
            kind: row.word("kind")?,
            topup: row.opt_int("topup_id")?,
            payment: row.opt_int("payment_id")?,
        })
    }

    /// Whether enough admins want it credited.
    async fn agreed(&self, tx: &mut Tx<'_>, open: &Open) -> Result<bool, Error> {
        let row = sql(
            "SELECT y.amount, c.first_by, c.first_at FROM pay_case c JOIN payment y ON y.id = c.payment_id \
                       WHERE c.id = $1",
        )
        .bind(open.row_id)
        .one(&mut tx.conn)
        .await?;
        let first = row
            .opt_int("first_by")?
            .zip(row.opt_int("first_at")?)
            .map(|(by, at)| (UserId(by), UtcMillis(at)));
        if agreed(tx, self.admin, row.rupiah("amount")?, first).await? {
            return Ok(true);
        }
        sql("UPDATE pay_case SET first_by = $1, first_at = $2 WHERE id = $3")
            .bind(self.admin)
            .bind(tx.now)
            .bind(open.row_id)
            .execute(&mut tx.conn)
            .await?;
        let object = format!("case:{}", self.case.as_str());
        audit(tx, Some(self.admin), "resolve_case_first", &object, self.action.as_str()).await?;
        Ok(false)
    }

    /// Out of suspense, into a balance.
    async fn credit(&self, tx: &mut Tx<'_>, open: &Open, topup: Option<&Current>) -> Result<(), Error> {
        let user = match topup {
            Some(topup) => topup.user,
            None => self.named_user(tx).await?,
        };
        if user == self.admin {
            return Err(Refusal::OwnCase.into());
        }
        // The top-up that this payment was meant for takes it; a second payment is only about it.
        let taken_by =
            topup.filter(|topup| open.kind == PayCaseKind::WrongAmount && topup.state == TopupState::Review);
        let row = sql("UPDATE payment SET state = 'credited', user_id = $1, topup_id = $2 \
                       WHERE id = $3 AND state = 'suspense' RETURNING id, entry_reference, amount - reversed AS amount")
            .bind(user)
            .bind(taken_by.map(|topup| topup.row_id))
            .bind(open.payment)
            .optional(&mut tx.conn)
            .await?;
        let Some(row) = row else {
            return Err(Refusal::StateChanged.into());
        };
        let reference: PublicId = row.word("entry_reference")?;
        let credit = Credit {
            from: Account::Suspense,
            payment: row.int("id")?,
            reference: &reference,
            amount: row.rupiah("amount")?,
            fee: Rupiah::ZERO,
        };
        credit.post(tx, user, Some(self.admin)).await?;
        if let Some(topup) = taken_by {
            super::move_on(tx, topup, TopupState::Credited).await?;
            self.decided(tx, topup).await?;
        }
        self.tell_topup(tx, open).await
    }

    async fn named_user(&self, tx: &mut Tx<'_>) -> Result<UserId, Error> {
        let Some(name) = &self.user else {
            return Err(Refusal::field("user", FieldCode::Required).into());
        };
        let row = sql("SELECT id FROM users WHERE username = $1")
            .bind(name.as_str())
            .optional(&mut tx.conn)
            .await?;
        match row {
            Some(row) => row.user_id("id"),
            None => Err(Refusal::field("user", FieldCode::NoSuchUser).into()),
        }
    }

    /// Out of suspense, to the payer: by the way that it came, or from a bank account.
    async fn give_back(
        &self,
        tx: &mut Tx<'_>,
        open: &Open,
        topup: Option<&Current>,
        note: &str,
    ) -> Result<(), Error> {
        if let Some(account) = self.from_bank {
            let known =
                sql("SELECT id FROM bank_account WHERE id = $1").bind(account).optional(&mut tx.conn).await?;
            if known.is_none() {
                return Err(Refusal::field("from_bank", FieldCode::NotAChoice).into());
            }
        }
        let row = sql("UPDATE payment SET reversed = reversed WHERE id = $1 AND state = 'suspense' \
                       RETURNING entry_reference, amount, reversed, provider, account")
        .bind(open.payment)
        .optional(&mut tx.conn)
        .await?;
        let Some(row) = row else {
            return Err(Refusal::StateChanged.into());
        };
        let out_of_range = || Error::corrupt("an amount is out of range");
        let amount = row.rupiah("amount")?.checked_sub(row.rupiah("reversed")?).ok_or_else(out_of_range)?;
        let minus = amount.checked_neg().ok_or_else(out_of_range)?;
        let to = match self.from_bank {
            Some(account) => Account::Bank(account),
            None => place(&row)?,
        };
        // What goes back by the gateway will be told of by it, and is booked then already.
        let told_later = matches!(to, Account::Gateway(_));
        sql("UPDATE payment SET state = 'returned', reversed = CASE WHEN $1 = 1 THEN amount ELSE reversed END WHERE id = $2")
            .bind(told_later)
            .bind(open.payment)
            .execute(&mut tx.conn)
            .await?;
        let postings = [(Account::Suspense, minus), (to, amount)];
        let reference = row.text("entry_reference")?;
        let entry = NewEntry {
            kind: EntryKind::Returned,
            reference: &reference,
            postings: &postings,
            actor: Some(self.admin),
            memo: note,
        };
        post(tx, entry).await?;
        if let Some(topup) = topup.filter(|topup| topup.state == TopupState::Review) {
            super::move_on(tx, topup, TopupState::Rejected).await?;
            self.decided(tx, topup).await?;
            sql("UPDATE topup SET reject_reason = $1 WHERE id = $2")
                .bind(note)
                .bind(topup.row_id)
                .execute(&mut tx.conn)
                .await?;
        }
        self.tell_topup(tx, open).await
    }

    async fn decided(&self, tx: &mut Tx<'_>, topup: &Current) -> Result<(), Error> {
        sql("UPDATE topup SET decided_by = $1, decided_at = $2 WHERE id = $3")
            .bind(self.admin)
            .bind(tx.now)
            .bind(topup.row_id)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }

    async fn tell_topup(&self, tx: &mut Tx<'_>, open: &Open) -> Result<(), Error> {
        if let Some(topup) = open.topup {
            let row = sql("SELECT public_id FROM topup WHERE id = $1").bind(topup).one(&mut tx.conn).await?;
            tx.news.push(News::Topup(row.word("public_id")?));
        }
        Ok(())
    }
}

/// The account that a payment came in by.
fn place(row: &Row) -> Result<Account, Error> {
    let provider = row.text("provider")?;
    if provider == "bank" {
        let id =
            row.text("account")?.parse().map_err(|_| Error::corrupt("a bank account without a number"))?;
        Ok(Account::Bank(id))
    } else {
        Ok(Account::Gateway(provider))
    }
}

/// An admin lets a frozen account buy again: what was taken back is paid, or forgiven by a correction.
#[derive(Clone, Debug)]
pub struct UnfreezeWallet {
    /// Who.
    pub admin: UserId,
    /// Whose.
    pub user: UserId,
}

impl Operation for UnfreezeWallet {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        if self.user == self.admin {
            return Err(Refusal::OwnCase.into());
        }
        let changed = sql("UPDATE wallet SET frozen = 0 WHERE user_id = $1 AND frozen = 1")
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        if changed == 0 {
            return Err(Refusal::StateChanged.into());
        }
        audit(tx, Some(self.admin), "unfreeze", &format!("user:{}", self.user.0), "").await
    }
}
