use leptos::prelude::*;

use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

/// Confirms a purchase.
#[component]
pub fn BuyPage() -> impl IntoView {
    member_page(Tab::Packages, async |cx: Member| Ok(Screen::new(cx.t.packages(), ())))
}
