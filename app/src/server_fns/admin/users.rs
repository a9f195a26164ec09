//! Roles, suspension, corrections of a balance.

use domain::{CorrectionState, FieldCode, Fields, Lang, Refusal, Role, Rupiah};
use leptos::prelude::*;
use leptos_axum::redirect;
use store::{Store, UserRow};

use super::corrections::overtaken;
use super::{confirmed_admin, filled, hidden_id, positive};
use crate::context::use_store;
use crate::error::AppError;
use crate::format::address;
use crate::i18n::{CORRECTION_ASKED, USER_CREATED};
use crate::server_fns::all;

const REASON_MOST_CHARS: usize = 200;

/// Changes what a user may do and pays.
#[server(prefix = "/api", endpoint = "set_user_role")]
pub async fn set_user_role(user: String, role: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let user = hidden_id(&user)?;
    let role = role.parse().map_err(|_| AppError::Transport)?;
    let page = done(user.as_str());
    use_store()?.run(store::SetUserRole { admin: admin.id, user, role }).await?;
    redirect(&page);
    Ok(())
}

/// Keeps a user out, or lets them in again. The store wants a reason for the former.
#[server(prefix = "/api", endpoint = "set_user_state")]
pub async fn set_user_state(user: String, state: String, reason: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let user = hidden_id(&user)?;
    let state = state.parse().map_err(|_| AppError::Transport)?;
    let page = done(user.as_str());
    use_store()?.run(store::SetUserState { admin: admin.id, user, state, reason }).await?;
    redirect(&page);
    Ok(())
}

/// Lets a frozen account buy again.
#[server(prefix = "/api", endpoint = "unfreeze_wallet")]
pub async fn unfreeze_wallet(user: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let store = use_store()?;
    let UserRow { user, .. } = find(&store, &user).await?;
    store.run(store::UnfreezeWallet { admin: admin.id, user: user.id }).await?;
    redirect(&done(user.public_id.as_str()));
    Ok(())
}

/// The first step of a correction: checks what was typed and sends the browser to the page that shows what it would do.
/// The key is minted here and stays in the address, so that going back and sending again does nothing twice.
#[server(prefix = "/api", endpoint = "prepare_adjustment")]
pub async fn prepare_adjustment(
    user: String,
    direction: String,
    amount: String,
    reason: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let store = use_store()?;
    let UserRow { user, wallet } = find(&store, &user).await?;
    if user.id == admin.id {
        return Err(Refusal::OwnCase.into());
    }
    let mut fields = Fields::new();
    let typed = (
        fields.take("amount", positive(&amount)),
        fields.take("direction", signed(&direction, Rupiah::ZERO)),
        fields.take("reason", filled(&reason, REASON_MOST_CHARS)),
    );
    let (amount, _, reason) = all(fields, typed)?;
    if signed(&direction, amount).is_ok_and(|change| change < Rupiah::ZERO) && amount > wallet.available {
        return Err(Refusal::field("amount", FieldCode::AboveMax { max: wallet.available }).into());
    }
    let step = [
        ("direction", direction.as_str()),
        ("amount", &amount.get().to_string()),
        ("reason", &reason),
        ("key", &store.random_token()),
    ];
    redirect(&address(&format!("/admin/users/{}", user.public_id.as_str()), &step));
    Ok(())
}

/// Corrects a user's balance, once for a key; or, above what one admin may do alone, asks for it.
#[server(prefix = "/api", endpoint = "adjust_balance")]
pub async fn adjust_balance(
    user: String,
    direction: String,
    amount: String,
    reason: String,
    key: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let store = use_store()?;
    let UserRow { user, .. } = find(&store, &user).await?;
    let mut fields = Fields::new();
    let change = positive(&amount).and_then(|amount| signed(&direction, amount));
    let typed = (fields.take("amount", change), fields.take("reason", filled(&reason, REASON_MOST_CHARS)));
    let (amount, reason) = all(fields, typed)?;
    let request = store::RequestCorrection { admin: admin.id, user: user.id, amount, reason, key };
    let corrected = store.run(request).await.map_err(overtaken)?;
    if corrected.state == CorrectionState::Waiting {
        let page = format!("/admin/corrections/{}", corrected.id.as_str());
        redirect(&address(&page, &[("done", CORRECTION_ASKED)]));
    } else {
        redirect(&done(user.public_id.as_str()));
    }
    Ok(())
}

/// Makes an account for somebody. The page that follows shows a link, once, with which they choose a password.
#[server(prefix = "/api", endpoint = "create_user")]
pub async fn create_user(
    username: String,
    email: String,
    phone: String,
    role: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("username", username.parse()),
        fields.take("email", email.parse()),
        fields.take("phone", phone.parse()),
        fields.take("role", role.parse::<Role>()),
    );
    let (username, email, phone, role) = all(fields, typed)?;
    let store = use_store()?;
    // Of a password that nobody has ever seen.
    let password_hash = store::password::hash(store.random_token()).await?;
    let lang = Lang::default();
    let create = store::CreateUser { admin: admin.id, username, email, phone, password_hash, role, lang };
    let user = store.run(create).await?;
    let page = format!("/admin/users/{}", user.as_str());
    redirect(&address(&page, &[("done", USER_CREATED), ("link", "new")]));
    Ok(())
}

/// The amount with the sign that the choice `add` or `take` gives it.
pub(crate) fn signed(direction: &str, amount: Rupiah) -> Result<Rupiah, FieldCode> {
    match direction {
        "add" => Ok(amount),
        "take" => amount.checked_neg().ok_or(FieldCode::BadAmount),
        _ => Err(FieldCode::NotAChoice),
    }
}

async fn find(store: &Store, user: &str) -> Result<UserRow, AppError> {
    let found = store.user_by_public_id(&hidden_id(user)?).await?;
    found.ok_or_else(|| Refusal::NotFound.into())
}

fn done(user: &str) -> String {
    format!("/admin/users/{user}?done=saved")
}
