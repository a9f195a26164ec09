use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// Forgets what a user has kept for themselves: saved numbers, the name and the prices on their receipts, and the links to
/// these. For an account that is closed. Purchases and money stay; they are the shop's books.
#[derive(Clone, Copy, Debug)]
pub struct ForgetSaved {
    /// Whose.
    pub user: UserId,
}

impl Operation for ForgetSaved {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        for text in [
            "DELETE FROM saved_number WHERE user_id = $1",
            "DELETE FROM selling_price WHERE user_id = $1",
            "DELETE FROM seller WHERE user_id = $1",
            "DELETE FROM receipt WHERE purchase_id IN (SELECT id FROM purchase WHERE user_id = $1)",
        ] {
            sql(text).bind(self.user).execute(&mut tx.conn).await?;
        }
        Ok(())
    }
}
