//! Corrections of balances that wait for a second look.

use domain::{PublicId, Refusal};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{confirmed_admin, hidden_id};
use crate::context::use_store;
use crate::error::AppError;

/// The second admin agrees: the balance changes.
#[server(prefix = "/api", endpoint = "approve_correction")]
pub async fn approve_correction(correction: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let correction = hidden_id(&correction)?;
    let page = done(&correction);
    let approve = store::ApproveCorrection { admin: admin.id, correction };
    use_store()?.run(approve).await.map_err(overtaken)?;
    redirect(&page);
    Ok(())
}

/// The second admin says no.
#[server(prefix = "/api", endpoint = "reject_correction")]
pub async fn reject_correction(correction: String, reason: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let correction = hidden_id(&correction)?;
    let page = done(&correction);
    use_store()?.run(store::RejectCorrection { admin: admin.id, correction, reason }).await?;
    redirect(&page);
    Ok(())
}

/// Whoever asked takes it back.
#[server(prefix = "/api", endpoint = "withdraw_correction")]
pub async fn withdraw_correction(correction: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let correction = hidden_id(&correction)?;
    let page = done(&correction);
    use_store()?.run(store::WithdrawCorrection { admin: admin.id, correction }).await?;
    redirect(&page);
    Ok(())
}

/// A balance that does not suffice any more: the page says so. What a buyer is told, to top up, is of no use to an admin.
pub(super) fn overtaken(error: store::Error) -> AppError {
    match error {
        store::Error::Refused(Refusal::BalanceTooLow { .. }) => Refusal::StateChanged.into(),
        error => error.into(),
    }
}

fn done(correction: &PublicId) -> String {
    format!("/admin/corrections/{}?done=decided", correction.as_str())
}
