//! Money that did not come as it should.

use domain::{Fields, PayCaseAction, Refusal, Username};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::{confirmed_admin, filled, hidden_id};
use crate::context::{require_admin, use_store};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::SECOND_LOOK;
use crate::server_fns::all;

const NOTE_MOST_CHARS: usize = 200;

/// The first step of crediting money that names no top-up: whose balance it goes to. Leads to the page that shows what
/// it would do.
#[server(prefix = "/api", endpoint = "choose_case_user")]
pub async fn choose_case_user(case: String, user: String) -> Result<(), AppError> {
    require_admin()?;
    let case = hidden_id(&case)?;
    let mut fields = Fields::new();
    let typed = (fields.take("user", user.trim().to_lowercase().parse::<Username>()),);
    let (user,) = all(fields, typed)?;
    if use_store()?.user_for_sign_in(user.as_str()).await?.is_none() {
        return Err(Refusal::field("user", domain::FieldCode::NoSuchUser).into());
    }
    redirect(&address(&case_page(case.as_str()), &[("user", user.as_str())]));
    Ok(())
}

/// Sees to a case. `user` is there where no top-up says whose money it is.
#[server(prefix = "/api", endpoint = "resolve_case")]
pub async fn resolve_case(
    case: String,
    action: String,
    user: Option<String>,
    from_bank: Option<String>,
    note: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let case = hidden_id(&case)?;
    let action: PayCaseAction = action.parse().map_err(|_| AppError::Transport)?;
    let user = user.filter(|user| !user.is_empty());
    let user = user.map(|user| user.parse::<Username>().map_err(|_| AppError::Transport)).transpose()?;
    let mut fields = Fields::new();
    let from_bank = from_bank.filter(|account| !account.is_empty());
    let from_bank =
        from_bank.map(|account| account.parse::<i64>().map_err(|_| domain::FieldCode::NotAChoice));
    let typed = (
        fields.take("note", filled(&note, NOTE_MOST_CHARS)),
        fields.take("from_bank", from_bank.transpose()),
    );
    let (note, from_bank) = all(fields, typed)?;
    let page = case_page(case.as_str());
    let resolve = store::ResolveCase { admin: admin.id, case, action, user, from_bank, note };
    let done = match use_store()?.run(resolve).await? {
        store::Approval::Credited => "decided",
        store::Approval::SecondLook => SECOND_LOOK,
    };
    redirect(&address(&page, &[("done", done)]));
    Ok(())
}

/// The page of a case.
pub(crate) fn case_page(case: &str) -> String {
    format!("/admin/cases/{case}")
}
