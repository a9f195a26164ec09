//! Packages.

use domain::{Category, Fields, Prices};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use store::{PackageDraft, Saving};

use super::{confirmed_admin, filled, hidden_id, short, whole};
use crate::context::use_store;
use crate::error::AppError;
use crate::server_fns::{AllTaken, all};

const NAME_MOST_CHARS: usize = 80;
const DESCRIPTION_MOST_CHARS: usize = 500;
const QUOTA_MOST_CHARS: usize = 24;
const CODE_MOST_CHARS: usize = 64;
const VALIDITY_DAYS: std::ops::RangeInclusive<i64> = 1..=730;
const SORT: std::ops::RangeInclusive<i64> = 0..=1_000_000;

/// A package as it is typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PackageForm {
    /// Empty for a new one.
    id: String,
    key: String,
    name: String,
    description: String,
    quota: String,
    validity_days: String,
    category: String,
    brand: String,
    price_member: String,
    price_reseller: String,
    cost: String,
    gateway: String,
    sku: String,
    sort: String,
    // A form that was open while the shop was upgraded has no such fields.
    #[serde(default)]
    family: String,
    #[serde(default)]
    benefits: String,
    active: Option<String>,
}

/// Adds or changes a package.
#[server(prefix = "/api", endpoint = "save_package")]
pub async fn save_package(#[server(flatten)] form: PackageForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let id = if form.id.is_empty() { None } else { Some(hidden_id(&form.id)?) };
    let id = Saving::of(id, form.key.clone());
    let draft = form.parse()?;
    let id = use_store()?.run(store::SavePackage { admin: admin.id, id, draft }).await?;
    redirect(&format!("/admin/packages/{}?done=saved", id.as_str()));
    Ok(())
}

/// Opens or closes a package.
#[server(prefix = "/api", endpoint = "set_package_active")]
pub async fn set_package_active(id: String, active: bool) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let id = hidden_id(&id)?;
    let page = format!("/admin/packages/{}?done=saved", id.as_str());
    use_store()?.run(store::SetPackageActive { admin: admin.id, id, active }).await?;
    redirect(&page);
    Ok(())
}

/// Moves a package past another one in the list. The page that it was sent from shows the new order.
#[server(prefix = "/api", endpoint = "move_package")]
pub async fn move_package(id: String, beside: String, before: bool) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let (id, beside) = (hidden_id(&id)?, hidden_id(&beside)?);
    use_store()?.run(store::MovePackage { admin: admin.id, id, beside, before }).await?;
    Ok(())
}

impl PackageForm {
    /// The store checks what depends on several fields, such as a price below cost.
    fn parse(self) -> Result<PackageDraft, AppError> {
        let mut fields = Fields::new();
        let texts = (
            fields.take("name", filled(&self.name, NAME_MOST_CHARS)),
            fields.take("description", short(&self.description, DESCRIPTION_MOST_CHARS)),
            fields.take("quota", filled(&self.quota, QUOTA_MOST_CHARS)),
            fields.take("gateway", filled(&self.gateway, CODE_MOST_CHARS)),
            fields.take("sku", filled(&self.sku, CODE_MOST_CHARS)),
        );
        let numbers = (
            fields.take("validity_days", whole(&self.validity_days, VALIDITY_DAYS)),
            fields.take("category", self.category.parse::<Category>()),
            fields.take("price_member", self.price_member.parse()),
            fields.take("price_reseller", self.price_reseller.parse()),
            fields.take("cost", self.cost.parse()),
            fields.take("sort", whole(&self.sort, SORT)),
        );
        let (texts, numbers) = all(fields, (texts.taken(), numbers.taken()))?;
        let (name, description, quota, gateway, sku) = texts;
        let (validity_days, category, member, reseller, cost, sort) = numbers;
        Ok(PackageDraft {
            name,
            description,
            quota,
            validity_days,
            category,
            brand: self.brand,
            prices: Prices { member, reseller },
            cost,
            gateway,
            sku,
            active: self.active.is_some(),
            sort,
            family: self.family,
            benefits: self.benefits,
        })
    }
}
