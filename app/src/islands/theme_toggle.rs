use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast;

use super::dom;

/// Changes the colours at once, where the small form inside it would ask the server. The form has a hidden input
/// `theme` with the next choice.
#[island]
pub fn ThemeToggle(
    /// The form.
    children: Children,
) -> impl IntoView {
    // Every page has this island, so it tells style sheets and tests that the page came to life: in a task of its own,
    // which begins after the one in which all islands wake up.
    #[cfg(feature = "hydrate")]
    set_timeout(|| dom::mark_page("data-ready", ""), std::time::Duration::ZERO);
    view! { <div class="contents" on:submit=change>{children()}</div> }
}

fn change(event: SubmitEvent) {
    let input = dom::target(&event)
        .and_then(|form| form.query_selector("[name=theme]").ok().flatten())
        .and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok());
    let page = dom::document().and_then(|page| page.dyn_into::<web_sys::HtmlDocument>().ok());
    if let (Some(input), Some(page)) = (input, page) {
        event.prevent_default();
        let theme = input.value();
        dom::mark_page("data-theme", &theme);
        // A year; the server reads it for the next page. Always sent back to this site only.
        let _ = page.set_cookie(&format!("theme={theme};path=/;max-age=31536000;samesite=lax"));
        input.set_value(match theme.as_str() {
            "system" => "light",
            "light" => "dark",
            _ => "system",
        });
    }
}
