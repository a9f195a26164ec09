use domain::{BulkChange, FieldCode, PackageTerms, PublicId, Refusal, Role};

use super::once;
use super::price_history::{NewPricing, PriceSource, Pricing, note_pricings};
use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

/// The most packages that are changed at once.
pub const BULK_MOST: usize = 500;

/// A package as it was shown to whoever decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenPackage {
    /// Which.
    pub id: PublicId,
    /// What it cost, and whether it was on sale.
    pub terms: PackageTerms,
}

/// Changes many packages by one rule: all of them, or none when one is not as it was seen any more. How many it changed.
#[derive(Clone, Debug)]
pub struct ChangePackages {
    /// Who.
    pub admin: UserId,
    /// Idempotency key, minted with the preview.
    pub key: String,
    /// What is done to each.
    pub change: BulkChange,
    /// Those that were chosen, as they were shown.
    pub seen: Vec<SeenPackage>,
}

impl Operation for ChangePackages {
    type Output = usize;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<usize, Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        if self.seen.is_empty() {
            return Err(Refusal::field("packages", FieldCode::Required).into());
        }
        if self.seen.len() > BULK_MOST {
            return Err(Refusal::field("packages", FieldCode::TooLong { max: BULK_MOST }).into());
        }
        let mut seen: Vec<&SeenPackage> = self.seen.iter().collect();
        // Always in the same order, so that two of these wait for each other and never in a circle.
        seen.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
        let ids: Vec<&str> = seen.iter().map(|package| package.id.as_str()).collect();
        let request = [self.change.to_string(), ids.join(" ")];
        let count = seen.len();
        if once(tx, self.admin, "change_packages", &self.key, &request, &count.to_string()).await?.is_some() {
            return Ok(count);
        }
        let mut pricings = Vec::with_capacity(count);
        for package in &seen {
            pricings.push(self.change_one(tx, package).await?);
        }
        note_pricings(tx, PriceSource::Bulk, Some(self.admin), &pricings).await?;
        let detail = format!("{count} packages, {}: {}", self.change, ids.join(" "));
        audit(tx, Some(self.admin), "change_packages", "packages", &detail).await?;
        Ok(count)
    }
}

impl ChangePackages {
    async fn change_one(&self, tx: &mut Tx<'_>, seen: &SeenPackage) -> Result<NewPricing, Error> {
        let before = seen.terms;
        let outcome = self.change.outcome(before);
        if outcome.stop.is_some() {
            // No preview offers it.
            return Err(Refusal::StateChanged.into());
        }
        let after = outcome.after;
        let row = sql("UPDATE package SET price_member = $1, price_reseller = $2, active = $3, updated_at = $4 \
                       WHERE public_id = $5 AND price_member = $6 AND price_reseller = $7 AND cost = $8 AND active = $9 \
                       RETURNING id")
            .bind(after.prices.member)
            .bind(after.prices.reseller)
            .bind(after.active)
            .bind(tx.now)
            .bind(&seen.id)
            .bind(before.prices.member)
            .bind(before.prices.reseller)
            .bind(before.cost)
            .bind(before.active)
            .optional(&mut tx.conn)
            .await?
            .ok_or(Refusal::StateChanged)?;
        let pricing = |terms: PackageTerms| Pricing { prices: terms.prices, cost: terms.cost };
        Ok(NewPricing { package_row: row.int("id")?, before: Some(pricing(before)), after: pricing(after) })
    }
}
