use domain::{DAY_MS, Rupiah, start_of_wib_day};
use leptos::prelude::*;
use store::{Figures, Report, ReportLine};

use super::overview::short_day;
use crate::components::{Card, Fact, Facts, Kpi, Money};
use crate::error::AppError;
use crate::format::{self, address};
use crate::i18n::T;
use crate::layouts::Section;
use crate::month::Month;
use crate::page::{Member, Screen, admin_page};

/// The report's address.
pub(super) const PAGE: &str = "/admin/report";
/// The same as a file.
const FILE: &str = "/admin/report.csv";

/// A month's days.
#[component]
pub fn AdminReportPage() -> impl IntoView {
    admin_page(Section::Transactions, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let present = Month::of(cx.now);
    let month = Month::parse(cx.query("month")).filter(|month| *month <= present).unwrap_or(present);
    let tomorrow = start_of_wib_day(cx.now).plus_ms(DAY_MS);
    let report = cx.store.report(month.from(), month.until().min(tomorrow)).await?;
    let file = address(FILE, &[("month", &month.written())]);
    let body = view! {
        {months(month, present, t)}
        <p class="muted small">{t.report_lead()}</p>
        {figures(&report.total, t)}
        {balances(&report, month == present, t)}
        <Card title=t.report_days()>{table(&report, t)}</Card>
        <p><a class="btn btn-ghost" href=file rel="external">{t.report_csv()}</a></p>
    };
    Ok(Screen::new(t.report_of(month.shown(t.0)), body).back("/admin"))
}

/// The month before, the month after, any other month.
fn months(month: Month, present: Month, t: T) -> impl IntoView + use<> {
    let to = |month: Month| address(PAGE, &[("month", &month.written())]);
    let before = to(month.before());
    let after = (month < present).then(|| {
        view! { <a class="btn btn-ghost" href=to(month.after())>{t.report_after()}</a> }
    });
    view! {
        <div class="row wrap">
            <a class="btn btn-ghost" href=before>{t.report_before()}</a>
            {after}
            <form method="get" action=PAGE class="row wrap">
                <label class="visually-hidden" for="month">{t.report_month()}</label>
                <input class="form-control day" id="month" type="month" name="month" value=month.written()
                    max=present.written() required/>
                <button type="submit" class="btn btn-ghost">{t.report_show()}</button>
            </form>
        </div>
    }
}

fn figures(total: &Figures, t: T) -> impl IntoView + use<> {
    let count = |number| format::count(number, t.0);
    let settled = total.delivered.saturating_add(total.failed);
    view! {
        <div class="kpis">
            <Kpi label=t.admin_sales() value=total.sales.to_string() note=t.admin_purchases_count(count(total.delivered))/>
            <Kpi label=t.overview_cost() value=total.cost.to_string() note=t.overview_fees(total.net_fees())/>
            <Kpi label=t.admin_profit() value=total.profit().to_string() note=t.overview_profit_is().to_owned()/>
            <Kpi label=t.admin_success() value=format::share(total.delivered, settled, t.0)
                note=t.admin_x_of_y(count(total.delivered), count(settled))/>
        </div>
    }
}

/// What customers had, why it changed, and what they have: the lines sum up.
fn balances(report: &Report, under_way: bool, t: T) -> impl IntoView + use<> {
    let Figures { topups, corrections, returned, sales, debts, .. } = report.total;
    let minus = |amount: Rupiah| amount.checked_neg().unwrap_or_default();
    let (opening, closing, spent, lent) = (report.opening, report.closing, minus(sales), minus(debts));
    let lent = (lent != Rupiah::ZERO)
        .then(|| view! { <Fact label=t.report_debts()><Money amount=lent signed=true/></Fact> });
    let end = if under_way { t.report_end_now() } else { t.report_end() };
    view! {
        <Card title=t.report_balances()>
            <Facts>
                <Fact label=t.report_opening()><Money amount=opening/></Fact>
                <Fact label=t.report_topups()><Money amount=topups signed=true/></Fact>
                <Fact label=t.report_corrections()><Money amount=corrections signed=true/></Fact>
                <Fact label=t.report_returned()><Money amount=returned signed=true/></Fact>
                <Fact label=t.report_sales_minus()><Money amount=spent signed=true/></Fact>
                {lent}
                <Fact label=end><Money amount=closing/></Fact>
            </Facts>
        </Card>
    }
}

fn table(report: &Report, t: T) -> impl IntoView + use<> {
    let row = |label: String, class: &'static str, figures: &Figures, closing: Rupiah| {
        let (sales, cost, fees, profit) = (figures.sales, figures.cost, figures.net_fees(), figures.profit());
        let (topups, corrections, returned) = (figures.topups, figures.corrections, figures.returned);
        view! {
            <tr class=class>
                <th scope="row" class="num nowrap">{label}</th>
                <td data-label=t.admin_sales() class="end"><Money amount=sales/></td>
                <td data-label=t.overview_cost() class="end"><Money amount=cost/></td>
                <td data-label=t.report_fees() class="end"><Money amount=fees/></td>
                <td data-label=t.admin_profit() class="end"><Money amount=profit/></td>
                <td data-label=t.report_topups() class="end"><Money amount=topups/></td>
                <td data-label=t.report_corrections() class="end"><Money amount=corrections/></td>
                <td data-label=t.report_returned() class="end"><Money amount=returned/></td>
                <td data-label=t.report_closing() class="end"><Money amount=closing/></td>
            </tr>
        }
    };
    let days = report.lines.iter().rev().map(|line| {
        let ReportLine { day, figures, closing } = line;
        row(short_day(*day, t), "", figures, *closing)
    });
    let days = days.collect_view();
    view! {
        <table class="table tight">
            <thead>
                <tr>
                    <th scope="col">{t.report_day()}</th>
                    <th scope="col" class="end">{t.admin_sales()}</th>
                    <th scope="col" class="end">{t.overview_cost()}</th>
                    <th scope="col" class="end">{t.report_fees()}</th>
                    <th scope="col" class="end">{t.admin_profit()}</th>
                    <th scope="col" class="end">{t.report_topups()}</th>
                    <th scope="col" class="end">{t.report_corrections()}</th>
                    <th scope="col" class="end">{t.report_returned()}</th>
                    <th scope="col" class="end">{t.report_closing()}</th>
                </tr>
            </thead>
            <tbody>
                {row(t.report_total().to_owned(), "strong", &report.total, report.closing)}
                {days}
            </tbody>
        </table>
    }
}
