use domain::PublicId;

use super::bought;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// Makes the public link of a receipt. What stands on it is fixed by that: a reseller who becomes a member later must not
/// show customers what the shop took. A receipt that has a link keeps it.
#[derive(Clone, Debug)]
pub struct ShareReceipt {
    /// The buyer.
    pub user: UserId,
    /// Of which purchase.
    pub purchase: PublicId,
}

impl Operation for ShareReceipt {
    /// The token in the link.
    type Output = String;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<String, Error> {
        let bought = bought(tx, self.user, &self.purchase).await?;
        let token = tx.ambient.token();
        sql("INSERT INTO receipt (purchase_id, token, price, updated_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (purchase_id) DO UPDATE SET token = COALESCE(receipt.token, excluded.token), \
             price = COALESCE(receipt.price, excluded.price), updated_at = excluded.updated_at RETURNING token")
        .bind(bought.row_id)
        .bind(token)
        .bind(bought.price)
        .bind(tx.now)
        .one(&mut tx.conn)
        .await?
        .text("token")
    }
}

/// Takes the public link of a receipt back: from now on it leads nowhere. Sharing again makes another one.
#[derive(Clone, Debug)]
pub struct RevokeReceipt {
    /// The buyer.
    pub user: UserId,
    /// Of which purchase.
    pub purchase: PublicId,
}

impl Operation for RevokeReceipt {
    type Output = ();

    /// A repeat finds no link, and that is what it wants.
    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let bought = bought(tx, self.user, &self.purchase).await?;
        sql("UPDATE receipt SET token = NULL, updated_at = $1 WHERE purchase_id = $2")
            .bind(tx.now)
            .bind(bought.row_id)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }
}
