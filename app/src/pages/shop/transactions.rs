use domain::PurchaseState;
use leptos::prelude::*;
use store::{Page, Purchase, PurchaseFilter};

use super::parts::Again;
use crate::components::{Empty, Filter, Filters, Icon, Money, Pager, PurchasePill, When, icons};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

const ON_A_PAGE: i64 = 20;

/// The user's purchases.
#[component]
pub fn TransactionsPage() -> impl IntoView {
    member_page(Tab::History, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let (q, after) = (cx.query("q").to_owned(), cx.query("after").to_owned());
    let state: Option<PurchaseState> = cx.query_as("state");
    let filter = PurchaseFilter {
        buyer: Some(cx.user.id),
        q: q.clone(),
        state,
        after: (!after.is_empty()).then(|| after.clone()),
        limit: ON_A_PAGE,
        ..PurchaseFilter::default()
    };
    let Page { items, next } = cx.store.purchases(filter).await?;
    let word = state.map(PurchaseState::as_str).unwrap_or_default();
    let base = address("/transactions", &[("q", &q), ("state", word)]);
    let filtered = !q.is_empty() || state.is_some() || !after.is_empty();
    let body = view! {
        {search(&q, word, t)}
        <Filters label=t.filter_state() choices=states(&q, state, t)/>
        {list(items, filtered, t)}
        <Pager base next inside=!after.is_empty()/>
    };
    Ok(Screen::new(t.history(), body))
}

fn search(q: &str, state: &'static str, t: T) -> AnyView {
    let q = q.to_owned();
    view! {
        <form method="get" action="/transactions" role="search" class="search-row middle">
            {(!state.is_empty()).then(|| view! { <input type="hidden" name="state" value=state/> })}
            <label class="visually-hidden" for="q">{t.search_purchases()}</label>
            <input class="form-control grow num" id="q" name="q" type="search" value=q autocomplete="off"
                placeholder=t.search_purchases()/>
            <button type="submit" class="btn btn-ghost"><Icon icon=icons::SEARCH/><span class="visually-hidden">{t.search()}</span></button>
        </form>
    }
    .into_any()
}

/// The states that people look for. The few seconds before an answer are not worth a chip.
fn states(q: &str, state: Option<PurchaseState>, t: T) -> Vec<Filter> {
    let chip = |label: &str, of: Option<PurchaseState>| Filter {
        label: label.to_owned(),
        to: address(
            "/transactions",
            &[("q", q), ("state", of.map(PurchaseState::as_str).unwrap_or_default())],
        ),
        on: state == of,
    };
    vec![
        chip(t.all(), None),
        chip(t.filter_waiting(), Some(PurchaseState::Pending)),
        chip(t.filter_succeeded(), Some(PurchaseState::Succeeded)),
        chip(t.filter_failed(), Some(PurchaseState::Failed)),
        chip(t.filter_unknown(), Some(PurchaseState::Unknown)),
        chip(t.filter_review(), Some(PurchaseState::Review)),
        chip(t.filter_refunded(), Some(PurchaseState::Refunded)),
    ]
}

fn list(items: Vec<Purchase>, filtered: bool, t: T) -> AnyView {
    if items.is_empty() {
        let (icon, text, action) = if filtered {
            (icons::SEARCH, t.no_purchase_fits(), (t.clear_filter().to_owned(), "/transactions".to_owned()))
        } else {
            (icons::INBOX, t.no_purchases_list(), (t.buy_package().to_owned(), "/packages".to_owned()))
        };
        return view! { <Empty icon text action/> }.into_any();
    }
    let rows = items.into_iter().map(row).collect_view();
    view! {
        <section class="card">
            <table class="table purchases">
                <caption class="visually-hidden">{t.transactions()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t.package_word()}</th>
                        <th scope="col">{t.number_word()}</th>
                        <th scope="col">{t.bought_at()}</th>
                        <th scope="col">{t.filter_state()}</th>
                        <th scope="col" class="end">{t.price()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(purchase: Purchase) -> AnyView {
    let again = view! { <Again purchase=&purchase/> };
    let to = format!("/transactions/{}", purchase.id.as_str());
    let number = purchase.msisdn.display();
    let name = format!("{}, {number}, {}", purchase.package_name, purchase.id);
    view! {
        <tr>
            <td class="what"><a class="stretched" href=to aria-label=name>{purchase.package_name}</a></td>
            <td class="who num">{number}</td>
            <td class="when muted small"><When at=purchase.created_at/></td>
            <td class="state"><PurchasePill state=purchase.state/>{again}</td>
            <td class="much end"><strong><Money amount=purchase.price/></strong></td>
        </tr>
    }
    .into_any()
}
