//! Helping a user back in.

use leptos::prelude::*;
use leptos_axum::redirect;

use super::{confirmed_admin, hidden_id};
use crate::context::use_store;
use crate::error::AppError;
use crate::format::address;

/// Makes a one-time link for a new password. The page that follows shows it, once.
#[server(prefix = "/api", endpoint = "make_reset_link")]
pub async fn make_reset_link(user: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let user = hidden_id(&user)?;
    let page = address(&format!("/admin/users/{}", user.as_str()), &[("link", "new")]);
    use_store()?.run(store::MakeResetLink { admin: admin.id, user }).await?;
    redirect(&page);
    Ok(())
}
