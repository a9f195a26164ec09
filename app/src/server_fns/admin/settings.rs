//! The shop's bank accounts.

use domain::{Fields, Refusal};
use leptos::prelude::*;
use leptos_axum::redirect;
use store::Saving;

use super::{confirmed_admin, filled};
use crate::context::use_store;
use crate::error::AppError;
use crate::server_fns::all;

const BANK_MOST_CHARS: usize = 60;
const PAGE: &str = "/admin/settings?done=saved";

/// Adds or changes a bank account; `id` is empty for a new one.
#[server(prefix = "/api", endpoint = "save_bank_account")]
pub async fn save_bank_account(
    id: String,
    key: String,
    bank: String,
    number: String,
    holder: String,
    active: Option<String>,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let id = if id.is_empty() { None } else { Some(id.parse().map_err(|_| AppError::Transport)?) };
    let id = Saving::of(id, key);
    let mut fields = Fields::new();
    let typed = (
        fields.take("bank", filled(&bank, BANK_MOST_CHARS)),
        fields.take("number", filled(&number, BANK_MOST_CHARS)),
        fields.take("holder", filled(&holder, BANK_MOST_CHARS)),
    );
    let (bank, number, holder) = all(fields, typed)?;
    let active = active.is_some();
    use_store()?.run(store::SaveBankAccount { admin: admin.id, id, bank, number, holder, active }).await?;
    redirect(PAGE);
    Ok(())
}

/// Offers a bank account to people who top up, or no longer.
#[server(prefix = "/api", endpoint = "set_bank_account_active")]
pub async fn set_bank_account_active(id: i64, active: bool) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let store = use_store()?;
    let account = store.bank_accounts(false).await?.into_iter().find(|account| account.id == id);
    let account = account.ok_or(Refusal::NotFound)?;
    store
        .run(store::SaveBankAccount {
            admin: admin.id,
            id: Saving::Known(id),
            bank: account.bank,
            number: account.number,
            holder: account.holder,
            active,
        })
        .await?;
    redirect(PAGE);
    Ok(())
}
