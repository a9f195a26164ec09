use domain::Refusal;
use leptos::prelude::*;

use crate::components::{Icon, icons};
use crate::error::AppError;
use crate::page::{Screen, Visitor, public_page};

/// What everybody but admins sees while the shop is being worked on; the server shows it in the place of other pages.
#[component]
pub fn MaintenancePage() -> impl IntoView {
    public_page(async |cx: Visitor| load(&cx))
}

fn load(cx: &Visitor) -> Result<Screen, AppError> {
    let t = cx.t;
    let settings = &cx.site.settings;
    if !settings.maintenance {
        return Err(Refusal::NotFound.into());
    }
    let note = settings.maintenance_note.clone();
    let note = if note.is_empty() { t.maintenance_lead().to_owned() } else { note };
    let body = view! {
        <div class="empty">
            <Icon icon=icons::CLOCK/>
            <p>{note}</p>
            <a class="btn btn-primary" href="/dashboard">{t.maintenance_again()}</a>
            <p class="muted small"><a href="/login">{t.maintenance_admin()}</a></p>
        </div>
    };
    Ok(Screen::new(t.maintenance_title(), body))
}
