//! Forms of the shop pages.

use domain::{FieldCode, Fields, Msisdn, PaymentMethod, PublicId, Refusal, Rupiah};
use leptos::prelude::*;
use leptos_axum::redirect;
use store::PayBy;

use super::{all, optional};
use crate::context::{current_user, use_prefixes, use_store};
use crate::error::AppError;

/// Buys a package. Accepted at once; its page tells what becomes of it.
#[server(prefix = "/api", endpoint = "place_purchase")]
pub async fn place_purchase(
    package: String,
    msisdn: String,
    agreed_price: String,
    pay: Option<String>,
    wallet: Option<String>,
    key: String,
    buy_again: Option<String>,
) -> Result<(), AppError> {
    let user = current_user()?;
    let package: PublicId = package.parse().map_err(|_| Refusal::NotFound)?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("msisdn", use_prefixes().parse_served(&msisdn)),
        fields.take("agreed_price", agreed_price.parse::<Rupiah>()),
        match &pay {
            Some(choice) => pay_by(&mut fields, choice, wallet.as_deref().unwrap_or_default()).map(Some),
            None => Some(None),
        },
    );
    let (msisdn, agreed_price, pay) = all(fields, typed)?;
    let placed = use_store()?
        .run(store::PlacePurchase {
            user: user.id,
            package,
            msisdn,
            agreed_price,
            pay,
            key,
            buy_again: buy_again.as_deref() == Some("1"),
        })
        .await?;
    redirect(&format!("/transactions/{}", placed.as_str()));
    Ok(())
}

/// What the form's choice says: the way of paying and what it costs the owner, so that nobody agrees to another price.
fn chosen_way(choice: &str) -> Result<(PaymentMethod, Rupiah), FieldCode> {
    let (method, price) = choice.split_once(' ').ok_or(FieldCode::NotAChoice)?;
    let method = method.parse().map_err(|_| FieldCode::NotAChoice)?;
    Ok((method, price.parse().map_err(|_| FieldCode::NotAChoice)?))
}

/// Where a wallet's number is needed and missing, the store says so.
fn pay_by(fields: &mut Fields, choice: &str, wallet: &str) -> Option<PayBy> {
    let (method, agreed_owner_price) = fields.take("pay", chosen_way(choice))?;
    let wallet = if method.needs_wallet_number() { wallet } else { "" };
    let wallet = fields.take("wallet", optional::<Msisdn>(wallet))?;
    Some(PayBy { method, agreed_owner_price, wallet })
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
