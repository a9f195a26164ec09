use domain::{FieldCode, MINUTE_MS, PublicId, Qris, Refusal, Rupiah, TopupMethod, TopupState, UtcMillis};

use super::QUARANTINE_MS;
use crate::backups::is_restored;
use crate::charges::{NewCharge, insert_charge};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;
use crate::pay_settings::{MethodInForce, method_in, static_code_in};
use crate::shop::{ShopSettings, once, settings_in};

/// Asks for a top-up; its id. Where a human looks for the money, the amount to pay is made unique by a three-digit code;
/// where a gateway collects it, the payer's fee is added.
#[derive(Clone, Debug)]
pub struct RequestTopup {
    /// Who.
    pub user: UserId,
    /// How it will be paid.
    pub method: TopupMethod,
    /// To which of the shop's accounts, for a transfer.
    pub bank_account: Option<i64>,
    /// How much, before code or fee.
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
        let account = self.bank_account.map(|account| account.to_string()).unwrap_or_default();
        let request = [self.method.as_str().to_owned(), account, self.base.get().to_string()];
        if let Some(first) = once(tx, self.user, "topup", &self.key, &request, id.as_str()).await? {
            return first.parse().map_err(|_| Error::corrupt("an idempotency row without a top-up"));
        }
        // A code could be one that somebody was given after the backup, and their money would be taken for this top-up's.
        if is_restored(tx).await? {
            return Err(Refusal::MethodClosed.into());
        }
        let shop = settings_in(tx).await?;
        let method = method_in(tx, self.method).await?.filter(|method| method.open);
        let Some(method) = method else {
            return Err(Refusal::MethodClosed.into());
        };
        self.check_amount(&shop, &method)?;
        self.refuse_too_many(tx, shop.open_topups_most).await?;
        let expires_at = tx.now.plus_ms(method.expiry_minutes.max(1).saturating_mul(MINUTE_MS));
        match (&method.gateway, self.method) {
            (Some(gateway), _) => self.through_gateway(tx, &id, &method, gateway, expires_at).await?,
            (None, TopupMethod::StaticQris) => {
                let code = static_code_in(tx).await?.ok_or(Refusal::NoStaticCode)?;
                self.by_hand(tx, &id, code.bank_account, Some(&code.code), expires_at).await?;
            }
            (None, _) => {
                let account = sql("SELECT id FROM bank_account WHERE id = $1 AND active = 1")
                    .bind(self.bank_account)
                    .optional(&mut tx.conn)
                    .await?;
                let account = account.ok_or(Refusal::NoBankAccount)?.int("id")?;
                self.by_hand(tx, &id, account, None, expires_at).await?;
            }
        }
        tx.news.push(News::Topup(id.clone()));
        Ok(id)
    }
}

impl RequestTopup {
    fn check_amount(&self, shop: &ShopSettings, method: &MethodInForce) -> Result<(), Refusal> {
        let limits = method.limits(shop);
        if self.base >= limits.min && self.base <= limits.max {
            return Ok(());
        }
        limits.parse(&self.base.get().to_string()).map(|_| ()).map_err(|code| Refusal::field("amount", code))
    }

    async fn refuse_too_many(&self, tx: &mut Tx<'_>, most: i64) -> Result<(), Error> {
        // Two tabs take turns at the wallet's row, so that both cannot count the same.
        sql("UPDATE wallet SET frozen = frozen WHERE user_id = $1")
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        let row = sql(
            "SELECT COUNT(*) AS open FROM topup WHERE user_id = $1 AND state IN ('creating', 'pending', 'proof_submitted')",
        )
        .bind(self.user)
        .one(&mut tx.conn)
        .await?;
        if row.int("open")? >= most { Err(Refusal::TooManyOpenTopups { most }.into()) } else { Ok(()) }
    }

    /// The row is committed before the gateway hears of it: a worker charges.
    async fn through_gateway(
        &self,
        tx: &mut Tx<'_>,
        id: &PublicId,
        method: &MethodInForce,
        gateway: &str,
        expires_at: UtcMillis,
    ) -> Result<(), Error> {
        let out_of_range = || Error::corrupt("a fee makes no sense");
        let fee = method.payer_fee.of(self.base).ok_or_else(out_of_range)?;
        let gross = self.base.checked_add(fee).ok_or_else(out_of_range)?;
        let row = sql("INSERT INTO topup (public_id, user_id, base, payable, state, late, expires_at, reserved, reserved_until, \
                       created_at, method, gateway, fee) VALUES ($1, $2, $3, $4, $5, 0, $6, 0, $6, $7, $8, $9, $10) RETURNING id")
            .bind(id)
            .bind(self.user)
            .bind(self.base)
            .bind(gross)
            .bind(TopupState::Creating.as_str())
            .bind(expires_at)
            .bind(tx.now)
            .bind(self.method.as_str())
            .bind(gateway)
            .bind(fee)
            .one(&mut tx.conn)
            .await?;
        let charge = NewCharge {
            topup: Some(row.int("id")?),
            order_id: format!("{}-1", id.as_str()),
            n: 1,
            gateway,
            method: self.method,
            gross,
            fee,
            expected_cost: method.cost.of(gross).ok_or_else(out_of_range)?,
            expires_at,
        };
        insert_charge(tx, charge).await
    }

    async fn by_hand(
        &self,
        tx: &mut Tx<'_>,
        id: &PublicId,
        account: i64,
        code: Option<&Qris>,
        expires_at: UtcMillis,
    ) -> Result<(), Error> {
        for _ in 0..CODE_TRIES {
            let Some(payable) = self.free_amount(tx, account).await? else {
                return Err(Refusal::NoUniqueAmountLeft.into());
            };
            let qr = code.map(|code| code.with_amount(payable, Rupiah::LARGEST_TYPED)).transpose();
            let qr = qr.map_err(|error| Refusal::field("amount", FieldCode::from(error)))?;
            let added = sql("INSERT INTO topup (public_id, user_id, bank_account_id, base, payable, state, late, expires_at, \
                             reserved, reserved_until, created_at, method, fee, qr) \
                             VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 1, $8, $9, $10, 0, $11) ON CONFLICT DO NOTHING")
                .bind(id)
                .bind(self.user)
                .bind(account)
                .bind(self.base)
                .bind(payable)
                .bind(TopupState::Pending.as_str())
                .bind(expires_at)
                .bind(expires_at.plus_ms(QUARANTINE_MS))
                .bind(tx.now)
                .bind(self.method.as_str())
                .bind(qr.map(|code| code.to_string()))
                .execute(&mut tx.conn)
                .await?;
            if added == 1 {
                return Ok(());
            }
        }
        Err(Refusal::NoUniqueAmountLeft.into())
    }

    /// An amount between base + 1 and base + 999 that nobody else has been told to pay to this account.
    async fn free_amount(&self, tx: &mut Tx<'_>, account: i64) -> Result<Option<Rupiah>, Error> {
        let base = self.base.get();
        let rows = sql("SELECT payable FROM topup WHERE bank_account_id = $1 AND reserved = 1 AND payable > $2 AND payable <= $3")
            .bind(account)
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
