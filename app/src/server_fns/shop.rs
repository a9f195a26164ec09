//! Forms of the shop pages.

use domain::{Fields, Msisdn, PublicId, Refusal, Rupiah};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::all;
use crate::context::{current_user, use_store};
use crate::error::AppError;

/// Buys a package. Accepted at once; its page tells what becomes of it.
#[server(prefix = "/api", endpoint = "place_purchase")]
pub async fn place_purchase(
    package: String,
    msisdn: String,
    agreed_price: String,
    key: String,
    buy_again: Option<String>,
) -> Result<(), AppError> {
    let user = current_user()?;
    let package: PublicId = package.parse().map_err(|_| Refusal::NotFound)?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("msisdn", Msisdn::parse_served(&msisdn)),
        fields.take("agreed_price", agreed_price.parse::<Rupiah>()),
    );
    let (msisdn, agreed_price) = all(fields, typed)?;
    let placed = use_store()?
        .run(store::PlacePurchase {
            user: user.id,
            package,
            msisdn,
            agreed_price,
            key,
            buy_again: buy_again.as_deref() == Some("1"),
        })
        .await?;
    redirect(&format!("/transactions/{}", placed.as_str()));
    Ok(())
}

/// Calls off a purchase that has not been sent yet.
#[server(prefix = "/api", endpoint = "cancel_purchase")]
pub async fn cancel_purchase(purchase: String) -> Result<(), AppError> {
    let user = current_user()?;
    let purchase: PublicId = purchase.parse().map_err(|_| Refusal::NotFound)?;
    // Its page says so. With JavaScript, the live status may have loaded it anew before this answer arrives.
    let back = format!("/transactions/{}", purchase.as_str());
    use_store()?.run(store::CancelPurchase { user: user.id, purchase }).await?;
    redirect(&back);
    Ok(())
}
