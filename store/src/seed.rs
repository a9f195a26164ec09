//! Plausible data at any size, for trying out and measuring. It goes through the same code as real purchases, so that
//! the books of a seeded shop are whole.

use std::sync::Arc;

use domain::{Category, DAY_MS, Email, Lang, Phone, Prices, Role, Rupiah, Username};

use crate::Store;
use crate::accounts::RegisterUser;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, SealEntries, post};
use crate::purchases::{
    SEEDED_GATEWAY, SEEDED_VALIDITY_DAYS, SeedPurchase, SeededPackage, SeededUser, seed_purchases,
};
use crate::shop::{NewPricing, PriceSource, Pricing, note_pricings};

/// How much.
#[derive(Clone, Copy, Debug)]
pub struct SeedSize {
    /// Users.
    pub users: i64,
    /// Packages.
    pub packages: i64,
    /// Purchases.
    pub purchases: i64,
}

/// Told after each batch: what is being made, and how many are done.
pub type SeedProgress<'p> = &'p (dyn Fn(&'static str, i64) + Send + Sync);

/// Rows made in one transaction.
const BATCH: i64 = 1_000;
/// So many users buy in one batch: shops sell in bursts, and each buyer's wallet is written once a batch.
const BUYERS_IN_BATCH: usize = 50;
/// Purchases are spread over so many days before now.
const DAYS: i64 = 90;
/// What each seeded user has to spend: more than any of them can.
const START_BALANCE: Rupiah = Rupiah::new(1_000_000_000_000);

impl Store {
    /// Adds users, packages and purchases.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn seed(&self, size: SeedSize, progress: SeedProgress<'_>) -> Result<(), Error> {
        let mut users = Vec::new();
        while i64::try_from(users.len()).unwrap_or(i64::MAX) < size.users {
            let left = size.users - i64::try_from(users.len()).unwrap_or_default();
            users.extend(self.run(SeedUsers { count: left.min(BATCH) }).await?);
            progress("users", i64::try_from(users.len()).unwrap_or_default());
        }
        let mut packages = Vec::new();
        while i64::try_from(packages.len()).unwrap_or(i64::MAX) < size.packages {
            let done = i64::try_from(packages.len()).unwrap_or_default();
            packages.extend(
                self.run(SeedPackages { from: done, count: (size.packages - done).min(BATCH) }).await?,
            );
            progress("packages", i64::try_from(packages.len()).unwrap_or_default());
        }
        let (users, packages) = (Arc::new(users), Arc::new(packages));
        let mut done = 0;
        while done < size.purchases && !users.is_empty() && !packages.is_empty() {
            let count = (size.purchases - done).min(BATCH);
            let batch = SeedPurchases {
                users: Arc::clone(&users),
                packages: Arc::clone(&packages),
                from: done,
                count,
                total: size.purchases,
            };
            self.run(batch).await?;
            // Sealed as they come, as a running shop does: nothing is left for the first server to catch up on.
            while self.run(SealEntries).await? > 0 {}
            done += count;
            progress("purchases", done);
        }
        Ok(())
    }
}

struct SeedUsers {
    count: i64,
}

impl Operation for SeedUsers {
    type Output = Vec<SeededUser>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<SeededUser>, Error> {
        let mut users = Vec::new();
        for _ in 0..self.count {
            let bits = tx.ambient.bits();
            let parsed = |what: &str| Error::corrupt(format_args!("a seeded {what} cannot be read"));
            let username: Username = format!("u{bits:016x}").parse().map_err(|_| parsed("username"))?;
            let email: Email = format!("u{bits:016x}@contoh.id").parse().map_err(|_| parsed("address"))?;
            let phone: Phone =
                format!("0812{:09}", bits % 1_000_000_000).parse().map_err(|_| parsed("phone"))?;
            let role = if bits.is_multiple_of(5) { Role::Reseller } else { Role::Member };
            // Nobody can sign in: no hash has this form.
            let user =
                RegisterUser { username, email, phone, password_hash: "seeded".into(), role, lang: Lang::Id };
            let id = match user.apply(tx).await {
                // Two seeded numbers may be the same; the next one is another.
                Err(Error::Refused(_)) => continue,
                other => other?,
            };
            let minus = Rupiah::new(-START_BALANCE.get());
            let postings = [(Account::Available(id), START_BALANCE), (Account::Adjustment, minus)];
            let reference = format!("seed:{}", id.0);
            let entry = NewEntry {
                kind: EntryKind::Adjust,
                reference: &reference,
                postings: &postings,
                actor: None,
                memo: "seed",
            };
            post(tx, entry).await?;
            users.push(SeededUser { id, role });
        }
        Ok(users)
    }
}

struct SeedPackages {
    from: i64,
    count: i64,
}

impl Operation for SeedPackages {
    type Output = Vec<SeededPackage>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<SeededPackage>, Error> {
        let mut packages = Vec::new();
        for n in self.from..self.from + self.count {
            let gigabytes = 1 + n % 50;
            let cost = Rupiah::new(2_000 + gigabytes * 2_150);
            let prices =
                Prices { member: Rupiah::new(cost.get() + 2_500), reseller: Rupiah::new(cost.get() + 1_000) };
            let name = format!("Xtra {gigabytes} GB #{n}");
            let quota = format!("{gigabytes} GB");
            let sku = format!("seed{n}");
            let row = sql("INSERT INTO package (public_id, name, description, quota, validity_days, category, brand, price_member, \
                 price_reseller, cost, gateway, sku, active, sort, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, 'XL', $7, $8, $9, $10, $11, 1, $12, $13, $13) RETURNING id")
                .bind(&tx.new_id())
                .bind(&name)
                .bind("Kuota untuk semua jaringan")
                .bind(&quota)
                .bind(SEEDED_VALIDITY_DAYS)
                .bind(Category::Monthly.as_str())
                .bind(prices.member)
                .bind(prices.reseller)
                .bind(cost)
                .bind(SEEDED_GATEWAY)
                .bind(&sku)
                .bind(1_000 + n)
                .bind(tx.now)
                .one(&mut tx.conn)
                .await?;
            let row_id = row.int("id")?;
            let beginning = NewPricing { package_row: row_id, before: None, after: Pricing { prices, cost } };
            note_pricings(tx, PriceSource::Start, None, &[beginning]).await?;
            packages.push(SeededPackage { row_id, name, quota, sku, prices });
        }
        Ok(packages)
    }
}

struct SeedPurchases {
    users: Arc<Vec<SeededUser>>,
    packages: Arc<Vec<SeededPackage>>,
    from: i64,
    count: i64,
    total: i64,
}

impl Operation for SeedPurchases {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let buyers: Vec<SeededUser> =
            (0..BUYERS_IN_BATCH).filter_map(|_| pick(&self.users, tx.ambient.bits())).copied().collect();
        let mut purchases = Vec::new();
        for n in self.from..self.from + self.count {
            let bits = tx.ambient.bits();
            let (Some(user), Some(package)) = (pick(&buyers, bits), pick(&self.packages, bits >> 16)) else {
                return Ok(());
            };
            // Oldest first, evenly over the days.
            let age_ms = (self.total - n).saturating_mul(DAYS * DAY_MS / self.total.max(1));
            purchases.push(SeedPurchase { user: *user, package, at: tx.now.plus_ms(-age_ms), bits });
        }
        seed_purchases(tx, &purchases).await
    }
}

fn pick<T>(from: &[T], bits: u64) -> Option<&T> {
    let len = u64::try_from(from.len()).ok()?;
    from.get(usize::try_from(bits.checked_rem(len)?).ok()?)
}
