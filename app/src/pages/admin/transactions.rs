use leptos::prelude::*;

use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// All purchases.
#[component]
pub fn AdminTransactionsPage() -> impl IntoView {
    admin_page(Section::Transactions, async |cx: Member| Ok(Screen::new(cx.t.transactions(), ())))
}
