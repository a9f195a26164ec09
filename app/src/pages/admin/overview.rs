use std::cmp::Ordering;

use domain::{DAY_MS, Rupiah, UtcMillis, Zone, start_of_wib_day};
use leptos::prelude::*;
use store::{AdminOverview, DayFigures, Figures, PurchaseFilter, Speeds};

use super::exceptions::{self, exceptions};
use super::overview_parts::{chart, gateways, top_packages};
use super::parts::PurchaseTable;
use super::report::PAGE as REPORT;
use crate::components::{Card, Empty, Filter, Filters, Icon, Notice, Tone, icons};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// What waits is shown so far; there is a link to the rest.
const EXCEPTIONS_MOST: usize = 8;
const PERIODS_DAYS: [i64; 3] = [1, 7, 30];
/// A chart of one day would be one bar.
const CHART_DAYS_LEAST: i64 = 7;
const TOP_PACKAGES: i64 = 5;
/// Sums that lag by more than this are still catching up with a book from before.
const LAG_MOST_MS: i64 = domain::HOUR_MS;

/// Days (WIB), from the first one's beginning to the last one's end.
#[derive(Clone, Copy)]
pub(super) struct Days {
    pub(super) from: UtcMillis,
    pub(super) until: UtcMillis,
}

/// What happened of late, and what needs someone.
#[component]
pub fn AdminOverviewPage() -> impl IntoView {
    admin_page(Section::Overview, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let count = cx.query_as("days").filter(|days| PERIODS_DAYS.contains(days)).unwrap_or(1);
    let until = start_of_wib_day(cx.now).plus_ms(DAY_MS);
    let back = |days: i64| until.plus_ms(-days * DAY_MS);
    let now = Days { from: back(count), until };
    let chart_days = Days { from: back(count.max(CHART_DAYS_LEAST)), until };
    let known = cx.store.figures_by_day(back(2 * count).min(chart_days.from), until).await?;
    let tiles = Tiles {
        days: count,
        now: summed(&known, now)?,
        before: summed(&known, Days { from: back(2 * count), until: now.from })?,
        speeds: cx.store.speeds(now.from, until).await?,
        speeds_before: cx.store.speeds(back(2 * count), now.from).await?,
    };
    let as_of = as_of(cx.store.rolled_up_to().await?, cx.store.admin_overview().await?, &cx);
    let (top, sold) = (
        cx.store.top_packages(now.from, until, TOP_PACKAGES).await?,
        cx.store.sales_by_gateway(now.from, until).await?,
    );
    let states = cx.store.gateway_states().await?;
    let waiting = waiting(exceptions(&cx).await?, t);
    let recent = cx.store.purchases(PurchaseFilter { limit: 8, ..PurchaseFilter::default() }).await?.items;
    let periods = PERIODS_DAYS
        .into_iter()
        .map(|period| Filter {
            label: if period == 1 { t.admin_today().to_owned() } else { t.admin_last_days(period) },
            to: format!("/admin?days={period}"),
            on: period == count,
        })
        .collect();
    let newest = if recent.is_empty() {
        view! { <Empty icon=icons::RECEIPT text=t.admin_no_purchases()/> }
    } else {
        view! { <PurchaseTable purchases=recent/> }
    };
    let all = (t.show_all().to_owned(), crate::transactions::PAGE.to_owned());
    let body = view! {
        <Filters label=t.admin_period() choices=periods/>
        {as_of}
        {tiles.show(t)}
        {waiting}
        {chart(&known, chart_days, t)}
        <div class="columns">
            <div class="stack">{top_packages(top, t)}</div>
            <div class="stack">{gateways(states, sold, t)}</div>
        </div>
        <Card title=t.admin_newest() link=all>{newest}</Card>
    };
    let report = view! { <a class="btn btn-ghost btn-sm" href=REPORT>{t.overview_month()}</a> };
    Ok(Screen::new(t.overview(), body).actions(report))
}

fn summed(known: &[DayFigures], days: Days) -> Result<Figures, AppError> {
    let within = known.iter().filter(|day| days.from <= day.day && day.day < days.until);
    Ok(within.map(|day| day.figures).try_fold(Figures::default(), Figures::plus)?)
}

/// What is not sealed yet is not in the figures, so they say how new they are.
fn as_of(at: UtcMillis, shop: AdminOverview, cx: &Member) -> AnyView {
    let (t, zone) = (cx.t, cx.zone());
    if cx.now.since_ms(at) > LAG_MOST_MS {
        return view! { <Notice tone=Tone::Wait>{t.overview_counting()}</Notice> }.into_any();
    }
    let time = format::time_with_seconds(at, zone, t.0);
    let count = |number| format::count(number, t.0);
    let open = t.admin_open_and_users(count(shop.open_now), count(shop.users));
    view! {
        <p class="muted small as-of">
            {t.overview_as_of()}" "<time class="num" datetime=format::iso(at)>{time}</time>". "{t.overview_by_day()}" "{open}"."
        </p>
    }
    .into_any()
}

fn waiting(mut all: Vec<exceptions::Exception>, t: T) -> AnyView {
    let count = all.len();
    all.truncate(EXCEPTIONS_MOST);
    if count == 0 {
        return view! {
            <Card title=t.admin_todo()><p class="muted"><Icon icon=icons::CHECK/>" "{t.admin_todo_none()}</p></Card>
        }
        .into_any();
    }
    let link = (t.exceptions_all(count), exceptions::PAGE.to_owned());
    view! { <Card title=t.admin_todo() link=link>{exceptions::rows(all, t)}</Card> }.into_any()
}

/// The figures that matter, each with what it was in the time before.
struct Tiles {
    days: i64,
    now: Figures,
    before: Figures,
    speeds: Option<Speeds>,
    speeds_before: Option<Speeds>,
}

impl Tiles {
    fn show(&self, t: T) -> impl IntoView + use<> {
        let (now, before) = (self.now, self.before);
        let count = |number| format::count(number, t.0);
        let money =
            |now: Rupiah, before: Rupiah| change(now.get(), before.get(), before.to_string(), self.days, t);
        let settled = now.delivered.saturating_add(now.failed);
        let settled_before = before.delivered.saturating_add(before.failed);
        let success = format::share(now.delivered, settled, t.0);
        let success_change =
            rate_change((now.delivered, settled), (before.delivered, settled_before), self.days, t);
        let speed = self.speeds.map_or_else(|| "–".to_owned(), |speeds| t.within(speeds.median_ms));
        let speed_note = self.speeds.map(|speeds| t.overview_speed_note(t.within(speeds.p95_ms)));
        let speed_change =
            self.speeds_before.map(|before| t.overview_was(t.within(before.median_ms), when(self.days, t)));
        view! {
            <div class="kpis overview">
                {tile(t.admin_sales(), now.sales.to_string(), t.admin_purchases_count(count(now.delivered)), money(now.sales, before.sales))}
                {tile(t.overview_cost(), now.cost.to_string(), t.overview_fees(now.net_fees()), money(now.cost, before.cost))}
                {tile(t.admin_profit(), now.profit().to_string(), t.overview_profit_is().to_owned(), money(now.profit(), before.profit()))}
                {tile(t.admin_credited(), now.topups.to_string(), t.overview_topup_count(count(now.topup_count)), money(now.topups, before.topups))}
                {tile(t.admin_success(), success, t.admin_x_of_y(count(now.delivered), count(settled)), success_change)}
                {tile(t.overview_speed(), speed, speed_note.unwrap_or_default(), speed_change.unwrap_or_default())}
            </div>
        }
    }
}

fn tile(label: &'static str, value: String, note: String, change: String) -> impl IntoView {
    let note = (!note.is_empty()).then(|| view! { <small class="muted num">{note}</small> });
    let change = (!change.is_empty()).then(|| view! { <small class="num change">{change}</small> });
    view! {
        <div class="card kpi">
            <div class="muted">{label}</div>
            <div class="figure num">{value}</div>
            {note}
            {change}
        </div>
    }
}

/// The time before, in words.
fn when(days: i64, t: T) -> String {
    if days == 1 { t.overview_before_today().to_owned() } else { t.overview_before(days) }
}

/// How much more or less it is than before, with a sign and a word.
fn change(now: i64, before: i64, before_shown: String, days: i64, t: T) -> String {
    let when = when(days, t);
    let by = now.saturating_sub(before);
    let percent = format::share(by.saturating_abs(), before.saturating_abs(), t.0);
    match (before, by) {
        (_, 0) => t.overview_same(when),
        (0, 1..) => t.overview_from_none(when),
        (_, 1..) => t.overview_up(percent, before_shown, when),
        (..) => t.overview_down(percent, before_shown, when),
    }
}

/// The same of a part of a whole; nothing where there was none before.
fn rate_change(now: (i64, i64), before: (i64, i64), days: i64, t: T) -> String {
    if now.1 <= 0 || before.1 <= 0 {
        return String::new();
    }
    let (was, when) = (format::share(before.0, before.1, t.0), when(days, t));
    // a/b against c/d, without a division.
    match now.0.saturating_mul(before.1).cmp(&before.0.saturating_mul(now.1)) {
        Ordering::Greater => t.overview_rate_up(was, when),
        Ordering::Less => t.overview_rate_down(was, when),
        Ordering::Equal => t.overview_same(when),
    }
}

/// A day as charts and tables name it.
pub(super) fn short_day(day: UtcMillis, t: T) -> String {
    let date = format::date(day, Zone::Wib, t.0);
    date.rsplit_once(' ').map_or(date.clone(), |(day, _)| day.to_owned())
}

#[cfg(test)]
mod tests {
    use domain::Lang;

    use super::*;

    #[test]
    fn changes_have_a_sign_and_a_word() {
        let t = T(Lang::En);
        let of = |now, before: i64| change(now, before, Rupiah::new(before).to_string(), 7, t);
        assert_eq!(of(150, 100), "▲ up 50.0% from Rp\u{a0}100 (the 7 days before)");
        assert_eq!(of(75, 100), "▼ down 25.0% from Rp\u{a0}100 (the 7 days before)");
        assert_eq!(of(100, 100), "= the same as the 7 days before");
        assert_eq!(of(5, 0), "▲ up from 0 (the 7 days before)");
        // A loss that has become smaller is better, whatever its sign.
        assert_eq!(of(-50, -100), "▲ up 50.0% from -Rp\u{a0}100 (the 7 days before)");
        assert_eq!(of(-5, 0), "▼ down – from Rp\u{a0}0 (the 7 days before)");
        assert_eq!(rate_change((3, 4), (1, 2), 1, t), "▲ up from 50.0% (all of yesterday)");
        assert_eq!(rate_change((1, 4), (1, 2), 1, t), "▼ down from 50.0% (all of yesterday)");
        assert_eq!(rate_change((2, 4), (1, 2), 1, t), "= the same as all of yesterday");
        assert_eq!(rate_change((2, 4), (0, 0), 1, t), "");
    }

    #[test]
    fn days_without_their_year() {
        assert_eq!(short_day(UtcMillis(1_767_546_000_000), T(Lang::Id)), "5 Jan");
    }
}
