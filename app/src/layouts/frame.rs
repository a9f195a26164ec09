use domain::{Lang, Theme};
use leptos::prelude::*;
use leptos_meta::Title;

use super::viewing::ViewingBanner;
use crate::components::{DoneNotice, Icon, Notice, ServerFn, Tone, icons};
use crate::context::{SiteInfo, use_t, use_theme};
use crate::islands::ThemeToggle;
use crate::page::Screen;
use crate::server_fns::preferences::{SetLang, SetTheme};

/// One entry of a menu.
pub(super) struct Entry {
    pub to: &'static str,
    pub label: &'static str,
    pub icon: icondata_core::Icon,
    pub on: bool,
    /// Shown beside it when above zero.
    pub waiting: i64,
    /// Left out on a phone.
    pub wide_only: bool,
}

/// The shop's name.
pub(super) fn shop_title() -> String {
    use_context::<SiteInfo>().map(|site| site.settings.title.clone()).unwrap_or_default()
}

#[component]
pub(super) fn Brand(to: &'static str) -> AnyView {
    view! {
        <a class="brand" href=to>
            <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
                <rect width="32" height="32" rx="9"/>
                <path d="M9 21.5v-4M14 21.5v-8M19 21.5v-6M24 21.5V9" />
            </svg>
            <span>{shop_title()}</span>
        </a>
    }
    .into_any()
}

/// What the shop wants everybody to know, from the settings.
#[component]
pub(super) fn ShopBanner() -> AnyView {
    let banner = use_context::<SiteInfo>().map(|site| site.settings.banner.clone()).unwrap_or_default();
    (!banner.is_empty()).then(|| view! { <Notice tone=Tone::Info>{banner}</Notice> }).into_any()
}

/// Language and colours: one tap away on every page.
#[component]
pub(super) fn Switches() -> AnyView {
    let t = use_t();
    let other = match t.0 {
        Lang::Id => Lang::En,
        Lang::En => Lang::Id,
    };
    let next = match use_theme() {
        Theme::System => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::System,
    };
    view! {
        <div class="switches">
            <form method="post" action=SetLang::PATH>
                <input type="hidden" name="lang" value=other.as_str()/>
                <button type="submit" class="icon-btn" lang=other.as_str() aria-label=t.other_language()>
                    {other.as_str().to_uppercase()}
                </button>
            </form>
            <ThemeToggle>
                <form method="post" action=SetTheme::PATH>
                    <input type="hidden" name="theme" value=next.as_str()/>
                    <button type="submit" class="icon-btn theme-btn" aria-label=t.change_theme()>
                        <Icon icon=icons::SYSTEM/><Icon icon=icons::SUN/><Icon icon=icons::MOON/>
                    </button>
                </form>
            </ThemeToggle>
        </div>
    }
    .into_any()
}

/// The frame of the signed-in pages: a menu that is a side bar on a desk and tabs (or a row) on a phone, a bar with the
/// heading, and the content.
pub(super) fn framed(
    kind: &'static str,
    menu_label: &'static str,
    menu: Vec<Entry>,
    screen: Screen,
) -> AnyView {
    let t = use_t();
    let Screen { title, back, eyebrow, actions, body } = screen;
    let links = menu.into_iter().map(menu_link).collect_view();
    let back = back.map(|to| {
        view! { <a class="icon-btn" href=to aria-label=t.back()><Icon icon=icons::BACK/></a> }
    });
    view! {
        <Title text=format!("{title} · {}", shop_title())/>
        <a class="skip" href="#main">{t.skip_to_content()}</a>
        <div class=format!("frame {kind}")>
            <nav class="menu" aria-label=menu_label>
                <Brand to="/dashboard"/>
                <ul>{links}</ul>
            </nav>
            <div class="page">
                <ViewingBanner/>
                <header class="bar">
                    {back}
                    <div class="heading">
                        {eyebrow.map(|line| view! { <p class="eyebrow">{line}</p> })}
                        <h1>{title}</h1>
                    </div>
                    {actions}
                    <Switches/>
                </header>
                <main id="main" tabindex="-1">
                    <ShopBanner/>
                    <DoneNotice/>
                    {body}
                </main>
            </div>
        </div>
    }
    .into_any()
}

fn menu_link(entry: Entry) -> impl IntoView {
    let t = use_t();
    let badge = (entry.waiting > 0).then(|| {
        view! { <span class="badge num" aria-label=t.waiting(entry.waiting)>{entry.waiting}</span> }
    });
    view! {
        <li class=entry.wide_only.then_some("wide-only")>
            <a href=entry.to aria-current=entry.on.then_some("page")>
                <Icon icon=entry.icon/><span>{entry.label}</span>{badge}
            </a>
        </li>
    }
}
