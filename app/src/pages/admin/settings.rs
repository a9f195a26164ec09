use leptos::prelude::*;

use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// The shop's settings.
#[component]
pub fn AdminSettingsPage() -> impl IntoView {
    admin_page(Section::Settings, async |cx: Member| Ok(Screen::new(cx.t.settings(), ())))
}
