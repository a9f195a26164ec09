use leptos::prelude::*;

use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// All packages.
#[component]
pub fn AdminPackagesPage() -> impl IntoView {
    admin_page(Section::Packages, async |cx: Member| Ok(Screen::new(cx.t.packages(), ())))
}
