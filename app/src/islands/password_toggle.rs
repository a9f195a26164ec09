use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::dom;

/// Shows and hides what is typed into the password field inside it. The button inside it has both words and says with
/// `aria-pressed` which one the style sheet shows.
#[island]
pub fn PasswordToggle(
    /// An input and a button.
    children: Children,
) -> impl IntoView {
    view! { <div class="password" on:click=toggle>{children()}</div> }
}

fn toggle(event: MouseEvent) {
    let Some(button) = dom::target(&event).and_then(|target| target.closest("button").ok().flatten()) else {
        return;
    };
    let input = button
        .closest(".password")
        .ok()
        .flatten()
        .and_then(|field| field.query_selector("input").ok().flatten());
    if let Some(input) = input {
        let shown = button.has_attribute("data-shown");
        dom::set(&input, "type", Some(if shown { "password" } else { "text" }));
        dom::set(&button, "data-shown", (!shown).then_some(""));
        dom::set(&button, "aria-pressed", Some(if shown { "false" } else { "true" }));
        if let Ok(input) = input.dyn_into::<leptos::web_sys::HtmlElement>() {
            let _ = input.focus();
        }
    }
}
