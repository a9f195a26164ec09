use leptos::ev::Event;
use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast;

use super::dom;

/// Hides list entries that do not match while the search field is typed into; the form around the field still asks the
/// server. Inside it: an input with `data-filter`, entries with `data-text` in lower case, and an element with
/// `data-none` that is shown when none is left.
#[island]
pub fn FilterList(
    /// Field and list.
    children: Children,
) -> impl IntoView {
    view! { <div class="filter-list" on:input=filter>{children()}</div> }
}

fn filter(event: Event) {
    let Some(input) = dom::target_input(&event).filter(|input| input.has_attribute("data-filter")) else {
        return;
    };
    let Some(list) = input.closest(".filter-list").ok().flatten() else {
        return;
    };
    let wanted = input.value().to_lowercase();
    let mut any = false;
    for entry in elements(&list, "[data-text]") {
        let text = entry.get_attribute("data-text").unwrap_or_default();
        let fits = wanted.split_whitespace().all(|word| text.contains(word));
        any |= fits;
        dom::set(&entry, "hidden", (!fits).then_some(""));
    }
    for none in elements(&list, "[data-none]") {
        dom::set(&none, "hidden", any.then_some(""));
    }
}

fn elements(list: &web_sys::Element, selector: &str) -> impl Iterator<Item = web_sys::Element> {
    let found = list.query_selector_all(selector).ok();
    let count = found.as_ref().map_or(0, web_sys::NodeList::length);
    (0..count).filter_map(move |i| found.as_ref()?.item(i)?.dyn_into().ok())
}
