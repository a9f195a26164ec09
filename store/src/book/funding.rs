use domain::{DAY_MS, FieldCode, Fields, Refusal, Role, Rupiah, UtcMillis, start_of_wib_day};

use super::BOOK_DAYS;
use super::mark::closed_day;
use super::reading::{compare_since, lock};
use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, audit, post};
use crate::model::UserId;
use crate::shop::once;

/// Records that the deposit at a gateway was filled up from a bank account of the shop.
#[derive(Clone, Debug)]
pub struct RecordFunding {
    /// Who.
    pub admin: UserId,
    /// Which gateway.
    pub gateway: String,
    /// The shop's bank account that it was paid from.
    pub bank_account: i64,
    /// How much; negative to correct one that was recorded wrongly.
    pub amount: Rupiah,
    /// When the day began (WIB) in which the deposit rose. Up to the day of the first reading it counts in no comparison.
    pub day: UtcMillis,
    /// The transfer's reference, or why it is corrected.
    pub note: String,
    /// Idempotency key.
    pub key: String,
}

/// Money that was paid into a deposit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    /// How much; negative for a correction.
    pub amount: Rupiah,
    /// The day for which it counts: when it began (WIB).
    pub day: UtcMillis,
    /// The bank's name.
    pub bank: String,
    /// The transfer's reference, or why it is corrected.
    pub note: String,
    /// Who recorded it.
    pub by: String,
    /// When it was recorded.
    pub at: UtcMillis,
}

/// Longest note, in characters.
const NOTE_MOST_CHARS: usize = 200;

impl Operation for RecordFunding {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let note = self.note.trim();
        let opposite = self.check(note)?;
        let request = [
            self.gateway.clone(),
            self.bank_account.to_string(),
            self.amount.get().to_string(),
            self.day.0.to_string(),
            note.to_owned(),
        ];
        if once(tx, self.admin, "funding", &self.key, &request, "done").await?.is_some() {
            return Ok(());
        }
        require_role(tx, self.admin, Role::Admin).await?;
        self.check_place(tx).await?;
        lock(tx, &self.gateway).await?;
        self.check_day(tx).await?;
        let reference = format!("{}:{}", self.admin.0, self.key);
        let postings = [
            (Account::Bank(self.bank_account), self.amount),
            (Account::Deposit(self.gateway.clone()), opposite),
        ];
        let entry = NewEntry {
            kind: EntryKind::Funding,
            reference: &reference,
            postings: &postings,
            actor: Some(self.admin),
            memo: note,
        };
        post(tx, entry).await?;
        sql("INSERT INTO funding (gateway, bank_account_id, amount, day, note, entry_reference, created_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(&self.gateway)
        .bind(self.bank_account)
        .bind(self.amount)
        .bind(self.day)
        .bind(note)
        .bind(&reference)
        .bind(self.admin)
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
        compare_since(tx, &self.gateway, self.day).await?;
        let detail = format!("{} bank:{} {} {note}", self.amount.get(), self.bank_account, self.day.0);
        audit(tx, Some(self.admin), "record_funding", &format!("gateway:{}", self.gateway), &detail).await
    }
}

impl RecordFunding {
    /// The amount with the other sign.
    fn check(&self, note: &str) -> Result<Rupiah, Refusal> {
        let mut fields = Fields::new();
        if note.is_empty() {
            fields.note("note", FieldCode::Required);
        } else if note.chars().count() > NOTE_MOST_CHARS {
            fields.note("note", FieldCode::TooLong { max: NOTE_MOST_CHARS });
        }
        let opposite = self.amount.checked_neg().filter(|_| self.amount != Rupiah::ZERO);
        if opposite.is_none() {
            fields.note("amount", FieldCode::BadAmount);
        }
        fields.done()?;
        opposite.ok_or_else(|| Refusal::field("amount", FieldCode::BadAmount))
    }

    async fn check_place(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let known = sql("SELECT (SELECT COUNT(*) FROM gateway_state WHERE gateway = $1) \
                         + (SELECT COUNT(*) FROM gateway WHERE name = $1) AS gateways, \
                         (SELECT COUNT(*) FROM bank_account WHERE id = $2) AS banks")
        .bind(&self.gateway)
        .bind(self.bank_account)
        .one(&mut tx.conn)
        .await?;
        if known.int("gateways")? == 0 {
            return Err(Refusal::NotFound.into());
        }
        if known.int("banks")? == 0 {
            return Err(Refusal::field("bank_account", FieldCode::NotAChoice).into());
        }
        Ok(())
    }

    /// A day of the table, today, or before the first reading.
    async fn check_day(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let first = sql("SELECT MIN(day) AS first FROM deposit_day WHERE gateway = $1")
            .bind(&self.gateway)
            .one(&mut tx.conn)
            .await?;
        let today = start_of_wib_day(tx.now);
        let oldest = today.plus_ms(-BOOK_DAYS * DAY_MS);
        let is_recent = oldest <= self.day && self.day <= today;
        // Without a reading everything was paid before the first one: that one will have it in.
        let allowed = match first.opt_int("first")? {
            None => self.day <= closed_day(tx.now),
            Some(first) => is_recent || self.day.0 == first,
        };
        if allowed && start_of_wib_day(self.day) == self.day {
            Ok(())
        } else {
            Err(Refusal::field("day", FieldCode::NotAChoice).into())
        }
    }
}
