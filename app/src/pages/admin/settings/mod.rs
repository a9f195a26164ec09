//! The shop's settings: a card for each group, saved by itself.

mod banks;
mod groups;
mod logo;

use leptos::prelude::*;

use crate::error::AppError;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// `?bank=` of the form for a new account; else it is an account's number in the list.
const NEW: &str = "new";

/// The shop's settings.
#[component]
pub fn AdminSettingsPage() -> impl IntoView {
    admin_page(Section::Settings, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    // Another server may have saved a moment ago, and each form sends all of its group back.
    cx.store.reload_settings().await?;
    let settings = cx.store.settings();
    let waiting = cx.store.waiting_users_count().await?;
    let accounts = cx.store.bank_accounts(false).await?;
    let wanted = cx.query("bank");
    let edited = accounts.iter().find(|account| account.id.to_string() == wanted).cloned();
    let edit = (wanted == NEW || edited.is_some()).then(|| banks::account_form(edited, t));
    let body = view! {
        <div class="columns">
            <div class="stack">
                {groups::shop(&settings, t)}
                {groups::selling(&settings, t)}
                {groups::hours(&settings, t)}
                {groups::top_ups(&settings, t)}
            </div>
            <div class="stack" id="banks">
                {edit}
                {banks::account_list(accounts, t)}
                {logo::card(&settings, t)}
                {groups::sign_up(&settings, waiting, t)}
                {groups::numbers(&settings, t)}
                {groups::prices(&settings, t)}
                <p class="muted small">{t.settings_audit()}" "<a href="/admin/audit">{t.audit()}</a></p>
                <p><a href="/admin/backups">{t.backups_link()}</a></p>
            </div>
        </div>
    };
    Ok(Screen::new(t.settings(), body))
}
