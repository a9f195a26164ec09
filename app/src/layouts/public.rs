use leptos::prelude::*;
use leptos_meta::Title;

use super::frame::{Brand, ShopBanner, Switches, shop_title};
use crate::components::{DoneNotice, Icon, icons};
use crate::context::{SiteInfo, signed_in, use_t};
use crate::page::Screen;

/// A page that anyone may see: a bar above, the small print below. A page without a title of its own (the landing page)
/// brings its own heading.
#[must_use]
pub fn public(unread: Option<i64>, screen: Screen) -> AnyView {
    let t = use_t();
    let Screen { title, body, eyebrow, .. } = screen;
    let tab = if title.is_empty() { shop_title() } else { format!("{title} · {}", shop_title()) };
    let entrance = if signed_in().is_some() {
        view! { <a class="btn btn-primary btn-sm" href="/dashboard">{t.home()}</a> }.into_any()
    } else {
        view! { <a class="btn btn-ghost btn-sm" href="/login">{t.sign_in()}</a> }.into_any()
    };
    let heading = (!title.is_empty()).then(|| {
        view! {
            <div class="heading">
                <h1>{title}</h1>
                {eyebrow.map(|line| view! { <p class="muted">{line}</p> })}
            </div>
        }
    });
    view! {
        <Title text=tab/>
        <a class="skip" href="#main">{t.skip_to_content()}</a>
        <header class="top">
            <Brand to="/"/>
            <Switches unread/>
            {entrance}
        </header>
        <main id="main" class="public" tabindex="-1">
            <ShopBanner/>
            <DoneNotice/>
            {heading}
            {body}
        </main>
        <Footer/>
    }
    .into_any()
}

#[component]
fn Footer() -> AnyView {
    let t = use_t();
    let settings = use_context::<SiteInfo>().map(|site| site.settings);
    let whatsapp = settings
        .as_ref()
        .filter(|settings| !settings.whatsapp.is_empty())
        .map(|settings| format!("https://wa.me/{}", settings.whatsapp));
    view! {
        <footer class="foot">
            <span>{settings.map(|settings| settings.title.clone())}</span>
            <a href="/terms">{t.terms()}</a>
            <a href="/privacy">{t.privacy()}</a>
            {whatsapp.map(|to| view! { <a href=to rel="noopener"><Icon icon=icons::WHATSAPP/>{t.whatsapp_us()}</a> })}
        </footer>
    }.into_any()
}
