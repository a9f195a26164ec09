//! Deciding about top-ups.

use domain::{FieldCode, Fields, PublicId, Rupiah};
use leptos::prelude::*;
use leptos_axum::redirect;
use store::{Approval, AskAbout, Found};

use super::{confirmed_admin, filled, hidden_id, positive};
use crate::context::{require_admin, use_store};
use crate::error::AppError;
use crate::format::address;
use crate::server_fns::all;

const REFERENCE_MOST_CHARS: usize = 120;
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
    let page = topup_page(&topup);
    let amount = received.get().to_string();
    if amount != shown {
        redirect(&address(&page, &[("reference", &reference), ("received", &amount)]));
        return Ok(());
    }
    let found = Found::Typed { reference, received };
    let approval = use_store()?.run(store::ApproveTopup { admin: admin.id, topup, found }).await?;
    redirect(&after(&page, approval));
    Ok(())
}

/// Credits what came by a line of a statement that was taken in. The amount is the line's, so it is the one that was shown.
#[server(prefix = "/api", endpoint = "approve_topup_line")]
pub async fn approve_topup_line(topup: String, line: i64) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let topup = hidden_id(&topup)?;
    let page = topup_page(&topup);
    let found = Found::Line(line);
    let approval = use_store()?.run(store::ApproveTopup { admin: admin.id, topup, found }).await?;
    redirect(&after(&page, approval));
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
    let page = address(&topup_page(&topup), &[("done", "decided")]);
    use_store()?.run(store::RejectTopup { admin: admin.id, topup, reason }).await?;
    redirect(&page);
    Ok(())
}

/// Has the gateway asked about a top-up now.
#[server(prefix = "/api", endpoint = "ask_topup")]
pub async fn ask_topup(topup: String) -> Result<(), AppError> {
    let admin = require_admin()?;
    let topup = hidden_id(&topup)?;
    let page = address(&topup_page(&topup), &[("asked", "1")]);
    use_store()?.run(store::AskAgain { admin: admin.id, what: AskAbout::Topup(topup) }).await?;
    redirect(&page);
    Ok(())
}

/// Has a stored notification looked at once more.
#[server(prefix = "/api", endpoint = "deliver_again")]
pub async fn deliver_again(webhook: i64) -> Result<(), AppError> {
    let admin = require_admin()?;
    use_store()?.run(store::AskAgain { admin: admin.id, what: AskAbout::Webhook(webhook) }).await?;
    redirect("/admin/webhooks?done=sent");
    Ok(())
}

/// Gives a credited top-up back. `shown` is the amount that the page said would leave the balance.
#[server(prefix = "/api", endpoint = "refund_topup")]
pub async fn refund_topup(
    topup: String,
    by_gateway: Option<String>,
    reason: String,
    shown: i64,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let topup = hidden_id(&topup)?;
    let mut fields = Fields::new();
    let by_gateway = match by_gateway.as_deref() {
        Some("yes") => Ok(true),
        Some("no") => Ok(false),
        None | Some("") => Err(FieldCode::Required),
        Some(_) => Err(FieldCode::NotAChoice),
    };
    let typed =
        (fields.take("by_gateway", by_gateway), fields.take("reason", filled(&reason, REASON_MOST_CHARS)));
    let (by_gateway, reason) = all(fields, typed)?;
    let store = use_store()?;
    let page = address(&topup_page(&topup), &[("done", "decided")]);
    if store.refundable(&topup).await? != Some(Rupiah::new(shown)) {
        return Err(domain::Refusal::StateChanged.into());
    }
    store.run(store::RefundTopup { admin: admin.id, topup, by_gateway, reason }).await?;
    redirect(&page);
    Ok(())
}

/// The money of a refund was transferred to the payer.
#[server(prefix = "/api", endpoint = "refund_transferred")]
pub async fn refund_transferred(
    topup: String,
    refund: String,
    bank_account: String,
    reference: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let (topup, refund) = (hidden_id(&topup)?, hidden_id(&refund)?);
    let mut fields = Fields::new();
    let typed = (
        fields.take("bank_account", bank_account.parse::<i64>().map_err(|_| FieldCode::NotAChoice)),
        fields.take("reference", filled(&reference, REFERENCE_MOST_CHARS)),
    );
    let transferred = Some(all(fields, typed)?);
    use_store()?.run(store::EndRefundByHand { admin: admin.id, refund, transferred }).await?;
    redirect(&address(&topup_page(&topup), &[("done", "decided")]));
    Ok(())
}

/// The money of a refund goes back into the balance: it was not paid back.
#[server(prefix = "/api", endpoint = "refund_back")]
pub async fn refund_back(topup: String, refund: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let (topup, refund) = (hidden_id(&topup)?, hidden_id(&refund)?);
    use_store()?.run(store::EndRefundByHand { admin: admin.id, refund, transferred: None }).await?;
    redirect(&address(&topup_page(&topup), &[("done", "decided")]));
    Ok(())
}

/// After a first look the page itself says that a second one is needed.
fn after(page: &str, approval: Approval) -> String {
    match approval {
        Approval::Credited => address(page, &[("done", "decided")]),
        Approval::SecondLook => page.to_owned(),
    }
}

fn topup_page(topup: &PublicId) -> String {
    format!("/admin/topups/{}", topup.as_str())
}
