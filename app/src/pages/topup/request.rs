use domain::{Lang, Refusal, Rupiah, TopupLimits};
use leptos::context::Provider;
use leptos::prelude::*;
use store::{Page, Topup, TopupFilter};

use super::list::Latest;
use super::ways::{Asked, SUMMARY_PAGE, Way, WayChoices};
use crate::components::{
    Button, Card, Empty, Field, FormNotice, FormState, Hidden, Input, Notice, Tone, icons, use_form,
};
use crate::context::use_t;
use crate::error::AppError;
use crate::format::count;
use crate::i18n::T;
use crate::islands::FormGuard;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::pages::shop::parts::answer_unprocessable;
use crate::server_fns::topup::OTHER_AMOUNT;

/// Amounts at one tap.
const PRESETS: [i64; 5] = [25_000, 50_000, 100_000, 200_000, 500_000];
const LATEST: i64 = 5;

/// How much and how to top up; the user's latest ones.
#[component]
pub fn TopupPage() -> impl IntoView {
    member_page(Tab::TopUp, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let ways = Way::all(&cx.store).await?;
    let filter = TopupFilter { buyer: Some(cx.user.id), limit: LATEST, ..TopupFilter::default() };
    let Page { items, next } = cx.store.topups(filter).await?;
    let asked = Asked::of(&cx);
    let form = if ways.is_empty() {
        view! { <Card><Empty icon=icons::WALLET text=t.topup_no_way()/></Card> }.into_any()
    } else {
        let wrong = if asked.again { asked.check(&ways).err() } else { None };
        if wrong.is_some() {
            answer_unprocessable();
        }
        form(ways, asked, wrong, t)
    };
    Ok(Screen::new(t.topup_title(), page(form, items, next.is_some(), t)))
}

fn page(form: AnyView, items: Vec<Topup>, more: bool, t: T) -> AnyView {
    view! {
        <div class="columns">
            <div class="stack">{form}</div>
            <div class="stack"><Latest items more t/></div>
        </div>
    }
    .into_any()
}

/// A form that only asks for another page: nothing is changed by it, so it is sent with GET and its values stand in the
/// address.
fn form(ways: Vec<Way>, asked: Asked, wrong: Option<Refusal>, t: T) -> AnyView {
    let order = asked
        .next
        .starts_with("/buy/")
        .then(|| view! { <Notice tone=Tone::Info>{t.topup_for_order()}</Notice> });
    let limits = widest(&ways);
    let next = (!asked.next.is_empty()).then(|| view! { <Hidden name="next" value=asked.next.clone()/> });
    let state = wrong.map_or_else(FormState::default, |wrong| {
        FormState::of_address(vec![("amount".to_owned(), asked.amount.clone())], wrong)
    });
    let wanted = asked.method.clone();
    view! {
        <Card>
            <Provider value=state>
                <FormGuard texts=Vec::new()>
                    <form method="get" action=SUMMARY_PAGE class="stack" novalidate>
                        <FormNotice/>
                        {order}
                        {next}
                        <Amounts limits asked=asked/>
                        <WayChoices ways wanted/>
                        // The ways are longer than a phone: the way on stays at the thumb.
                        <div class="sticky"><Button class="wide">{t.topup_go_on()}</Button></div>
                    </form>
                </FormGuard>
            </Provider>
        </Card>
    }
    .into_any()
}

/// The least and the most that any way takes.
fn widest(ways: &[Way]) -> TopupLimits {
    let min = ways.iter().map(|way| way.method.limits.min).min().unwrap_or_default();
    let max = ways.iter().map(|way| way.method.limits.max).max().unwrap_or_default();
    TopupLimits { min, max }
}

/// Chips, and a field for any other amount. The field shows with its own chip, so that a chip and a typed amount cannot
/// contradict each other.
#[component]
fn Amounts(limits: TopupLimits, asked: Asked) -> AnyView {
    let t = use_t();
    let wrong = use_form().error("amount").is_some();
    let presets: Vec<_> = PRESETS
        .into_iter()
        .map(Rupiah::new)
        .filter(|amount| (limits.min..=limits.max).contains(amount))
        .collect();
    // What another page asks for, such as what an order lacks; never below what can be topped up.
    let wanted = asked.amount.parse::<Rupiah>().ok().map(|amount| amount.max(limits.min));
    let tapped = wanted.filter(|amount| !wrong && presets.contains(amount));
    let chosen = match (tapped, wanted) {
        (Some(amount), _) => Some(amount.get().to_string()),
        // A mistake stands below the field, also when nothing was chosen.
        (None, wanted) if wrong || wanted.is_some() => Some(OTHER_AMOUNT.to_owned()),
        (None, _) => None,
    };
    let chip = |value: String, label: String| {
        let checked = chosen.as_deref() == Some(value.as_str());
        view! { <label class="chip num"><input type="radio" name="preset" value=value checked=checked/>{label}</label> }
    };
    let chips =
        presets.iter().map(|amount| chip(amount.get().to_string(), amount.to_string())).collect_view();
    let other = chip(OTHER_AMOUNT.to_owned(), t.topup_other_amount().to_owned());
    // As amounts are written in Indonesia, whatever the language: so they are read, too.
    let typed = wanted.filter(|_| tapped.is_none());
    let value = typed.map(|amount| count(amount.get(), Lang::Id)).unwrap_or_default();
    view! {
        <fieldset class="amounts">
            <legend>{t.topup_how_much()}</legend>
            <div class="chips wrap">{chips}{other}</div>
            <div class="other">
                <Field name="amount" label=t.topup_amount() hint=t.topup_limits(limits.min, limits.max) value
                    input=Input::Digits placeholder="50.000"/>
            </div>
        </fieldset>
    }
    .into_any()
}
