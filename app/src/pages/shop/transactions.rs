use leptos::prelude::*;

use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

/// The user's purchases.
#[component]
pub fn TransactionsPage() -> impl IntoView {
    member_page(Tab::History, async |cx: Member| Ok(Screen::new(cx.t.history(), ())))
}
