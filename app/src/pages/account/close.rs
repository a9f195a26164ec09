use domain::Rupiah;
use leptos::prelude::*;
use store::ClosingState;

use crate::components::{Button, Card, Look, Notice, PasswordField, PostForm, ServerFn, Tone};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::server_fns::account::CloseAccount;

/// The end of the account: what goes, what stays, and the button.
#[component]
pub fn CloseAccountPage() -> impl IntoView {
    member_page(Tab::Account, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let state = cx.store.closing_state(cx.user.id).await?;
    let next = if state.is_clear() {
        let username = cx.user.username.as_str().to_owned();
        form(username, t).into_any()
    } else {
        let reasons = obstacles(&state, t).into_iter().map(|reason| view! { <li>{reason}</li> });
        let reasons = reasons.collect_view();
        view! { <Notice tone=Tone::Wait><p>{t.close_blocked()}</p><ul>{reasons}</ul></Notice> }.into_any()
    };
    let body = view! {
        <div class="narrow stack">
            <p>{t.close_lead()}</p>
            <Card title=t.close_gone_title()><p>{t.close_gone()}</p></Card>
            <Card title=t.close_kept_title()><p>{t.close_kept()}</p></Card>
            {next}
        </div>
    };
    Ok(Screen::new(t.close_title(), body).back("/profile"))
}

fn form(username: String, t: T) -> impl IntoView {
    view! {
        <Card>
            <PostForm action=CloseAccount::PATH>
                // Tells password managers whose password it is.
                <input type="text" class="visually-hidden" tabindex="-1" aria-hidden="true" autocomplete="username"
                    value=username readonly/>
                <PasswordField name="current_password" label=t.current_password() autocomplete="current-password"/>
                <Button look=Look::Danger class="wide">{t.close_yes()}</Button>
                <a class="btn btn-plain wide" href="/profile">{t.cancel()}</a>
            </PostForm>
        </Card>
    }
}

fn obstacles(state: &ClosingState, t: T) -> Vec<String> {
    let owed = state.receivable.checked_neg().unwrap_or(Rupiah::ZERO);
    [
        state.last_admin.then(|| t.close_last_admin().to_owned()),
        (state.available != Rupiah::ZERO).then(|| t.close_balance(state.available)),
        (state.held != Rupiah::ZERO).then(|| t.close_held(state.held)),
        (owed != Rupiah::ZERO).then(|| t.close_debt(owed)),
        state.frozen.then(|| t.close_frozen().to_owned()),
        (state.open_purchases > 0).then(|| t.close_purchases(state.open_purchases)),
        (state.open_topups > 0).then(|| t.close_topups(state.open_topups)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
