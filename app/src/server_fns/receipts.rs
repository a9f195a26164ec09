//! Forms of receipts.

use domain::{FieldCode, Fields, Label, PublicId, Refusal, Rupiah};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{all, optional};
use crate::context::{current_user, use_store};
use crate::error::AppError;
use crate::format::address;
use crate::pages::receipts::page_of;

/// Makes the public link of a receipt.
#[server(prefix = "/api", endpoint = "share_receipt")]
pub async fn share_receipt(purchase: String) -> Result<(), AppError> {
    let user = current_user()?;
    let purchase: PublicId = purchase.parse().map_err(|_| Refusal::NotFound)?;
    let page = page_of(&purchase);
    use_store()?.run(store::ShareReceipt { user: user.id, purchase }).await?;
    redirect(&page);
    Ok(())
}

/// Takes the public link of a receipt back.
#[server(prefix = "/api", endpoint = "revoke_receipt")]
pub async fn revoke_receipt(purchase: String) -> Result<(), AppError> {
    let user = current_user()?;
    let purchase: PublicId = purchase.parse().map_err(|_| Refusal::NotFound)?;
    let page = address(&page_of(&purchase), &[("done", "revoked")]);
    use_store()?.run(store::RevokeReceipt { user: user.id, purchase }).await?;
    redirect(&page);
    Ok(())
}

/// Sets a reseller's name and price on a receipt. Both may stay empty.
#[server(prefix = "/api", endpoint = "save_selling")]
pub async fn save_selling(purchase: String, shop_name: String, price: String) -> Result<(), AppError> {
    let user = current_user()?;
    let purchase: PublicId = purchase.parse().map_err(|_| Refusal::NotFound)?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("shop_name", optional::<Label>(&shop_name)),
        fields.take("price", optional_amount(&price)),
    );
    let (shop_name, price) = all(fields, typed)?;
    let page = address(&page_of(&purchase), &[("done", "saved")]);
    use_store()?.run(store::SaveSelling { user: user.id, purchase, shop_name, price }).await?;
    redirect(&page);
    Ok(())
}

fn optional_amount(typed: &str) -> Result<Option<Rupiah>, FieldCode> {
    if typed.trim().is_empty() {
        Ok(None)
    } else {
        typed.parse::<Rupiah>().map(Some).map_err(FieldCode::from)
    }
}
