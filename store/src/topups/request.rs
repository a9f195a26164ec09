use domain::{HOUR_MS, NoticeKind, PublicId, Refusal, Rupiah, TopupState};

use super::{QUARANTINE_MS, lock_own};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;
use crate::notices::{Told, tell};
use crate::shop::{once, settings_in};

/// Asks for a top-up by bank transfer; its id. The amount to pay is made unique by a three-digit code.
#[derive(Clone, Debug)]
pub struct RequestTopup {
    /// Who.
    pub user: UserId,
    /// To which of the shop's accounts.
    pub bank_account: i64,
    /// How much, before the code.
    pub base: Rupiah,
    /// Idempotency key, minted with the form.
    pub key: String,
}

/// Codes are added to the base: 1 to 999.
const CODE_MOST: i64 = 999;
/// Another request may take the code that was just found free.
const CODE_TRIES: usize = 5;

impl Operation for RequestTopup {
    type Output = PublicId;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<PublicId, Error> {
        let id = tx.new_id();
        let request = [self.bank_account.to_string(), self.base.get().to_string()];
        if let Some(first) = once(tx, self.user, "topup", &self.key, &request, id.as_str()).await? {
            return first.parse().map_err(|_| Error::corrupt("an idempotency row without a top-up"));
        }
        let shop = settings_in(tx).await?;
        let within = self.base >= shop.topup_min && self.base <= shop.topup_max;
        if !within {
            shop.topup_limits()
                .parse(&self.base.get().to_string())
                .map_err(|code| Refusal::field("amount", code))?;
        }
        self.refuse_too_many(tx, shop.open_topups_most).await?;
        let account = sql("SELECT id FROM bank_account WHERE id = $1 AND active = 1")
            .bind(self.bank_account)
            .optional(&mut tx.conn)
            .await?;
        if account.is_none() {
            return Err(Refusal::NoBankAccount.into());
        }
        let expires_at = tx.now.plus_ms(shop.topup_hours.max(1).saturating_mul(HOUR_MS));
        for _ in 0..CODE_TRIES {
            let Some(payable) = self.free_amount(tx).await? else {
                return Err(Refusal::NoUniqueAmountLeft.into());
            };
            let added = sql("INSERT INTO topup (public_id, user_id, bank_account_id, base, payable, state, late, expires_at, \
                             reserved, reserved_until, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 1, $8, $9) \
                             ON CONFLICT DO NOTHING")
                .bind(&id)
                .bind(self.user)
                .bind(self.bank_account)
                .bind(self.base)
                .bind(payable)
                .bind(TopupState::Pending.as_str())
                .bind(expires_at)
                .bind(expires_at.plus_ms(QUARANTINE_MS))
                .bind(tx.now)
                .execute(&mut tx.conn)
                .await?;
            if added == 1 {
                tx.news.push(News::Topup(id.clone()));
                return Ok(id);
            }
        }
        Err(Refusal::NoUniqueAmountLeft.into())
    }
}

impl RequestTopup {
    async fn refuse_too_many(&self, tx: &mut Tx<'_>, most: i64) -> Result<(), Error> {
        // Two tabs take turns at the wallet's row, so that both cannot count the same.
        sql("UPDATE wallet SET frozen = frozen WHERE user_id = $1")
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        let row = sql("SELECT COUNT(*) AS open FROM topup WHERE user_id = $1 AND state IN ('pending', 'proof_submitted')")
            .bind(self.user)
            .one(&mut tx.conn)
            .await?;
        if row.int("open")? >= most { Err(Refusal::TooManyOpenTopups { most }.into()) } else { Ok(()) }
    }

    /// An amount between base + 1 and base + 999 that nobody else has been told to pay to this account.
    async fn free_amount(&self, tx: &mut Tx<'_>) -> Result<Option<Rupiah>, Error> {
        let base = self.base.get();
        let rows = sql("SELECT payable FROM topup WHERE bank_account_id = $1 AND reserved = 1 AND payable > $2 AND payable <= $3")
            .bind(self.bank_account)
            .bind(base)
            .bind(base + CODE_MOST)
            .all(&mut tx.conn)
            .await?;
        let mut taken = Vec::with_capacity(rows.len());
        for row in rows {
            taken.push(row.int("payable")?);
        }
        let free: Vec<i64> = (base + 1..=base + CODE_MOST).filter(|amount| !taken.contains(amount)).collect();
        let count = u64::try_from(free.len()).unwrap_or_default();
        if count == 0 {
            return Ok(None);
        }
        let pick = usize::try_from(tx.ambient.bits() % count).unwrap_or_default();
        Ok(free.get(pick).copied().map(Rupiah::new))
    }
}

/// The buyer says that they paid, with a picture or without. A claim: it credits nothing.
#[derive(Clone)]
pub struct SubmitProof {
    /// Whose top-up.
    pub user: UserId,
    /// Which.
    pub topup: PublicId,
    /// Media type and bytes, already re-encoded.
    pub picture: Option<(String, Vec<u8>)>,
}

impl Operation for SubmitProof {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let current = lock_own(tx, &self.topup, self.user).await?;
        if !current.state.is_open() {
            return Err(Refusal::StateChanged.into());
        }
        let (kind, picture) = self.picture.clone().unzip();
        sql("UPDATE topup SET state = $1, proof_kind = COALESCE($2, proof_kind), proof = COALESCE($3, proof) WHERE id = $4")
            .bind(TopupState::ProofSubmitted.as_str())
            .bind(kind)
            .bind(picture)
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        let kind = NoticeKind::TopupWaiting;
        tell(tx, Told { kind, object: current.row_id, detail: "", but: "" }).await?;
        tx.news.push(News::Topup(self.topup.clone()));
        Ok(())
    }
}

/// The buyer calls a top-up off. Money that comes all the same is still credited.
#[derive(Clone, Debug)]
pub struct CancelTopup {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub topup: PublicId,
}

impl Operation for CancelTopup {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let current = lock_own(tx, &self.topup, self.user).await?;
        if !current.state.may_become(TopupState::Cancelled) {
            return Err(Refusal::StateChanged.into());
        }
        sql("UPDATE topup SET state = $1, reserved_until = $2 WHERE id = $3")
            .bind(TopupState::Cancelled.as_str())
            .bind(tx.now.plus_ms(QUARANTINE_MS))
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        tx.news.push(News::Topup(self.topup.clone()));
        Ok(())
    }
}

/// Expires what nobody paid, and frees unique amounts after their quarantine. How many expired.
pub struct SweepTopups;

impl Operation for SweepTopups {
    type Output = u64;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<u64, Error> {
        let expired = sql("UPDATE topup SET state = 'expired', reserved_until = $2 WHERE state = 'pending' AND expires_at <= $1 \
                           RETURNING public_id")
            .bind(tx.now)
            .bind(tx.now.plus_ms(QUARANTINE_MS))
            .all(&mut tx.conn)
            .await?;
        for row in &expired {
            tx.news.push(News::Topup(row.word("public_id")?));
        }
        sql("UPDATE topup SET reserved = 0 WHERE reserved = 1 AND reserved_until <= $1 \
             AND state NOT IN ('pending', 'proof_submitted')")
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
        Ok(u64::try_from(expired.len()).unwrap_or_default())
    }
}
