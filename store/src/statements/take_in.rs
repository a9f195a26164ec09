use domain::{FieldCode, PayCaseKind, Refusal, Role, Rupiah, UtcMillis};

use super::tidy;
use crate::accounts::require_role;
use crate::db::{Operation, Tx, Value, insert_rows, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;
use crate::topups::{Came, Taken, take};

/// Takes in what a statement says has arrived. Lines that are there already are left as they are, so that overlapping
/// statements can be read in one after the other.
#[derive(Clone, Debug)]
pub struct TakeInStatement {
    /// Who.
    pub admin: UserId,
    /// Whose statement ([`super::source_of_bank`], [`super::source_of_gateway`]).
    pub source: String,
    /// What has arrived.
    pub lines: Vec<NewLine>,
    /// The mapping by which it was read, to be offered the next time; as JSON.
    pub profile: String,
}

/// Money that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    /// When the day began (WIB).
    pub day: UtcMillis,
    /// How much.
    pub amount: Rupiah,
    /// What tells it from all others of the same source.
    pub reference: String,
    /// The bank's words.
    pub description: String,
}

/// What came of taking in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Lines that are new.
    pub added: usize,
    /// Lines that were there.
    pub known: usize,
}

/// A month of a busy shop.
const LINES_MOST: usize = 20_000;

impl Operation for TakeInStatement {
    type Output = TakenIn;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<TakenIn, Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        if self.lines.len() > LINES_MOST {
            return Err(Refusal::field("file", FieldCode::BadStatement).into());
        }
        self.check_source(tx).await?;
        let taken = add_lines(tx, &self.source, &self.lines, Some(self.admin)).await?;
        sql(
            "INSERT INTO statement_profile (source, profile, updated_by, updated_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (source) DO UPDATE SET profile = $2, updated_by = $3, updated_at = $4",
        )
        .bind(&self.source)
        .bind(&self.profile)
        .bind(self.admin)
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
        let detail = format!("{} new, {} known", taken.added, taken.known);
        audit(tx, Some(self.admin), "take_in_statement", &self.source, &detail).await?;
        Ok(taken)
    }
}

impl TakeInStatement {
    async fn check_source(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let known = sql("SELECT (SELECT COUNT(*) FROM bank_account WHERE 'bank:' || id = $1) \
                         + (SELECT COUNT(*) FROM pay_gateway WHERE 'gateway:' || name = $1) AS known")
        .bind(&self.source)
        .one(&mut tx.conn)
        .await?;
        if known.int("known")? == 0 { Err(Refusal::NotFound.into()) } else { Ok(()) }
    }
}

/// Adds the lines that are not there yet. A transfer that an admin has approved by its typed reference is used already.
pub(super) async fn add_lines(
    tx: &mut Tx<'_>,
    source: &str,
    lines: &[NewLine],
    by: Option<UserId>,
) -> Result<TakenIn, Error> {
    // A gateway's list names our own orders, which are compared as they are.
    let named = |line: &NewLine| {
        if source.starts_with("bank:") { tidy(&line.reference) } else { line.reference.clone() }
    };
    let row = |line: &NewLine| -> [Value; 8] {
        [
            source.into(),
            line.day.into(),
            line.amount.into(),
            named(line).into(),
            line.description.as_str().into(),
            "open".into(),
            by.into(),
            tx.now.into(),
        ]
    };
    let rows: Vec<_> = lines.iter().map(row).collect();
    let added = insert_rows(
        &mut tx.conn,
        "INSERT INTO statement_line (source, day, amount, reference, description, state, added_by, added_at)",
        &rows,
        " ON CONFLICT DO NOTHING RETURNING id",
    )
    .await?
    .len();
    if let Some(account) = source.strip_prefix("bank:") {
        sql("UPDATE statement_line SET state = 'used' WHERE source = $1 AND state = 'open' AND EXISTS \
             (SELECT 1 FROM payment y WHERE y.provider = 'bank' AND y.account = $2 \
             AND y.reference = statement_line.reference)")
        .bind(source)
        .bind(account)
        .execute(&mut tx.conn)
        .await?;
    }
    Ok(TakenIn { added, known: lines.len().saturating_sub(added) })
}

/// An admin says what a line is that no top-up waits for.
#[derive(Clone, Debug)]
pub struct IgnoreLine {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub line: i64,
    /// It is a customer's money: it goes into suspense, for a case. Otherwise it is the shop's own business.
    pub is_a_customers: bool,
}

impl Operation for IgnoreLine {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let row = sql(
            "UPDATE statement_line SET state = $1 WHERE id = $2 AND state = 'open' AND source LIKE 'bank:%' \
                       RETURNING source, reference, amount",
        )
        .bind(if self.is_a_customers { "used" } else { "ignored" })
        .bind(self.line)
        .optional(&mut tx.conn)
        .await?;
        let row = row.ok_or(Refusal::StateChanged)?;
        let (source, reference, amount) =
            (row.text("source")?, row.text("reference")?, row.rupiah("amount")?);
        if self.is_a_customers {
            let came = Came {
                provider: "bank",
                account: source.strip_prefix("bank:").unwrap_or_default(),
                reference: &reference,
                amount,
                expected: None,
                cost: Rupiah::ZERO,
                charge: None,
                actor: Some(self.admin),
            };
            if take(tx, None, &came).await? == Taken::Repeat {
                return Err(Refusal::PaymentUsed.into());
            }
        }
        let detail = format!("{} {reference} customers={}", amount.get(), self.is_a_customers);
        let action = if self.is_a_customers { PayCaseKind::Unmatched.as_str() } else { "ignore_line" };
        audit(tx, Some(self.admin), action, &source, &detail).await
    }
}
