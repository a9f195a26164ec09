//! The chart and the lists of the overview.

use domain::{DAY_MS, Rupiah, UtcMillis};
use leptos::prelude::*;
use store::{DayFigures, Figures, GatewayState, PackageSales, TopGateway};

use super::overview::{Days, short_day};
use crate::components::{Bar, Card, Chart, Empty, Money, Pill, Tone, When, icons};
use crate::format;
use crate::i18n::T;

/// Sales and profit by day, as a picture and as a table.
pub(super) fn chart(known: &[DayFigures], days: Days, t: T) -> AnyView {
    let all = std::iter::successors(Some(days.from), |day| Some(day.plus_ms(DAY_MS)))
        .take_while(|day| *day < days.until)
        .map(|day| {
            let figures = known.iter().find(|known| known.day == day);
            (day, figures.map(|known| known.figures).unwrap_or_default())
        });
    let all: Vec<(UtcMillis, Figures)> = all.collect();
    let title = t.overview_chart(all.len());
    let sum = |of: fn(&Figures) -> Rupiah| {
        let sum = all.iter().try_fold(Rupiah::ZERO, |sum, (_, figures)| sum.checked_add(of(figures)));
        sum.unwrap_or_default()
    };
    let (sales, profit) = (sum(|figures| figures.sales), sum(Figures::profit));
    let best = all.iter().max_by_key(|(_, figures)| figures.sales);
    let Some((best_day, best)) = best.filter(|_| sales.is_positive() || profit != Rupiah::ZERO) else {
        return view! { <Card title><Empty icon=icons::OVERVIEW text=t.overview_chart_none()/></Card> }
            .into_any();
    };
    let label = t.overview_chart_words(sales, profit, best.sales, short_day(*best_day, t));
    let bars = all.iter().map(|(day, figures)| {
        let label = short_day(*day, t);
        let words = format!("{label}: {} · {}", figures.sales, figures.profit());
        Bar { label, whole: figures.sales.get(), part: figures.profit().get(), words }
    });
    let bars = bars.collect();
    view! {
        <Card title class="stack">
            <Chart bars label legend=[t.admin_sales(), t.admin_profit()]/>
            <details>
                <summary>{t.overview_chart_table()}</summary>
                {table(all, t)}
            </details>
        </Card>
    }
    .into_any()
}

fn table(days: Vec<(UtcMillis, Figures)>, t: T) -> impl IntoView {
    let row = |(day, figures): (UtcMillis, Figures)| {
        view! {
            <tr>
                <th scope="row" class="num nowrap">{short_day(day, t)}</th>
                <td data-label=t.admin_sales() class="end"><Money amount=figures.sales/></td>
                <td data-label=t.overview_cost() class="end"><Money amount=figures.cost/></td>
                <td data-label=t.admin_profit() class="end"><Money amount=figures.profit()/></td>
                <td data-label=t.admin_success() class="end num">{format::count(figures.delivered, t.0)}</td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.overview_day()}</th>
                    <th scope="col" class="end">{t.admin_sales()}</th>
                    <th scope="col" class="end">{t.overview_cost()}</th>
                    <th scope="col" class="end">{t.admin_profit()}</th>
                    <th scope="col" class="end">{t.admin_success()}</th>
                </tr>
            </thead>
            <tbody>{days.into_iter().rev().map(row).collect_view()}</tbody>
        </table>
    }
}

/// What sold best.
pub(super) fn top_packages(packages: Vec<PackageSales>, t: T) -> AnyView {
    if packages.is_empty() {
        return view! { <Card title=t.overview_top()><Empty icon=icons::PACKAGE text=t.overview_top_none()/></Card> }
            .into_any();
    }
    let row = |package: PackageSales| {
        let to = format!("/admin/packages/{}", package.id.as_str());
        let sold = t.overview_sold(format::count(package.sold.delivered, t.0));
        view! {
            <li>
                <a class="grow" href=to>{package.name}<br/><span class="muted small num">{sold}</span></a>
                <Money amount=package.sold.sales/>
            </li>
        }
    };
    let rows = packages.into_iter().map(row).collect_view();
    view! { <Card title=t.overview_top()><ul class="rows">{rows}</ul></Card> }.into_any()
}

/// How the gateways are, what is left of their deposits, and how well they delivered.
pub(super) fn gateways(states: Vec<GatewayState>, sold: Vec<TopGateway>, t: T) -> AnyView {
    let link = (t.show_all().to_owned(), "/admin/gateways".to_owned());
    if states.is_empty() {
        return view! { <Card title=t.overview_gateways() link=link><Empty icon=icons::SIM text=t.gateways_none()/></Card> }
            .into_any();
    }
    let row = |state: GatewayState| {
        let (tone, word) = if state.deposit_due {
            (Tone::Wait, t.gateway_checking())
        } else if state.deposit_problem.is_empty() {
            (Tone::Ok, t.gateway_ok())
        } else {
            (Tone::Bad, t.gateway_problem())
        };
        let sold = sold.iter().find(|sold| sold.gateway == state.gateway).map(|sold| sold.sold);
        let settled = sold.map_or(0, |sold| sold.delivered.saturating_add(sold.failed));
        let share = sold.filter(|_| settled > 0).map(|sold| {
            let share = format::share(sold.delivered, settled, t.0);
            t.overview_gateway_share(share, format::count(settled, t.0))
        });
        let deposit = state.deposit.zip(state.deposit_at).map_or_else(
            || t.gateway_deposit_unknown().into_any(),
            |(deposit, at)| {
                view! { <strong><Money amount=deposit/></strong>" "<span class="muted"><When at/></span> }
                    .into_any()
            },
        );
        view! {
            <li>
                <Pill tone text=word/>
                <div class="grow small">
                    <strong>{state.gateway}</strong><br/>{deposit}
                    {share.map(|share| view! { <br/><span class="muted num">{share}</span> })}
                </div>
            </li>
        }
    };
    let rows = states.into_iter().map(row).collect_view();
    view! { <Card title=t.overview_gateways() link=link><ul class="rows">{rows}</ul></Card> }.into_any()
}
