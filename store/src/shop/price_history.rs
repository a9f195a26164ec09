//! What became of a package's prices and cost: written in the transaction that changes them, by whatever changes them.

use domain::{Prices, PublicId, Rupiah, UtcMillis};

use super::page_of;
use crate::Store;
use crate::db::{Row, Tx, Value, insert_rows, sql};
use crate::error::Error;
use crate::model::{Page, UserId};

/// What a package costs its buyers, and the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pricing {
    /// By role.
    pub prices: Prices,
    /// What the gateway takes.
    pub cost: Rupiah,
}

/// What changed the prices of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceSource {
    /// They are what they were when the shop began to keep them.
    Start,
    /// The package's form.
    Form,
    /// A change of many packages by a formula.
    Bulk,
    /// A table that was read in.
    Import,
    /// An admin's choice from a gateway's list.
    Offers,
    /// A gateway's list: the cost follows it by itself.
    Gateway,
}

/// One change of a package's prices or cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceChange {
    /// For the next page.
    id: i64,
    /// When.
    pub at: UtcMillis,
    /// By what; `None` for something that only a newer version knows.
    pub source: Option<PriceSource>,
    /// By whom; `None` where no human did it.
    pub actor: Option<String>,
    /// Before; `None` for the package's beginning.
    pub before: Option<Pricing>,
    /// After.
    pub after: Pricing,
}

/// A change to be kept.
pub(crate) struct NewPricing {
    pub(crate) package_row: i64,
    pub(crate) before: Option<Pricing>,
    pub(crate) after: Pricing,
}

impl PriceSource {
    const ALL: [Self; 6] = [Self::Start, Self::Form, Self::Bulk, Self::Import, Self::Offers, Self::Gateway];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Form => "form",
            Self::Bulk => "bulk",
            Self::Import => "import",
            Self::Offers => "offers",
            Self::Gateway => "gateway",
        }
    }
}

/// A package's row and what it costs now. Nobody else changes it before this transaction ends.
pub(crate) async fn lock_pricing(tx: &mut Tx<'_>, id: &PublicId) -> Result<Option<(i64, Pricing)>, Error> {
    let row = sql("UPDATE package SET updated_at = updated_at WHERE public_id = $1 \
                   RETURNING id, price_member, price_reseller, cost")
    .bind(id)
    .optional(&mut tx.conn)
    .await?;
    row.map(|row| Ok((row.int("id")?, pricing_of(&row)?))).transpose()
}

/// Keeps the changes that are any.
pub(crate) async fn note_pricings(
    tx: &mut Tx<'_>,
    source: PriceSource,
    actor: Option<UserId>,
    changes: &[NewPricing],
) -> Result<(), Error> {
    let rows: Vec<[Value; 10]> = changes
        .iter()
        .filter(|change| change.before != Some(change.after))
        .map(|change| {
            [
                change.package_row.into(),
                change.before.map(|before| before.prices.member).into(),
                change.before.map(|before| before.prices.reseller).into(),
                change.before.map(|before| before.cost).into(),
                change.after.prices.member.into(),
                change.after.prices.reseller.into(),
                change.after.cost.into(),
                source.as_str().into(),
                actor.into(),
                tx.now.into(),
            ]
        })
        .collect();
    insert_rows(
        &mut tx.conn,
        "INSERT INTO package_price (package_id, member_before, reseller_before, cost_before, price_member, price_reseller, \
         cost, source, actor, created_at)",
        &rows,
        "",
    )
    .await
    .map(|_| ())
}

/// From a row with the columns of a package.
pub(super) fn pricing_of(row: &Row) -> Result<Pricing, Error> {
    Ok(Pricing {
        prices: Prices { member: row.rupiah("price_member")?, reseller: row.rupiah("price_reseller")? },
        cost: row.rupiah("cost")?,
    })
}

fn change_of(row: &Row) -> Result<PriceChange, Error> {
    let before = |column: &str| row.opt_int(column).map(|amount| amount.map(Rupiah::new));
    let before = (before("member_before")?, before("reseller_before")?, before("cost_before")?);
    let before = match before {
        (Some(member), Some(reseller), Some(cost)) => {
            Some(Pricing { prices: Prices { member, reseller }, cost })
        }
        _ => None,
    };
    let word = row.text("source")?;
    Ok(PriceChange {
        id: row.int("id")?,
        at: row.time("created_at")?,
        source: PriceSource::ALL.into_iter().find(|source| source.as_str() == word),
        actor: row.opt_text("username")?,
        before,
        after: pricing_of(row)?,
    })
}

impl Store {
    /// What became of a package's prices, the latest change first. `after` is the `next` of the page before.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn price_history(
        &self,
        id: &PublicId,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Page<PriceChange>, Error> {
        let limit = limit.clamp(1, 100);
        let query = sql("SELECT h.id, h.member_before, h.reseller_before, h.cost_before, h.price_member, h.price_reseller, \
                         h.cost, h.source, h.created_at, u.username FROM package_price h \
                         JOIN package p ON p.id = h.package_id LEFT JOIN users u ON u.id = h.actor \
                         WHERE p.public_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR h.id < $2) ORDER BY h.id DESC LIMIT $3")
            .bind(id)
            .bind(after.and_then(|after| after.parse::<i64>().ok()))
            .bind(limit + 1);
        page_of(&self.db().all(query).await?, limit, change_of, |change| change.id.to_string())
    }
}
