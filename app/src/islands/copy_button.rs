use leptos::prelude::*;

/// Copies a text. Without JavaScript it is not shown: the text stands beside it.
#[island]
pub fn CopyButton(
    /// What is copied.
    text: String,
    /// "Copy".
    label: String,
    /// "Copied".
    done: String,
) -> impl IntoView {
    let (copied, set_copied) = signal(false);
    let copy = move |_| {
        if let Some(window) = leptos::web_sys::window() {
            // The promise is not waited for: it fails only where the browser forbids copying, and then nothing can be done.
            let _ = window.navigator().clipboard().write_text(&text);
            set_copied.set(true);
            set_timeout(move || set_copied.set(false), std::time::Duration::from_secs(2));
        }
    };
    view! {
        <button type="button" class="btn btn-ghost btn-sm js-only" aria-live="polite" on:click=copy>
            {move || if copied.get() { done.clone() } else { label.clone() }}
        </button>
    }
}
