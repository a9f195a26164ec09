use leptos::prelude::*;

use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

/// Asks for a top-up; the user's own ones.
#[component]
pub fn TopupPage() -> impl IntoView {
    member_page(Tab::TopUp, async |cx: Member| Ok(Screen::new(cx.t.top_up(), ())))
}
