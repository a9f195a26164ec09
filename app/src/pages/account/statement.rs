use leptos::prelude::*;
use store::{Cause, Direction, StatementLine, StatementSums, Wallet};

use crate::components::{Card, Empty, Fact, Facts, Filter, Filters, Icon, Money, Pager, When, icons};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::pages::shop::parts::answer_unprocessable;
use crate::statement::{Asked, BadDays, FILE, PAGE, Period, direction_word};

const ON_A_PAGE: i64 = 30;

/// Movements of the balance.
#[component]
pub fn StatementPage() -> impl IntoView {
    member_page(Tab::Statement, load)
}

/// What a range holds.
struct Found {
    sums: StatementSums,
    lines: Vec<StatementLine>,
    next: Option<String>,
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let asked = Asked::of(|name| cx.query(name));
    let after = cx.query("after").to_owned();
    let inside = !after.is_empty();
    let wallet = cx.store.wallet(cx.user.id).await?;
    let bounds = asked.bounds(cx.now, cx.zone());
    let bad = bounds.err();
    if bad.is_some() {
        answer_unprocessable();
    }
    let found = match bounds {
        Ok((from, to)) => {
            let span = cx.store.statement_span(cx.user.id, from, to).await?;
            let sums = cx.store.statement_sums(span).await?;
            let after = inside.then_some(after);
            let page = cx.store.movements(span, asked.direction, after, ON_A_PAGE).await?;
            Some(Found { sums, lines: page.items, next: page.next })
        }
        Err(_) => None,
    };
    let base = asked.address(PAGE, asked.period, asked.direction);
    let (sums, list) =
        found.map(|found| (sums(&found.sums, &asked, t), list(found, &asked, base, inside, t))).unzip();
    let body = view! {
        <Filters label=t.period() choices=periods(&asked, t)/>
        {(asked.period == Period::Chosen).then(|| chosen_days(&asked, bad, t))}
        <Filters label=t.money_way() choices=directions(&asked, t)/>
        <div class="columns">
            <div class="stack">
                {balance(&wallet, t)}
                {sums}
            </div>
            <div class="stack">{list}</div>
        </div>
    };
    Ok(Screen::new(t.statement(), body))
}

/// What there is now, and apart from it what is held and what is owed.
fn balance(wallet: &Wallet, t: T) -> AnyView {
    let (available, held, receivable) = (wallet.available, wallet.held, wallet.receivable);
    let held = held.is_positive().then(|| {
        view! { <Fact label=t.held_now()><Money amount=held/></Fact> }
    });
    let debt = receivable.checked_neg().filter(|debt| debt.is_positive()).map(|debt| {
        view! { <Fact label=t.debt_now()><Money amount=debt/></Fact> }
    });
    view! {
        <Card>
            <Facts>
                <Fact label=t.balance_now()><span class="figure"><Money amount=available/></span></Fact>
                {held}
                {debt}
            </Facts>
        </Card>
    }
    .into_any()
}

fn periods(asked: &Asked, t: T) -> Vec<Filter> {
    let chip = |period: Period| Filter {
        label: period.label(t).to_owned(),
        to: asked.address(PAGE, period, asked.direction),
        on: period == asked.period,
    };
    Period::ALL.into_iter().map(chip).collect()
}

fn directions(asked: &Asked, t: T) -> Vec<Filter> {
    let chip = |label: &str, direction| Filter {
        label: label.to_owned(),
        to: asked.address(PAGE, asked.period, direction),
        on: direction == asked.direction,
    };
    vec![
        chip(t.all(), None),
        chip(t.money_in(), Some(Direction::In)),
        chip(t.money_out(), Some(Direction::Out)),
    ]
}

fn chosen_days(asked: &Asked, bad: Option<BadDays>, t: T) -> AnyView {
    let direction = direction_word(asked.direction);
    let (from, to) = (asked.from.clone(), asked.to.clone());
    let (from_error, to_error) = match bad {
        None => (None, None),
        Some(BadDays::From) => (Some(t.period_bad_day()), None),
        Some(BadDays::To) => (None, Some(t.period_bad_day())),
        Some(BadDays::Backwards) => (None, Some(t.period_backwards())),
    };
    view! {
        <section class="card middle">
            <form method="get" action=PAGE class="stack" novalidate>
                <input type="hidden" name="range" value=Period::Chosen.word()/>
                {(!direction.is_empty()).then(|| view! { <input type="hidden" name="way" value=direction/> })}
                <div class="grid-2 tight">
                    {day("from", t.period_from(), from, from_error)}
                    {day("to", t.period_to(), to, to_error)}
                </div>
                <button type="submit" class="btn btn-ghost wide">{t.period_show()}</button>
            </form>
        </section>
    }
    .into_any()
}

fn day(name: &'static str, label: &'static str, value: String, error: Option<&'static str>) -> AnyView {
    let described_by = format!("{name}-error");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input class="form-control num" id=name name=name type="date" value=value aria-describedby=described_by.clone()
                aria-invalid=error.map(|_| "true")/>
            <p class="error" id=described_by aria-live="polite">{error}</p>
        </div>
    }
    .into_any()
}

fn sums(sums: &StatementSums, asked: &Asked, t: T) -> AnyView {
    let StatementSums { opening, closing, turnover } = *sums;
    let turnover = match turnover {
        Some((came_in, went_out)) => view! {
            <Fact label=t.sum_in()><Money amount=came_in/></Fact>
            <Fact label=t.sum_out()><Money amount=went_out/></Fact>
        }
        .into_any(),
        None => ().into_any(),
    };
    let too_many = sums.turnover.is_none().then(|| view! { <p class="muted small">{t.sums_too_many()}</p> });
    let file = asked.address(FILE, asked.period, asked.direction);
    view! {
        <Card title=t.sums_title() class="stack">
            <Facts>
                <Fact label=t.opening_balance()><Money amount=opening/></Fact>
                {turnover}
                <Fact label=t.closing_balance()><Money amount=closing/></Fact>
            </Facts>
            {too_many}
            <a class="btn btn-ghost wide" href=file rel="external" download><Icon icon=icons::DOWNLOAD/>{t.download_csv()}</a>
            <p class="muted small">{t.download_csv_lead()}</p>
        </Card>
    }
    .into_any()
}

fn list(found: Found, asked: &Asked, base: String, inside: bool, t: T) -> AnyView {
    let Found { lines, next, .. } = found;
    if lines.is_empty() {
        let filtered = inside || asked.period != Period::All || asked.direction.is_some();
        let (text, action) = if filtered {
            (t.no_movements_here(), (t.show_all_movements().to_owned(), PAGE.to_owned()))
        } else {
            (t.no_movements(), (t.top_up().to_owned(), "/topup".to_owned()))
        };
        return view! { <Empty icon=icons::STATEMENT text action/> }.into_any();
    }
    let rows = lines.into_iter().map(|line| row(line, t)).collect_view();
    view! {
        <section class="card"><ul class="rows" aria-label=t.movements()>{rows}</ul></section>
        <Pager base next inside/>
    }
    .into_any()
}

fn row(line: StatementLine, t: T) -> AnyView {
    let title = t.movement(&line.kind);
    let cause = line.cause.as_ref().and_then(|cause| match cause {
        Cause::Purchase(id) => Some((format!("/transactions/{}", id.as_str()), id.to_string())),
        Cause::Topup(id) => Some((format!("/topup/{}", id.as_str()), id.to_string())),
        Cause::Correction(_) => None,
    });
    let number =
        cause.as_ref().map(|(_, number)| view! { <small class="muted num">{number.clone()}</small> });
    let title = match cause {
        Some((to, number)) => {
            view! { <a class="stretched" href=to aria-label=format!("{title} {number}")>{title}</a> }
                .into_any()
        }
        None => title.into_any(),
    };
    let memo = (line.kind == "adjust" && !line.memo.is_empty()).then_some(line.memo);
    let debt = if line.debt.is_positive() {
        Some(t.debt_paid(line.debt))
    } else {
        line.debt.checked_neg().filter(|grew| grew.is_positive()).map(|grew| t.debt_grew(grew))
    };
    view! {
        <li class="movement">
            <span class="grow">
                <strong>{title}</strong>
                <small class="muted"><When at=line.at/></small>
                {number}
                {memo.map(|memo| view! { <small>{memo}</small> })}
                {debt.map(|debt| view! { <small class="num">{debt}</small> })}
            </span>
            <span class="side">
                <strong><Money amount=line.amount signed=true/></strong>
                <small class="muted num">{t.balance_was(line.balance_after)}</small>
            </span>
        </li>
    }
    .into_any()
}
