//! Deciding about purchases.

use domain::{FieldCode, Fields};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{confirmed_admin, filled, hidden_id};
use crate::context::use_store;
use crate::error::AppError;
use crate::server_fns::all;

const REASON_MOST_CHARS: usize = 300;

/// A human's word about a purchase whose outcome is not known.
#[server(prefix = "/api", endpoint = "decide_purchase")]
pub async fn decide_purchase(purchase: String, delivered: String, reason: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let purchase = hidden_id(&purchase)?;
    let mut fields = Fields::new();
    let delivered = match delivered.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        "" => Err(FieldCode::Required),
        _ => Err(FieldCode::NotAChoice),
    };
    let typed =
        (fields.take("delivered", delivered), fields.take("reason", filled(&reason, REASON_MOST_CHARS)));
    let (delivered, reason) = all(fields, typed)?;
    let page = format!("/admin/transactions/{}?done=decided", purchase.as_str());
    use_store()?.run(store::DecidePurchase { admin: admin.id, purchase, delivered, reason }).await?;
    redirect(&page);
    Ok(())
}
