use leptos::prelude::*;

use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// All users.
#[component]
pub fn AdminUsersPage() -> impl IntoView {
    admin_page(Section::Users, async |cx: Member| Ok(Screen::new(cx.t.users(), ())))
}
