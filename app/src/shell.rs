//! The document around every page.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::context::{self, SiteInfo};
use crate::routes::App;
use crate::theme;

/// The whole document. The server renders it for every page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let t = context::use_t();
    let theme = context::use_theme();
    // A shared receipt tells what it is itself.
    let own_description = context::path_and_query().starts_with("/r/");
    let description = use_context::<SiteInfo>().filter(|_| !own_description);
    let description = description.map(|site| site.settings.tagline.clone());
    let accent = use_context::<SiteInfo>().and_then(|site| site.settings.accent());
    view! {
        <!DOCTYPE html>
        <html lang=t.code() data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                {description.map(|text| view! { <meta name="description" content=text/> })}
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f5f6fb"/>
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0d1120"/>
                <meta name="format-detection" content="telephone=no"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HashedStylesheet options=options.clone() id="style"/>
                {accent.map(|accent| view! { <link rel="stylesheet" href=theme::address(accent)/> })}
                <MetaTags/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options islands=true/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
