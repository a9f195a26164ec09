use domain::{DAY_MS, DepositDayState, Refusal, Rupiah, UtcMillis, Zone, start_of_wib_day};
use leptos::prelude::*;
use store::{BOOK_DAYS, BankAccount, DepositBook, DepositDay, Funding};

use super::parts::Overtaken;
use crate::components::{
    Button, Card, Choice, Empty, Field, Hidden, IdempotencyKey, Input, Look, Money, Notice, Pill, PostForm,
    Select, ServerFn, TextArea, Tone, When, icons,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::book::{RecordFunding, SettleDepositDay};

/// A gateway's deposit, day by day, against our books.
#[component]
pub fn AdminBookPage() -> impl IntoView {
    admin_page(Section::Gateways, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let gateway = cx.param("name").to_owned();
    let states = cx.store.gateway_states().await?;
    if !states.iter().any(|state| state.gateway == gateway) {
        return Err(Refusal::NotFound.into());
    }
    let book = cx.store.deposit_book(&gateway).await?;
    let banks = cx.store.bank_accounts(false).await?;
    let differing = book.days.iter().filter(|day| day.state == DepositDayState::Differs);
    let settle = differing.map(|day| settle(&gateway, day, t)).collect_view();
    let record = if banks.is_empty() {
        view! {
            <Card title=t.funding_title() class="stack">
                <Notice tone=Tone::Info>{t.funding_no_bank()}</Notice>
                <a class="btn btn-ghost" href="/admin/settings?bank=new">{t.funding_no_bank_link()}</a>
            </Card>
        }
        .into_any()
    } else {
        record(&gateway, banks, days_to_choose(&book, cx.store.now(), t), t)
    };
    let fundings = fundings(book.fundings, t);
    let days = days(&book.days, t);
    let body = view! {
        <Overtaken/>
        <p class="muted">{t.book_lead()}</p>
        {settle}
        <Card title=t.book_days()>{days}</Card>
        <div class="columns">
            <div class="stack">{record}</div>
            <div class="stack">{fundings}</div>
        </div>
    };
    Ok(Screen::new(t.book_title(&gateway), body).back("/admin/gateways"))
}

/// Days are the operators' days, whatever zone the admin lives in.
fn date(day: UtcMillis, t: T) -> String {
    format::date(day, Zone::Wib, t.0)
}

fn days(days: &[DepositDay], t: T) -> AnyView {
    if days.is_empty() {
        return view! { <Empty icon=icons::HISTORY text=t.book_none()/> }.into_any();
    }
    let rows = days.iter().map(|day| row(day, t)).collect_view();
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.book_day()}</th>
                    <th scope="col" class="end">{t.book_started()}</th>
                    <th scope="col" class="end">{t.book_paid_in()}</th>
                    <th scope="col" class="end">{t.book_costs()}</th>
                    <th scope="col" class="end">{t.book_refunds()}</th>
                    <th scope="col" class="end">{t.book_ended()}</th>
                    <th scope="col" class="end">{t.book_difference()}</th>
                    <th scope="col">{t.book_state()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(day: &DepositDay, t: T) -> impl IntoView + use<> {
    let tone = match day.state {
        DepositDayState::Base => Tone::Quiet,
        DepositDayState::Agrees => Tone::Ok,
        DepositDayState::Differs => Tone::Bad,
        DepositDayState::Settled => Tone::Info,
    };
    let name = if day.first < day.day {
        t.book_days_span(date(day.first, t), date(day.day, t))
    } else {
        date(day.day, t)
    };
    // The first reading has nothing to be compared with.
    let compared =
        |amount: Rupiah| day.started.map_or_else(|| "–".into_any(), |_| view! { <Money amount/> }.into_any());
    let started = day.started.map_or_else(|| "–".into_any(), |amount| view! { <Money amount/> }.into_any());
    let (low, high) = day.explained;
    let explained = (low != Rupiah::ZERO || high != Rupiah::ZERO)
        .then(|| view! { <div class="muted small">{t.book_explained(low, high)}</div> });
    let unexplained = (day.unexplained != Rupiah::ZERO)
        .then(|| view! { <div class="small"><Money amount=day.unexplained signed=true/></div> });
    let settled = day
        .settled
        .clone()
        .filter(|_| day.state == DepositDayState::Settled)
        .map(|(reason, name)| view! { <div class="muted small">{t.book_settled_by(reason, name)}</div> });
    let (fundings, costs, refunds) = (compared(day.fundings), compared(day.costs), compared(day.refunds));
    let difference = compared(day.difference);
    let (deposit, asked_at) = (day.deposit, day.asked_at);
    view! {
        <tr>
            <td data-label=t.book_day()><strong>{name}</strong></td>
            <td data-label=t.book_started() class="end">{started}</td>
            <td data-label=t.book_paid_in() class="end">{fundings}</td>
            <td data-label=t.book_costs() class="end">{costs}</td>
            <td data-label=t.book_refunds() class="end">{refunds}</td>
            <td data-label=t.book_ended() class="end">
                <div><Money amount=deposit/><div class="muted small">{t.book_read_at()}" "<When at=asked_at plain=true/></div></div>
            </td>
            <td data-label=t.book_difference() class="end"><div>{difference}{explained}</div></td>
            <td data-label=t.book_state()>
                <div><Pill tone text=t.deposit_day_state(day.state)/>{unexplained}{settled}</div>
            </td>
        </tr>
    }
}

fn settle(gateway: &str, day: &DepositDay, t: T) -> impl IntoView + use<> {
    let (gateway, at, seen) = (gateway.to_owned(), day.day.0.to_string(), day.unexplained);
    let words = if seen.is_positive() {
        t.book_settle_more(seen)
    } else {
        t.book_settle_less(seen.checked_neg().unwrap_or(seen))
    };
    view! {
        <Card title=t.book_settle_title(date(day.day, t)) class="stack">
            <Notice tone=Tone::Bad>{words}</Notice>
            <p class="muted">{t.book_settle_funding()}</p>
            <PostForm action=SettleDepositDay::PATH key=format!("-{at}")>
                <Hidden name="gateway" value=gateway/>
                <Hidden name="day" value=at/>
                <Hidden name="seen" value=seen.get().to_string()/>
                <TextArea name="reason" label=t.book_settle_reason() hint=t.book_settle_reason_hint()/>
                <Button look=Look::Ghost>{t.book_settle()}</Button>
            </PostForm>
        </Card>
    }
}

/// Today, the days of the table, and the time before it. Without a reading everything was paid before the first one.
fn days_to_choose(book: &DepositBook, now: UtcMillis, t: T) -> Vec<Choice> {
    let today = start_of_wib_day(now);
    let choice = |day: UtcMillis, label: String| Choice::new(day.0.to_string(), label);
    let Some(first) = book.first_day else {
        return vec![choice(today.plus_ms(-DAY_MS), t.funding_before().to_owned())];
    };
    let oldest = today.plus_ms(-BOOK_DAYS * DAY_MS).max(first.plus_ms(DAY_MS));
    let listed = book.days.iter().filter(|day| day.day >= oldest);
    let listed = listed.map(|day| choice(day.day, date(day.day, t)));
    std::iter::once(choice(today, t.funding_today().to_owned()))
        .chain(listed)
        .chain(std::iter::once(choice(first, t.funding_before().to_owned())))
        .collect()
}

fn record(gateway: &str, banks: Vec<BankAccount>, days: Vec<Choice>, t: T) -> AnyView {
    let gateway = gateway.to_owned();
    let banks = banks
        .into_iter()
        .map(|bank| Choice::new(bank.id.to_string(), format!("{} {}", bank.bank, bank.number)))
        .collect();
    let kinds = vec![Choice::new("add", t.funding_in()), Choice::new("take", t.funding_back())];
    view! {
        <Card title=t.funding_title()>
            <p class="muted">{t.funding_lead()}</p>
            <PostForm action=RecordFunding::PATH>
                <IdempotencyKey/>
                <Hidden name="gateway" value=gateway/>
                <Select name="direction" label=t.funding_kind() choices=kinds/>
                <Select name="bank_account" label=t.funding_bank() choices=banks/>
                <Field name="amount" label=t.funding_amount() input=Input::Digits/>
                <Select name="day" label=t.funding_day() choices=days/>
                <Field name="note" label=t.funding_note() hint=t.funding_note_hint()/>
                <Button class="wide">{t.funding_save()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn fundings(fundings: Vec<Funding>, t: T) -> impl IntoView {
    let row = |funding: Funding| {
        view! {
            <li class="spread">
                <div>
                    <strong>{date(funding.day, t)}</strong>" "{funding.bank}
                    <div class="muted small">{funding.note}" · "{funding.by}" · "<When at=funding.at plain=true/></div>
                </div>
                <Money amount=funding.amount signed=true/>
            </li>
        }
    };
    let body = if fundings.is_empty() {
        view! { <Empty icon=icons::INBOX text=t.funding_none()/> }.into_any()
    } else {
        view! { <ul class="rows">{fundings.into_iter().map(row).collect_view()}</ul> }.into_any()
    };
    view! { <Card title=t.funding_list()>{body}</Card> }
}
