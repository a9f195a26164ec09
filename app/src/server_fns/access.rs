//! Coming back in without a password, and showing that an address is one's own. For anyone who has the link.

use domain::{Fields, HOUR_MS, Refusal, check_new_password};
use leptos::prelude::*;
use leptos_axum::redirect;
use store::SignInName;

use super::sessions::{note_address, require};
use crate::context::{current_user, use_store};
use crate::error::AppError;

/// Mails with a link that one address may ask for in an hour, whoever they go to.
const RESETS_BY_ADDRESS: i64 = 20;
/// Links that one address may try in an hour. They cannot be guessed; each costs a hash.
const LINKS_BY_ADDRESS: i64 = 60;

/// Sends a link for a new password to whoever is called so. The answer is the same when nobody is.
#[server(prefix = "/api", endpoint = "request_reset")]
pub async fn request_reset(identity: String) -> Result<(), AppError> {
    let mut fields = Fields::new();
    require(&mut fields, "identity", identity.trim());
    fields.done()?;
    note_address("reset", RESETS_BY_ADDRESS, HOUR_MS).await?;
    let store = use_store()?;
    let user = store.user_for_sign_in(&identity).await?.map(|(user, _)| user);
    store.run(store::RequestReset { name: SignInName::read(&identity), user }).await?;
    redirect("/forgot?done=reset_sent");
    Ok(())
}

/// Sets a new password with a link.
#[server(prefix = "/api", endpoint = "reset_password")]
pub async fn reset_password(token: String, new_password: String) -> Result<(), AppError> {
    note_address("link", LINKS_BY_ADDRESS, HOUR_MS).await?;
    let store = use_store()?;
    let link = store.reset_link(&token).await?.ok_or(Refusal::LinkExpired)?;
    let mut fields = Fields::new();
    fields
        .take("new_password", check_new_password(&new_password, link.username.as_str(), link.email.as_str()));
    fields.done()?;
    let password_hash = store::password::hash(new_password).await?;
    store.run(store::ResetPassword { token, password_hash }).await?;
    redirect("/login?done=reset");
    Ok(())
}

/// Verifies an e-mail address with a link.
#[server(prefix = "/api", endpoint = "verify_email")]
pub async fn verify_email(token: String) -> Result<(), AppError> {
    note_address("link", LINKS_BY_ADDRESS, HOUR_MS).await?;
    use_store()?.run(store::VerifyEmail { token }).await?;
    redirect(if current_user().is_ok() { "/profile?done=email" } else { "/login?done=email" });
    Ok(())
}
