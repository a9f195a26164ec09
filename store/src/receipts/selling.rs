use domain::{FieldCode, Label, PublicId, Refusal, Role, Rupiah};

use super::{Bought, bought};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// Sets what stands on a reseller's receipts: their shop's name on all of them, and the price on this one. The price is
/// remembered for the next receipt of the same package.
#[derive(Clone, Debug)]
pub struct SaveSelling {
    /// The reseller.
    pub user: UserId,
    /// Of which purchase the receipt is.
    pub purchase: PublicId,
    /// Their shop's name; nothing for the name of the account.
    pub shop_name: Option<Label>,
    /// For how much they sold it; nothing for a receipt without a price.
    pub price: Option<Rupiah>,
}

impl Operation for SaveSelling {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        if self.price.is_some_and(|price| !price.is_positive()) {
            return Err(Refusal::field("price", FieldCode::BelowMin { min: Rupiah::new(1) }).into());
        }
        let bought = bought(tx, self.user, &self.purchase).await?;
        if bought.role != Role::Reseller {
            return Err(Refusal::NotAllowed.into());
        }
        sql("INSERT INTO seller (user_id, shop_name, updated_at) VALUES ($1, $2, $3) \
             ON CONFLICT (user_id) DO UPDATE SET shop_name = excluded.shop_name, updated_at = excluded.updated_at")
        .bind(self.user)
        .bind(self.shop_name.as_ref().map(Label::as_str))
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
        sql("INSERT INTO receipt (purchase_id, price, updated_at) VALUES ($1, $2, $3) \
             ON CONFLICT (purchase_id) DO UPDATE SET price = excluded.price, updated_at = excluded.updated_at")
        .bind(bought.row_id)
        .bind(self.price)
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
        self.remember(tx, &bought).await
    }
}

impl SaveSelling {
    async fn remember(&self, tx: &mut Tx<'_>, bought: &Bought) -> Result<(), Error> {
        let Some(price) = self.price else {
            return sql("DELETE FROM selling_price WHERE user_id = $1 AND package_id = $2")
                .bind(self.user)
                .bind(bought.package)
                .execute(&mut tx.conn)
                .await
                .map(|_| ());
        };
        sql("INSERT INTO selling_price (user_id, package_id, price, updated_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (user_id, package_id) DO UPDATE SET price = excluded.price, updated_at = excluded.updated_at")
        .bind(self.user)
        .bind(bought.package)
        .bind(price)
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
    }
}
