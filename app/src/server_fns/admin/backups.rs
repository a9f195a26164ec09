//! A shop that was put back from a backup.

use domain::{FieldCode, Refusal};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{confirmed_admin, hidden_id};
use crate::context::use_store;
use crate::error::AppError;

/// The admin says that orders and payments since the backup were reconciled: the shop goes on.
#[server(prefix = "/api", endpoint = "end_restoration")]
pub async fn end_restoration(restoration: String, reconciled: Option<String>) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let restoration = hidden_id(&restoration)?;
    if reconciled.is_none() {
        return Err(Refusal::field("reconciled", FieldCode::Required).into());
    }
    let store = use_store()?;
    store.run(store::EndRestoration { admin: admin.id, restoration }).await?;
    store.reload_settings().await?;
    redirect("/admin/backups?done=saved");
    Ok(())
}
