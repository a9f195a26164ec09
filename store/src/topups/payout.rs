use domain::{FieldCode, Fields, Refusal, Role, Rupiah};

use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, audit, post};
use crate::model::UserId;
use crate::shop::once;

/// Records that a payment gateway has paid out to a bank account of the shop.
#[derive(Clone, Debug)]
pub struct RecordPayout {
    /// Who.
    pub admin: UserId,
    /// Which gateway.
    pub gateway: String,
    /// Where the money arrived.
    pub bank_account: i64,
    /// What arrived; negative to correct one that was recorded wrongly.
    pub amount: Rupiah,
    /// What the gateway kept for paying out; negative in a correction.
    pub fee: Rupiah,
    /// The transfer's reference, or why it is corrected.
    pub note: String,
    /// Idempotency key.
    pub key: String,
}

const NOTE_MOST_CHARS: usize = 200;

impl Operation for RecordPayout {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let note = self.note.trim();
        self.check(note)?;
        let request = [
            self.gateway.clone(),
            self.bank_account.to_string(),
            self.amount.get().to_string(),
            self.fee.get().to_string(),
            note.to_owned(),
        ];
        if once(tx, self.admin, "payout", &self.key, &request, "done").await?.is_some() {
            return Ok(());
        }
        require_role(tx, self.admin, Role::Admin).await?;
        let known = sql("SELECT (SELECT COUNT(*) FROM pay_gateway WHERE name = $1) AS gateways, \
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
        self.book(tx, note).await?;
        let detail =
            format!("{} fee {} bank:{} {note}", self.amount.get(), self.fee.get(), self.bank_account);
        audit(tx, Some(self.admin), "record_payout", &format!("pay_gateway:{}", self.gateway), &detail).await
    }
}

impl RecordPayout {
    fn check(&self, note: &str) -> Result<(), Refusal> {
        let mut fields = Fields::new();
        if note.is_empty() {
            fields.note("note", FieldCode::Required);
        } else if note.chars().count() > NOTE_MOST_CHARS {
            fields.note("note", FieldCode::TooLong { max: NOTE_MOST_CHARS });
        }
        if self.amount == Rupiah::ZERO {
            fields.note("amount", FieldCode::BadAmount);
        }
        // Both have the same sign: a correction takes both back.
        if self.fee != Rupiah::ZERO && (self.fee > Rupiah::ZERO) != (self.amount > Rupiah::ZERO) {
            fields.note("fee", FieldCode::BadAmount);
        }
        fields.done()
    }

    async fn book(&self, tx: &mut Tx<'_>, note: &str) -> Result<(), Error> {
        let out_of_range = || Error::corrupt("an amount is out of range");
        let gross = self.amount.checked_add(self.fee).ok_or_else(out_of_range)?;
        let minus = |amount: Rupiah| amount.checked_neg().ok_or_else(out_of_range);
        let mut postings = vec![
            (Account::Gateway(self.gateway.clone()), gross),
            (Account::Bank(self.bank_account), minus(self.amount)?),
        ];
        if self.fee != Rupiah::ZERO {
            postings.push((Account::Fee(self.gateway.clone()), minus(self.fee)?));
        }
        let reference = format!("{}:{}", self.admin.0, self.key);
        let entry = NewEntry {
            kind: EntryKind::Payout,
            reference: &reference,
            postings: &postings,
            actor: Some(self.admin),
            memo: note,
        };
        post(tx, entry).await?;
        sql("INSERT INTO payout (gateway, bank_account_id, amount, fee, note, entry_reference, created_by, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(&self.gateway)
        .bind(self.bank_account)
        .bind(self.amount)
        .bind(self.fee)
        .bind(note)
        .bind(&reference)
        .bind(self.admin)
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
    }
}
