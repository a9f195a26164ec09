//! Forms of the topup pages.

use domain::{FieldCode, Fields, PublicId, Refusal};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::all;
use crate::context::{current_user, local_path, use_store};
use crate::error::AppError;
use crate::format::address;

/// What the radio button for a freely typed amount sends.
pub(crate) const OTHER_AMOUNT: &str = "other";

/// Asks for a top-up by bank transfer. `preset` is one of the offered amounts, or says that `amount` was typed; `next`
/// is where the user goes once it is credited.
#[server(prefix = "/api", endpoint = "request_topup")]
pub async fn request_topup(
    preset: Option<String>,
    amount: String,
    bank_account: Option<String>,
    key: String,
    next: Option<String>,
) -> Result<(), AppError> {
    let user = current_user()?;
    let store = use_store()?;
    let asked = preset.filter(|preset| !preset.is_empty() && preset != OTHER_AMOUNT).unwrap_or(amount);
    let bank_account = bank_account.unwrap_or_default();
    let mut fields = Fields::new();
    let typed = (
        fields.take("amount", store.settings().topup_limits().parse(&asked)),
        fields.take("bank_account", account_number(&bank_account)),
    );
    let (base, bank_account) = all(fields, typed)?;
    let topup = store.run(store::RequestTopup { user: user.id, bank_account, base, key }).await?;
    redirect(&pay_page(&topup, next.as_deref()));
    Ok(())
}

/// "I have paid", without a picture. One with a picture goes to `/topup/{id}/proof`.
#[server(prefix = "/api", endpoint = "submit_proof")]
pub async fn submit_proof(topup: String, next: Option<String>) -> Result<(), AppError> {
    let user = current_user()?;
    let topup: PublicId = topup.parse().map_err(|_| Refusal::NotFound)?;
    let page = pay_page(&topup, next.as_deref());
    use_store()?.run(store::SubmitProof { user: user.id, topup, picture: None }).await?;
    redirect(&page);
    Ok(())
}

/// Calls off a top-up.
#[server(prefix = "/api", endpoint = "cancel_topup")]
pub async fn cancel_topup(topup: String) -> Result<(), AppError> {
    let user = current_user()?;
    let topup: PublicId = topup.parse().map_err(|_| Refusal::NotFound)?;
    // Its page says so. With JavaScript, the live status may have loaded it anew before this answer arrives.
    let page = pay_page(&topup, None);
    use_store()?.run(store::CancelTopup { user: user.id, topup }).await?;
    redirect(&page);
    Ok(())
}

fn account_number(typed: &str) -> Result<i64, FieldCode> {
    if typed.trim().is_empty() {
        return Err(FieldCode::Required);
    }
    typed.trim().parse().map_err(|_| FieldCode::NotAChoice)
}

fn pay_page(topup: &PublicId, next: Option<&str>) -> String {
    let next = next.and_then(local_path).unwrap_or_default();
    address(&format!("/topup/{}", topup.as_str()), &[("next", next)])
}
