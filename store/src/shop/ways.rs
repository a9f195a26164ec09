//! The ways to get a package beside its own gateway and code: other gateways in order of preference, or, where the
//! number's owner pays, the gateway's code for each way of paying.

use std::collections::BTreeSet;

use domain::{FieldCode, Fields, PaymentMethod, PublicId, Refusal, Role, Rupiah};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

/// Further gateways of one package.
pub const FALLBACKS_MOST: usize = 3;
const CODE_MOST_CHARS: usize = 64;
/// The dearest package that an owner pays for. Real ones stay far below.
const OWNER_PRICE_MOST: Rupiah = Rupiah::new(10_000_000);

/// A further gateway for a package. It is tried only after the ones before it provably took no order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallback {
    /// Which.
    pub gateway: String,
    /// The package's code there.
    pub sku: String,
    /// What it takes.
    pub cost: Rupiah,
}

/// A way in which the number's owner can pay for a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageMethod {
    /// The way.
    pub method: PaymentMethod,
    /// The gateway's code of the package for it.
    pub sku: String,
    /// What the owner pays. `None` while no admin has said so: it is not offered then. The gateway's list has only its fee.
    pub owner_price: Option<Rupiah>,
}

/// Sets the further gateways of a package, in order of preference.
#[derive(Clone, Debug)]
pub struct SaveFallbacks {
    /// Who.
    pub admin: UserId,
    /// Of which package.
    pub id: PublicId,
    /// All of them. A mistake in the first is told of the fields `gateway_1`, `sku_1` and `cost_1`, and so on.
    pub fallbacks: Vec<Fallback>,
}

/// Sets how the owner of a number can pay for a package.
#[derive(Clone, Debug)]
pub struct SaveMethods {
    /// Who.
    pub admin: UserId,
    /// For which package.
    pub id: PublicId,
    /// All of them, each way once. A mistake is told of the fields `sku_pulsa` and `price_pulsa`, and so on.
    pub methods: Vec<PackageMethod>,
}

impl Operation for SaveFallbacks {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let package = lock(tx, &self.id).await?;
        self.check(&package)?;
        sql("DELETE FROM package_fallback WHERE package_id = $1")
            .bind(package.row)
            .execute(&mut tx.conn)
            .await?;
        for (position, fallback) in (1_i64..).zip(&self.fallbacks) {
            sql("INSERT INTO package_fallback (package_id, position, gateway, sku, cost) VALUES ($1, $2, $3, $4, $5)")
                .bind(package.row)
                .bind(position)
                .bind(&fallback.gateway)
                .bind(&fallback.sku)
                .bind(fallback.cost)
                .execute(&mut tx.conn)
                .await?;
        }
        let detail = serde_json::to_string(&self.fallbacks).map_err(Error::corrupt)?;
        noted(tx, self.admin, "save_fallbacks", &self.id, &detail).await
    }
}

impl SaveFallbacks {
    fn check(&self, package: &Package) -> Result<(), Refusal> {
        let mut fields = Fields::new();
        if self.fallbacks.len() > FALLBACKS_MOST {
            fields.note("gateway_1", FieldCode::NotAChoice);
        }
        let mut seen = BTreeSet::from([package.gateway.as_str()]);
        for (n, fallback) in (1..).zip(&self.fallbacks) {
            if fallback.gateway.trim().is_empty() {
                fields.note(&format!("gateway_{n}"), FieldCode::Required);
            } else if !seen.insert(&fallback.gateway) {
                fields.note(&format!("gateway_{n}"), FieldCode::NotAChoice);
            }
            check_code(&mut fields, &format!("sku_{n}"), &fallback.sku);
            let cost = format!("cost_{n}");
            if !fallback.cost.is_positive() {
                fields.note(&cost, FieldCode::BelowMin { min: Rupiah::new(1) });
            } else if fallback.cost > package.lowest_price {
                // It would be refused by the gateway's limit at best, a loss at worst.
                fields.note(&cost, FieldCode::AboveMax { max: package.lowest_price });
            }
        }
        fields.done()
    }
}

impl Operation for SaveMethods {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let package = lock(tx, &self.id).await?;
        self.check(tx, &package).await?;
        sql("DELETE FROM package_method WHERE package_id = $1")
            .bind(package.row)
            .execute(&mut tx.conn)
            .await?;
        for method in &self.methods {
            sql("INSERT INTO package_method (package_id, method, sku, owner_price) VALUES ($1, $2, $3, $4)")
                .bind(package.row)
                .bind(method.method.as_str())
                .bind(&method.sku)
                .bind(method.owner_price)
                .execute(&mut tx.conn)
                .await?;
        }
        let detail = serde_json::to_string(&self.methods).map_err(Error::corrupt)?;
        noted(tx, self.admin, "save_methods", &self.id, &detail).await
    }
}

impl SaveMethods {
    async fn check(&self, tx: &mut Tx<'_>, package: &Package) -> Result<(), Error> {
        let mut fields = Fields::new();
        let mut seen = BTreeSet::new();
        for method in &self.methods {
            let sku = format!("sku_{}", method.method.as_str());
            if !seen.insert(method.method) {
                fields.note(&sku, FieldCode::NotAChoice);
            }
            check_code(&mut fields, &sku, &method.sku);
            if !sold_so(tx, package, method).await? {
                fields.note(&sku, FieldCode::NotAChoice);
            }
            let price = format!("price_{}", method.method.as_str());
            match method.owner_price {
                Some(amount) if !amount.is_positive() => {
                    fields.note(&price, FieldCode::BelowMin { min: Rupiah::new(1) });
                }
                Some(amount) if amount > OWNER_PRICE_MOST => {
                    fields.note(&price, FieldCode::AboveMax { max: OWNER_PRICE_MOST });
                }
                _ => {}
            }
        }
        fields.done().map_err(Error::from)
    }
}

/// Whether the gateway's list says that this code can be paid so. What it has not told of may be.
async fn sold_so(tx: &mut Tx<'_>, package: &Package, method: &PackageMethod) -> Result<bool, Error> {
    let row = sql("SELECT methods FROM offer WHERE gateway = $1 AND sku = $2")
        .bind(&package.gateway)
        .bind(&method.sku)
        .optional(&mut tx.conn)
        .await?;
    let Some(row) = row else { return Ok(true) };
    let methods = row.text("methods")?;
    Ok(methods.is_empty() || methods.split(' ').any(|word| word == method.method.as_str()))
}

struct Package {
    row: i64,
    gateway: String,
    lowest_price: Rupiah,
}

async fn lock(tx: &mut Tx<'_>, id: &PublicId) -> Result<Package, Error> {
    let row = sql("UPDATE package SET updated_at = $1 WHERE public_id = $2 RETURNING id, gateway, price_member, price_reseller")
        .bind(tx.now)
        .bind(id)
        .optional(&mut tx.conn)
        .await?
        .ok_or(Refusal::NotFound)?;
    let lowest_price = row.rupiah("price_member")?.min(row.rupiah("price_reseller")?);
    Ok(Package { row: row.int("id")?, gateway: row.text("gateway")?, lowest_price })
}

fn check_code(fields: &mut Fields, name: &str, code: &str) {
    if code.trim().is_empty() {
        fields.note(name, FieldCode::Required);
    } else if code.chars().count() > CODE_MOST_CHARS {
        fields.note(name, FieldCode::TooLong { max: CODE_MOST_CHARS });
    }
}

async fn noted(
    tx: &mut Tx<'_>,
    admin: UserId,
    action: &str,
    id: &PublicId,
    detail: &str,
) -> Result<(), Error> {
    audit(tx, Some(admin), action, &format!("package:{}", id.as_str()), detail).await
}

/// A way of paying as a buyer sees it: one that has a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerWay {
    /// The way.
    pub method: PaymentMethod,
    /// What the owner pays.
    pub price: Rupiah,
    /// Whether the number has to be signed in for it.
    pub needs_session: bool,
}

impl Store {
    /// The further gateways of a package, in order of preference.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn fallbacks(&self, id: &PublicId) -> Result<Vec<Fallback>, Error> {
        let text = "SELECT f.gateway, f.sku, f.cost FROM package_fallback f JOIN package p ON p.id = f.package_id \
                    WHERE p.public_id = $1 ORDER BY f.position";
        self.db().all(sql(text).bind(id)).await?.iter().map(fallback_of).collect()
    }

    /// How the owner of a number can pay for a package, the usual ways first; empty for one that the shop's deposit pays.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn package_methods(&self, id: &PublicId) -> Result<Vec<PackageMethod>, Error> {
        let text = "SELECT m.method, m.sku, m.owner_price FROM package_method m JOIN package p ON p.id = m.package_id \
                    WHERE p.public_id = $1";
        let rows = self.db().all(sql(text).bind(id)).await?;
        let mut methods = rows.iter().map(method_of).collect::<Result<Vec<_>, _>>()?;
        methods.sort_by_key(|method| method.method);
        Ok(methods)
    }
}

impl Store {
    /// How a buyer can have a package paid for, the usual ways first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn owner_ways(&self, id: &PublicId) -> Result<Vec<OwnerWay>, Error> {
        let text = "SELECT m.method, m.owner_price, o.needs_session FROM package_method m \
                    JOIN package p ON p.id = m.package_id LEFT JOIN offer o ON o.gateway = p.gateway AND o.sku = m.sku \
                    WHERE p.public_id = $1 AND m.owner_price IS NOT NULL";
        let rows = self.db().all(sql(text).bind(id)).await?;
        let mut ways = rows.iter().map(way_of).collect::<Result<Vec<_>, _>>()?;
        ways.sort_by_key(|way| way.method);
        Ok(ways)
    }
}

fn way_of(row: &Row) -> Result<OwnerWay, Error> {
    Ok(OwnerWay {
        method: row.word("method")?,
        price: row.rupiah("owner_price")?,
        needs_session: row.opt_int("needs_session")?.is_none_or(|needed| needed != 0),
    })
}

fn fallback_of(row: &Row) -> Result<Fallback, Error> {
    Ok(Fallback { gateway: row.text("gateway")?, sku: row.text("sku")?, cost: row.rupiah("cost")? })
}

fn method_of(row: &Row) -> Result<PackageMethod, Error> {
    Ok(PackageMethod {
        method: row.word("method")?,
        sku: row.text("sku")?,
        owner_price: row.opt_int("owner_price")?.map(Rupiah::new),
    })
}
