use leptos::prelude::*;

use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// What happened today, and what needs someone.
#[component]
pub fn AdminOverviewPage() -> impl IntoView {
    admin_page(Section::Overview, async |cx: Member| Ok(Screen::new(cx.t.overview(), ())))
}
