use domain::{AttemptState, FailReason, Msisdn, Prices, PublicId, PurchaseState, Role, Rupiah, SECOND_MS};

use super::PlacePurchase;
use super::state::{deliver, fail, lock, set_state};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// A purchase from long ago, at `tx.now`: mostly delivered, sometimes failed.
pub(crate) async fn seed_purchase(
    tx: &mut Tx<'_>,
    user: UserId,
    package: &PublicId,
    bits: u64,
) -> Result<(), Error> {
    let row = sql(
        "SELECT k.price_member, k.price_reseller, k.cost, u.role FROM package k JOIN users u ON u.id = $1 \
                   WHERE k.public_id = $2",
    )
    .bind(user)
    .bind(package)
    .one(&mut tx.conn)
    .await?;
    let prices = Prices { member: row.rupiah("price_member")?, reseller: row.rupiah("price_reseller")? };
    let msisdn: Msisdn = format!("0878{:08}", bits % 100_000_000)
        .parse()
        .map_err(|_| Error::corrupt("a seeded number cannot be read"))?;
    let place = PlacePurchase {
        user,
        package: package.clone(),
        msisdn,
        agreed_price: prices.for_role(row.word::<Role>("role")?),
        key: tx.ambient.token(),
        buy_again: true,
    };
    let id = place.apply(tx).await?;
    tx.now = tx.now.plus_ms(SECOND_MS);
    let current = lock(tx, &id).await?;
    set_state(tx, &current, PurchaseState::Submitting, current.hold, "", None).await?;
    tx.now = tx.now.plus_ms(4 * SECOND_MS);
    let current = lock(tx, &id).await?;
    let delivered = !bits.is_multiple_of(16);
    insert_attempt(tx, current.row_id, &id, delivered).await?;
    if delivered {
        let serial_number = format!("SN{:016}", bits % 10_000_000_000_000_000);
        deliver(tx, &current, Some(&serial_number), "", None).await?;
    } else {
        fail(tx, &current, FailReason::ProviderFailed, None).await?;
    }
    Ok(())
}

async fn insert_attempt(tx: &mut Tx<'_>, row_id: i64, id: &PublicId, delivered: bool) -> Result<(), Error> {
    let state = if delivered { AttemptState::Succeeded } else { AttemptState::Failed };
    sql("UPDATE purchase SET attempts = 1 WHERE id = $1").bind(row_id).execute(&mut tx.conn).await?;
    sql("INSERT INTO attempt (purchase_id, n, gateway, account, client_ref, request, state, send_by, query_until, cost, \
         created_at, updated_at) VALUES ($1, 1, 'digiflazz', 'seed', $2, '{}', $3, 0, 0, $4, $5, $5)")
        .bind(row_id)
        .bind(format!("{}-1", id.as_str()))
        .bind(state.as_str())
        .bind(None::<Rupiah>)
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}
