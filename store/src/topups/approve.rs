use domain::{FieldCode, Fields, NoticeKind, PublicId, Refusal, Role, Rupiah, TopupState};

use super::{Current, QUARANTINE_MS, lock};
use crate::accounts::require_role;
use crate::crash;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, audit, post};
use crate::model::UserId;
use crate::news::News;
use crate::notices::{Told, tell};

/// An admin has found the money on the bank statement: credits what came.
#[derive(Clone, Debug)]
pub struct ApproveTopup {
    /// Who decides.
    pub admin: UserId,
    /// Which.
    pub topup: PublicId,
    /// The statement line's reference, unique for the account: one transfer cannot pay two top-ups.
    pub reference: String,
    /// What really came.
    pub received: Rupiah,
}

const REFERENCE_CHARS: std::ops::RangeInclusive<usize> = 3..=64;
const REASON_MOST_CHARS: usize = 200;

impl Operation for ApproveTopup {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let reference = self.check()?;
        let current = lock(tx, &self.topup).await?;
        decide_allowed(tx, self.admin, &current).await?;
        if !current.state.may_become(TopupState::Credited) {
            return Err(Refusal::StateChanged.into());
        }
        let entry_reference = self.insert_payment(tx, &current, &reference).await?;
        let minus = self.received.checked_neg().ok_or_else(|| Error::corrupt("an amount is out of range"))?;
        let postings =
            [(Account::Bank(current.bank_account), minus), (Account::Available(current.user), self.received)];
        let entry = NewEntry {
            kind: EntryKind::Credit,
            reference: entry_reference.as_str(),
            postings: &postings,
            actor: Some(self.admin),
            memo: "",
        };
        post(tx, entry).await?;
        let late = !current.state.is_open();
        sql("UPDATE topup SET state = $1, decided_by = $2, decided_at = $3, late = $4, reserved_until = $5 WHERE id = $6")
            .bind(TopupState::Credited.as_str())
            .bind(self.admin)
            .bind(tx.now)
            .bind(late)
            .bind(tx.now.plus_ms(QUARANTINE_MS))
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        let detail = format!("{} {reference}, asked {}", self.received.get(), current.payable.get());
        audit(tx, Some(self.admin), "approve_topup", &format!("topup:{}", self.topup.as_str()), &detail)
            .await?;
        let (kind, received) = (NoticeKind::TopupCredited, self.received.get().to_string());
        tell(tx, Told { kind, object: current.row_id, detail: &received, but: "" }).await?;
        tx.news.push(News::Topup(self.topup.clone()));
        crash::point("topup-credited-before-commit");
        Ok(())
    }
}

impl ApproveTopup {
    /// The reference in the one form in which it is compared.
    fn check(&self) -> Result<String, Refusal> {
        let mut fields = Fields::new();
        let reference = self.reference.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
        let chars = reference.chars().count();
        if reference.is_empty() {
            fields.note("reference", FieldCode::Required);
        } else if chars < *REFERENCE_CHARS.start() {
            fields.note("reference", FieldCode::TooShort { min: *REFERENCE_CHARS.start() });
        } else if chars > *REFERENCE_CHARS.end() {
            fields.note("reference", FieldCode::TooLong { max: *REFERENCE_CHARS.end() });
        }
        if !self.received.is_positive() {
            fields.note("received", FieldCode::BadAmount);
        }
        fields.done()?;
        Ok(reference)
    }

    async fn insert_payment(
        &self,
        tx: &mut Tx<'_>,
        current: &Current,
        reference: &str,
    ) -> Result<PublicId, Error> {
        let entry_reference = tx.new_id();
        let added = sql("INSERT INTO payment (provider, account, reference, entry_reference, amount, topup_id, created_at) \
                         VALUES ('bank', $1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING")
            .bind(current.bank_account.to_string())
            .bind(reference)
            .bind(&entry_reference)
            .bind(self.received)
            .bind(current.row_id)
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await?;
        if added == 1 { Ok(entry_reference) } else { Err(Refusal::PaymentUsed.into()) }
    }
}

/// An admin has not found the money.
#[derive(Clone, Debug)]
pub struct RejectTopup {
    /// Who decides.
    pub admin: UserId,
    /// Which.
    pub topup: PublicId,
    /// Why; the buyer reads it.
    pub reason: String,
}

impl Operation for RejectTopup {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(Refusal::field("reason", FieldCode::Required).into());
        }
        if reason.chars().count() > REASON_MOST_CHARS {
            return Err(Refusal::field("reason", FieldCode::TooLong { max: REASON_MOST_CHARS }).into());
        }
        let current = lock(tx, &self.topup).await?;
        decide_allowed(tx, self.admin, &current).await?;
        if !current.state.may_become(TopupState::Rejected) {
            return Err(Refusal::StateChanged.into());
        }
        sql("UPDATE topup SET state = $1, decided_by = $2, decided_at = $3, reject_reason = $4, reserved_until = $5 WHERE id = $6")
            .bind(TopupState::Rejected.as_str())
            .bind(self.admin)
            .bind(tx.now)
            .bind(reason)
            .bind(tx.now.plus_ms(QUARANTINE_MS))
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        audit(tx, Some(self.admin), "reject_topup", &format!("topup:{}", self.topup.as_str()), reason)
            .await?;
        tx.news.push(News::Topup(self.topup.clone()));
        Ok(())
    }
}

async fn decide_allowed(tx: &mut Tx<'_>, admin: UserId, current: &Current) -> Result<(), Error> {
    require_role(tx, admin, Role::Admin).await?;
    if current.user == admin { Err(Refusal::OwnCase.into()) } else { Ok(()) }
}
