use leptos::prelude::*;

use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

/// Movements of the balance.
#[component]
pub fn StatementPage() -> impl IntoView {
    member_page(Tab::Statement, async |cx: Member| Ok(Screen::new(cx.t.statement(), ())))
}
