use domain::{Lang, Theme};
use leptos::prelude::*;
use leptos_meta::Title;

use super::viewing::ViewingBanner;
use crate::components::{DoneNotice, Icon, Notice, ServerFn, ShopLogo, Tone, icons};
use crate::context::{SiteInfo, require_admin, use_lang, use_store, use_t, use_theme, use_zone};
use crate::format::date_time;
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
            <ShopLogo/>
            <span>{shop_title()}</span>
        </a>
    }
    .into_any()
}

/// What the shop wants everybody to know, from the settings: its announcement, and when it sells again. Admins see that
/// nobody else is let in.
#[component]
pub(super) fn ShopBanner() -> AnyView {
    let t = use_t();
    let Some(settings) = use_context::<SiteInfo>().map(|site| site.settings) else {
        return ().into_any();
    };
    let banner = settings.banner.clone();
    let banner = (!banner.is_empty()).then(|| view! { <Notice tone=Tone::Info>{banner}</Notice> });
    let opens_at = use_store().ok().and_then(|store| settings.hours.closed_until(store.now()));
    let closed = opens_at.map(|at| {
        let at = date_time(at, use_zone(), use_lang());
        view! { <Notice tone=Tone::Wait>{t.shop_closed_until(at)}</Notice> }
    });
    let maintenance = (settings.maintenance && require_admin().is_ok()).then(|| {
        view! {
            <Notice tone=Tone::Wait>{t.maintenance_on()}" "<a href="/admin/settings">{t.maintenance_switch()}</a></Notice>
        }
    });
    view! { {maintenance}{banner}{closed} }.into_any()
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
