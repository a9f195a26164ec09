//! Forms of the topup pages.

use domain::{FieldCode, Fields, PublicId, Refusal, Rupiah, TopupMethod};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::all;
use crate::context::{current_user, local_path, use_store};
use crate::error::AppError;
use crate::format::address;

/// What the radio button for a freely typed amount sends.
pub(crate) const OTHER_AMOUNT: &str = "other";
/// In the pay page's address: the gateway is being asked.
pub(crate) const ASKED: &str = "asked";
/// In the pay page's address: seconds until it may be asked again.
pub(crate) const WAIT: &str = "wait";

/// Makes a top-up as the summary showed it. `bank_account` says to which of the shop's accounts a transfer goes; `next`
/// is where the user goes once it is credited. The store judges the amount by the limits in force.
#[server(prefix = "/api", endpoint = "request_topup")]
pub async fn request_topup(
    method: String,
    amount: String,
    bank_account: Option<String>,
    key: String,
    next: Option<String>,
) -> Result<(), AppError> {
    let user = current_user()?;
    let store = use_store()?;
    let mut fields = Fields::new();
    let method: Option<TopupMethod> =
        fields.take("method", method.parse().map_err(|_| FieldCode::NotAChoice));
    let account = match method {
        Some(TopupMethod::Transfer) => account_number(&bank_account.unwrap_or_default()).map(Some),
        _ => Ok(None),
    };
    let typed =
        (method, fields.take("amount", amount.parse::<Rupiah>()), fields.take("bank_account", account));
    let (method, base, bank_account) = all(fields, typed)?;
    let topup = store.run(store::RequestTopup { user: user.id, method, bank_account, base, key }).await?;
    redirect(&pay_page(&topup, next.as_deref()));
    Ok(())
}

/// "I have paid": the gateway is asked, at most every few seconds. Asking too early is no mistake: the page says when.
#[server(prefix = "/api", endpoint = "check_topup")]
pub async fn check_topup(topup: String, next: Option<String>) -> Result<(), AppError> {
    let user = current_user()?;
    let topup: PublicId = topup.parse().map_err(|_| Refusal::NotFound)?;
    let page = pay_page(&topup, next.as_deref());
    match use_store()?.run(store::CheckTopup { user: user.id, topup }).await {
        Ok(()) => redirect(&address(&page, &[(ASKED, "1")])),
        Err(store::Error::Refused(Refusal::TooManyTries { retry_after_s })) => {
            redirect(&address(&page, &[(WAIT, &retry_after_s.to_string())]));
        }
        Err(error) => return Err(error.into()),
    }
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
pub async fn cancel_topup(topup: String, next: Option<String>) -> Result<(), AppError> {
    let user = current_user()?;
    let topup: PublicId = topup.parse().map_err(|_| Refusal::NotFound)?;
    // Its page says so. With JavaScript, the live status may have loaded it anew before this answer arrives.
    let page = pay_page(&topup, next.as_deref());
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
