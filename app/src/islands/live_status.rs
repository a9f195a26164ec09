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
    use leptos::web_sys::{EventSource, MessageEvent};
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;

    let Ok(source) = EventSource::new(url) else { return };
    let leaving = StoredValue::new(false);
    window_event_listener_untyped("beforeunload", move |_| leaving.set_value(true));
    let opened = Closure::<dyn FnMut()>::new(move || set_open.set(true));
    let lost = Closure::<dyn FnMut()>::new(move || set_open.set(false));
    let line = source.clone();
    let told = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().as_string().is_some_and(|word| word != state) {
            line.close();
            if leaving.get_value() || is_sending() {
                set_timeout(load_anew, LEAVING);
            } else {
                load_anew();
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

/// How long a page that was asked for may take to come. A reload would take its place, as if the link or button that led
/// there had not been pressed. A page that is still here after this was not left: what was asked for was a file, say.
#[cfg(feature = "hydrate")]
const LEAVING: std::time::Duration = std::time::Duration::from_secs(30);

/// Whether a form is under way: not every browser says that a page is about to be left.
#[cfg(feature = "hydrate")]
fn is_sending() -> bool {
    super::dom::document()
        .is_some_and(|page| page.query_selector("form[data-busy]").is_ok_and(|form| form.is_some()))
}

#[cfg(feature = "hydrate")]
fn load_anew() {
    if let Some(window) = leptos::web_sys::window() {
        let _ = window.location().reload();
    }
}
