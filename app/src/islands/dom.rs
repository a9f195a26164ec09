//! The little of the DOM that islands touch.

use leptos::web_sys;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, HtmlInputElement};

pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The element that an event happened on.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The input that an event happened on.
pub fn target_input(event: &Event) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

/// Sets an attribute of `<html>`. It can only fail for a name that is no name.
pub fn mark_page(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute(name, value);
    }
}

/// Sets or takes away an attribute.
pub fn set(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}
