use domain::{Lang, Rupiah, TopupLimits};
use leptos::prelude::*;
use store::{BankAccount, Page, Topup, TopupFilter};

use crate::components::{
    Button, Card, Empty, Field, Hidden, IdempotencyKey, Input, Money, Notice, Pager, PostForm, ServerFn,
    Tone, TopupPill, When, icons, use_form,
};
use crate::context::{local_path, use_t};
use crate::error::AppError;
use crate::format::count;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::server_fns::topup::{OTHER_AMOUNT, RequestTopup};

/// Amounts at one tap.
const PRESETS: [i64; 5] = [25_000, 50_000, 100_000, 200_000, 500_000];
const ON_A_PAGE: i64 = 10;

/// Asks for a top-up; the user's own ones.
#[component]
pub fn TopupPage() -> impl IntoView {
    member_page(Tab::TopUp, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let after = cx.query("after").to_owned();
    let inside = !after.is_empty();
    let accounts = cx.store.bank_accounts(true).await?;
    let filter = TopupFilter {
        buyer: Some(cx.user.id),
        after: inside.then_some(after),
        limit: ON_A_PAGE,
        ..TopupFilter::default()
    };
    let Page { items, next } = cx.store.topups(filter).await?;
    let limits = cx.site.settings.topup_limits();
    let form = if accounts.is_empty() {
        view! { <Card><Empty icon=icons::BANK text=t.topup_no_account()/></Card> }.into_any()
    } else {
        form(accounts, limits, wanted(&cx, limits), local_path(cx.query("next")), t)
    };
    let body = view! {
        <div class="columns">
            {form}
            <div class="stack">
                {own(items, t)}
                <Pager base="/topup" next inside/>
            </div>
        </div>
    };
    Ok(Screen::new(t.topup_title(), body))
}

/// The amount that another page asks for, such as what an order lacks; never below what can be topped up.
fn wanted(cx: &Member, limits: TopupLimits) -> Option<Rupiah> {
    let asked: Rupiah = cx.query("amount").parse().ok()?;
    Some(asked.max(limits.min))
}

fn form(
    accounts: Vec<BankAccount>,
    limits: TopupLimits,
    wanted: Option<Rupiah>,
    next: Option<&str>,
    t: T,
) -> AnyView {
    let next = next.unwrap_or_default().to_owned();
    let order =
        next.starts_with("/buy/").then(|| view! { <Notice tone=Tone::Info>{t.topup_for_order()}</Notice> });
    view! {
        <Card>
            <PostForm action=RequestTopup::PATH>
                <p class="muted">{t.topup_lead()}</p>
                {order}
                <IdempotencyKey/>
                <Hidden name="next" value=next/>
                <Amounts limits wanted/>
                <Accounts accounts/>
                <Button class="wide">{t.topup_request()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// Chips, and a field for any other amount. The field shows with its own chip, so that a chip and a typed amount cannot
/// contradict each other.
#[component]
fn Amounts(limits: TopupLimits, wanted: Option<Rupiah>) -> AnyView {
    let t = use_t();
    let form = use_form();
    let presets: Vec<_> = PRESETS
        .into_iter()
        .map(Rupiah::new)
        .filter(|amount| (limits.min..=limits.max).contains(amount))
        .collect();
    let typed = wanted.filter(|amount| !presets.contains(amount));
    let chosen = if form.refusal().is_some() {
        // Nothing chosen is a mistake whose text stands below the field.
        form.value("preset").or_else(|| Some(OTHER_AMOUNT.to_owned()))
    } else {
        match wanted {
            Some(_) if typed.is_some() => Some(OTHER_AMOUNT.to_owned()),
            Some(amount) => Some(amount.get().to_string()),
            None => None,
        }
    };
    let chip = |value: String, label: String| {
        let checked = chosen.as_deref() == Some(value.as_str());
        view! { <label class="chip num"><input type="radio" name="preset" value=value checked=checked/>{label}</label> }
    };
    let chips =
        presets.iter().map(|amount| chip(amount.get().to_string(), amount.to_string())).collect_view();
    let other = chip(OTHER_AMOUNT.to_owned(), t.topup_other_amount().to_owned());
    // As amounts are written in Indonesia, whatever the language: so they are read, too.
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

/// The shop's accounts as large radio buttons.
#[component]
fn Accounts(accounts: Vec<BankAccount>) -> AnyView {
    let t = use_t();
    let form = use_form();
    let first = accounts.first().map(|account| account.id.to_string());
    let chosen = form.value("bank_account").or(first);
    let error = form.error("bank_account").map(|code| t.field_code(code));
    let cards = accounts
        .into_iter()
        .map(|account| {
            let value = account.id.to_string();
            let checked = chosen.as_deref() == Some(value.as_str());
            view! {
                <label class="choice">
                    <input type="radio" name="bank_account" value=value checked=checked/>
                    <span class="grow">
                        <strong>{account.bank}</strong>
                        <small class="muted num">{account.number} " · " {t.topup_in_name_of(account.holder)}</small>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="accounts">
            <legend>{t.topup_which_account()}</legend>
            {cards}
            <p class="error" aria-live="polite">{error}</p>
        </fieldset>
    }
    .into_any()
}

fn own(items: Vec<Topup>, t: T) -> AnyView {
    if items.is_empty() {
        return view! { <Card title=t.topup_own()><Empty icon=icons::INBOX text=t.topup_none_yet()/></Card> }
            .into_any();
    }
    let rows = items
        .into_iter()
        .map(|topup| {
            let to = format!("/topup/{}", topup.id.as_str());
            let amount = topup.credited.unwrap_or(topup.payable);
            view! {
                <li>
                    <a class="row purchase" href=to>
                        <span class="grow">
                            <strong><Money amount/></strong>
                            <small class="muted">{topup.bank.bank} " · " <When at=topup.created_at/></small>
                        </span>
                        <span class="side"><TopupPill state=topup.state/></span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <Card title=t.topup_own()><ul class="rows">{rows}</ul></Card> }.into_any()
}
