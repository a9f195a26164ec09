//! Purchases from long ago, many at a time. Their rows are those that the engine would have left.

use std::collections::BTreeMap;

use domain::{
    AttemptState, FailReason, HoldState, Msisdn, Prices, PublicId, PurchaseState, Role, Rupiah, SECOND_MS,
    UtcMillis,
};

use super::SEND_WITHIN_MS;
use super::state::negative;
use crate::db::{Tx, Value, insert_rows};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, post_all};
use crate::model::UserId;
use crate::shop::once_rows;

/// The gateway of seeded packages.
pub(crate) const SEEDED_GATEWAY: &str = "digiflazz";
/// How long seeded packages are valid.
pub(crate) const SEEDED_VALIDITY_DAYS: i64 = 30;
/// From acceptance to sending, and from sending to the answer.
const SENT_AFTER_MS: i64 = SECOND_MS;
const SETTLED_AFTER_MS: i64 = 5 * SECOND_MS;

/// Who buys.
#[derive(Clone, Copy)]
pub(crate) struct SeededUser {
    pub(crate) id: UserId,
    pub(crate) role: Role,
}

/// What is bought.
pub(crate) struct SeededPackage {
    pub(crate) row_id: i64,
    pub(crate) name: String,
    pub(crate) quota: String,
    pub(crate) sku: String,
    pub(crate) prices: Prices,
}

/// A purchase to make up: mostly delivered, sometimes failed.
pub(crate) struct SeedPurchase<'p> {
    pub(crate) user: SeededUser,
    pub(crate) package: &'p SeededPackage,
    pub(crate) at: UtcMillis,
    pub(crate) bits: u64,
}

/// A purchase as it will be written.
struct Made<'p> {
    seed: &'p SeedPurchase<'p>,
    id: PublicId,
    msisdn: Msisdn,
    price: Rupiah,
    /// Of the hold, and of the capture or release.
    postings: [[(Account, Rupiah); 2]; 2],
    balance_after: Rupiah,
}

/// Writes purchases from oldest to newest, and their money.
pub(crate) async fn seed_purchases(tx: &mut Tx<'_>, seeds: &[SeedPurchase<'_>]) -> Result<(), Error> {
    let mut made = seeds.iter().map(|seed| make(tx, seed)).collect::<Result<Vec<_>, _>>()?;
    let posted = post_all(tx, &made.iter().flat_map(Made::entries).collect::<Vec<_>>()).await?;
    for (purchase, entries) in made.iter_mut().zip(posted.chunks(2)) {
        let hold = entries.first().ok_or_else(|| Error::corrupt("a purchase without its hold"))?;
        purchase.balance_after = hold.balance(purchase.seed.user.id)?;
    }
    let rows: Vec<_> = made.iter().map(Made::row).collect();
    let inserted = insert_rows(
        &mut tx.conn,
        "INSERT INTO purchase (public_id, user_id, package_id, package_name, quota, validity_days, gateway, sku, \
         max_price, msisdn, price, balance_after, state, hold, fail_reason, serial_number, attempts, asked, due_at, \
         send_until, lease_token, lease_until, created_at, state_at)",
        &rows,
        " RETURNING id, public_id",
    )
    .await?;
    let mut row_ids: BTreeMap<PublicId, i64> = BTreeMap::new();
    for row in &inserted {
        row_ids.insert(row.word("public_id")?, row.int("id")?);
    }
    let mut attempts = Vec::new();
    let mut steps = Vec::new();
    let mut keys = Vec::new();
    for purchase in &made {
        let row_id =
            *row_ids.get(&purchase.id).ok_or_else(|| Error::corrupt("a purchase was not written"))?;
        attempts.push(purchase.attempt(row_id));
        steps.extend(purchase.steps(row_id));
        keys.push((purchase.seed.user.id, tx.ambient.token(), purchase.id.as_str(), purchase.seed.at));
    }
    insert_rows(
        &mut tx.conn,
        "INSERT INTO attempt (purchase_id, n, gateway, account, client_ref, request, state, send_by, query_until, \
         created_at, updated_at)",
        &attempts,
        "",
    )
    .await?;
    insert_rows(
        &mut tx.conn,
        "INSERT INTO purchase_step (purchase_id, n, at, from_state, to_state, note)",
        &steps,
        "",
    )
    .await?;
    once_rows(tx, "purchase", &keys).await
}

fn make<'p>(tx: &Tx<'_>, seed: &'p SeedPurchase<'p>) -> Result<Made<'p>, Error> {
    let msisdn = format!("0878{:08}", seed.bits % 100_000_000)
        .parse()
        .map_err(|_| Error::corrupt("a seeded number cannot be read"))?;
    let price = seed.package.prices.for_role(seed.user.role);
    let (minus, user) = (negative(price)?, seed.user.id);
    let settled = if seed.delivered() { Account::Sales } else { Account::Available(user) };
    Ok(Made {
        seed,
        id: tx.new_id(),
        msisdn,
        price,
        postings: [
            [(Account::Available(user), minus), (Account::Held(user), price)],
            [(Account::Held(user), minus), (settled, price)],
        ],
        balance_after: Rupiah::ZERO,
    })
}

impl SeedPurchase<'_> {
    const fn delivered(&self) -> bool {
        !self.bits.is_multiple_of(16)
    }

    fn settled_at(&self) -> UtcMillis {
        self.at.plus_ms(SETTLED_AFTER_MS)
    }

    const fn state(&self) -> PurchaseState {
        if self.delivered() { PurchaseState::Succeeded } else { PurchaseState::Failed }
    }
}

impl Made<'_> {
    fn entries(&self) -> [(UtcMillis, NewEntry<'_>); 2] {
        let settled = if self.seed.delivered() { EntryKind::Capture } else { EntryKind::Release };
        let [hold, settle] = &self.postings;
        let entry =
            |kind, postings| NewEntry { kind, reference: self.id.as_str(), postings, actor: None, memo: "" };
        [
            (self.seed.at, entry(EntryKind::Hold, hold.as_slice())),
            (self.seed.settled_at(), entry(settled, settle.as_slice())),
        ]
    }

    fn row(&self) -> [Value; 24] {
        let (package, delivered) = (self.seed.package, self.seed.delivered());
        let hold = if delivered { HoldState::Captured } else { HoldState::Released };
        [
            (&self.id).into(),
            self.seed.user.id.into(),
            package.row_id.into(),
            (&package.name).into(),
            (&package.quota).into(),
            SEEDED_VALIDITY_DAYS.into(),
            SEEDED_GATEWAY.into(),
            (&package.sku).into(),
            self.price.into(),
            (&self.msisdn).into(),
            self.price.into(),
            self.balance_after.into(),
            self.seed.state().as_str().into(),
            hold.as_str().into(),
            (!delivered).then_some(FailReason::ProviderFailed.as_str()).into(),
            delivered.then(|| format!("SN{:016}", self.seed.bits % 10_000_000_000_000_000)).into(),
            1.into(),
            0.into(),
            self.seed.at.into(),
            self.seed.at.plus_ms(SEND_WITHIN_MS).into(),
            2.into(),
            0.into(),
            self.seed.at.into(),
            self.seed.settled_at().into(),
        ]
    }

    fn attempt(&self, row_id: i64) -> [Value; 11] {
        let state = if self.seed.delivered() { AttemptState::Succeeded } else { AttemptState::Failed };
        [
            row_id.into(),
            1.into(),
            SEEDED_GATEWAY.into(),
            "seed".into(),
            format!("{}-1", self.id.as_str()).into(),
            "{}".into(),
            state.as_str().into(),
            0.into(),
            0.into(),
            self.seed.at.plus_ms(SENT_AFTER_MS).into(),
            self.seed.settled_at().into(),
        ]
    }

    fn steps(&self, row_id: i64) -> [[Value; 6]; 3] {
        let settled = self.seed.state();
        let reason = if self.seed.delivered() { "" } else { FailReason::ProviderFailed.as_str() };
        let story = [
            (self.seed.at, None, PurchaseState::Accepted, ""),
            (
                self.seed.at.plus_ms(SENT_AFTER_MS),
                Some(PurchaseState::Accepted),
                PurchaseState::Submitting,
                "",
            ),
            (self.seed.settled_at(), Some(PurchaseState::Submitting), settled, reason),
        ];
        let mut n = 0;
        story.map(|(at, from, to, note)| {
            n += 1;
            [
                row_id.into(),
                n.into(),
                at.into(),
                from.map(PurchaseState::as_str).into(),
                to.as_str().into(),
                note.into(),
            ]
        })
    }
}
