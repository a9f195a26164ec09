//! A purchase, from the form to the ledger: [`PlacePurchase`] holds the money, [`ClaimSends`] hands it to a worker,
//! [`RecordVerdict`] settles it by what the gateway's answer proves, [`ClaimQueries`] asks again, [`crate::Store::sweep_purchases`]
//! takes care of what was left lying, [`DecidePurchase`] is a human's word.

mod attempts;
mod choose;
mod claim;
mod cost;
mod decide;
mod failing;
mod place;
mod quota;
mod read;
mod restored;
mod second_look;
mod seed;
mod settle;
mod state;
mod sweep;

pub use attempts::AttemptFacts;
pub use choose::PayBy;
pub use claim::{ClaimQueries, ClaimSends, NewOrder, QueryJob, SendJob, WriteOrder, WrittenOrder};
pub use decide::{CancelPurchase, DecidePurchase};
pub use failing::FailingPackage;
pub use place::PlacePurchase;
pub use quota::CompareQuota;
pub(crate) use read::search_digits;
pub use read::{AttemptRef, PurchaseFilter};
pub(crate) use restored::review_all_open;
pub use second_look::TakeSecondLooks;
pub(crate) use seed::{
    SEEDED_GATEWAY, SEEDED_VALIDITY_DAYS, SeedPurchase, SeededPackage, SeededUser, seed_purchases,
};
pub use settle::{Evidence, RecordVerdict, Source};
pub use sweep::GiveUpAsking;

use domain::{MINUTE_MS, PublicId, PurchaseState, SECOND_MS};

use crate::db::{Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;

/// How long an accepted purchase may wait to be sent before it is given up.
const SEND_WITHIN_MS: i64 = 15 * MINUTE_MS;
/// How long one that its number's owner pays for may: the owner waits for it, and its number is busy meanwhile.
const SEND_FOR_OWNER_WITHIN_MS: i64 = 3 * MINUTE_MS;
/// How long after a claim the first byte may still go out.
const START_WITHIN_MS: i64 = 10 * SECOND_MS;
/// The longest time that one exchange with a gateway takes. The adapters' timeouts stay below it.
pub const EXCHANGE_MOST_MS: i64 = 45 * SECOND_MS;
/// How far clocks of two servers may differ.
const CLOCK_SKEW_MS: i64 = 5 * SECOND_MS;
/// A query that may itself buy is never sent for an attempt older than this (Digiflazz forgets references after 90 days).
const ASK_WITHIN_MS: i64 = 80 * domain::DAY_MS;
/// Unknown for longer than this, and a human should look.
const UNKNOWN_MOST_MS: i64 = 2 * domain::DAY_MS;
/// The owner of a number has ten minutes to pay; whose gateway has no word about it after this, is a human's.
const UNPAID_MOST_MS: i64 = domain::DAY_MS;
/// Tries to send before giving up.
const ATTEMPTS_MOST: i64 = 5;

/// What `step` writes beside the new state.
struct Step<'s> {
    from: Option<PurchaseState>,
    to: PurchaseState,
    note: &'s str,
    actor: Option<UserId>,
}

/// Writes the next line of a purchase's story and tells who is watching it.
async fn step(tx: &mut Tx<'_>, row_id: i64, id: &PublicId, step: Step<'_>) -> Result<(), Error> {
    sql("INSERT INTO purchase_step (purchase_id, n, at, from_state, to_state, note, actor) \
         SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5, $6 FROM purchase_step WHERE purchase_id = $1")
    .bind(row_id)
    .bind(tx.now)
    .bind(step.from.map(PurchaseState::as_str))
    .bind(step.to.as_str())
    .bind(step.note)
    .bind(step.actor)
    .execute(&mut tx.conn)
    .await?;
    tx.news.push(News::Purchase(id.clone()));
    Ok(())
}
