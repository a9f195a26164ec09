use leptos::prelude::*;

use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

/// One purchase and its story.
#[component]
pub fn TransactionPage() -> impl IntoView {
    member_page(Tab::History, async |cx: Member| Ok(Screen::new(cx.t.history(), ())))
}
