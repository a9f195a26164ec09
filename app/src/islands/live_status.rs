use leptos::prelude::*;

/// Waits for news of a purchase or top-up. When its state is another than the one on the page, the page is loaded anew:
/// it shows every state by itself, so nothing has to be kept in step twice. A dot tells that the line is open.
#[island]
pub fn LiveStatus(
    /// An event stream whose messages are the state's word.
    url: String,
    /// The state's word on the page.
    state: String,
    /// "Live".
    label: String,
) -> impl IntoView {
    let (open, set_open) = signal(false);
    #[cfg(feature = "hydrate")]
    listen(&url, state, set_open);
    #[cfg(not(feature = "hydrate"))]
    let _ = (url, state, set_open);
    view! { <span class="live" data-open=move || open.get().then_some("")>{label}</span> }
}

#[cfg(feature = "hydrate")]
fn listen(url: &str, state: String, set_open: WriteSignal<bool>) {
    use leptos::web_sys::{self, EventSource, MessageEvent};
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;

    use super::dom;

    let Ok(source) = EventSource::new(url) else { return };
    let opened = Closure::<dyn FnMut()>::new(move || set_open.set(true));
    let lost = Closure::<dyn FnMut()>::new(move || set_open.set(false));
    let line = source.clone();
    let told = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().as_string().is_some_and(|word| word != state) {
            line.close();
            // A form under way leads to a page of its own; a reload would cut in before it.
            let sending =
                dom::document().and_then(|page| page.query_selector("form[data-busy]").ok().flatten());
            if let Some(window) = web_sys::window().filter(|_| sending.is_none()) {
                let _ = window.location().reload();
            }
        }
    });
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    source.set_onerror(Some(lost.as_ref().unchecked_ref()));
    source.set_onmessage(Some(told.as_ref().unchecked_ref()));
    // They live as long as the page.
    opened.forget();
    lost.forget();
    told.forget();
}
