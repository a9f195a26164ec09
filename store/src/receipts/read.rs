use domain::{Lang, PublicId, Refusal, Role, Rupiah, Zone};

use super::has_receipt;
use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;
use crate::model::{Purchase, UserId, Viewer};

/// What stands on a receipt, as the buyer's customer may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The purchase. Its own price and balance are not for customers.
    pub purchase: Purchase,
    /// Whether its buyer sells on: then name and price are theirs.
    pub by_reseller: bool,
    /// The name that a reseller has set for their receipts.
    pub own_name: Option<String>,
    /// Who sold it; nothing for the shop itself.
    pub seller: Option<String>,
    /// For how much; nothing for a receipt without a price.
    pub price: Option<Rupiah>,
    /// The token of its public link, while it has one.
    pub token: Option<String>,
    /// The buyer's language: the receipt's, whoever reads it.
    pub lang: Lang,
    /// The buyer's zone: that of the times on it.
    pub zone: Zone,
}

macro_rules! facts {
    () => {
        // Once it is shared, only what was fixed then: whoever has the link must see the same as its owner.
        "SELECT p.public_id, p.user_id, u.role, u.name, u.lang, u.zone, s.shop_name, r.token, \
         CASE WHEN r.token IS NOT NULL THEN r.price WHEN u.role = 'reseller' THEN COALESCE(r.price, m.price) \
         ELSE COALESCE(r.price, p.price) END AS price \
         FROM purchase p JOIN users u ON u.id = p.user_id LEFT JOIN receipt r ON r.purchase_id = p.id \
         LEFT JOIN seller s ON s.user_id = p.user_id \
         LEFT JOIN selling_price m ON m.user_id = p.user_id AND m.package_id = p.package_id "
    };
}

impl Store {
    /// The receipt of a purchase.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is none, or the purchase is not the viewer's.
    pub async fn receipt(&self, purchase: &PublicId, viewer: Viewer) -> Result<Receipt, Error> {
        let row = self.db().optional(sql(concat!(facts!(), "WHERE p.public_id = $1")).bind(purchase)).await?;
        self.receipt_of(row, Some(viewer)).await
    }

    /// The receipt that a public link leads to.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is no such link, or it was taken back.
    pub async fn shared_receipt(&self, token: &str) -> Result<Receipt, Error> {
        let row = self.db().optional(sql(concat!(facts!(), "WHERE r.token = $1")).bind(token)).await?;
        self.receipt_of(row, None).await
    }

    async fn receipt_of(&self, row: Option<Row>, viewer: Option<Viewer>) -> Result<Receipt, Error> {
        let row = row.ok_or(Refusal::NotFound)?;
        let owner = Viewer::Owner(UserId(row.int("user_id")?));
        let purchase = self.purchase(&row.word("public_id")?, viewer.unwrap_or(owner)).await?.purchase;
        if !has_receipt(purchase.state) {
            return Err(Refusal::NotFound.into());
        }
        let by_reseller = row.word::<Role>("role")? == Role::Reseller;
        let own_name = row.opt_text("shop_name")?.filter(|_| by_reseller);
        let account_name = row.opt_text("name")?.filter(|_| by_reseller);
        Ok(Receipt {
            purchase,
            by_reseller,
            seller: own_name.clone().or(account_name),
            own_name,
            price: row.opt_int("price")?.map(Rupiah::new),
            token: row.opt_text("token")?,
            lang: row.word("lang")?,
            zone: row.word("zone")?,
        })
    }
}
