use leptos::prelude::*;

use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

/// Balance, a number to buy for, the last purchases.
#[component]
pub fn DashboardPage() -> impl IntoView {
    member_page(Tab::Home, async |cx: Member| Ok(Screen::new(cx.t.home(), ())))
}
