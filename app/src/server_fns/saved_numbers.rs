//! Forms of numbers that users keep under a name.

use domain::{Fields, Label, Msisdn};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::all;
use crate::context::{current_user, local_path, use_prefixes, use_store};
use crate::error::AppError;
use crate::format::address;
use crate::pages::saved::LIST;

/// Keeps a number under a name, or gives one that is kept a new name. `next` is the page that the form stood on.
#[server(prefix = "/api", endpoint = "save_number")]
pub async fn save_number(msisdn: String, name: String, next: Option<String>) -> Result<(), AppError> {
    let user = current_user()?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("msisdn", use_prefixes().parse_served(&msisdn)),
        fields.take("name", name.parse::<Label>()),
    );
    let (msisdn, name) = all(fields, typed)?;
    use_store()?.run(store::SaveNumber { user: user.id, msisdn, name }).await?;
    let page = next.as_deref().and_then(local_path).unwrap_or(LIST);
    redirect(&address(page, &[("done", "saved")]));
    Ok(())
}

/// Forgets a number that was kept.
#[server(prefix = "/api", endpoint = "remove_number")]
pub async fn remove_number(msisdn: String) -> Result<(), AppError> {
    let user = current_user()?;
    let msisdn: Msisdn = msisdn.parse().map_err(|_| AppError::Transport)?;
    use_store()?.run(store::RemoveNumber { user: user.id, msisdn }).await?;
    redirect(&address(LIST, &[("done", "forgotten")]));
    Ok(())
}
