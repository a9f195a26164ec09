//! What a gateway sells beside what the shop sells, and taking over what an admin likes of it.

use domain::{Category, MarginRule, NameFacts, Prices, PublicId, Refusal, Role, Rupiah, UtcMillis};

use serde::{Deserialize, Serialize};

use super::offers::{BRANDS, LIST_MOST, Offer, OwnerTerms};
use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Query, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;
use crate::shop::{NewPricing, PriceSource, Pricing, lock_pricing, note_pricings};

/// New packages stand behind those that an admin has put in order.
const SORT_OF_NEW: i64 = 10_000;
/// The type of packages that belong to none.
const NO_FAMILY: &str = "Umum";
const USUAL_VALIDITY_DAYS: i64 = 30;

/// What a comparison found about one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferChange {
    /// The shop does not sell it.
    New,
    /// By the rule it should sell for another price.
    OtherPrice,
    /// The gateway does not deliver it at the moment.
    Disturbed,
    /// The gateway does not have it.
    Gone,
    /// As it should be.
    Same,
}

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferRow {
    /// The code.
    pub sku: String,
    /// As the gateway has it.
    pub offer: Option<Offer>,
    /// As the shop has it.
    pub package: Option<OfferedPackage>,
    /// What is different.
    pub change: OfferChange,
    /// What it would sell for by the rules.
    pub by_rule: Option<Prices>,
}

/// A package of the shop, as far as the comparison shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedPackage {
    /// For addresses.
    pub id: PublicId,
    /// What the shop calls it.
    pub name: String,
    /// What it sells for.
    pub prices: Prices,
    /// Whether it is on sale.
    pub active: bool,
}

/// How prices follow from costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// For members.
    pub member: MarginRule,
    /// For resellers.
    pub reseller: MarginRule,
}

impl Rules {
    fn prices(&self, cost: Rupiah) -> Option<Prices> {
        Some(Prices { member: self.member.price(cost)?, reseller: self.reseller.price(cost)? })
    }
}

/// Adds packages and sets prices as the comparison proposed them.
#[derive(Clone, Debug)]
pub struct ApplyOffers {
    /// Who.
    pub admin: UserId,
    /// Which gateway.
    pub gateway: String,
    /// Which codes.
    pub skus: Vec<String>,
    /// The rules that the admin saw the prices by.
    pub rules: Rules,
    /// When the list was fetched that the admin saw.
    pub seen_at: UtcMillis,
}

impl Operation for ApplyOffers {
    type Output = usize;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<usize, Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let state =
            sql("UPDATE gateway_state SET offers_at = offers_at WHERE gateway = $1 RETURNING offers_at")
                .bind(&self.gateway)
                .optional(&mut tx.conn)
                .await?;
        let fetched_at = state.ok_or(Refusal::NotFound)?.opt_int("offers_at")?;
        if fetched_at != Some(self.seen_at.0) {
            return Err(Refusal::StateChanged.into());
        }
        let rows = compare(compared(&self.gateway).all(&mut tx.conn).await?, &self.rules)?;
        let mut applied = 0;
        for row in rows.iter().filter(|row| self.skus.contains(&row.sku)) {
            let (Some(offer), Some(prices)) = (&row.offer, row.by_rule) else {
                continue;
            };
            match (&row.package, row.change) {
                (None, OfferChange::New) => self.add(tx, offer, prices).await?,
                (Some(package), OfferChange::OtherPrice) => self.reprice(tx, &package.id, prices).await?,
                _ => continue,
            }
            applied += 1;
        }
        let detail = format!("{applied} of {}", self.skus.join(" "));
        audit(tx, Some(self.admin), "apply_offers", &format!("gateway:{}", self.gateway), &detail).await?;
        Ok(applied)
    }
}

impl ApplyOffers {
    /// A package whose name does not tell what is in it is added closed, for the admin to complete; so is one that the
    /// number's owner pays for, because the list does not tell how much that is.
    async fn add(&self, tx: &mut Tx<'_>, offer: &Offer, prices: Prices) -> Result<(), Error> {
        let facts = NameFacts::read(&offer.name);
        let by_owner = !offer.owner.methods.is_empty();
        let name = if by_owner { without_label(&offer.name) } else { &offer.name };
        if by_owner && let Some(row) = self.same_package(tx, name).await? {
            return add_methods(tx, row, offer).await;
        }
        let days = facts.validity_days.unwrap_or(USUAL_VALIDITY_DAYS);
        let complete = facts.quota.is_some() && facts.validity_days.is_some() && !by_owner;
        let brand = BRANDS.into_iter().find(|brand| offer.brand.eq_ignore_ascii_case(brand)).unwrap_or("XL");
        let added = sql("INSERT INTO package (public_id, name, description, quota, validity_days, category, brand, price_member, \
             price_reseller, cost, gateway, sku, active, sort, created_at, updated_at, family) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16) RETURNING id")
            .bind(&tx.new_id())
            .bind(name)
            .bind(&offer.description)
            .bind(facts.quota.unwrap_or_else(|| "Data".to_owned()))
            .bind(days)
            .bind(Category::of_days(days).as_str())
            .bind(brand)
            .bind(prices.member)
            .bind(prices.reseller)
            .bind(offer.cost)
            .bind(&self.gateway)
            .bind(&offer.sku)
            .bind(complete)
            .bind(SORT_OF_NEW)
            .bind(tx.now)
            .bind(if offer.kind == NO_FAMILY { "" } else { &offer.kind })
            .one(&mut tx.conn)
            .await?;
        let package_row = added.int("id")?;
        let beginning = NewPricing { package_row, before: None, after: Pricing { prices, cost: offer.cost } };
        note_pricings(tx, PriceSource::Offers, Some(self.admin), &[beginning]).await?;
        add_methods(tx, package_row, offer).await
    }

    /// One package has several codes in a session gateway's list: one for pulsa, another for wallets.
    async fn same_package(&self, tx: &mut Tx<'_>, name: &str) -> Result<Option<i64>, Error> {
        let row = sql("SELECT p.id FROM package p WHERE p.gateway = $1 AND p.name = $2 \
                       AND EXISTS (SELECT 1 FROM package_method m WHERE m.package_id = p.id) ORDER BY p.id LIMIT 1")
        .bind(&self.gateway)
        .bind(name)
        .optional(&mut tx.conn)
        .await?;
        row.map(|row| row.int("id")).transpose()
    }

    async fn reprice(&self, tx: &mut Tx<'_>, id: &PublicId, prices: Prices) -> Result<(), Error> {
        let (package_row, before) = lock_pricing(tx, id).await?.ok_or(Refusal::StateChanged)?;
        sql(
            "UPDATE package SET price_member = $1, price_reseller = $2, updated_at = $3 WHERE public_id = $4",
        )
        .bind(prices.member)
        .bind(prices.reseller)
        .bind(tx.now)
        .bind(id)
        .execute(&mut tx.conn)
        .await?;
        let change = NewPricing { package_row, before: Some(before), after: Pricing { prices, ..before } };
        note_pricings(tx, PriceSource::Offers, Some(self.admin), &[change]).await?;
        let detail = format!("member={} reseller={}", prices.member, prices.reseller);
        audit(tx, Some(self.admin), "reprice", &format!("package:{}", id.as_str()), &detail).await
    }
}

/// A name without the way of paying in front of it: `[Metode Pulsa] Xtra Combo`.
fn without_label(name: &str) -> &str {
    let rest = name.trim().strip_prefix('[').and_then(|rest| rest.split_once(']'));
    rest.map(|(_, rest)| rest.trim()).filter(|rest| !rest.is_empty()).unwrap_or(name)
}

async fn add_methods(tx: &mut Tx<'_>, package_row: i64, offer: &Offer) -> Result<(), Error> {
    for method in &offer.owner.methods {
        sql(
            "INSERT INTO package_method (package_id, method, sku) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(package_row)
        .bind(method.as_str())
        .bind(&offer.sku)
        .execute(&mut tx.conn)
        .await?;
    }
    Ok(())
}

impl Store {
    /// What a gateway sells beside what the shop sells of it.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn compare_offers(&self, gateway: &str, rules: &Rules) -> Result<Vec<OfferRow>, Error> {
        compare(self.db().all(compared(gateway)).await?, rules)
    }
}

fn compared(gateway: &str) -> Query {
    sql("SELECT o.sku AS offer_sku, o.name AS offer_name, o.category, o.brand, o.kind, o.cost AS offer_cost, o.description, \
         o.active AS offer_active, o.stock, o.cut_off_from, o.cut_off_until, o.methods, o.needs_session, o.asks_stock, \
         o.left_today, p.public_id, p.name, p.sku, p.price_member, p.price_reseller, p.active FROM offer o \
         LEFT JOIN (SELECT gateway, sku, id FROM package UNION SELECT k.gateway, m.sku, k.id FROM package_method m \
         JOIN package k ON k.id = m.package_id) AS c ON c.gateway = o.gateway AND c.sku = o.sku \
         LEFT JOIN package p ON p.id = c.id WHERE o.gateway = $1 \
         UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, p.public_id, p.name, p.sku, \
         p.price_member, p.price_reseller, p.active FROM package p WHERE p.gateway = $1 \
         AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.gateway = p.gateway AND o.sku = p.sku) LIMIT $2")
    .bind(gateway)
    .bind(LIST_MOST)
}

fn compare(rows: Vec<Row>, rules: &Rules) -> Result<Vec<OfferRow>, Error> {
    rows.iter().map(|row| compare_one(row, rules)).collect()
}

fn compare_one(row: &Row, rules: &Rules) -> Result<OfferRow, Error> {
    let offer = row.opt_text("offer_sku")?.map(|sku| offer_of(row, sku)).transpose()?;
    let package = row.opt_text("public_id")?.map(|_| package_of(row)).transpose()?;
    let by_rule = offer.as_ref().and_then(|offer| rules.prices(offer.cost));
    let change = match (&offer, &package) {
        (None, _) => OfferChange::Gone,
        (Some(offer), _) if !offer.active => OfferChange::Disturbed,
        (Some(_), None) => OfferChange::New,
        (Some(_), Some(package)) if by_rule != Some(package.prices) => OfferChange::OtherPrice,
        _ => OfferChange::Same,
    };
    let sku = offer.as_ref().map_or_else(|| row.text("sku"), |offer| Ok(offer.sku.clone()))?;
    Ok(OfferRow { sku, offer, package, change, by_rule })
}

fn package_of(row: &Row) -> Result<OfferedPackage, Error> {
    Ok(OfferedPackage {
        id: row.word("public_id")?,
        name: row.text("name")?,
        prices: Prices { member: row.rupiah("price_member")?, reseller: row.rupiah("price_reseller")? },
        active: row.bool("active")?,
    })
}

fn offer_of(row: &Row, sku: String) -> Result<Offer, Error> {
    Ok(Offer {
        sku,
        name: row.text("offer_name")?,
        category: row.text("category")?,
        brand: row.text("brand")?,
        kind: row.text("kind")?,
        cost: row.rupiah("offer_cost")?,
        description: row.text("description")?,
        active: row.bool("offer_active")?,
        stock: row.opt_int("stock")?,
        cut_off: row.opt_text("cut_off_from")?.zip(row.opt_text("cut_off_until")?),
        owner: OwnerTerms {
            methods: row.text("methods")?.split(' ').filter_map(|word| word.parse().ok()).collect(),
            needs_session: row.bool("needs_session")?,
            asks_stock: row.bool("asks_stock")?,
            left_today: row.opt_int("left_today")?,
        },
    })
}
