use domain::{FieldCode, Fields, Refusal, Role};

use super::{Saving, once};
use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::{BankAccount, UserId};

/// Adds or changes a bank account that people pay to. An account is never deleted: old top-ups name it.
#[derive(Clone, Debug)]
pub struct SaveBankAccount {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub id: Saving<i64>,
    /// The bank's name.
    pub bank: String,
    /// The account's number: digits, dashes and spaces.
    pub number: String,
    /// The account's holder.
    pub holder: String,
    /// Whether people may pay to it.
    pub active: bool,
}

const TEXT_MOST_CHARS: usize = 60;

impl Operation for SaveBankAccount {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        self.check()?;
        let (bank, number, holder) = (self.bank.trim(), self.number.trim(), self.holder.trim());
        let detail = format!("{bank} {number} {holder} active={}", self.active);
        let saved = match &self.id {
            Saving::New { key } => {
                let request = std::slice::from_ref(&detail);
                if once(tx, self.admin, "save_bank_account", key, request, "done").await?.is_some() {
                    return Ok(());
                }
                sql("INSERT INTO bank_account (bank, number, holder, active) VALUES ($1, $2, $3, $4)")
                    .bind(bank)
                    .bind(number)
                    .bind(holder)
                    .bind(self.active)
                    .execute(&mut tx.conn)
                    .await?
            }
            Saving::Known(id) => {
                sql("UPDATE bank_account SET bank = $1, number = $2, holder = $3, active = $4 WHERE id = $5")
                    .bind(bank)
                    .bind(number)
                    .bind(holder)
                    .bind(self.active)
                    .bind(*id)
                    .execute(&mut tx.conn)
                    .await?
            }
        };
        if saved != 1 {
            return Err(Refusal::NotFound.into());
        }
        audit(tx, Some(self.admin), "save_bank_account", "bank_account", &detail).await
    }
}

impl SaveBankAccount {
    fn check(&self) -> Result<(), Refusal> {
        let mut fields = Fields::new();
        for (name, text) in [("bank", &self.bank), ("number", &self.number), ("holder", &self.holder)] {
            if text.trim().is_empty() {
                fields.note(name, FieldCode::Required);
            } else if text.chars().count() > TEXT_MOST_CHARS {
                fields.note(name, FieldCode::TooLong { max: TEXT_MOST_CHARS });
            }
        }
        let digits = self.number.chars().filter(char::is_ascii_digit).count();
        let clean = self.number.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.'));
        if !self.number.trim().is_empty() && (!clean || digits < 5) {
            fields.note("number", FieldCode::BadNumber);
        }
        fields.done()
    }
}

impl Store {
    /// The shop's bank accounts.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn bank_accounts(&self, only_active: bool) -> Result<Vec<BankAccount>, Error> {
        let query =
            sql("SELECT id AS bank_id, bank, number, holder, active AS bank_active FROM bank_account \
                         WHERE active = 1 OR $1 = 0 ORDER BY active DESC, id LIMIT 50");
        let rows = self.db().all(query.bind(only_active)).await?;
        rows.iter().map(bank_account_of).collect()
    }
}

pub(crate) fn bank_account_of(row: &Row) -> Result<BankAccount, Error> {
    Ok(BankAccount {
        id: row.int("bank_id")?,
        bank: row.text("bank")?,
        number: row.text("number")?,
        holder: row.text("holder")?,
        active: row.bool("bank_active")?,
    })
}
