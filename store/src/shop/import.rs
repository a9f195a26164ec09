//! Packages from a table that an admin has worked on in a spreadsheet.

use std::collections::BTreeSet;

use domain::{FieldCode, Refusal, Role, Sheet, StatementText};

use super::package_list::all_packages;
use super::package_sheet::{Catalogue, PlannedChange, SheetPlan, known_of};
use super::packages::{insert_package, update_package};
use super::price_history::{PriceSource, Pricing, note_pricings};
use super::{keep_text, kept_text, once};
use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Query, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::{Package, UserId};

/// A shop with more packages than these cannot be compared with a table.
const COMPARED_MOST: i64 = 5_000;
const GATEWAYS_MOST: i64 = 1_000;
/// What packages name where nobody has set a gateway up yet.
const USUAL_GATEWAY: &str = "digiflazz";
/// What an uploaded table is kept as, apart from other texts of the session.
const KIND: &str = "packages";

/// Keeps the text of a table between its upload and its being read in, for the session that sent it.
pub struct KeepPackageSheet {
    /// The session's key.
    pub owner: String,
    /// The text.
    pub text: String,
}

impl Operation for KeepPackageSheet {
    type Output = String;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<String, Error> {
        // A byte of an old encoding may have become two.
        if self.text.len() > 2 * StatementText::MOST_BYTES || self.text.contains('\0') {
            return Err(Refusal::field("file", FieldCode::BadSheet).into());
        }
        keep_text(tx, KIND, &self.owner, &self.text).await
    }
}

/// Adds and changes packages as a table says: all of it or nothing, and only what was shown.
#[derive(Clone, Debug)]
pub struct ImportPackages {
    /// Who.
    pub admin: UserId,
    /// Idempotency key, minted with the preview.
    pub key: String,
    /// The table.
    pub sheet: Sheet,
    /// [`SheetPlan::fingerprint`] of what was shown.
    pub fingerprint: String,
}

/// What came of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// New packages.
    pub added: usize,
    /// Packages that are different now.
    pub changed: usize,
}

impl Operation for ImportPackages {
    type Output = Imported;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Imported, Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let catalogue = Catalogue {
            packages: known(&all_packages(COMPARED_MOST).all(&mut tx.conn).await?)?,
            gateways: names(&gateways().all(&mut tx.conn).await?)?,
        };
        let plan = SheetPlan::make(&self.sheet, &catalogue);
        let [added, changed, _, wrong] = plan.counts();
        let result = format!("{added} {changed}");
        let request = std::slice::from_ref(&self.fingerprint);
        if let Some(first) = once(tx, self.admin, "import_packages", &self.key, request, &result).await? {
            return counts_of(&first);
        }
        if wrong > 0 || added + changed == 0 || plan.fingerprint()? != self.fingerprint {
            return Err(Refusal::StateChanged.into());
        }
        let ids = self.carry_out(tx, &plan, &catalogue).await?;
        let detail = format!("{added} added, {changed} changed: {}", ids.join(" "));
        audit(tx, Some(self.admin), "import_packages", "packages", &detail).await?;
        Ok(Imported { added, changed })
    }
}

impl ImportPackages {
    async fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        plan: &SheetPlan,
        catalogue: &Catalogue,
    ) -> Result<Vec<String>, Error> {
        let (mut pricings, mut ids) = (Vec::new(), Vec::new());
        for row in &plan.rows {
            match &row.change {
                PlannedChange::New(draft) => {
                    let id = tx.new_id();
                    pricings.push(insert_package(tx, &id, draft).await?);
                    ids.push(id.as_str().to_owned());
                }
                PlannedChange::Changed(changed) => {
                    unchanged_since(tx, &changed.before, catalogue).await?;
                    let before = Pricing { prices: changed.before.prices, cost: changed.before.cost };
                    pricings.push(update_package(tx, &changed.id, &changed.draft, before).await?);
                    ids.push(changed.id.as_str().to_owned());
                }
                PlannedChange::Unchanged | PlannedChange::Wrong(_) => {}
            }
        }
        note_pricings(tx, PriceSource::Import, Some(self.admin), &pricings).await?;
        Ok(ids)
    }
}

/// Takes hold of a package, if it is still as it was when this transaction read it.
async fn unchanged_since(tx: &mut Tx<'_>, package: &Package, catalogue: &Catalogue) -> Result<(), Error> {
    let known = catalogue.packages.iter().find(|known| known.package.id == package.id);
    let held = sql("UPDATE package SET updated_at = updated_at WHERE public_id = $1 AND updated_at = $2 \
                    AND price_member = $3 AND price_reseller = $4 AND cost = $5")
    .bind(&package.id)
    .bind(known.map(|known| known.updated_at))
    .bind(package.prices.member)
    .bind(package.prices.reseller)
    .bind(package.cost)
    .execute(&mut tx.conn)
    .await?;
    if held == 1 { Ok(()) } else { Err(Refusal::StateChanged.into()) }
}

fn known(rows: &[Row]) -> Result<Vec<super::package_sheet::KnownPackage>, Error> {
    if i64::try_from(rows.len()).unwrap_or(i64::MAX) > COMPARED_MOST {
        // Else a package that was not read would be taken for a new one.
        return Err(Refusal::field("file", FieldCode::BadSheet).into());
    }
    rows.iter().map(known_of).collect()
}

fn gateways() -> Query {
    sql("SELECT name FROM gateway UNION SELECT gateway FROM gateway_state UNION SELECT gateway FROM package LIMIT $1")
        .bind(GATEWAYS_MOST)
}

fn names(rows: &[Row]) -> Result<BTreeSet<String>, Error> {
    let names = rows.iter().map(|row| row.text("name")).collect::<Result<BTreeSet<_>, _>>()?;
    Ok(names.into_iter().chain([USUAL_GATEWAY.to_owned()]).collect())
}

fn counts_of(result: &str) -> Result<Imported, Error> {
    let counts = result.split_once(' ');
    let counts = counts.and_then(|(added, changed)| Some((added.parse().ok()?, changed.parse().ok()?)));
    let (added, changed) = counts.ok_or_else(|| Error::corrupt("an idempotency row without counts"))?;
    Ok(Imported { added, changed })
}

impl Store {
    /// What a table would do now. Nothing is changed.
    ///
    /// # Errors
    /// Faults of the database; a shop with too many packages.
    pub async fn plan_import(&self, sheet: &Sheet) -> Result<SheetPlan, Error> {
        let catalogue = Catalogue {
            packages: known(&self.db().all(all_packages(COMPARED_MOST)).await?)?,
            gateways: names(&self.db().all(gateways()).await?)?,
        };
        Ok(SheetPlan::make(sheet, &catalogue))
    }

    /// An uploaded table's text, while it is kept and if it is this session's.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn kept_package_sheet(&self, id: &str, session: &str) -> Result<Option<String>, Error> {
        kept_text(self, KIND, id, session).await
    }
}
