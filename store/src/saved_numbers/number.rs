use domain::{Label, Msisdn, Refusal};

use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// Numbers that one user may keep.
pub const SAVED_NUMBERS_MOST: i64 = 200;

/// Keeps a number under a name; a number that is kept already gets the new name.
#[derive(Clone, Debug)]
pub struct SaveNumber {
    /// Who.
    pub user: UserId,
    /// Which number.
    pub msisdn: Msisdn,
    /// What they call it.
    pub name: Label,
}

impl Operation for SaveNumber {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let kept = sql("INSERT INTO saved_number (user_id, msisdn, name, created_at) SELECT $1, $2, $3, $4 \
                        WHERE (SELECT COUNT(*) FROM saved_number WHERE user_id = $1) < $5 \
                        OR EXISTS (SELECT 1 FROM saved_number WHERE user_id = $1 AND msisdn = $2) \
                        ON CONFLICT (user_id, msisdn) DO UPDATE SET name = excluded.name RETURNING msisdn")
        .bind(self.user)
        .bind(&self.msisdn)
        .bind(self.name.as_str())
        .bind(tx.now)
        .bind(SAVED_NUMBERS_MOST)
        .optional(&mut tx.conn)
        .await?;
        kept.map(|_| ()).ok_or_else(|| Refusal::TooManySavedNumbers { most: SAVED_NUMBERS_MOST }.into())
    }
}

/// Forgets a number that was kept.
#[derive(Clone, Debug)]
pub struct RemoveNumber {
    /// Who.
    pub user: UserId,
    /// Which number.
    pub msisdn: Msisdn,
}

impl Operation for RemoveNumber {
    type Output = ();

    /// A repeat finds nothing, and that is what it wants.
    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql("DELETE FROM saved_number WHERE user_id = $1 AND msisdn = $2")
            .bind(self.user)
            .bind(&self.msisdn)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }
}
