use leptos::prelude::*;

use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// Top-ups to decide about.
#[component]
pub fn AdminTopupsPage() -> impl IntoView {
    admin_page(Section::Topups, async |cx: Member| Ok(Screen::new(cx.t.top_up(), ())))
}
