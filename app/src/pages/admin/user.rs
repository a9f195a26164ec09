use leptos::prelude::*;

use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// One user.
#[component]
pub fn AdminUserPage() -> impl IntoView {
    admin_page(Section::Users, async |cx: Member| Ok(Screen::new(cx.t.users(), ())))
}
