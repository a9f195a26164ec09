use leptos::prelude::*;

use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

/// Packages for a number.
#[component]
pub fn PackagesPage() -> impl IntoView {
    member_page(Tab::Packages, async |cx: Member| Ok(Screen::new(cx.t.packages(), ())))
}
