use domain::{DAY_MS, PayDialect, Refusal, UtcMillis, Zone, start_of_wib_day};
use leptos::prelude::*;
use store::{BankAccount, DayLine, DayReport, ListState, PayGatewaySetting, source_of_gateway};

use crate::components::{
    Button, Card, Choice, Empty, Field, Hidden, IdempotencyKey, Input, Kpi, Live, Look, Money, Notice, Pill,
    PostForm, Select, ServerFn, Tone, When, icons,
};
use crate::error::AppError;
use crate::format::{self, address};
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::pay_day::{RecordPayout, WantList, day_page};
use crate::server_fns::admin::payments::PAGE;
use crate::server_fns::admin::statements::statements_page;
use crate::wib_day;

/// Lines that the page shows; the CSV has all of them.
const SHOWN_MOST: usize = 200;

/// A payment gateway's day: our ledger beside its own list.
#[component]
pub fn AdminPayDayPage() -> impl IntoView {
    admin_page(Section::Payments, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let gateway = cx.param("name").to_owned();
    let setting = cx.store.pay_gateways().await?.into_iter().find(|setting| setting.name == gateway);
    let setting = setting.ok_or(Refusal::NotFound)?;
    let today = start_of_wib_day(cx.now);
    // Yesterday is the last whole day.
    let day = wib_day::parse(cx.query("day")).filter(|day| *day <= today);
    let day = day.unwrap_or_else(|| today.plus_ms(-DAY_MS));
    let report = cx.store.pay_day(&gateway, day).await?;
    let banks = cx.store.bank_accounts(false).await?;
    let title = t.pay_day_title(&gateway, format::date(day, Zone::Wib, t.0));
    let live = report.list.due.then(|| view! { <Live url="/events/payments" state="due" refresh_s=10/> });
    let (figures, list) = (figures(&report, t), their_list(&setting, day, &report.list, t));
    let csv = address(&format!("{PAGE}/{gateway}/day.csv"), &[("day", &wib_day::written(day))]);
    let lines = lines(report.lines, csv, t);
    let body = view! {
        {live}
        {days(&gateway, day, today, t)}
        {figures}
        {lines}
        <div class="columns">
            <div class="stack">{list}</div>
            <div class="stack">{payout(&gateway, banks, t)}</div>
        </div>
    };
    Ok(Screen::new(title, body).back(PAGE))
}

/// The day before, the day after, any other day.
fn days(gateway: &str, day: UtcMillis, today: UtcMillis, t: T) -> impl IntoView + use<> {
    let to = |day: UtcMillis| day_page(gateway, &wib_day::written(day));
    let before = to(day.plus_ms(-DAY_MS));
    let after = (day < today).then(|| {
        view! { <a class="btn btn-ghost" href=to(day.plus_ms(DAY_MS))>{t.pay_day_after()}</a> }
    });
    let (action, value, latest) =
        (format!("{PAGE}/{gateway}/day"), wib_day::written(day), wib_day::written(today));
    view! {
        <div class="row wrap">
            <a class="btn btn-ghost" href=before>{t.pay_day_before()}</a>
            {after}
            <form method="get" action=action class="row wrap">
                <label class="visually-hidden" for="day">{t.book_day()}</label>
                <input class="form-control day" id="day" type="date" name="day" value=value max=latest required/>
                <button type="submit" class="btn btn-ghost">{t.pay_day_show()}</button>
            </form>
        </div>
    }
}

fn figures(report: &DayReport, t: T) -> impl IntoView + use<> {
    let net = report.ours.checked_sub(report.cost).unwrap_or(report.ours);
    view! {
        <div class="kpis">
            <Kpi label=t.pay_day_ours() value=report.ours.to_string()/>
            <Kpi label=t.pay_day_theirs() value=report.theirs.to_string()/>
            <Kpi label=t.pay_day_cost() value=report.cost.to_string() note=t.pay_day_net(net)/>
            <Kpi label=t.pay_day_reversed() value=report.reversed.to_string()/>
        </div>
    }
}

fn lines(mut lines: Vec<DayLine>, csv: String, t: T) -> impl IntoView {
    // What differs is what somebody came for.
    lines.sort_by_key(DayLine::agrees);
    let differ = lines.iter().filter(|line| !line.agrees()).count();
    let (tone, verdict) = match (lines.is_empty(), differ) {
        (true, _) => (Tone::Quiet, t.pay_day_nothing().to_owned()),
        (false, 0) => (Tone::Ok, t.pay_day_all_agree(lines.len())),
        (false, differ) => (Tone::Bad, t.pay_day_differ(differ, lines.len())),
    };
    let more = lines.len().checked_sub(SHOWN_MOST).filter(|more| *more > 0);
    let more = more.map(|more| view! { <p class="muted small">{t.pay_day_more(more)}</p> });
    let amount = |amount: Option<domain::Rupiah>| {
        amount.map_or_else(|| "–".into_any(), |amount| view! { <Money amount/> }.into_any())
    };
    let row = move |line: DayLine| {
        let (tone, word) = match (line.ours, line.theirs) {
            _ if line.agrees() => (Tone::Ok, t.book_agrees()),
            (None, _) => (Tone::Bad, t.pay_day_only_theirs()),
            (_, None) => (Tone::Bad, t.pay_day_only_ours()),
            _ => (Tone::Bad, t.pay_day_other_amount()),
        };
        let order = match line.topup {
            Some(topup) => {
                let to = format!("/admin/topups/{}", topup.as_str());
                view! { <a class="num break" href=to>{line.order_id}</a> }.into_any()
            }
            None => view! { <span class="num break">{line.order_id}</span> }.into_any(),
        };
        view! {
            <tr>
                <td data-label=t.pay_day_order()>{order}</td>
                <td data-label=t.pay_day_ours() class="end">{amount(line.ours)}</td>
                <td data-label=t.pay_day_theirs() class="end">{amount(line.theirs)}</td>
                <td data-label=t.book_state()><Pill tone text=word/></td>
            </tr>
        }
    };
    let body = if lines.is_empty() {
        view! { <Empty icon=icons::INBOX text=t.pay_day_nothing()/> }.into_any()
    } else {
        view! {
            <Notice tone>{verdict}</Notice>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t.pay_day_order()}</th>
                        <th scope="col" class="end">{t.pay_day_ours()}</th>
                        <th scope="col" class="end">{t.pay_day_theirs()}</th>
                        <th scope="col">{t.book_state()}</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().take(SHOWN_MOST).map(row).collect_view()}</tbody>
            </table>
            {more}
            <p><a class="btn btn-ghost" href=csv rel="external">{t.pay_day_csv()}</a></p>
        }
        .into_any()
    };
    view! { <Card title=t.pay_day_lines()>{body}</Card> }
}

/// How the gateway's own list gets here: fetched where its API has one, else taken in from a file.
fn their_list(setting: &PayGatewaySetting, day: UtcMillis, list: &ListState, t: T) -> impl IntoView + use<> {
    let (tone, word) = match list {
        ListState { due: true, .. } => (Tone::Wait, t.pay_list_due()),
        ListState { trouble: Some(_), .. } => (Tone::Bad, t.pay_list_trouble()),
        ListState { fetched_at: Some(_), .. } => (Tone::Ok, t.pay_list_there()),
        ListState { .. } => (Tone::Quiet, t.pay_list_never()),
    };
    let trouble = list.trouble.clone().map(|trouble| view! { <p class="error">{trouble}</p> });
    let fetched =
        list.fetched_at.map(|at| view! { <p class="muted small">{t.offers_fetched()}" "<When at/></p> });
    let take_in = statements_page(&source_of_gateway(&setting.name));
    let (gateway, day) = (setting.name.clone(), wib_day::written(day));
    let way = match setting.dialect {
        PayDialect::Tripay => view! {
            <PostForm action=WantList::PATH class="contents">
                <Hidden name="gateway" value=gateway/>
                <Hidden name="day" value=day/>
                <Button look=Look::Ghost class="wide">{t.pay_list_fetch()}</Button>
            </PostForm>
        }
        .into_any(),
        PayDialect::Midtrans => view! {
            <p class="muted small">{t.pay_list_by_file()}</p>
            <a class="btn btn-ghost wide" href=take_in>{t.pay_list_take_in()}</a>
        }
        .into_any(),
    };
    let state = (setting.dialect == PayDialect::Tripay).then(|| view! { <p><Pill tone text=word/></p> });
    view! { <Card title=t.pay_list_title() class="stack">{state}{fetched}{trouble}{way}</Card> }
}

fn payout(gateway: &str, banks: Vec<BankAccount>, t: T) -> AnyView {
    if banks.is_empty() {
        return view! {
            <Card title=t.payout_title() class="stack">
                <Notice tone=Tone::Info>{t.shop_qris_no_bank()}</Notice>
                <a class="btn btn-ghost" href="/admin/settings?bank=new">{t.funding_no_bank_link()}</a>
            </Card>
        }
        .into_any();
    }
    let gateway = gateway.to_owned();
    let banks = banks
        .into_iter()
        .map(|bank| Choice::new(bank.id.to_string(), format!("{} {}", bank.bank, bank.number)))
        .collect();
    let kinds = vec![Choice::new("add", t.payout_in()), Choice::new("take", t.payout_back())];
    view! {
        <Card title=t.payout_title()>
            <p class="muted small">{t.payout_lead()}</p>
            <PostForm action=RecordPayout::PATH>
                <IdempotencyKey/>
                <Hidden name="gateway" value=gateway/>
                <Select name="direction" label=t.funding_kind() choices=kinds/>
                <Select name="bank_account" label=t.payout_bank() choices=banks/>
                <Field name="amount" label=t.payout_amount() input=Input::Digits/>
                <Field name="fee" label=t.payout_fee() hint=t.payout_fee_hint() input=Input::Digits value="0"/>
                <Field name="note" label=t.funding_note() hint=t.funding_note_hint()/>
                <Button class="wide">{t.payout_save()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}
