use leptos::prelude::*;
use leptos_meta::Title;

use crate::page::Screen;

/// A page with nothing around it: no menu, and not the shop's name where a reseller's customer looks.
#[must_use]
pub fn bare(screen: Screen) -> AnyView {
    let Screen { title, body, .. } = screen;
    view! {
        <Title text=title.clone()/>
        <main id="main" class="bare" tabindex="-1">
            <h1 class="visually-hidden">{title}</h1>
            {body}
        </main>
    }
    .into_any()
}
