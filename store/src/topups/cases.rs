use domain::{
    AlarmKind, FieldCode, PayCaseAction, PayCaseKind, PublicId, Refusal, Role, Rupiah, TopupState, Username,
    UtcMillis,
};

use super::credit::Credit;
use super::{Current, lock_row};
use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::gateways::{close_alarm, open_alarm};
use crate::ledger::{Account, EntryKind, NewEntry, audit, post};
use crate::model::{Page, UserId};
use crate::news::News;
use crate::shop::page_of;

/// What a human should see to.
pub(crate) struct NewCase<'c> {
    pub(crate) kind: PayCaseKind,
    /// With the kind it makes the case one, however often it is heard of.
    pub(crate) cause: &'c str,
    pub(crate) topup: Option<i64>,
    pub(crate) charge: Option<i64>,
    pub(crate) payment: Option<i64>,
    pub(crate) detail: &'c str,
}

/// Opens a case, unless there was one already.
pub(crate) async fn open_case(tx: &mut Tx<'_>, case: NewCase<'_>) -> Result<(), Error> {
    let id = tx.new_id();
    let added = sql(
        "INSERT INTO pay_case (public_id, kind, cause, topup_id, charge_id, payment_id, detail, opened_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(&id)
    .bind(case.kind.as_str())
    .bind(case.cause)
    .bind(case.topup)
    .bind(case.charge)
    .bind(case.payment)
    .bind(case.detail)
    .bind(tx.now)
    .execute(&mut tx.conn)
    .await?;
    if added == 1 && case.kind.is_urgent() {
        let detail = format!("{} {}", case.kind.as_str(), case.detail);
        open_alarm(tx, AlarmKind::PaymentCase, id.as_str(), &detail).await?;
    }
    Ok(())
}

/// Money that did not come as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayCase {
    /// For addresses.
    pub id: PublicId,
    /// What it is.
    pub kind: PayCaseKind,
    /// The top-up it is about.
    pub topup: Option<PublicId>,
    /// Its buyer's username.
    pub buyer: Option<String>,
    /// What the buyer should have paid.
    pub payable: Option<Rupiah>,
    /// `bank`, or the payment gateway's name.
    pub provider: Option<String>,
    /// The transaction or statement line.
    pub reference: Option<String>,
    /// What came.
    pub amount: Option<Rupiah>,
    /// Facts: an amount in rupiah, or words for an admin.
    pub detail: String,
    /// Since when.
    pub opened_at: UtcMillis,
    /// Until when.
    pub closed_at: Option<UtcMillis>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// What was done.
    pub outcome: Option<PayCaseAction>,
    /// Why.
    pub note: Option<String>,
}

/// Which cases to list.
#[derive(Clone, Debug, Default)]
pub struct CaseFilter {
    /// Only of this kind.
    pub kind: Option<PayCaseKind>,
    /// Those that were closed, too.
    pub closed_too: bool,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Cases on a page, 1 to 100.
    pub limit: i64,
}

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
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
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
        match self.action {
            PayCaseAction::Acknowledge => {}
            PayCaseAction::Credit => self.credit(tx, &open, topup.as_ref()).await?,
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
        audit(tx, Some(self.admin), "resolve_case", &format!("case:{}", self.case.as_str()), &detail).await
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
                       WHERE id = $3 AND state = 'suspense' AND reversed = 0 RETURNING entry_reference, amount")
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

    /// Out of suspense, to the payer: the money leaves where it had come in.
    async fn give_back(
        &self,
        tx: &mut Tx<'_>,
        open: &Open,
        topup: Option<&Current>,
        note: &str,
    ) -> Result<(), Error> {
        let row = sql(
            "UPDATE payment SET state = 'returned' WHERE id = $1 AND state = 'suspense' AND reversed = 0 \
                       RETURNING entry_reference, amount, provider, account",
        )
        .bind(open.payment)
        .optional(&mut tx.conn)
        .await?;
        let Some(row) = row else {
            return Err(Refusal::StateChanged.into());
        };
        let amount = row.rupiah("amount")?;
        let minus = amount.checked_neg().ok_or_else(|| Error::corrupt("an amount is out of range"))?;
        let to = place(&row)?;
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

macro_rules! columns {
    () => {
        "SELECT c.id, c.public_id, c.kind, c.detail, c.opened_at, c.closed_at, c.outcome, c.note, t.public_id AS topup, t.payable, \
         b.username AS buyer, y.provider, y.reference, y.amount, a.username AS closed_by FROM pay_case c \
         LEFT JOIN topup t ON t.id = c.topup_id LEFT JOIN users b ON b.id = t.user_id \
         LEFT JOIN payment y ON y.id = c.payment_id LEFT JOIN users a ON a.id = c.closed_by "
    };
}

impl Store {
    /// Cases, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn pay_cases(&self, filter: CaseFilter) -> Result<Page<PayCase>, Error> {
        let limit = filter.limit.clamp(1, 100);
        let text = concat!(
            columns!(),
            "WHERE (CAST($1 AS TEXT) IS NULL OR c.kind = $1) AND ($2 = 1 OR c.closed_at IS NULL) \
             AND (CAST($3 AS TEXT) IS NULL OR c.id < (SELECT id FROM pay_case WHERE public_id = $3)) \
             ORDER BY c.id DESC LIMIT $4"
        );
        let query = sql(text)
            .bind(filter.kind.map(PayCaseKind::as_str))
            .bind(filter.closed_too)
            .bind(filter.after)
            .bind(limit + 1);
        page_of(&self.db().all(query).await?, limit, case_of, |case| case.id.as_str().to_owned())
    }

    /// A case.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn pay_case(&self, id: &PublicId) -> Result<PayCase, Error> {
        let row = self.db().optional(sql(concat!(columns!(), "WHERE c.public_id = $1")).bind(id)).await?;
        row.as_ref().map(case_of).transpose()?.ok_or_else(|| Refusal::NotFound.into())
    }

    /// The cases of a top-up, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn pay_cases_of(&self, topup: &PublicId) -> Result<Vec<PayCase>, Error> {
        let text = concat!(columns!(), "WHERE t.public_id = $1 ORDER BY c.id DESC LIMIT 20");
        self.db().all(sql(text).bind(topup)).await?.iter().map(case_of).collect()
    }

    /// How many cases are open.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn open_pay_cases(&self) -> Result<i64, Error> {
        let query = sql("SELECT COUNT(*) AS open FROM pay_case WHERE closed_at IS NULL");
        self.db().one(query).await?.int("open")
    }
}

fn case_of(row: &Row) -> Result<PayCase, Error> {
    Ok(PayCase {
        id: row.word("public_id")?,
        kind: row.word("kind")?,
        topup: row.opt_word("topup")?,
        buyer: row.opt_text("buyer")?,
        payable: row.opt_int("payable")?.map(Rupiah::new),
        provider: row.opt_text("provider")?,
        reference: row.opt_text("reference")?,
        amount: row.opt_int("amount")?.map(Rupiah::new),
        detail: row.text("detail")?,
        opened_at: row.time("opened_at")?,
        closed_at: row.opt_int("closed_at")?.map(UtcMillis),
        closed_by: row.opt_text("closed_by")?,
        outcome: row.opt_word("outcome")?,
        note: row.opt_text("note")?,
    })
}
