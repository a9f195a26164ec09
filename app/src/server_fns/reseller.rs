//! A member who wants to become a reseller.

use leptos::prelude::*;
use leptos_axum::redirect;

use crate::context::{current_user, use_store};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::RESELLER_ASKED;

/// Asks for it; the store judges what was typed.
#[server(prefix = "/api", endpoint = "ask_reseller")]
pub async fn ask_reseller(shop_name: String, sells_at: String, note: String) -> Result<(), AppError> {
    let user = current_user()?;
    use_store()?.run(store::AskReseller { user: user.id, shop_name, sells_at, note }).await?;
    redirect(&address("/profile", &[("done", RESELLER_ASKED)]));
    Ok(())
}
