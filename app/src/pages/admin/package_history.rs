//! What became of a package's prices, on its page: as a drawing and row by row.

use domain::Rupiah;
use leptos::prelude::*;
use store::{Package, Page, PriceChange, Pricing};

use crate::components::{Card, Money, Pager, When};
use crate::error::AppError;
use crate::i18n::T;
use crate::page::Member;

/// Changes on one page.
const ROWS: i64 = 20;
/// The drawing's measures.
const WIDTH: i64 = 600;
const HEIGHT: i64 = 140;
const MARGIN: i64 = 8;

pub(super) async fn history(cx: &Member, package: &Package) -> Result<AnyView, AppError> {
    let t = cx.t;
    let after = Some(cx.query("after")).filter(|after| !after.is_empty());
    let is_inside = after.is_some();
    let Page { items, next } = cx.store.price_history(&package.id, after, ROWS).await?;
    let base = format!("/admin/packages/{}", package.id.as_str());
    let drawing = drawing(&items, t);
    let rows = items.into_iter().map(|change| row(change, t)).collect_view();
    Ok(view! {
        <div id="prices">
            <Card title=t.history_title() class="stack">
                {drawing}
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t.admin_when()}</th>
                            <th scope="col">{t.history_by()}</th>
                            <th scope="col" class="end">{t.admin_price_member()}</th>
                            <th scope="col" class="end">{t.admin_price_reseller()}</th>
                            <th scope="col" class="end">{t.admin_cost()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                <Pager base next inside=is_inside/>
            </Card>
        </div>
    }
    .into_any())
}

fn row(change: PriceChange, t: T) -> impl IntoView {
    let PriceChange { at, source, actor, before, after, .. } = change;
    let source = t.price_source(source);
    let by = actor.map_or_else(|| source.to_owned(), |name| format!("{source} · {name}"));
    let amount = |of: fn(&Pricing) -> Rupiah| {
        let (was, is) = (before.as_ref().map(of), of(&after));
        let was = was.filter(|was| *was != is).map(|was| {
            view! {
                <s class="muted"><Money amount=was/></s>
                <span aria-hidden="true">" → "</span>
                <span class="visually-hidden">" "{t.admin_becomes()}" "</span>
            }
        });
        view! { <span>{was}<Money amount=is/></span> }
    };
    view! {
        <tr>
            <td data-label=t.admin_when()><div><When at plain=true/></div></td>
            <td data-label=t.history_by()>{by}</td>
            <td data-label=t.admin_price_member() class="end">{amount(|of| of.prices.member)}</td>
            <td data-label=t.admin_price_reseller() class="end">{amount(|of| of.prices.reseller)}</td>
            <td data-label=t.admin_cost() class="end">{amount(|of| of.cost)}</td>
        </tr>
    }
}

/// One of the three lines: what it is called, its class, and its dashes, for who does not see its colour.
struct Line {
    label: &'static str,
    class: &'static str,
    dashes: &'static str,
    points: String,
}

/// The course of the prices on this page of the history, change by change; nothing while there is only one.
fn drawing(changes: &[PriceChange], t: T) -> Option<AnyView> {
    let (latest, first) = (changes.first()?, changes.last()?);
    if changes.len() < 2 {
        return None;
    }
    // Oldest first. What was before the oldest change is the beginning of the line.
    let mut course: Vec<Pricing> = changes.iter().rev().map(|change| change.after).collect();
    course.splice(0..0, first.before);
    let line = |label, class, dashes, of: fn(&Pricing) -> Rupiah| Line {
        label,
        class,
        dashes,
        points: points(&course, of),
    };
    let lines = [
        line(t.admin_price_member(), "course member", "", |of| of.prices.member),
        line(t.admin_price_reseller(), "course reseller", "8 4", |of| of.prices.reseller),
        line(t.admin_cost(), "course cost", "2 4", |of| of.cost),
    ];
    let legend = lines.iter().map(|line| {
        view! {
            <li>
                <svg viewBox="0 0 28 8" width="28" height="8" aria-hidden="true">
                    <polyline class=line.class stroke-dasharray=line.dashes points="0,4 28,4"></polyline>
                </svg>
                " "{line.label}
            </li>
        }
    });
    let legend = legend.collect_view();
    let (label, member) = (t.history_course(changes.len()), latest.after.prices.member);
    let label = format!("{label} {}: {member}", t.admin_price_member());
    let lines = lines.into_iter().map(|line| {
        view! { <polyline class=line.class stroke-dasharray=line.dashes points=line.points></polyline> }
    });
    let lines = lines.collect_view();
    Some(
        view! {
            <figure class="price-course">
                <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=label preserveAspectRatio="none">{lines}</svg>
                <figcaption><ul class="legend small">{legend}</ul></figcaption>
            </figure>
        }
        .into_any(),
    )
}

/// Steps from left to right, higher amounts higher up. All three lines have one scale.
fn points(course: &[Pricing], of: fn(&Pricing) -> Rupiah) -> String {
    let amounts = course.iter().flat_map(|all| [all.prices.member, all.prices.reseller, all.cost]);
    let amounts: Vec<i64> = amounts.map(Rupiah::get).collect();
    let (low, high) = (amounts.iter().min().copied(), amounts.iter().max().copied());
    let (low, high) = (low.unwrap_or_default(), high.unwrap_or_default());
    let y = |amount: Rupiah| {
        let room = HEIGHT - 2 * MARGIN;
        let above = amount.get().saturating_sub(low).saturating_mul(room) / high.saturating_sub(low).max(1);
        HEIGHT - MARGIN - above
    };
    let steps = i64::try_from(course.len()).unwrap_or(i64::MAX).max(1);
    let x = |step: usize| i64::try_from(step).unwrap_or(i64::MAX).saturating_mul(WIDTH) / steps;
    let step = |(at, all): (usize, &Pricing)| {
        let height = y(of(all));
        format!("{},{height} {},{height}", x(at), x(at + 1))
    };
    course.iter().enumerate().map(step).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use domain::Prices;

    use super::*;

    #[test]
    fn a_course_goes_up_and_down_in_steps() {
        let pricing = |member, reseller, cost| Pricing {
            prices: Prices { member: Rupiah::new(member), reseller: Rupiah::new(reseller) },
            cost: Rupiah::new(cost),
        };
        let course = [pricing(2_000, 1_500, 1_000), pricing(3_000, 1_500, 1_000)];
        assert_eq!(points(&course, |of| of.prices.member), "0,70 300,70 300,8 600,8");
        assert_eq!(points(&course, |of| of.cost), "0,132 300,132 300,132 600,132");
        let flat = [pricing(1_000, 1_000, 1_000)];
        assert_eq!(points(&flat, |of| of.cost), "0,132 600,132");
        let huge = [pricing(i64::MAX, 0, 0)];
        assert!(!points(&huge, |of| of.prices.member).is_empty());
    }
}
