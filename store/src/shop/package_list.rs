//! Packages as admins look for them.

use domain::{Category, PublicId, Rupiah, UtcMillis};

use super::packages::{package_columns, package_of};
use super::{containing, page_of};
use crate::Store;
use crate::db::{Query, Row, sql};
use crate::error::Error;
use crate::gateways::OFFER_COUNTS_MS;
use crate::model::{Package, Page};

/// The most packages that one page of a list, a bulk change or a table of them has.
pub const PACKAGES_AT_ONCE_MOST: i64 = 2_000;
/// Words of one kind to choose from.
const FACETS_MOST: i64 = 200;

/// The order of a list of packages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PackageSort {
    /// As buyers see them; those off sale at the end.
    #[default]
    Shop,
    /// By name.
    Name,
    /// The cheapest for members first.
    Price,
    /// The smaller of the two margins first.
    Margin,
    /// The last one that was changed first.
    Changed,
}

/// Which packages an admin looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageSearch {
    /// Words in the name, the quota, the description, the code or the family; empty for all.
    pub q: String,
    /// Only of this category.
    pub category: Option<Category>,
    /// Only of this brand.
    pub brand: Option<String>,
    /// Only of this gateway.
    pub gateway: Option<String>,
    /// Only of this family.
    pub family: Option<String>,
    /// Only on sale, or only off sale.
    pub active: Option<bool>,
    /// Only those of which a price leaves less than this.
    pub margin_below: Option<Rupiah>,
    /// Only those that their gateway does not deliver now, as its list says.
    pub disturbed: bool,
    /// The order.
    pub sort: PackageSort,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Packages on a page, at most [`PACKAGES_AT_ONCE_MOST`].
    pub limit: i64,
}

/// A package in an admin's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPackage {
    /// The package.
    pub package: Package,
    /// Its gateway does not deliver it now, as the gateway's list says.
    pub disturbed: bool,
    /// When it was changed last.
    pub updated_at: UtcMillis,
}

/// What there is to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageFacets {
    /// Gateways that packages name.
    pub gateways: Vec<String>,
    /// Families.
    pub families: Vec<String>,
}

impl PackageSort {
    /// All of them, in the order in which people should see them.
    pub const ALL: [Self; 5] = [Self::Shop, Self::Name, Self::Price, Self::Margin, Self::Changed];

    /// The word in an address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Name => "name",
            Self::Price => "price",
            Self::Margin => "margin",
            Self::Changed => "changed",
        }
    }
}

impl std::str::FromStr for PackageSort {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word).ok_or(())
    }
}

macro_rules! listed {
    ($key:literal) => {
        concat!(
            "SELECT ",
            package_columns!(),
            ", updated_at, CAST(CASE WHEN EXISTS (SELECT 1 FROM offer o WHERE o.gateway = package.gateway \
             AND o.sku = package.sku AND o.active = 0 AND o.seen_at > $9) THEN 1 ELSE 0 END AS BIGINT) AS disturbed \
             FROM package WHERE ($1 = '' OR LOWER(name || ' ' || quota || ' ' || description || ' ' || sku || ' ' || family) \
             LIKE $1 ESCAPE '\\') AND (CAST($2 AS TEXT) IS NULL OR category = $2) \
             AND (CAST($3 AS TEXT) IS NULL OR brand = $3) AND (CAST($4 AS TEXT) IS NULL OR gateway = $4) \
             AND (CAST($5 AS TEXT) IS NULL OR family = $5) AND (CAST($6 AS BIGINT) IS NULL OR active = $6) \
             AND (CAST($7 AS BIGINT) IS NULL OR price_member - cost < $7 OR price_reseller - cost < $7) \
             AND ($8 = 0 OR EXISTS (SELECT 1 FROM offer o WHERE o.gateway = package.gateway AND o.sku = package.sku \
             AND o.active = 0 AND o.seen_at > $9)) \
             AND (CAST($10 AS TEXT) IS NULL OR (",
            $key,
            ", id) > (SELECT ",
            $key,
            ", id FROM package WHERE public_id = $10)) ORDER BY ",
            $key,
            ", id LIMIT $11"
        )
    };
}

fn query(search: PackageSearch, now: UtcMillis, limit: i64) -> Query {
    let text = match search.sort {
        // A place in the list has at most seven digits.
        PackageSort::Shop => listed!("(1 - active) * 100000000 + sort"),
        PackageSort::Name => listed!("LOWER(name)"),
        PackageSort::Price => listed!("price_member"),
        PackageSort::Margin => {
            listed!(
                "CASE WHEN price_member < price_reseller THEN price_member - cost ELSE price_reseller - cost END"
            )
        }
        PackageSort::Changed => listed!("0 - updated_at"),
    };
    let words = search.q.trim().to_lowercase();
    sql(text)
        .bind(if words.is_empty() { words } else { containing(&words) })
        .bind(search.category.map(Category::as_str))
        .bind(search.brand)
        .bind(search.gateway)
        .bind(search.family)
        .bind(search.active.map(i64::from))
        .bind(search.margin_below)
        .bind(search.disturbed)
        .bind(now.plus_ms(-OFFER_COUNTS_MS))
        .bind(search.after)
        .bind(limit + 1)
}

fn listed_of(row: &Row) -> Result<ListedPackage, Error> {
    Ok(ListedPackage {
        package: package_of(row)?,
        disturbed: row.bool("disturbed")?,
        updated_at: row.time("updated_at")?,
    })
}

/// Every package, oldest first, for comparing a table with them: at most one more than so many.
pub(super) fn all_packages(most: i64) -> Query {
    sql(concat!("SELECT ", package_columns!(), ", updated_at FROM package ORDER BY id LIMIT $1"))
        .bind(most + 1)
}

impl Store {
    /// A page of packages.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn package_list(&self, search: PackageSearch) -> Result<Page<ListedPackage>, Error> {
        let limit = search.limit.clamp(1, PACKAGES_AT_ONCE_MOST);
        let rows = self.db().all(query(search, self.now(), limit)).await?;
        page_of(&rows, limit, listed_of, |listed| id_of(listed).as_str().to_owned())
    }

    /// The gateways and families that packages have.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn package_facets(&self) -> Result<PackageFacets, Error> {
        let words = async |text| {
            let rows = self.db().all(sql(text).bind(FACETS_MOST)).await?;
            rows.iter().map(|row| row.text("word")).collect::<Result<Vec<_>, Error>>()
        };
        Ok(PackageFacets {
            gateways: words("SELECT DISTINCT gateway AS word FROM package ORDER BY word LIMIT $1").await?,
            families: words(
                "SELECT DISTINCT family AS word FROM package WHERE family <> '' ORDER BY word LIMIT $1",
            )
            .await?,
        })
    }
}

const fn id_of(listed: &ListedPackage) -> &PublicId {
    &listed.package.id
}
