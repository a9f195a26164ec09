use leptos::prelude::*;
use leptos_meta::Meta;
use store::{Package, PackageFilter, ShopSettings};

use crate::components::{Card, Icon, Money, icons};
use crate::error::AppError;
use crate::i18n::T;
use crate::page::{Screen, Visitor, public_page};

/// Enough to give an idea, few enough for one screen.
const PACKAGES_SHOWN: usize = 6;

/// What this shop is.
#[component]
pub fn LandingPage() -> impl IntoView {
    public_page(load)
}

async fn load(cx: Visitor) -> Result<Screen, AppError> {
    let t = cx.t;
    let filter = PackageFilter { only_active: true, ..PackageFilter::default() };
    let packages = cx.store.packages(filter).await?;
    let start = match (&cx.user, cx.site.settings.signup_open) {
        (Some(_), _) => {
            view! { <a class="btn btn-light" href="/dashboard">{t.landing_to_dashboard()}</a> }.into_any()
        }
        (None, true) => {
            view! { <a class="btn btn-light" href="/register">{t.landing_start()}</a> }.into_any()
        }
        (None, false) => ().into_any(),
    };
    let sign_in =
        cx.user.is_none().then(|| view! { <a class="btn btn-glass" href="/login">{t.sign_in()}</a> });
    let settings = cx.site.settings.clone();
    let body = view! {
        <Meta property="og:title" content=settings.title.clone()/>
        <Meta property="og:description" content=settings.tagline.clone()/>
        <Meta property="og:image" content=format!("{}/og.svg", cx.site.public_url)/>
        <section class="hero landing-hero">
            <h1>{t.landing_title()}</h1>
            <p>{t.landing_lead()}</p>
            <div class="hero-actions">{start}{sign_in}</div>
            <svg class="hero-art" viewBox="0 0 32 32" aria-hidden="true">
                <path d="M6 24v-3M13 24v-8M20 24v-12M27 24V6"/>
            </svg>
        </section>
        <section class="stack" aria-labelledby="how">
            <h2 id="how">{t.landing_how()}</h2>
            <ol class="grid-3 how">
                <li class="card"><Icon icon=icons::WALLET/><h3>{t.landing_step1()}</h3><p>{t.landing_step1_text()}</p></li>
                <li class="card"><Icon icon=icons::SIM/><h3>{t.landing_step2()}</h3><p>{t.landing_step2_text()}</p></li>
                <li class="card"><Icon icon=icons::BOLT/><h3>{t.landing_step3()}</h3><p>{t.landing_step3_text()}</p></li>
            </ol>
        </section>
        {some_packages(&packages, t)}
        <Card title=t.landing_honest()>
            <ul class="plain">
                <li><Icon icon=icons::CHECK/>{t.landing_honest1()}</li>
                <li><Icon icon=icons::CHECK/>{t.landing_honest2()}</li>
                <li><Icon icon=icons::INFO/>{t.landing_honest3()}</li>
            </ul>
        </Card>
        {contact(&cx.site.settings, t)}
    };
    Ok(Screen::new("", body))
}

fn some_packages(packages: &[Package], t: T) -> impl IntoView + use<> {
    // Spread over the list, so that the cheap and the large ones are both there.
    let step = packages.len().div_ceil(PACKAGES_SHOWN).max(1);
    let cards = packages
        .iter()
        .filter(|package| !package.disturbed)
        .step_by(step)
        .map(|package| {
            view! {
                <li class="card package">
                    <div>
                        <div class="quota">{package.quota.clone()}<small>" · " {t.validity(package.validity_days)}</small></div>
                        <div class="muted">{package.name.clone()}</div>
                        {package.owner_from.map(|amount| view! { <div class="small num">{t.owner_plus(amount)}</div> })}
                    </div>
                    <div class="price"><Money amount=package.prices.member/></div>
                </li>
            }
        })
        .collect_view();
    (!packages.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="packages">
                <h2 id="packages">{t.landing_packages()}</h2>
                <ul class="grid-3">{cards}</ul>
                <p class="muted">{t.landing_packages_note()}</p>
            </section>
        }
    })
}

/// How to reach the people behind the shop, as far as they have said.
pub(super) fn contact(settings: &ShopSettings, t: T) -> impl IntoView + use<> {
    let whatsapp = (!settings.whatsapp.is_empty()).then(|| format!("https://wa.me/{}", settings.whatsapp));
    let mail = (!settings.contact_email.is_empty()).then(|| settings.contact_email.clone());
    (whatsapp.is_some() || mail.is_some()).then(|| {
        view! {
            <section class="contact">
                <h2>{t.contact_us()}</h2>
                {whatsapp.map(|to| view! {
                    <a class="btn btn-ghost" href=to rel="noopener"><Icon icon=icons::WHATSAPP/>{t.whatsapp_us()}</a>
                })}
                {mail.map(|mail| view! { <a href=format!("mailto:{mail}")>{mail.clone()}</a> })}
            </section>
        }
    })
}
