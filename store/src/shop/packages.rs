use domain::{Category, FieldCode, Fields, Prices, PublicId, Refusal, Role, Rupiah};
use serde::{Deserialize, Serialize};

use super::price_history::{NewPricing, PriceSource, Pricing, lock_pricing, note_pricings};
use super::ways::drop_ways_elsewhere;
use super::{Saving, containing, once};
use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Query, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::{Package, UserId};

/// Which packages to list.
#[derive(Clone, Debug, Default)]
pub struct PackageFilter {
    /// Words in the name, the quota or the description; empty for all.
    pub q: String,
    /// Only of this category.
    pub category: Option<Category>,
    /// Only of this brand (`XL`, `AXIS`).
    pub brand: Option<String>,
    /// Only what can be bought.
    pub only_active: bool,
}

/// A package as an admin writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageDraft {
    /// As buyers know it.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// Short: `10 GB`.
    pub quota: String,
    /// Days it runs.
    pub validity_days: i64,
    /// How long it runs, as buyers think of it.
    pub category: Category,
    /// `XL` or `AXIS`.
    pub brand: String,
    /// By role.
    pub prices: Prices,
    /// What the gateway takes for it.
    pub cost: Rupiah,
    /// Which gateway delivers it.
    pub gateway: String,
    /// Its code there.
    pub sku: String,
    /// Whether it can be bought.
    pub active: bool,
    /// Place in the list.
    pub sort: i64,
    /// What it belongs to, such as `Xtra Combo`; empty for none.
    pub family: String,
    /// What it contains, a line each ([`domain::Benefit`]).
    pub benefits: String,
}

/// Adds or changes a package; its id. A package is never deleted: old purchases name it.
#[derive(Clone, Debug)]
pub struct SavePackage {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub id: Saving<PublicId>,
    /// How it should be.
    pub draft: PackageDraft,
}

/// Most packages that one page shows. A shop has tens, a large one hundreds.
const LIST_MOST: i64 = 1000;
const NAME_MOST_CHARS: usize = 80;
const DESCRIPTION_MOST_CHARS: usize = 500;
const QUOTA_MOST_CHARS: usize = 24;
const FAMILY_MOST_CHARS: usize = 40;
const BENEFITS_MOST_CHARS: usize = 1_000;
const SKU_MOST_CHARS: usize = 64;
pub(super) const VALIDITY_DAYS: std::ops::RangeInclusive<i64> = 1..=730;

/// A package as it is, to be changed or copied.
impl From<Package> for PackageDraft {
    fn from(package: Package) -> Self {
        Self {
            name: package.name,
            description: package.description,
            quota: package.quota,
            validity_days: package.validity_days,
            category: package.category,
            brand: package.brand,
            prices: package.prices,
            cost: package.cost,
            gateway: package.gateway,
            sku: package.sku,
            active: package.active,
            sort: package.sort,
            family: package.family,
            benefits: package.benefits,
        }
    }
}

impl PackageDraft {
    /// What is wrong with it, by the names of the form's fields.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let mut fields = Fields::new();
        for (name, text, most) in [
            ("name", &self.name, NAME_MOST_CHARS),
            ("quota", &self.quota, QUOTA_MOST_CHARS),
            ("sku", &self.sku, SKU_MOST_CHARS),
            ("gateway", &self.gateway, SKU_MOST_CHARS),
        ] {
            if text.trim().is_empty() {
                fields.note(name, FieldCode::Required);
            } else if text.chars().count() > most {
                fields.note(name, FieldCode::TooLong { max: most });
            }
        }
        if self.description.chars().count() > DESCRIPTION_MOST_CHARS {
            fields.note("description", FieldCode::TooLong { max: DESCRIPTION_MOST_CHARS });
        }
        if self.family.chars().count() > FAMILY_MOST_CHARS {
            fields.note("family", FieldCode::TooLong { max: FAMILY_MOST_CHARS });
        }
        if self.benefits.chars().count() > BENEFITS_MOST_CHARS {
            fields.note("benefits", FieldCode::TooLong { max: BENEFITS_MOST_CHARS });
        }
        if !VALIDITY_DAYS.contains(&self.validity_days) {
            fields.note("validity_days", FieldCode::BadNumber);
        }
        if !matches!(self.brand.as_str(), "XL" | "AXIS") {
            fields.note("brand", FieldCode::NotAChoice);
        }
        for (name, price) in [("price_member", self.prices.member), ("price_reseller", self.prices.reseller)]
        {
            // A price below cost would be refused by the gateway's limit at best, a loss at worst.
            if price < self.cost || !price.is_positive() {
                fields.note(name, FieldCode::BelowMin { min: self.cost.max(Rupiah::new(1)) });
            }
        }
        if self.cost < Rupiah::ZERO {
            fields.note("cost", FieldCode::BadAmount);
        }
        fields.done()
    }
}

impl Operation for SavePackage {
    type Output = PublicId;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<PublicId, Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        self.draft.check()?;
        let detail = serde_json::to_string(&self.draft).map_err(Error::corrupt)?;
        let (id, change) = match &self.id {
            Saving::Known(id) => {
                drop_ways_elsewhere(tx, id, self.draft.gateway.trim()).await?;
                let (_, before) = lock_pricing(tx, id).await?.ok_or(Refusal::NotFound)?;
                (id.clone(), update_package(tx, id, &self.draft, before).await?)
            }
            Saving::New { key } => {
                let id = tx.new_id();
                let request = std::slice::from_ref(&detail);
                if let Some(first) = once(tx, self.admin, "save_package", key, request, id.as_str()).await? {
                    return first.parse().map_err(|_| Error::corrupt("an idempotency row without a package"));
                }
                let change = insert_package(tx, &id, &self.draft).await?;
                (id, change)
            }
        };
        note_pricings(tx, PriceSource::Form, Some(self.admin), &[change]).await?;
        audit(tx, Some(self.admin), "save_package", &format!("package:{}", id.as_str()), &detail).await?;
        Ok(id)
    }
}

/// A package that is not there yet.
pub(super) async fn insert_package(
    tx: &mut Tx<'_>,
    id: &PublicId,
    draft: &PackageDraft,
) -> Result<NewPricing, Error> {
    let query = sql(
        "INSERT INTO package (public_id, name, description, quota, validity_days, category, brand, price_member, \
                     price_reseller, cost, gateway, sku, active, sort, updated_at, created_at, family, benefits) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16, $17) RETURNING id",
    );
    written(tx, query, id, draft, None).await
}

/// A package that is there. Its prices of before are the caller's to know, who has made sure that nobody changes them.
pub(super) async fn update_package(
    tx: &mut Tx<'_>,
    id: &PublicId,
    draft: &PackageDraft,
    before: Pricing,
) -> Result<NewPricing, Error> {
    let query = sql(
        "UPDATE package SET name = $2, description = $3, quota = $4, validity_days = $5, category = $6, brand = $7, \
                     price_member = $8, price_reseller = $9, cost = $10, gateway = $11, sku = $12, active = $13, sort = $14, \
                     updated_at = $15, family = $16, benefits = $17 WHERE public_id = $1 RETURNING id",
    );
    written(tx, query, id, draft, Some(before)).await
}

async fn written(
    tx: &mut Tx<'_>,
    query: Query,
    id: &PublicId,
    draft: &PackageDraft,
    before: Option<Pricing>,
) -> Result<NewPricing, Error> {
    let row = query
        .bind(id)
        .bind(draft.name.trim())
        .bind(draft.description.trim())
        .bind(draft.quota.trim())
        .bind(draft.validity_days)
        .bind(draft.category.as_str())
        .bind(&draft.brand)
        .bind(draft.prices.member)
        .bind(draft.prices.reseller)
        .bind(draft.cost)
        .bind(draft.gateway.trim())
        .bind(draft.sku.trim())
        .bind(draft.active)
        .bind(draft.sort)
        .bind(tx.now)
        .bind(draft.family.trim())
        .bind(draft.benefits.trim())
        .one(&mut tx.conn)
        .await?;
    let after = Pricing { prices: draft.prices, cost: draft.cost };
    Ok(NewPricing { package_row: row.int("id")?, before, after })
}

/// Opens or closes a package.
#[derive(Clone, Debug)]
pub struct SetPackageActive {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub id: PublicId,
    /// Whether it can be bought.
    pub active: bool,
}

impl Operation for SetPackageActive {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let changed = sql("UPDATE package SET active = $1, updated_at = $2 WHERE public_id = $3")
            .bind(self.active)
            .bind(tx.now)
            .bind(&self.id)
            .execute(&mut tx.conn)
            .await?;
        if changed != 1 {
            return Err(Refusal::NotFound.into());
        }
        let object = format!("package:{}", self.id.as_str());
        audit(tx, Some(self.admin), "set_package_active", &object, &self.active.to_string()).await
    }
}

/// What [`package_of`] reads from the table `package`.
macro_rules! package_columns {
    () => {
        "public_id, name, description, quota, validity_days, category, brand, price_member, price_reseller, cost, \
         gateway, sku, active, sort, family, benefits, \
         (SELECT MIN(m.owner_price) FROM package_method m WHERE m.package_id = package.id) AS owner_from, \
         (SELECT COUNT(*) FROM package_method m WHERE m.package_id = package.id) AS methods"
    };
}
pub(super) use package_columns;

macro_rules! columns {
    () => {
        concat!("SELECT ", package_columns!(), " FROM package ")
    };
}

impl Store {
    /// The packages, in the order in which admins put them.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn packages(&self, filter: PackageFilter) -> Result<Vec<Package>, Error> {
        let words = filter.q.trim().to_lowercase();
        let text = concat!(
            columns!(),
            "WHERE ($1 = 0 OR active = 1) AND (CAST($2 AS TEXT) IS NULL OR category = $2) \
             AND (CAST($3 AS TEXT) IS NULL OR brand = $3) \
             AND ($4 = '' OR LOWER(name || ' ' || quota || ' ' || description || ' ' || sku || ' ' || family) LIKE $4 ESCAPE '\\') \
             ORDER BY active DESC, sort, id LIMIT $5"
        );
        let query = sql(text)
            .bind(filter.only_active)
            .bind(filter.category.map(Category::as_str))
            .bind(filter.brand)
            .bind(if words.is_empty() { words } else { containing(&words) })
            .bind(LIST_MOST);
        self.db().all(query).await?.iter().map(package_of).collect()
    }

    /// A package.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn package(&self, id: &PublicId) -> Result<Option<Package>, Error> {
        let row = self.db().optional(sql(concat!(columns!(), "WHERE public_id = $1")).bind(id)).await?;
        row.as_ref().map(package_of).transpose()
    }
}

pub(super) fn package_of(row: &Row) -> Result<Package, Error> {
    Ok(Package {
        id: row.word("public_id")?,
        name: row.text("name")?,
        description: row.text("description")?,
        quota: row.text("quota")?,
        validity_days: row.int("validity_days")?,
        category: row.word("category")?,
        brand: row.text("brand")?,
        prices: Prices { member: row.rupiah("price_member")?, reseller: row.rupiah("price_reseller")? },
        cost: row.rupiah("cost")?,
        gateway: row.text("gateway")?,
        sku: row.text("sku")?,
        active: row.bool("active")?,
        // Judged by recent outcomes in a later step; closed packages are shown as disturbed meanwhile.
        disturbed: !row.bool("active")?,
        sort: row.int("sort")?,
        family: row.text("family")?,
        benefits: row.text("benefits")?,
        by_owner: row.int("methods")? > 0,
        owner_from: row.opt_int("owner_from")?.map(Rupiah::new),
    })
}
