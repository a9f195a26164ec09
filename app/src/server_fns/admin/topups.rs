//! Deciding about top-ups.

use domain::Fields;
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{confirmed_admin, filled, hidden_id, positive};
use crate::context::use_store;
use crate::error::AppError;
use crate::format::address;
use crate::server_fns::all;

const REFERENCE_MOST_CHARS: usize = 64;
const REASON_MOST_CHARS: usize = 200;

/// Credits what came. When another amount is typed than the one whose balance the page showed (`shown`), the page comes
/// again with the right balance first: nobody approves a figure they have not seen.
#[server(prefix = "/api", endpoint = "approve_topup")]
pub async fn approve_topup(
    topup: String,
    reference: String,
    received: String,
    shown: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let topup = hidden_id(&topup)?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("reference", filled(&reference, REFERENCE_MOST_CHARS)),
        fields.take("received", positive(&received)),
    );
    let (reference, received) = all(fields, typed)?;
    let page = format!("/admin/topups/{}", topup.as_str());
    let amount = received.get().to_string();
    if amount != shown {
        redirect(&address(&page, &[("reference", &reference), ("received", &amount)]));
        return Ok(());
    }
    let found = store::Found::Typed { reference, received };
    use_store()?.run(store::ApproveTopup { admin: admin.id, topup, found }).await?;
    redirect(&address(&page, &[("done", "decided")]));
    Ok(())
}

/// Says that no money came.
#[server(prefix = "/api", endpoint = "reject_topup")]
pub async fn reject_topup(topup: String, reason: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let topup = hidden_id(&topup)?;
    let mut fields = Fields::new();
    let typed = (fields.take("reason", filled(&reason, REASON_MOST_CHARS)),);
    let (reason,) = all(fields, typed)?;
    let page = format!("/admin/topups/{}?done=decided", topup.as_str());
    use_store()?.run(store::RejectTopup { admin: admin.id, topup, reason }).await?;
    redirect(&page);
    Ok(())
}
