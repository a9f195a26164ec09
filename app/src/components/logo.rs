use leptos::prelude::*;

use crate::context::SiteInfo;

/// Where logos are, by their hash.
pub const LOGO_PREFIX: &str = "/logo/";

/// The address of the logo with this hash.
#[must_use]
pub fn logo_address(hash: &str) -> String {
    format!("{LOGO_PREFIX}{hash}.png")
}

/// The shop's logo, or the signal bars where it has none. It stands beside the shop's name, so it only decorates.
#[component]
pub fn ShopLogo() -> AnyView {
    let hash = use_context::<SiteInfo>().map(|site| site.settings.logo.clone()).unwrap_or_default();
    if hash.is_empty() {
        return view! {
            <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
                <rect width="32" height="32" rx="9"/>
                <path d="M9 21.5v-4M14 21.5v-8M19 21.5v-6M24 21.5V9" />
            </svg>
        }
        .into_any();
    }
    view! { <img class="logo" src=logo_address(&hash) alt="" width="32" height="32"/> }.into_any()
}
