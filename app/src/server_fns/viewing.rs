//! Looking at the shop as a user sees it.

use leptos::prelude::*;
use leptos_axum::redirect;

use super::admin::hidden_id;
use super::sessions::auth_session;
use crate::auth::VIEWING_KEY;
use crate::context::{require_admin, use_store};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::VIEW_ENDED;

/// Begins it, in this session only.
#[server(prefix = "/api", endpoint = "view_as")]
pub async fn view_as(user: String) -> Result<(), AppError> {
    let admin = require_admin()?;
    let user = hidden_id(&user)?;
    let id = use_store()?.run(store::BeginViewing { admin: admin.id, user }).await?;
    let session = auth_session().await?.session;
    session.insert(VIEWING_KEY, id).await.map_err(|error| AppError::fault(&error))?;
    redirect("/dashboard");
    Ok(())
}

/// Ends it; back to the admins' page of that user.
#[server(prefix = "/api", endpoint = "end_viewing")]
pub async fn end_viewing() -> Result<(), AppError> {
    let admin = require_admin()?;
    let session = auth_session().await?.session;
    let id = session.remove::<String>(VIEWING_KEY).await.map_err(|error| AppError::fault(&error))?;
    let seen = match id {
        Some(id) => use_store()?.run(store::EndViewing { admin: admin.id, id }).await?,
        None => None,
    };
    let page =
        seen.map_or_else(|| "/admin/users".to_owned(), |user| format!("/admin/users/{}", user.as_str()));
    redirect(&address(&page, &[("done", VIEW_ENDED)]));
    Ok(())
}
