//! The user's own account.

use domain::{FieldCode, Fields, HOUR_MS, Refusal, check_new_password};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::sessions::{auth_session, enter, is_password, load, note_try, require_confirmed};
use super::{all, optional, preferences};
use crate::auth::this_session;
use crate::context::{current_user, use_store};
use crate::error::AppError;

/// Changes of address or number in an hour: each tells whether somebody else has it.
const CONTACT_CHANGES: i64 = 20;
/// Links to verify an address in an hour.
const VERIFICATIONS: i64 = 5;

/// Saves the user's details.
#[server(prefix = "/api", endpoint = "update_profile")]
pub async fn update_profile(
    name: String,
    email: String,
    phone: String,
    zone: String,
    lang: String,
    theme: String,
) -> Result<(), AppError> {
    let user = current_user()?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("name", optional(&name)),
        fields.take("email", email.parse()),
        fields.take("phone", phone.parse()),
        fields.take("zone", zone.parse()),
        fields.take("lang", lang.parse::<domain::Lang>()),
        fields.take("theme", theme.parse::<domain::Theme>()),
    );
    let (name, email, phone, zone, lang, theme) = all(fields, typed)?;
    if email != user.email || phone != user.phone {
        require_confirmed().await?;
        note_try(format!("profile:{}", user.id.0), CONTACT_CHANGES, HOUR_MS).await?;
    }
    let update = store::UpdateProfile { user: user.id, name, email, phone, lang, zone, theme };
    let email = use_store()?.run(update).await?;
    preferences::remember("lang", lang.as_str());
    preferences::remember("theme", theme.as_str());
    let waits = email == store::EmailChange::Waits;
    redirect(if waits { "/profile?done=email_sent" } else { "/profile?done=saved" });
    Ok(())
}

/// Changes the password. Every other session ends; this one goes on under a new id.
#[server(prefix = "/api", endpoint = "change_password")]
pub async fn change_password(current_password: String, new_password: String) -> Result<(), AppError> {
    let user = current_user()?;
    let store = use_store()?;
    let mut fields = Fields::new();
    if !is_password(&user, current_password).await? {
        fields.note("current_password", FieldCode::WrongPassword);
    }
    fields
        .take("new_password", check_new_password(&new_password, user.username.as_str(), user.email.as_str()));
    fields.done()?;
    let password_hash = store::password::hash(new_password).await?;
    store.run(store::ChangePassword { user: user.id, password_hash }).await?;
    // Read again: the session carries the new epoch from now on.
    enter(&mut auth_session().await?, &load(user.id).await?).await?;
    redirect("/profile?done=password");
    Ok(())
}

/// Sends a link to the address that is to be verified; older links stop working.
#[server(prefix = "/api", endpoint = "send_verification")]
pub async fn send_verification() -> Result<(), AppError> {
    let user = current_user()?;
    note_try(format!("verify:{}", user.id.0), VERIFICATIONS, HOUR_MS).await?;
    let sent = use_store()?.run(store::SendVerification { user: user.id }).await?;
    redirect(if sent { "/profile?done=email_sent" } else { "/profile" });
    Ok(())
}

/// Keeps the present address instead of the one that waits to be verified.
#[server(prefix = "/api", endpoint = "drop_new_email")]
pub async fn drop_new_email() -> Result<(), AppError> {
    let user = current_user()?;
    use_store()?.run(store::DropNewEmail { user: user.id }).await?;
    redirect("/profile?done=email_dropped");
    Ok(())
}

/// Ends all of the user's sessions but this one.
#[server(prefix = "/api", endpoint = "end_other_sessions")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    let user = current_user()?;
    let keep = this_session().ok_or(Refusal::SignInNeeded)?;
    use_store()?.run(store::EndOtherSessions { user: user.id, keep }).await?;
    redirect("/profile?done=others");
    Ok(())
}

/// Closes the account for good.
#[server(prefix = "/api", endpoint = "close_account")]
pub async fn close_account(current_password: String) -> Result<(), AppError> {
    let user = current_user()?;
    if !is_password(&user, current_password).await? {
        return Err(Refusal::field("current_password", FieldCode::WrongPassword).into());
    }
    use_store()?.run(store::CloseAccount { user: user.id }).await?;
    auth_session().await?.logout().await.map_err(|error| AppError::fault(&error))?;
    redirect("/login?done=closed");
    Ok(())
}

/// Ends one of the user's sessions.
#[server(prefix = "/api", endpoint = "end_session")]
pub async fn end_session(id_hash: String) -> Result<(), AppError> {
    let user = current_user()?;
    use_store()?.run(store::EndSession { user: user.id, id_hash }).await?;
    redirect("/profile?done=session");
    Ok(())
}
