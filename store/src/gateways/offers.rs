//! What a gateway sells, as it tells.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AlarmKind, HOUR_MS, MINUTE_MS, PaymentMethod, PublicId, Rupiah};

use super::watch::{OFFERS_PAUSE_MS, ensure_state};
use super::{close_alarm, open_alarm};
use crate::db::{Operation, Tx, Value, insert_rows, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::news::News;
use crate::shop::{NewPricing, PriceSource, Pricing, lock_pricing, note_pricings};

/// How often the list is fetched without being asked for.
const OFFERS_EVERY_MS: i64 = HOUR_MS;
/// An offer seen longer ago says nothing about what can be bought now.
pub(crate) const OFFER_COUNTS_MS: i64 = 3 * HOUR_MS;
/// A stock that was told longer ago says nothing.
pub(crate) const STOCK_COUNTS_MS: i64 = 15 * MINUTE_MS;
/// Packages of one gateway.
pub(super) const LIST_MOST: i64 = 2_000;
/// The gateway's category of data packages.
const DATA: &str = "data";
pub(super) const BRANDS: [&str; 2] = ["XL", "AXIS"];

/// A package as the gateway offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its code.
    pub sku: String,
    /// What the gateway calls it.
    pub name: String,
    /// The gateway's category.
    pub category: String,
    /// The brand.
    pub brand: String,
    /// The gateway's type.
    pub kind: String,
    /// What it takes.
    pub cost: Rupiah,
    /// What it says about it.
    pub description: String,
    /// Whether it delivers it now.
    pub active: bool,
    /// How many are left; `None` for any number.
    pub stock: Option<i64>,
    /// The hours in which it is not sold, WIB: `23:30`, `0:30`.
    pub cut_off: Option<(String, String)>,
    /// What only session gateways tell; of the others, nothing.
    pub owner: OwnerTerms,
}

/// What a session gateway tells of a code that the number's owner pays for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnerTerms {
    /// The ways of paying. None: the shop's deposit pays all of it.
    pub methods: Vec<PaymentMethod>,
    /// Whether it is sold only in a session.
    pub needs_session: bool,
    /// Whether the stock has to be asked for apart.
    pub asks_stock: bool,
    /// How many can still be sold today, where there is a limit.
    pub left_today: Option<i64>,
}

/// Keeps what a gateway has told it sells, and brings the costs of the shop's packages up to date. A package that costs
/// more than it sells for is closed, one that is missing in the list is not sold; an admin is told of both.
#[derive(Clone, Debug)]
pub struct KeepOffers {
    /// Which gateway.
    pub gateway: String,
    /// All it sells, or why there is no answer.
    pub heard: Result<Vec<Offer>, String>,
}

impl Operation for KeepOffers {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        ensure_state(tx, &self.gateway).await?;
        tx.news.push(News::Gateways);
        let ours = sku_rows(tx, &self.gateway).await?;
        let problem = match &self.heard {
            Ok(offers) => self.implausible(offers, &ours),
            Err(problem) => Some(problem.clone()),
        };
        if let Some(problem) = problem {
            self.alarm_when_stale(tx, &problem).await?;
            return self.note(tx, &problem, OFFERS_PAUSE_MS).await;
        }
        close_alarm(tx, AlarmKind::OffersStale, &self.gateway).await?;
        let offers = self.heard.as_deref().unwrap_or_default();
        self.keep(tx, offers, &ours).await?;
        let by_sku: BTreeMap<&str, &Offer> = offers.iter().map(|offer| (offer.sku.as_str(), offer)).collect();
        for package in &ours {
            self.follow(tx, package, by_sku.get(package.sku.as_str()).copied()).await?;
        }
        follow_fallbacks(tx, &self.gateway).await?;
        sql("UPDATE gateway_state SET offers_at = $1 WHERE gateway = $2")
            .bind(tx.now)
            .bind(&self.gateway)
            .execute(&mut tx.conn)
            .await?;
        self.note(tx, "", OFFERS_EVERY_MS).await
    }
}

/// A package of the shop, as far as it concerns its gateway.
struct Ours {
    id: PublicId,
    sku: String,
    cost: Rupiah,
    active: bool,
}

async fn sku_rows(tx: &mut Tx<'_>, gateway: &str) -> Result<Vec<Ours>, Error> {
    let rows = sql("SELECT public_id, sku, cost, active FROM package WHERE gateway = $1 \
                    ORDER BY id LIMIT $2")
    .bind(gateway)
    .bind(LIST_MOST)
    .all(&mut tx.conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Ours {
                id: row.word("public_id")?,
                sku: row.text("sku")?,
                cost: row.rupiah("cost")?,
                active: row.bool("active")?,
            })
        })
        .collect()
}

/// Codes that the shop uses beside those in its packages.
async fn other_skus(tx: &mut Tx<'_>, gateway: &str) -> Result<Vec<String>, Error> {
    let text = "SELECT sku FROM package_fallback WHERE gateway = $1 \
                UNION SELECT m.sku FROM package_method m JOIN package p ON p.id = m.package_id WHERE p.gateway = $1 LIMIT $2";
    let rows = sql(text).bind(gateway).bind(LIST_MOST).all(&mut tx.conn).await?;
    rows.iter().map(|row| row.text("sku")).collect()
}

fn words_of(methods: &[PaymentMethod]) -> String {
    methods.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(" ")
}

impl KeepOffers {
    /// A list without most of what the shop sells is more likely the gateway's mistake than its new range.
    fn implausible(&self, offers: &[Offer], ours: &[Ours]) -> Option<String> {
        let known: BTreeSet<&str> = offers.iter().map(|offer| offer.sku.as_str()).collect();
        let on_sale = ours.iter().filter(|package| package.active).count();
        let missing =
            ours.iter().filter(|package| package.active && !known.contains(package.sku.as_str())).count();
        (missing * 2 > on_sale && missing > 1)
            .then(|| format!("{missing} of {on_sale} packages are missing in the list"))
    }

    /// Costs that are not followed any more may be losses.
    async fn alarm_when_stale(&self, tx: &mut Tx<'_>, problem: &str) -> Result<(), Error> {
        let row = sql("SELECT offers_at FROM gateway_state WHERE gateway = $1")
            .bind(&self.gateway)
            .one(&mut tx.conn)
            .await?;
        match row.opt_int("offers_at")? {
            Some(at) if tx.now.0 - at > OFFER_COUNTS_MS => {
                open_alarm(tx, AlarmKind::OffersStale, &self.gateway, problem).await
            }
            _ => Ok(()),
        }
    }

    async fn note(&self, tx: &mut Tx<'_>, problem: &str, again_ms: i64) -> Result<(), Error> {
        sql("UPDATE gateway_state SET offers_problem = $1, offers_due_at = $2 WHERE gateway = $3")
            .bind(problem)
            .bind(tx.now.plus_ms(again_ms))
            .bind(&self.gateway)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }

    /// The whole list has thousands of lines about other operators; kept is what could be sold here.
    async fn keep(&self, tx: &mut Tx<'_>, offers: &[Offer], ours: &[Ours]) -> Result<(), Error> {
        let others = other_skus(tx, &self.gateway).await?;
        let ours = ours.iter().map(|package| &package.sku);
        let sold: BTreeSet<&str> = ours.chain(&others).map(String::as_str).collect();
        let mut seen = BTreeSet::new();
        let rows: Vec<[Value; 17]> = offers
            .iter()
            .filter(|offer| sold.contains(offer.sku.as_str()) || is_sellable(offer))
            .filter(|offer| seen.insert(offer.sku.as_str()))
            .map(|offer| {
                let (from, until) = offer.cut_off.clone().unzip();
                [
                    (&self.gateway).into(),
                    (&offer.sku).into(),
                    (&offer.name).into(),
                    (&offer.category).into(),
                    (&offer.brand).into(),
                    (&offer.kind).into(),
                    offer.cost.into(),
                    (&offer.description).into(),
                    offer.active.into(),
                    offer.stock.into(),
                    from.into(),
                    until.into(),
                    tx.now.into(),
                    words_of(&offer.owner.methods).into(),
                    offer.owner.needs_session.into(),
                    offer.owner.asks_stock.into(),
                    offer.owner.left_today.into(),
                ]
            })
            .collect();
        // What the shop sells and the list does not have any more stays as something that cannot be delivered now.
        sql("DELETE FROM offer WHERE gateway = $1 AND sku NOT IN (SELECT sku FROM package WHERE gateway = $1 \
             UNION SELECT sku FROM package_fallback WHERE gateway = $1 \
             UNION SELECT m.sku FROM package_method m JOIN package p ON p.id = m.package_id WHERE p.gateway = $1)")
            .bind(&self.gateway)
            .execute(&mut tx.conn)
            .await?;
        sql("UPDATE offer SET active = 0, seen_at = $1 WHERE gateway = $2")
            .bind(tx.now)
            .bind(&self.gateway)
            .execute(&mut tx.conn)
            .await?;
        insert_rows(
            &mut tx.conn,
            "INSERT INTO offer (gateway, sku, name, category, brand, kind, cost, description, active, stock, \
             cut_off_from, cut_off_until, seen_at, methods, needs_session, asks_stock, left_today)",
            &rows,
            " ON CONFLICT (gateway, sku) DO UPDATE SET name = excluded.name, category = excluded.category, \
             brand = excluded.brand, kind = excluded.kind, cost = excluded.cost, description = excluded.description, \
             active = excluded.active, stock = CASE WHEN excluded.asks_stock = 1 THEN offer.stock ELSE excluded.stock END, \
             cut_off_from = excluded.cut_off_from, cut_off_until = excluded.cut_off_until, seen_at = excluded.seen_at, \
             methods = excluded.methods, needs_session = excluded.needs_session, asks_stock = excluded.asks_stock, \
             left_today = excluded.left_today",
        )
        .await
        .map(|_| ())
    }

    /// Brings one of the shop's packages up to date.
    async fn follow(&self, tx: &mut Tx<'_>, package: &Ours, offer: Option<&Offer>) -> Result<(), Error> {
        let Some(offer) = offer else {
            // Not sold while it is missing, but not closed either: the list may be at fault, and it may come back.
            return match package.active {
                true => open_alarm(tx, AlarmKind::OfferGone, package.id.as_str(), &package.sku).await,
                false => Ok(()),
            };
        };
        close_alarm(tx, AlarmKind::OfferGone, package.id.as_str()).await?;
        if offer.cost == package.cost {
            return Ok(());
        }
        // Read anew: an admin may have changed the prices a moment ago.
        let Some((package_row, before)) = lock_pricing(tx, &package.id).await? else { return Ok(()) };
        sql("UPDATE package SET cost = $1, updated_at = $2 WHERE public_id = $3")
            .bind(offer.cost)
            .bind(tx.now)
            .bind(&package.id)
            .execute(&mut tx.conn)
            .await?;
        let after = Pricing { cost: offer.cost, ..before };
        let change = NewPricing { package_row, before: Some(before), after };
        note_pricings(tx, PriceSource::Gateway, None, &[change]).await?;
        let detail = format!("{} -> {}", package.cost, offer.cost);
        audit(tx, None, "follow_cost", &format!("package:{}", package.id.as_str()), &detail).await?;
        close_at_a_loss(tx, package, &detail).await
    }
}

/// What further gateways take. One that takes too much is passed over; nothing is closed for it.
async fn follow_fallbacks(tx: &mut Tx<'_>, gateway: &str) -> Result<(), Error> {
    sql("UPDATE package_fallback SET cost = (SELECT o.cost FROM offer o WHERE o.gateway = package_fallback.gateway \
         AND o.sku = package_fallback.sku) WHERE gateway = $1 AND EXISTS (SELECT 1 FROM offer o \
         WHERE o.gateway = package_fallback.gateway AND o.sku = package_fallback.sku AND o.cost <> package_fallback.cost)")
    .bind(gateway)
    .execute(&mut tx.conn)
    .await
    .map(|_| ())
}

fn is_sellable(offer: &Offer) -> bool {
    offer.category.to_lowercase().contains(DATA)
        && BRANDS.iter().any(|brand| offer.brand.eq_ignore_ascii_case(brand))
}

/// Takes a package off sale that costs more than it sells for, and tells an admin.
async fn close_at_a_loss(tx: &mut Tx<'_>, package: &Ours, detail: &str) -> Result<(), Error> {
    // Compared here: an admin may have raised the price a moment ago.
    let closed = sql("UPDATE package SET active = 0, updated_at = $1 WHERE public_id = $2 AND active = 1 \
                      AND (cost > price_member OR cost > price_reseller)")
    .bind(tx.now)
    .bind(&package.id)
    .execute(&mut tx.conn)
    .await?;
    if closed == 0 {
        return Ok(());
    }
    let why = AlarmKind::CostAbovePrice;
    let object = format!("package:{}", package.id.as_str());
    audit(tx, None, "close_package", &object, &format!("{} {detail}", why.as_str())).await?;
    open_alarm(tx, why, package.id.as_str(), detail).await
}
