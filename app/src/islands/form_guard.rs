use std::time::Duration;

use leptos::ev::{Event, FocusEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast;

use super::check::{self, Kind};
use super::dom;
use super::phone_field::prefixes;

/// An error that appears moves what is below it. A button that moves between pressing and letting go is not clicked.
const PATIENCE: Duration = Duration::from_millis(200);

/// Around every form: a second tap does not send it twice, and fields with `data-check` are checked when they are left,
/// by the same rules as on the server.
#[island]
pub fn FormGuard(
    /// Texts by code; `{n}` in a text is the number or name that belongs there.
    texts: Vec<(String, String)>,
    /// The form.
    children: Children,
) -> impl IntoView {
    let texts = StoredValue::new(texts);
    #[cfg(feature = "hydrate")]
    release_when_shown_again();
    let left = move |event: FocusEvent| {
        let to_button =
            event.related_target().is_some_and(|next| next.has_type::<web_sys::HtmlButtonElement>());
        if let Some(input) = dom::target_input(&event).filter(|_| !to_button) {
            set_timeout(move || texts.with_value(|texts| judge(&input, texts)), PATIENCE);
        }
    };
    // A field that was found wrong is judged while it is being mended, so that the error goes as soon as it can.
    let typed = move |event: Event| {
        if let Some(input) = dom::target_input(&event).filter(|input| input.has_attribute("aria-invalid")) {
            texts.with_value(|texts| judge(&input, texts));
        }
    };
    view! { <div class="contents" on:submit=send_once on:focusout=left on:input=typed>{children()}</div> }
}

/// A page that the browser kept and shows again (back, forward) must let its forms be sent again.
#[cfg(feature = "hydrate")]
fn release_when_shown_again() {
    let handle = window_event_listener_untyped("pageshow", |_| {
        let busy = dom::document().and_then(|page| page.query_selector("form[data-busy]").ok().flatten());
        if let Some(form) = busy {
            dom::set(&form, "data-busy", None);
        }
    });
    on_cleanup(move || handle.remove());
}

fn send_once(event: SubmitEvent) {
    if let Some(form) = dom::target(&event) {
        if form.has_attribute("data-busy") {
            event.prevent_default();
        } else {
            // An attribute, not `disabled`: a disabled button's name and value would not be sent.
            dom::set(&form, "data-busy", Some(""));
        }
    }
}

fn judge(input: &web_sys::HtmlInputElement, texts: &[(String, String)]) {
    let Some(kind) = input.get_attribute("data-check").and_then(|word| Kind::from_word(&word)) else {
        return;
    };
    let place = dom::document().and_then(|page| page.get_element_by_id(&format!("{}-error", input.id())));
    if let Some(place) = place {
        let text = check::problem(kind, &input.value(), &prefixes(input)).and_then(|(word, detail)| {
            let (_, text) = texts.iter().find(|(code, _)| code == word)?;
            Some(text.replace("{n}", &detail))
        });
        place.set_text_content(Some(text.as_deref().unwrap_or_default()));
        dom::set(input, "aria-invalid", text.as_ref().map(|_| "true"));
    }
}
