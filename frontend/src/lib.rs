//! What the browser loads: brings the islands of a page to life.

use wasm_bindgen::prelude::wasm_bindgen;

// Linked for its islands alone.
use app as _;

/// Called by the page's script once the WASM has arrived.
#[wasm_bindgen]
pub fn hydrate() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
