use domain::{AlarmKind, PayCaseAction, PayCaseKind, PublicId, Refusal, Rupiah, UtcMillis};

use crate::Store;
use crate::db::{Row, Tx, sql};
use crate::error::Error;
use crate::gateways::open_alarm;
use crate::model::Page;
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

macro_rules! columns {
    () => {
        "SELECT c.id, c.public_id, c.kind, c.detail, c.opened_at, c.closed_at, c.outcome, c.note, t.public_id AS topup, t.payable, \
         b.username AS buyer, y.provider, y.reference, \
         y.amount - CASE WHEN y.state = 'suspense' THEN y.reversed ELSE 0 END AS amount, a.username AS closed_by FROM pay_case c \
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
