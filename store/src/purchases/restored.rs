use domain::{PublicId, PurchaseState};

use super::state::{lock, set_state};
use crate::db::{Tx, sql};
use crate::error::Error;

/// In a shop that was put back from a backup: what was open then may have been sent, delivered or paid back since, so nobody
/// sends it, asks about it or lets it go; each is a human's. A success that a gateway tells of its own accord is kept with it,
/// and then it cannot be decided otherwise. How many there were.
pub(crate) async fn review_all_open(tx: &mut Tx<'_>) -> Result<i64, Error> {
    // No worker of before is left, and none of its questions is under way.
    sql("UPDATE attempt SET query_until = 0 WHERE query_until > 0").execute(&mut tx.conn).await?;
    sql("UPDATE attempt SET state = 'unknown', updated_at = $1 WHERE state = 'submitting'")
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
    let open = sql("SELECT public_id FROM purchase \
                    WHERE state IN ('accepted', 'submitting', 'pending', 'awaiting_payment', 'unknown') ORDER BY id")
    .all(&mut tx.conn)
    .await?;
    let mut moved = 0;
    for row in open {
        let id: PublicId = row.word("public_id")?;
        let current = lock(tx, &id).await?;
        set_state(tx, &current, PurchaseState::Review, current.hold, "restored", None).await?;
        moved += 1;
    }
    Ok(moved)
}
