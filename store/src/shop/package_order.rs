use domain::{PublicId, Refusal, Role};

use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

/// More packages than these are put in order by their numbers.
const ORDERED_MOST: i64 = 5_000;
/// Numbers are given so far apart, so that one can be typed in between.
const STEP: i64 = 10;

/// Puts a package right before or behind another one in the shop's list. Both are on sale, or both are not.
#[derive(Clone, Debug)]
pub struct MovePackage {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub id: PublicId,
    /// The other one.
    pub beside: PublicId,
    /// Before it, or behind it.
    pub before: bool,
}

struct Place {
    row: i64,
    id: PublicId,
    sort: i64,
}

impl Operation for MovePackage {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let places = self.places(tx).await?;
        let at = |id: &PublicId| places.iter().position(|place| place.id == *id);
        let from = at(&self.id).ok_or(Refusal::NotFound)?;
        let beside = at(&self.beside).filter(|beside| *beside != from).ok_or(Refusal::StateChanged)?;
        let to = if self.before { beside } else { beside + 1 };
        // Taking it out moves those behind it.
        let to = if from < to { to - 1 } else { to };
        let is_strict = places.windows(2).all(|pair| matches!(pair, [a, b] if a.sort < b.sort));
        let numbers: Vec<i64> = if is_strict {
            // Then the numbers stay, and only those in between go to others.
            places.iter().map(|place| place.sort).collect()
        } else {
            (1_i64..).map(|n| n * STEP).take(places.len()).collect()
        };
        let mut places = places;
        let moved = places.remove(from);
        places.insert(to, moved);
        for (place, sort) in places.iter().zip(numbers).filter(|(place, sort)| place.sort != *sort) {
            sql("UPDATE package SET sort = $1, updated_at = $2 WHERE id = $3")
                .bind(sort)
                .bind(tx.now)
                .bind(place.row)
                .execute(&mut tx.conn)
                .await?;
        }
        let side = if self.before { "before" } else { "behind" };
        let detail = format!("{side} {}", self.beside.as_str());
        audit(tx, Some(self.admin), "move_package", &format!("package:{}", self.id.as_str()), &detail).await
    }
}

impl MovePackage {
    async fn places(&self, tx: &mut Tx<'_>) -> Result<Vec<Place>, Error> {
        let rows = sql("SELECT id, public_id, sort FROM package WHERE active = (SELECT active FROM package \
                        WHERE public_id = $1) ORDER BY sort, id LIMIT $2")
        .bind(&self.id)
        .bind(ORDERED_MOST)
        .all(&mut tx.conn)
        .await?;
        rows.iter()
            .map(|row| Ok(Place { row: row.int("id")?, id: row.word("public_id")?, sort: row.int("sort")? }))
            .collect()
    }
}
