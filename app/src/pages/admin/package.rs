use leptos::prelude::*;

use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// Changes a package.
#[component]
pub fn AdminPackagePage() -> impl IntoView {
    admin_page(Section::Packages, async |cx: Member| Ok(Screen::new(cx.t.packages(), ())))
}

/// Makes a new package.
#[component]
pub fn NewPackagePage() -> impl IntoView {
    admin_page(Section::Packages, async |cx: Member| Ok(Screen::new(cx.t.packages(), ())))
}
