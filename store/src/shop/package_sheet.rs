//! What a table of packages that was read in would change.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Category, FieldCode, Prices, PublicId, Refusal, Rupiah, Sheet, SheetRow, SheetRowTrouble, UtcMillis,
};

use super::package_cells::{
    GATEWAY, MAY_BE_MISSING, PACKAGE_SHEET, SKU, SORT_OF_NEW, cell_of, is_other, take_cell,
};
use super::packages::{PackageDraft, VALIDITY_DAYS, package_of};
use crate::crypto::{digest, hex};
use crate::db::Row;
use crate::error::Error;
use crate::model::Package;

/// What a table would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetPlan {
    /// Row by row, in the file's order.
    pub rows: Vec<PlannedRow>,
}

/// What a row would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRow {
    /// Where it stands in the file; the first line is 1.
    pub line_number: u32,
    /// What it is about: a package's name, or its code.
    pub name: String,
    /// What it would do.
    pub change: PlannedChange,
}

/// See [`PlannedRow`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedChange {
    /// A new package.
    New(Box<PackageDraft>),
    /// A package that is there becomes another.
    Changed(Box<ChangedPackage>),
    /// It says what is so already.
    Unchanged,
    /// It cannot be done.
    Wrong(Vec<RowMistake>),
}

/// A package that a row changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedPackage {
    /// Which.
    pub id: PublicId,
    /// How it was when the plan was made.
    pub before: Package,
    /// How it would be.
    pub draft: PackageDraft,
    /// What is different.
    pub cells: Vec<CellChange>,
}

/// A cell that says something else than the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// The column.
    pub column: &'static str,
    /// What the package has.
    pub before: String,
    /// What the cell says.
    pub after: String,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowMistake {
    /// The column, where it is about one.
    pub column: Option<&'static str>,
    /// What.
    pub kind: RowMistakeKind,
}

/// See [`RowMistake`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowMistakeKind {
    /// Its cells cannot be told apart.
    Cells(SheetRowTrouble),
    /// A cell cannot be what its column holds.
    Field(FieldCode),
    /// An earlier row is about the same package.
    Twice {
        /// The earlier row.
        first_line: u32,
    },
    /// Several packages have this gateway and code, and the row is like none of them.
    Several,
    /// No gateway is called so, nor does a package name it.
    NoSuchGateway,
}

/// A package as it is, with when it was changed last.
pub(super) struct KnownPackage {
    pub(super) package: Package,
    pub(super) updated_at: UtcMillis,
}

/// What a plan is made against.
pub(super) struct Catalogue {
    pub(super) packages: Vec<KnownPackage>,
    pub(super) gateways: BTreeSet<String>,
}

pub(super) fn known_of(row: &Row) -> Result<KnownPackage, Error> {
    Ok(KnownPackage { package: package_of(row)?, updated_at: row.time("updated_at")? })
}

impl SheetPlan {
    /// What a table would do to the packages there are.
    pub(super) fn make(sheet: &Sheet, catalogue: &Catalogue) -> Self {
        let mut planner = Planner::new(sheet, catalogue);
        Self { rows: sheet.rows.iter().map(|row| planner.row(row)).collect() }
    }

    /// How many rows of new packages, of changed ones, without a change, and wrong ones.
    #[must_use]
    pub fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        let [new, changed, unchanged, wrong] = &mut counts;
        for row in &self.rows {
            let count = match row.change {
                PlannedChange::New(_) => &mut *new,
                PlannedChange::Changed(_) => &mut *changed,
                PlannedChange::Unchanged => &mut *unchanged,
                PlannedChange::Wrong(_) => &mut *wrong,
            };
            *count += 1;
        }
        counts
    }

    /// Everything that it would do, from what to what, as one short text. Two plans with the same one do the same.
    ///
    /// # Errors
    /// A fault: a package can always be written as JSON.
    pub fn fingerprint(&self) -> Result<String, Error> {
        let mut parts = Vec::new();
        for row in &self.rows {
            match &row.change {
                PlannedChange::New(draft) => {
                    parts.push(String::new());
                    parts.push(serde_json::to_string(draft).map_err(Error::corrupt)?);
                }
                PlannedChange::Changed(changed) => {
                    parts.push(changed.id.as_str().to_owned());
                    parts.push(serde_json::to_string(&changed.before).map_err(Error::corrupt)?);
                    parts.push(serde_json::to_string(&changed.draft).map_err(Error::corrupt)?);
                }
                PlannedChange::Unchanged => {}
                PlannedChange::Wrong(_) => parts.push(format!("wrong {}", row.line_number)),
            }
        }
        Ok(hex(&digest(&parts.iter().map(String::as_str).collect::<Vec<_>>())))
    }
}

/// What tells packages apart in a table.
type Key = (String, String);

struct Planner<'a> {
    sheet: &'a Sheet,
    catalogue: &'a Catalogue,
    by_key: BTreeMap<Key, Vec<&'a Package>>,
    /// The first row about each package.
    first_lines: BTreeMap<Key, u32>,
}

impl<'a> Planner<'a> {
    fn new(sheet: &'a Sheet, catalogue: &'a Catalogue) -> Self {
        let mut by_key: BTreeMap<Key, Vec<&Package>> = BTreeMap::new();
        for known in &catalogue.packages {
            let key = (Sheet::as_read(&known.package.gateway), Sheet::as_read(&known.package.sku));
            by_key.entry(key).or_default().push(&known.package);
        }
        Self { sheet, catalogue, by_key, first_lines: BTreeMap::new() }
    }

    fn row(&mut self, row: &SheetRow) -> PlannedRow {
        let cell = |column| self.sheet.cell(row, column).unwrap_or_default().to_owned();
        let key = (cell(GATEWAY), cell(SKU));
        let named = [cell("name"), key.1.clone()].into_iter().find(|name| !name.is_empty());
        let name = named.unwrap_or_default();
        let (name, change) = match self.change(row, &key) {
            Ok((known, change)) => (known.unwrap_or(name), change),
            Err(mistakes) => (name, PlannedChange::Wrong(mistakes)),
        };
        PlannedRow { line_number: row.line_number, name, change }
    }

    /// The package's name, where there is one, and what becomes of it.
    fn change(
        &mut self,
        row: &SheetRow,
        key: &Key,
    ) -> Result<(Option<String>, PlannedChange), Vec<RowMistake>> {
        if let Some(trouble) = row.trouble {
            return Err(vec![RowMistake { column: None, kind: RowMistakeKind::Cells(trouble) }]);
        }
        let empty: Vec<RowMistake> = [(GATEWAY, &key.0), (SKU, &key.1)]
            .into_iter()
            .filter(|(_, cell)| cell.is_empty())
            .map(|(column, _)| field(column, FieldCode::Required))
            .collect();
        if !empty.is_empty() {
            return Err(empty);
        }
        let packages = self.by_key.get(key).cloned().unwrap_or_default();
        if let [_, _, ..] = packages.as_slice() {
            let same = packages.iter().find(|package| self.differences(row, package).is_empty());
            let same =
                same.ok_or_else(|| vec![RowMistake { column: None, kind: RowMistakeKind::Several }])?;
            return Ok((Some(same.name.clone()), PlannedChange::Unchanged));
        }
        if let Some(first_line) = self.first_lines.insert(key.clone(), row.line_number) {
            return Err(vec![RowMistake { column: None, kind: RowMistakeKind::Twice { first_line } }]);
        }
        match packages.first() {
            Some(package) => Ok((Some(package.name.clone()), self.changed(row, package)?)),
            None if self.catalogue.gateways.contains(&key.0) => Ok((None, self.new_package(row)?)),
            None => Err(vec![RowMistake { column: Some(GATEWAY), kind: RowMistakeKind::NoSuchGateway }]),
        }
    }

    /// The cells that say something else than the package: than its cell would, written and read again.
    fn differences(&self, row: &SheetRow, package: &Package) -> Vec<CellChange> {
        let columns = PACKAGE_SHEET.columns.iter();
        columns
            .filter_map(|column| {
                let after = self.sheet.cell(row, column)?;
                let before = Sheet::as_read(&cell_of(package, column));
                let differs = before != after;
                differs.then(|| CellChange { column, before, after: after.to_owned() })
            })
            .collect()
    }

    fn changed(&self, row: &SheetRow, package: &Package) -> Result<PlannedChange, Vec<RowMistake>> {
        let mut draft = PackageDraft::from(package.clone());
        let differences = self.differences(row, package);
        let mistakes: Vec<RowMistake> = differences
            .iter()
            .filter_map(|cell| {
                let taken = take_cell(&mut draft, cell.column, &cell.after);
                taken.err().map(|code| field(cell.column, code))
            })
            .collect();
        // `12.500` and `12500`, or `ya` and `yes`, are no difference.
        let cells =
            differences.into_iter().filter(|cell| is_other(package, &draft, cell.column)).collect::<Vec<_>>();
        if mistakes.is_empty() && cells.is_empty() {
            return Ok(PlannedChange::Unchanged);
        }
        checked(&draft, mistakes)?;
        let (id, before) = (package.id.clone(), package.clone());
        Ok(PlannedChange::Changed(Box::new(ChangedPackage { id, before, draft, cells })))
    }

    fn new_package(&self, row: &SheetRow) -> Result<PlannedChange, Vec<RowMistake>> {
        let mut draft = PackageDraft {
            name: String::new(),
            description: String::new(),
            quota: String::new(),
            validity_days: *VALIDITY_DAYS.start(),
            category: Category::Other,
            brand: String::new(),
            prices: Prices { member: Rupiah::ZERO, reseller: Rupiah::ZERO },
            cost: Rupiah::ZERO,
            gateway: String::new(),
            sku: String::new(),
            // Nothing is sold by an oversight.
            active: false,
            sort: SORT_OF_NEW,
            family: String::new(),
            benefits: String::new(),
        };
        let columns = PACKAGE_SHEET.columns.iter();
        let mistakes = columns
            .filter_map(|column| {
                let cell = self.sheet.cell(row, column).unwrap_or_default();
                let may_be_missing = MAY_BE_MISSING.contains(column);
                let taken = match cell {
                    "" if may_be_missing => Ok(()),
                    "" => Err(FieldCode::Required),
                    cell => take_cell(&mut draft, column, cell),
                };
                taken.err().map(|code| field(column, code))
            })
            .collect();
        checked(&draft, mistakes)?;
        Ok(PlannedChange::New(Box::new(draft)))
    }
}

/// What a form would say of the package, too, beside the cells' own mistakes.
fn checked(draft: &PackageDraft, mut mistakes: Vec<RowMistake>) -> Result<(), Vec<RowMistake>> {
    if let Err(Refusal::Invalid { fields }) = draft.check() {
        for error in fields {
            let column = PACKAGE_SHEET.columns.iter().copied().find(|column| *column == error.field);
            let is_known = mistakes.iter().any(|mistake| mistake.column == column);
            // With a cost that cannot be read, nothing can be said about prices above it.
            let hangs_on_cost = error.field.starts_with("price") && has(&mistakes, "cost");
            if !is_known && !hangs_on_cost {
                mistakes.push(RowMistake { column, kind: RowMistakeKind::Field(error.error) });
            }
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}

fn has(mistakes: &[RowMistake], column: &str) -> bool {
    mistakes.iter().any(|mistake| mistake.column == Some(column))
}

const fn field(column: &'static str, code: FieldCode) -> RowMistake {
    RowMistake { column: Some(column), kind: RowMistakeKind::Field(code) }
}
