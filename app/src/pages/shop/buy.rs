use domain::{Benefit, Msisdn, Refusal, Rupiah};
use leptos::prelude::*;
use store::{OwnerWay, Package, SavedNumber, ShopSettings, Wallet};

use super::number::{NAME, NumberForm, Wanted};
use super::owner::{OwnerWays, Ways, from_owner, sign_in_first, ways};
use super::packages::GONE;
use super::parts::{RefusalNotice, answer_unprocessable, page_refusal};
use crate::components::{
    Button, Card, Fact, Facts, Hidden, IdempotencyKey, Money, Notice, PostForm, ServerFn, Tone, use_form,
};
use crate::context::{use_prefixes, use_store, use_t};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::islands::check::Kind;
use crate::layouts::Tab;
use crate::page::{Member, Screen, go_to, member_page};
use crate::pages::saved::parts::NumberChips;
use crate::server_fns::shop::PlacePurchase;

const NUMBERS: i64 = 6;
/// In the address, when the package was bought for this number before.
pub(super) const AGAIN: &str = "again";

/// Confirms a purchase.
#[component]
pub fn BuyPage() -> impl IntoView {
    member_page(Tab::Packages, load)
}

/// An order that only needs a yes.
struct Order {
    package: Package,
    number: Msisdn,
    price: Rupiah,
    wallet: Wallet,
    /// How the number's owner can pay; empty where the shop's deposit pays.
    ways: Vec<OwnerWay>,
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let id = cx.id("package")?;
    let package = cx.store.package(&id).await?.ok_or(Refusal::NotFound)?;
    let wanted = Wanted::for_brand(&cx, &package.brand);
    if wanted.error.is_some() {
        answer_unprocessable();
    }
    let back = address("/packages", &[(NAME, &wanted.local())]);
    let price = package.prices.for_role(cx.user.role);
    let unpriced = package.by_owner && package.owner_from.is_none();
    let closed = if !package.active || unpriced {
        Some(Refusal::PackageClosed)
    } else if !cx.site.settings.sales_open {
        Some(Refusal::SalesStopped)
    } else {
        cx.site.settings.hours.closed_until(cx.now).map(|opens_at| Refusal::OutsideHours { opens_at })
    };
    if (!package.active || unpriced) && wanted.number.is_some() && cx.query(AGAIN) == "1" {
        // Nothing to confirm: the number is what one came for.
        go_to(&address(&back, &[(GONE, "1")]));
    }
    let body = match (closed, wanted.number.clone()) {
        (Some(why), _) => cannot(&package, price, &why, &back, t),
        (None, None) => {
            let recent = cx.store.recent_numbers(cx.user.id, NUMBERS).await?;
            let saved = cx.store.saved_numbers(cx.user.id, "").await?;
            let [recent, saved] = [recent, saved].map(|numbers| of_brand(numbers, &package.brand));
            ask_number(&package, price, wanted, (recent, saved), t)
        }
        (None, Some(number)) => {
            let wallet = cx.store.wallet(cx.user.id).await?;
            let ways = ways(&cx, &package, &number).await?;
            let (ways, may_buy) = match ways {
                Ways::None => (Vec::new(), true),
                Ways::Some(ways) => (ways, true),
                Ways::SignInFirst => (Vec::new(), false),
            };
            let order = Order { package, number, price, wallet, ways };
            if may_buy { confirm(order, &cx.site.settings, t) } else { sign_in(&order, t) }
        }
    };
    let body = view! { <div class="narrow stack">{body}</div> };
    Ok(Screen::new(t.confirm_title(), body).back(back))
}

fn cannot(package: &Package, price: Rupiah, why: &Refusal, back: &str, t: T) -> AnyView {
    let (why, back) = (t.refusal(why), back.to_owned());
    view! {
        <Notice tone=Tone::Bad>{why}</Notice>
        {about(package, price, t)}
        <a class="btn btn-primary" href=back>{t.other_package()}</a>
    }
    .into_any()
}

/// Only such as the package can go to.
fn of_brand(numbers: Vec<SavedNumber>, brand: &str) -> Vec<SavedNumber> {
    let prefixes = use_prefixes();
    let fits = |number: &SavedNumber| {
        prefixes.operator(&number.msisdn).is_some_and(|operator| operator.name() == brand)
    };
    numbers.into_iter().filter(fits).collect()
}

fn ask_number(
    package: &Package,
    price: Rupiah,
    wanted: Wanted,
    (recent, saved): (Vec<SavedNumber>, Vec<SavedNumber>),
    t: T,
) -> AnyView {
    let action = format!("/buy/{}", package.id.as_str());
    view! {
        <Card title=t.whose_number()>
            <NumberForm action=action.clone() wanted label=t.destination_number() saved=saved.clone()/>
            <NumberChips action recent saved/>
        </Card>
        {about(package, price, t)}
    }
    .into_any()
}

/// The package, before the number is known.
fn about(package: &Package, price: Rupiah, t: T) -> AnyView {
    let apart = package.owner_from.map(|amount| {
        view! { <Fact label=t.from_owner()><Money amount/></Fact> }
    });
    let package = package_facts(package, t);
    view! {
        <Card>
            <Facts>
                {package}
                <Fact label=t.your_price()><Money amount=price/></Fact>
                {apart}
            </Facts>
        </Card>
    }
    .into_any()
}

fn package_facts(package: &Package, t: T) -> AnyView {
    let name = package.name.clone();
    let benefits = Benefit::read_all(&package.benefits).into_iter().map(|benefit| {
        let label = if benefit.is_bonus { t.bonus(benefit.name) } else { benefit.name };
        let amount = if benefit.amount.is_empty() { "✓".to_owned() } else { benefit.amount };
        view! { <Fact label=label>{amount}</Fact> }
    });
    let benefits = benefits.collect_view();
    let contents = format!("{} · {} · {}", package.brand, package.quota, t.validity(package.validity_days));
    view! {
        <Fact label=t.package_word()>{name}</Fact>
        <Fact label=t.contents()>{contents}</Fact>
        {benefits}
    }
    .into_any()
}

/// The number has to be signed in before it can be bought for.
fn sign_in(order: &Order, t: T) -> AnyView {
    view! {
        {to_whom(order, t)}
        {about(&order.package, order.price, t)}
        {sign_in_first(&order.package, &order.number, t)}
    }
    .into_any()
}

fn confirm(order: Order, settings: &ShopSettings, t: T) -> AnyView {
    let before = order.wallet.available;
    let after = before.checked_sub(order.price).unwrap_or(before);
    let shortfall = after.checked_neg().filter(|missing| missing.is_positive());
    let package = package_facts(&order.package, t);
    let price = shortfall.map(|_| {
        let price = order.price;
        view! { <Fact label=t.your_price()><Money amount=price/></Fact> }
    });
    let change = shortfall.is_none().then(|| {
        view! { " " <span aria-hidden="true">"→"</span> <span class="visually-hidden">{t.becomes()}</span> " " <Money amount=after/> }
    });
    let facts = view! {
        {to_whom(&order, t)}
        <Card>
            <Facts>
                {package}
                {price}
                <Fact label=t.balance()><Money amount=before/>{change}</Fact>
            </Facts>
        </Card>
    }
    .into_any();
    match shortfall {
        Some(missing) => {
            // The form is gone with the balance that sufficed for the price of before.
            let dearer = page_refusal().filter(|refusal| matches!(refusal, Refusal::PriceChanged { .. }));
            view! { <RefusalNotice refusal=dearer/> {facts} {top_up(&order, missing, settings, t)} }
                .into_any()
        }
        None => {
            let Order { package, number, price, ways, .. } = order;
            view! {
                <PostForm action=PlacePurchase::PATH checks=vec![Kind::Phone]>
                    {facts}
                    {(!ways.is_empty()).then(|| view! { <OwnerWays ways=ways.clone()/> })}
                    <Hidden name="package" value=package.id.as_str()/>
                    <Hidden name="msisdn" value=number.local()/>
                    // The price of now: after a change, sending the form again agrees to the new one.
                    <Hidden name="agreed_price" value=price.get().to_string()/>
                    <Notice tone=Tone::Info>{t.held_briefly()}</Notice>
                    <BuyButton price ways/>
                </PostForm>
            }
            .into_any()
        }
    }
}

fn to_whom(order: &Order, t: T) -> AnyView {
    let operator = use_prefixes().operator(&order.number).map(domain::Operator::name);
    let other = format!("/buy/{}", order.package.id.as_str());
    let description = order.package.description.clone();
    view! {
        <section class="card center">
            <p class="muted small">{t.destination_number()}</p>
            <p class="big num">{order.number.display()}</p>
            <p><span class="pill info">{operator}</span> " " <a class="btn btn-plain" href=other>{t.change_number()}</a></p>
            <p class="muted small">{description}</p>
        </section>
    }
    .into_any()
}

/// The one thing to do: top up exactly what is missing, and come back to this order.
fn top_up(order: &Order, missing: Rupiah, settings: &ShopSettings, t: T) -> AnyView {
    let amount = missing.max(settings.topup_min);
    let here = address(&format!("/buy/{}", order.package.id.as_str()), &[(NAME, &order.number.local())]);
    let to = address("/topup", &[("amount", &amount.get().to_string()), ("next", &here)]);
    view! {
        <Notice tone=Tone::Bad><strong>{t.short_of(missing)}</strong> " " {t.short_lead()}</Notice>
        <a class="btn btn-primary" href=to>{t.top_up_amount(amount)}</a>
    }
    .into_any()
}

/// The button, and the key that makes the order unique. After "you bought this a moment ago" it asks for a second one,
/// under a new key.
#[component]
fn BuyButton(price: Rupiah, ways: Vec<OwnerWay>) -> AnyView {
    let t = use_t();
    let form = use_form();
    let label = if ways.is_empty() { t.your_price() } else { t.from_balance() };
    let apart = (!ways.is_empty()).then(|| from_owner(&ways, t));
    let number_error = form.error("msisdn").map(|code| t.field_code(code));
    let again = matches!(form.refusal(), Some(Refusal::BoughtJustNow { .. }));
    let key = if again {
        let key = use_store().map(|store| store.random_token()).unwrap_or_default();
        view! { <Hidden name="buy_again" value="1"/><Hidden name="key" value=key/> }.into_any()
    } else {
        view! { <IdempotencyKey/> }.into_any()
    };
    view! {
        {key}
        {number_error.map(|error| view! { <p class="error">{error}</p> })}
        <div class="sticky stack tight">
            <p class="spread"><span class="muted">{label}</span><strong class="figure"><Money amount=price/></strong></p>
            {apart}
            <Button class="wide">{if again { t.buy_again() } else { t.buy_now() }}</Button>
        </div>
    }
    .into_any()
}
