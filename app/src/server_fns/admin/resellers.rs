//! Requests of members to become resellers.

use leptos::prelude::*;
use leptos_axum::redirect;

use super::{confirmed_admin, hidden_id};
use crate::context::use_store;
use crate::error::AppError;

/// Makes the member a reseller.
#[server(prefix = "/api", endpoint = "approve_reseller")]
pub async fn approve_reseller(user: String, request: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let (user, request) = (hidden_id(&user)?, hidden_id(&request)?);
    use_store()?.run(store::ApproveReseller { admin: admin.id, request }).await?;
    redirect(&format!("/admin/users/{}?done=decided", user.as_str()));
    Ok(())
}

/// Says no, with a reason.
#[server(prefix = "/api", endpoint = "refuse_reseller")]
pub async fn refuse_reseller(user: String, request: String, reason: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let (user, request) = (hidden_id(&user)?, hidden_id(&request)?);
    use_store()?.run(store::RefuseReseller { admin: admin.id, request, reason }).await?;
    redirect(&format!("/admin/users/{}?done=decided", user.as_str()));
    Ok(())
}
