use domain::{AlarmKind, DAY_MS, Lang, PurchaseState, TopupState};
use leptos::prelude::*;
use store::{AdminOverview, Alarm, Purchase, PurchaseFilter, Topup, TopupFilter};

use super::parts::PurchaseTable;
use crate::components::{
    Button, Card, Empty, Filter, Filters, Hidden, Icon, Kpi, Look, Money, Pill, PostForm, PurchasePill,
    ServerFn, Tone, TopupPill, When, icons,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::layouts::Section;
use crate::notices::alarm_page;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::gateways::CloseAlarm;

/// Of each kind; there is a link to the rest.
const TODO_ROWS: i64 = 5;
const PERIODS_DAYS: [i64; 3] = [1, 7, 30];

/// What happened of late, and what needs someone.
#[component]
pub fn AdminOverviewPage() -> impl IntoView {
    admin_page(Section::Overview, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let days = cx.query_as("days").filter(|days| PERIODS_DAYS.contains(days)).unwrap_or(1);
    let from = format::start_of_day(cx.now, cx.zone()).plus_ms(-(days - 1) * DAY_MS);
    let shop = cx.store.admin_overview(from).await?;
    let todo = Todo::load(&cx).await?;
    let alarms = alarms(cx.store.alarms().await?, t);
    let periods = PERIODS_DAYS
        .into_iter()
        .map(|period| Filter {
            label: if period == 1 { t.admin_today().to_owned() } else { t.admin_last_days(period) },
            to: format!("/admin?days={period}"),
            on: period == days,
        })
        .collect();
    let figures = figures(&shop, t);
    let todo = todo.show(&shop, t);
    let newest = if shop.recent.is_empty() {
        view! { <Empty icon=icons::RECEIPT text=t.admin_no_purchases()/> }
    } else {
        view! { <PurchaseTable purchases=shop.recent/> }
    };
    let all = (t.show_all().to_owned(), "/admin/transactions".to_owned());
    let body = view! {
        <Filters label=t.admin_period() choices=periods/>
        {figures}
        {alarms}
        {todo}
        <Card title=t.admin_newest() link=all>{newest}</Card>
    };
    Ok(Screen::new(t.overview(), body))
}

fn figures(shop: &AdminOverview, t: T) -> impl IntoView + use<> {
    let count = |number| format::count(number, t.0);
    let settled = shop.succeeded + shop.failed;
    view! {
        <div class="kpis">
            <Kpi label=t.admin_sales() value=shop.sales.to_string() note=t.admin_purchases_count(count(shop.purchases))/>
            <Kpi label=t.admin_profit() value=shop.profit.to_string() note=t.admin_cost_sum(shop.cost)/>
            <Kpi label=t.admin_success() value=share(shop.succeeded, settled, t.0)
                note=t.admin_x_of_y(count(shop.succeeded), count(settled))/>
            <Kpi label=t.admin_credited() value=shop.topups.to_string()
                note=t.admin_open_and_users(count(shop.open_now), count(shop.users))/>
        </div>
    }
}

/// `98,7%`, rounded down: one failure among thousands is not 100%.
fn share(part: i64, whole: i64, lang: Lang) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    let tenths = part.saturating_mul(1_000) / whole;
    let comma = match lang {
        Lang::Id => ',',
        Lang::En => '.',
    };
    format!("{}{comma}{}%", tenths / 10, tenths % 10)
}

/// What something went wrong with; it stays until somebody has seen to it.
fn alarms(alarms: Vec<Alarm>, t: T) -> Option<impl IntoView + use<>> {
    let row = |alarm: Alarm| {
        let (words, to) =
            (t.alarm(alarm.kind, &alarm.object, &alarm.detail), alarm_page(alarm.kind, &alarm.object));
        // What is settled on a page of its own, with a reason, is not waved through here.
        let settled_there = matches!(alarm.kind, AlarmKind::CostsDiffer | AlarmKind::PaymentCase);
        let close = (!settled_there).then(|| {
            view! {
                <PostForm action=CloseAlarm::PATH key=alarm.id.to_string() class="contents">
                    <Hidden name="id" value=alarm.id.to_string()/>
                    <Button look=Look::Plain>{t.alarm_close()}</Button>
                </PostForm>
            }
        });
        view! {
            <li>
                <Pill tone=Tone::Bad text=t.alarms()/>
                <div class="grow small">{words}" "<span class="muted"><When at=alarm.opened_at/></span></div>
                <a class="btn btn-plain" href=to>{t.admin_check()}" "<span class="num">{alarm.object}</span></a>
                {close}
            </li>
        }
    };
    (!alarms.is_empty()).then(|| {
        let rows = alarms.into_iter().map(row).collect_view();
        view! { <Card title=t.alarms()><ul class="rows todo">{rows}</ul></Card> }
    })
}

/// What needs a human.
struct Todo {
    topups: Vec<Topup>,
    cases: i64,
    corrections: i64,
    resellers: i64,
    review: Vec<Purchase>,
    unknown: Vec<Purchase>,
}

impl Todo {
    async fn load(cx: &Member) -> Result<Self, AppError> {
        let purchases = async |state| {
            let filter = PurchaseFilter { state: Some(state), limit: TODO_ROWS, ..PurchaseFilter::default() };
            cx.store.purchases(filter).await
        };
        let said_paid = TopupFilter {
            state: Some(TopupState::ProofSubmitted),
            limit: TODO_ROWS,
            ..TopupFilter::default()
        };
        Ok(Self {
            topups: cx.store.topups(said_paid).await?.items,
            cases: cx.store.open_pay_cases().await?,
            corrections: cx.store.waiting_corrections().await?,
            resellers: cx.store.waiting_reseller_requests().await?,
            review: purchases(PurchaseState::Review).await?.items,
            unknown: purchases(PurchaseState::Unknown).await?.items,
        })
    }

    fn show(self, shop: &AdminOverview, t: T) -> impl IntoView + use<> {
        let state = |state: PurchaseState| format!("/admin/transactions?state={}", state.as_str());
        let heads = [
            (
                shop.waiting_topups,
                t.admin_todo_topups(shop.waiting_topups),
                "/admin/topups".to_owned(),
                t.admin_open_queue(),
            ),
            (self.cases, t.admin_todo_cases(self.cases), "/admin/cases".to_owned(), t.admin_open_cases()),
            (
                self.corrections,
                t.users_todo_corrections(self.corrections),
                "/admin/corrections".to_owned(),
                t.users_open_corrections(),
            ),
            (
                self.resellers,
                t.users_todo_resellers(self.resellers),
                "/admin/users?need=reseller".to_owned(),
                t.users_open_resellers(),
            ),
            (
                shop.review_now,
                t.admin_todo_review(shop.review_now),
                state(PurchaseState::Review),
                t.admin_open_review(),
            ),
            (
                shop.unknown_now,
                t.admin_todo_unknown(shop.unknown_now),
                state(PurchaseState::Unknown),
                t.admin_open_unknown(),
            ),
        ];
        let heads: Vec<_> = heads.into_iter().filter(|(count, ..)| *count > 0).collect();
        let body = if heads.is_empty() {
            view! { <p class="muted"><Icon icon=icons::CHECK/>" "{t.admin_todo_none()}</p> }.into_any()
        } else {
            let heads = heads.into_iter().map(|(_, text, to, words)| {
                view! {
                    <li>
                        <strong class="grow">{text}</strong>
                        <a class="btn btn-ghost btn-sm" href=to>{words}</a>
                    </li>
                }
            });
            let topups = self.topups.into_iter().map(|topup| topup_row(topup, t));
            let purchases = self.review.into_iter().chain(self.unknown);
            let purchases = purchases.map(|purchase| purchase_row(purchase, t));
            view! {
                <ul class="rows todo">
                    {heads.collect_view()}{topups.collect_view()}{purchases.collect_view()}
                </ul>
            }
            .into_any()
        };
        view! { <Card title=t.admin_todo()>{body}</Card> }
    }
}

fn topup_row(topup: Topup, t: T) -> impl IntoView {
    let to = format!("/admin/topups/{}", topup.id.as_str());
    view! {
        <li>
            <TopupPill state=topup.state/>
            <div class="grow small">{topup.buyer}" · "<Money amount=topup.payable/>" · "<When at=topup.created_at/></div>
            <a class="btn btn-plain" href=to>{t.admin_check()}" "<span class="num">{topup.id.to_string()}</span></a>
        </li>
    }
}

fn purchase_row(purchase: Purchase, t: T) -> impl IntoView {
    let to = format!("/admin/transactions/{}", purchase.id.as_str());
    view! {
        <li>
            <PurchasePill state=purchase.state/>
            <div class="grow small">
                {purchase.buyer}" · "{purchase.package_name}" · "<Money amount=purchase.price/>" · "
                <When at=purchase.state_at/>
            </div>
            <a class="btn btn-plain" href=to>{t.admin_check()}" "<span class="num">{purchase.id.to_string()}</span></a>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(share(311, 315, Lang::Id), "98,7%");
        assert_eq!(share(9_999, 10_000, Lang::En), "99.9%");
        assert_eq!(share(0, 0, Lang::Id), "–");
        assert_eq!(share(4, 4, Lang::Id), "100,0%");
    }
}
