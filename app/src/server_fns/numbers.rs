//! Numbers that their owners sign in: one-time passwords, quota, signing out.

use domain::{FieldCode, Fields, HOUR_MS, MINUTE_MS, PublicId, Refusal};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::sessions::note_try;
use crate::context::{SiteInfo, current_user, local_path, provided, use_prefixes, use_store};
use crate::error::AppError;
use crate::format::address;

/// One-time passwords in an hour, whatever the numbers: nobody should have others' phones ring.
const OTPS_BY_USER: i64 = 12;
/// As many as the operator itself sends before it locks a number, whoever asks.
const OTPS_TO_NUMBER: i64 = 4;
const OTP_DIGITS: usize = 6;
const LIST: &str = "/numbers";

/// Has a one-time password sent to a number.
#[server(prefix = "/api", endpoint = "request_otp")]
pub async fn request_otp(
    msisdn: String,
    gateway: Option<String>,
    next: Option<String>,
) -> Result<(), AppError> {
    let user = current_user()?;
    let gateways = provided::<SiteInfo>()?.session_gateways;
    // A session is a gateway's own: one at another gateway would be of no use to who wants this one.
    let wanted = match gateway {
        Some(name) => gateways.contains(&name).then_some(name),
        None => gateways.first().cloned(),
    };
    let gateway = wanted.ok_or(Refusal::GatewayPaused)?;
    let mut fields = Fields::new();
    let number = fields.take("msisdn", use_prefixes().parse_served(&msisdn));
    let (msisdn,) = super::all(fields, (number,))?;
    note_try(format!("otp:{}", user.id.0), OTPS_BY_USER, HOUR_MS).await?;
    note_try(format!("otp:number:{}", msisdn.international()), OTPS_TO_NUMBER, 15 * MINUTE_MS).await?;
    let id = use_store()?.run(store::RequestOtp { user: user.id, gateway, msisdn }).await?;
    redirect(&otp_page(&id, next.as_deref()));
    Ok(())
}

/// Hands in the one-time password. The name of its field keeps it out of drafts.
#[server(prefix = "/api", endpoint = "answer_otp")]
pub async fn answer_otp(id: String, otp_secret: String, next: Option<String>) -> Result<(), AppError> {
    let user = current_user()?;
    let id = id.parse().map_err(|_| AppError::Transport)?;
    let code: String = otp_secret.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if code.len() != OTP_DIGITS || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::field("otp_secret", FieldCode::BadCode).into());
    }
    let page = otp_page(&id, next.as_deref());
    use_store()?.run(store::AnswerOtp { user: user.id, id, code }).await?;
    redirect(&page);
    Ok(())
}

/// The page of a one-time password, which leads on to another page when the number is signed in.
fn otp_page(id: &PublicId, next: Option<&str>) -> String {
    let next = next.and_then(local_path).unwrap_or_default();
    address(&format!("{LIST}/otp/{}", id.as_str()), &[("next", next)])
}

/// Asks what a number has left.
#[server(prefix = "/api", endpoint = "want_quota")]
pub async fn want_quota(id: String) -> Result<(), AppError> {
    let user = current_user()?;
    let id: PublicId = id.parse().map_err(|_| AppError::Transport)?;
    let page = format!("{LIST}/{}", id.as_str());
    use_store()?.run(store::WantQuota { user: user.id, id }).await?;
    redirect(&page);
    Ok(())
}

/// Forgets a number and its session.
#[server(prefix = "/api", endpoint = "sign_out_number")]
pub async fn sign_out_number(id: String) -> Result<(), AppError> {
    let user = current_user()?;
    let id = id.parse().map_err(|_| AppError::Transport)?;
    use_store()?.run(store::SignOutXl { user: user.id, id }).await?;
    redirect(&address(LIST, &[("done", "number")]));
    Ok(())
}
