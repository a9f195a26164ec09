//! What several of the member's pages show.

use domain::{Refusal, Role, UtcMillis};
use http::StatusCode;
use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use store::{FormDraft, Purchase, ShopSettings, User, Viewer};

use super::buy::AGAIN;
use super::number::NAME;
use crate::components::{Icon, Money, Notice, PurchasePill, Tone, icons};
use crate::context::{use_lang, use_store, use_t, use_zone};
use crate::format::{self, address};
use crate::i18n::T;

/// What this user may see: their own, and admins everything.
pub const fn viewer(user: &User) -> Viewer {
    match user.role {
        Role::Admin => Viewer::Admin,
        Role::Member | Role::Reseller => Viewer::Owner(user.id),
    }
}

/// The status for an address that asks for something wrong.
pub fn answer_unprocessable() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
    }
}

/// Why a form that led back to this page was refused. For pages whose forms may be gone by then, because the state that
/// allowed them has passed.
pub fn page_refusal() -> Option<Refusal> {
    use_context::<FormDraft>()
        .or_else(|| use_context::<Parts>().and_then(|parts| parts.extensions.get::<FormDraft>().cloned()))
        .map(|draft| draft.refusal)
}

/// Says why the page's form was refused.
#[component]
pub fn RefusalNotice(
    /// Why.
    refusal: Option<Refusal>,
) -> AnyView {
    let t = use_t();
    refusal.map(|refusal| view! { <Notice tone=Tone::Bad>{t.refusal(&refusal)}</Notice> }).into_any()
}

/// The time of day when it was today, else the day: for lists, where room is short.
#[component]
pub fn ShortTime(
    /// The moment.
    at: UtcMillis,
) -> AnyView {
    let (lang, zone) = (use_lang(), use_zone());
    let today = use_store().is_ok_and(|store| at >= format::start_of_day(store.now(), zone));
    let shown = if today { format::time_of_day(at, zone, lang) } else { format::date(at, zone, lang) };
    view! { <time class="num nowrap" datetime=format::iso(at) title=format::date_time(at, zone, lang)>{shown}</time> }
        .into_any()
}

/// Where the same package is bought for the same number again.
pub fn again_address(purchase: &Purchase) -> String {
    let package = format!("/buy/{}", purchase.package.as_str());
    address(&package, &[(NAME, &purchase.msisdn.local()), (AGAIN, "1")])
}

/// The same, in a list, where there is more than one. While a purchase is open nothing invites to buy it again.
#[component]
pub fn Again<'p>(
    /// The purchase.
    purchase: &'p Purchase,
) -> AnyView {
    let t = use_t();
    purchase
        .state
        .is_settled()
        .then(|| {
            let label = t.buy_again_of(&purchase.package_name, purchase.msisdn.display());
            view! { <a class="again" href=again_address(purchase) aria-label=label>{t.buy_again()}</a> }
        })
        .into_any()
}

/// A purchase as an entry of a short list.
#[component]
pub fn PurchaseRow(
    /// The purchase.
    purchase: Purchase,
) -> AnyView {
    let again = view! { <Again purchase=&purchase/> };
    let to = format!("/transactions/{}", purchase.id.as_str());
    view! {
        <li class="purchase">
            <span class="avatar num" aria-hidden="true">{sign(&purchase.quota)}</span>
            <span class="grow">
                <strong><a class="stretched" href=to>{purchase.package_name}</a></strong>
                <small class="muted num">{purchase.msisdn.display()} " · " <ShortTime at=purchase.created_at/></small>
                {again}
            </span>
            <span class="side">
                <strong><Money amount=purchase.price/></strong>
                <PurchasePill state=purchase.state/>
            </span>
        </li>
    }
    .into_any()
}

/// The number of gigabytes, or a box.
fn sign(quota: &str) -> AnyView {
    let number: String = quota.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    if number.is_empty() || number.len() > 4 {
        view! { <Icon icon=icons::PACKAGE/> }.into_any()
    } else {
        number.into_any()
    }
}

/// Whom to ask, and which number to name.
pub fn help(settings: &ShopSettings, id: &str, t: T) -> AnyView {
    let text = t.help_text(id);
    let whatsapp = (!settings.whatsapp.is_empty())
        .then(|| address(&format!("https://wa.me/{}", settings.whatsapp), &[("text", &text)]));
    let mail = (!settings.contact_email.is_empty()).then(|| settings.contact_email.clone());
    let name = (!settings.contact_name.is_empty()).then(|| format!(" ({})", settings.contact_name));
    view! {
        <section class="help">
            <p class="muted small"><strong>{t.need_help()}</strong> " " {t.need_help_say(id)} {name}</p>
            <div class="contact">
                {whatsapp.map(|to| view! {
                    <a class="btn btn-ghost btn-sm" href=to rel="noopener"><Icon icon=icons::WHATSAPP/>{t.whatsapp_us()}</a>
                })}
                {mail.map(|mail| view! { <a href=format!("mailto:{mail}")>{mail.clone()}</a> })}
            </div>
        </section>
    }
    .into_any()
}
