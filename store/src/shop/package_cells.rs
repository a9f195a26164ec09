//! Packages as a table: its columns, and what each cell says.

use domain::{Category, FieldCode, Rupiah, Sheet, SheetShape};

use super::packages::{PackageDraft, VALIDITY_DAYS};
use crate::model::Package;

/// The table of packages. A row is about the package with its gateway and code; columns that a file does not have stay
/// as they are.
pub const PACKAGE_SHEET: SheetShape = SheetShape {
    columns: &[
        GATEWAY,
        SKU,
        "name",
        "description",
        "quota",
        "validity_days",
        "category",
        "brand",
        "family",
        "benefits",
        "price_member",
        "price_reseller",
        "cost",
        ACTIVE,
        SORT,
    ],
    must: &[GATEWAY, SKU],
    most_rows: 2_000,
};
/// What a package can do without; a new one has to have all others.
pub(super) const MAY_BE_MISSING: [&str; 5] = ["description", "family", "benefits", ACTIVE, SORT];
pub(super) const GATEWAY: &str = "gateway";
pub(super) const SKU: &str = "sku";
const ACTIVE: &str = "active";
const SORT: &str = "sort";
/// New packages stand behind those that an admin has put in order.
pub(super) const SORT_OF_NEW: i64 = 10_000;
const SORTS: std::ops::RangeInclusive<i64> = 0..=1_000_000;
/// Parts the lines of what a package contains, which all stand in one cell.
const LINES: char = '|';

/// A package's cells, in the order of [`PACKAGE_SHEET`]'s columns.
#[must_use]
pub fn package_cells(package: &Package) -> Vec<String> {
    PACKAGE_SHEET.columns.iter().map(|column| cell_of(package, column)).collect()
}

pub(super) fn cell_of(package: &Package, column: &str) -> String {
    match column {
        GATEWAY => package.gateway.clone(),
        SKU => package.sku.clone(),
        "name" => package.name.clone(),
        "description" => package.description.clone(),
        "quota" => package.quota.clone(),
        "validity_days" => package.validity_days.to_string(),
        "category" => package.category.as_str().to_owned(),
        "brand" => package.brand.clone(),
        "family" => package.family.clone(),
        "benefits" => package.benefits.lines().collect::<Vec<_>>().join(&LINES.to_string()),
        "price_member" => package.prices.member.get().to_string(),
        "price_reseller" => package.prices.reseller.get().to_string(),
        "cost" => package.cost.get().to_string(),
        ACTIVE => if package.active { "yes" } else { "no" }.to_owned(),
        SORT => package.sort.to_string(),
        _ => String::new(),
    }
}

/// Puts what a cell says into a package.
pub(super) fn take_cell(draft: &mut PackageDraft, column: &str, cell: &str) -> Result<(), FieldCode> {
    let whole = |sensible: std::ops::RangeInclusive<i64>| {
        let number = cell.parse().ok().filter(|number| sensible.contains(number));
        number.ok_or(if cell.is_empty() { FieldCode::Required } else { FieldCode::BadNumber })
    };
    let amount = || cell.parse::<Rupiah>().map_err(FieldCode::from);
    match column {
        GATEWAY => cell.clone_into(&mut draft.gateway),
        SKU => cell.clone_into(&mut draft.sku),
        "name" => cell.clone_into(&mut draft.name),
        "description" => cell.clone_into(&mut draft.description),
        "quota" => cell.clone_into(&mut draft.quota),
        "validity_days" => draft.validity_days = whole(VALIDITY_DAYS)?,
        "category" => draft.category = cell.to_lowercase().parse::<Category>()?,
        "brand" => draft.brand = cell.to_uppercase(),
        "family" => cell.clone_into(&mut draft.family),
        "benefits" => draft.benefits = cell.split(LINES).map(str::trim).collect::<Vec<_>>().join("\n"),
        "price_member" => draft.prices.member = amount()?,
        "price_reseller" => draft.prices.reseller = amount()?,
        "cost" => draft.cost = amount()?,
        ACTIVE => draft.active = yes_or_no(cell)?,
        SORT => draft.sort = whole(SORTS)?,
        _ => {}
    }
    Ok(())
}

fn yes_or_no(cell: &str) -> Result<bool, FieldCode> {
    match cell.to_lowercase().as_str() {
        "yes" | "ya" | "true" | "1" => Ok(true),
        "no" | "tidak" | "false" | "0" => Ok(false),
        "" => Err(FieldCode::Required),
        _ => Err(FieldCode::NotAChoice),
    }
}

/// Whether a column of the draft says something else than the package's.
pub(super) fn is_other(package: &Package, draft: &PackageDraft, column: &str) -> bool {
    let changed = Package {
        name: draft.name.clone(),
        description: draft.description.clone(),
        quota: draft.quota.clone(),
        validity_days: draft.validity_days,
        category: draft.category,
        brand: draft.brand.clone(),
        prices: draft.prices,
        cost: draft.cost,
        active: draft.active,
        sort: draft.sort,
        family: draft.family.clone(),
        benefits: draft.benefits.clone(),
        ..package.clone()
    };
    Sheet::as_read(&cell_of(&changed, column)) != Sheet::as_read(&cell_of(package, column))
}
