use leptos::prelude::*;

use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

/// How to pay a top-up, and where it stands.
#[component]
pub fn PayPage() -> impl IntoView {
    member_page(Tab::TopUp, async |cx: Member| Ok(Screen::new(cx.t.top_up(), ())))
}
