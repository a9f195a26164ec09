//! What a demo sells: the simulated gateways' packages.

use std::collections::BTreeMap;

use domain::{Category, NameFacts, PaymentMethod, Prices, Rupiah};
use simulator::{SessionPackage, SimulatedPackage};
use store::{PackageDraft, PackageFilter, PackageMethod, SaveMethods, SavePackage, Saving, Store, User};

use crate::commands::Failure;
use crate::gateways;

/// What a demo calls the simulator's session dialect.
pub const SESSIONS: &str = "kmsp";
/// Those that are sold in a session; the others would be there twice.
const FAMILIES: [&str; 5] = ["XLEDU2", "XLCOMBO10", "XLAKRAB48", "XLMALAM15", "AXBRONET12"];
const SORT_OF_OWNER: i64 = 50;

/// Adds the packages that are not there yet.
///
/// # Errors
/// Faults of the database.
pub async fn ensure(store: &Store, admin: &User) -> Result<(), Failure> {
    let known = store.packages(PackageFilter::default()).await?;
    for (i, package) in simulator::default_catalogue().into_iter().enumerate() {
        if known.iter().any(|known| known.sku == package.sku) {
            continue;
        }
        let sort = i64::try_from(i).unwrap_or(i64::MAX);
        store
            .run(SavePackage { admin: admin.id, id: Saving::fresh(store), draft: draft(package, sort)? })
            .await?;
    }
    for (name, codes) in by_owner() {
        if !known.iter().any(|known| known.gateway == SESSIONS && known.name == name) {
            add_by_owner(store, admin, name, &codes).await?;
        }
    }
    Ok(())
}

/// Packages of the session gateway by name, each with its codes: one for pulsa, another for wallets.
fn by_owner() -> BTreeMap<String, Vec<SessionPackage>> {
    let mut packages: BTreeMap<String, Vec<SessionPackage>> = BTreeMap::new();
    for package in simulator::default_session_catalogue() {
        let name = package.name.split_once("] ").map_or(package.name.as_str(), |(_, name)| name).to_owned();
        if package.needs_login && FAMILIES.contains(&package.family.as_str()) {
            packages.entry(name).or_default().push(package);
        }
    }
    packages
}

async fn add_by_owner(
    store: &Store,
    admin: &User,
    name: String,
    codes: &[SessionPackage],
) -> Result<(), Failure> {
    let Some(first) = codes.first() else { return Ok(()) };
    let fee = Rupiah::new(first.fee_rupiah);
    let quota = NameFacts::read(&name).quota.unwrap_or_else(|| "Data".to_owned());
    let days = i64::from(first.validity_days);
    let draft = PackageDraft {
        quota,
        validity_days: days,
        category: Category::of_days(days),
        brand: if name.starts_with("AXIS") { "AXIS" } else { "XL" }.to_owned(),
        description: "Dibayar dengan pulsa atau e-wallet pemilik nomor.".to_owned(),
        prices: Prices { member: with_margin(fee.get(), 0, 1_000), reseller: with_margin(fee.get(), 0, 500) },
        cost: fee,
        gateway: SESSIONS.to_owned(),
        sku: first.code.clone(),
        active: true,
        sort: SORT_OF_OWNER,
        family: family_of(&name),
        benefits: benefits_of(first),
        name,
    };
    let id = store.run(SavePackage { admin: admin.id, id: Saving::fresh(store), draft }).await?;
    let methods = codes.iter().flat_map(|package| {
        package.payment_methods.iter().map(|method| PackageMethod {
            method: paid_with(*method),
            sku: package.code.clone(),
            owner_price: Some(Rupiah::new(package.price_rupiah)),
        })
    });
    store.run(SaveMethods { admin: admin.id, id, methods: methods.collect() }).await?;
    Ok(())
}

/// The first two words: `Xtra Combo`, `Akrab M`.
fn family_of(name: &str) -> String {
    name.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

/// In the shop's words: gigabytes, minutes and pieces.
fn benefits_of(package: &SessionPackage) -> String {
    const GB: u64 = 1 << 30;
    let line = |benefit: &simulator::Benefit| {
        let amount = match benefit.amount {
            bytes if bytes >= GB => format!("{} GB", bytes / GB),
            seconds if seconds % 60 == 0 => format!("{} menit", seconds / 60),
            pieces => pieces.to_string(),
        };
        format!("{}: {amount}", benefit.name)
    };
    package.benefits.iter().map(line).collect::<Vec<_>>().join("\n")
}

const fn paid_with(method: simulator::PaymentMethod) -> PaymentMethod {
    match method {
        simulator::PaymentMethod::Balance => PaymentMethod::Pulsa,
        simulator::PaymentMethod::Dana => PaymentMethod::Dana,
        simulator::PaymentMethod::Gopay => PaymentMethod::Gopay,
        simulator::PaymentMethod::Shopeepay => PaymentMethod::Shopeepay,
        simulator::PaymentMethod::Ovo => PaymentMethod::Ovo,
        simulator::PaymentMethod::Qris => PaymentMethod::Qris,
    }
}

fn draft(package: SimulatedPackage, sort: i64) -> Result<PackageDraft, Failure> {
    let category: Category =
        package.category.as_str().parse().map_err(|_| {
            Failure::Other(format!("{} has a category that the shop does not know", package.sku))
        })?;
    Ok(PackageDraft {
        name: package.name,
        description: package.description,
        quota: package.quota,
        validity_days: i64::from(package.validity_days),
        category,
        brand: package.brand.as_str().to_owned(),
        prices: Prices {
            member: with_margin(package.cost_rupiah, 10, 1_500),
            reseller: with_margin(package.cost_rupiah, 4, 500),
        },
        cost: Rupiah::new(package.cost_rupiah),
        gateway: gateways::DIGIFLAZZ.to_owned(),
        sku: package.sku,
        active: true,
        sort,
        family: String::new(),
        benefits: String::new(),
    })
}

/// Some per cent above the cost, at least so much, up to the next Rp 500 as shops price it.
fn with_margin(cost_rupiah: i64, percent: i64, least_rupiah: i64) -> Rupiah {
    let price = cost_rupiah + (cost_rupiah * percent / 100).max(least_rupiah);
    Rupiah::new((price + 499) / 500 * 500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_pay_more_than_resellers_and_both_more_than_the_shop() {
        for (i, package) in simulator::default_catalogue().into_iter().enumerate() {
            let draft = draft(package, i64::try_from(i).unwrap()).unwrap();
            assert!(draft.prices.member > draft.prices.reseller, "{draft:?}");
            assert!(draft.prices.reseller > draft.cost, "{draft:?}");
        }
    }
}
