//! The user's own top-ups: a few below the form, all of them on a page of their own.

use domain::TopupState;
use leptos::prelude::*;
use store::{Page, Topup, TopupFilter};

use crate::components::{Card, Empty, Filter, Filters, Money, Pager, TopupPill, When, icons};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

use super::ways::FORM_PAGE;

pub(super) const HISTORY_PAGE: &str = "/topup/history";
const ON_A_PAGE: i64 = 20;

/// The states that people look for.
const FILTERED: [TopupState; 6] = [
    TopupState::Pending,
    TopupState::ProofSubmitted,
    TopupState::Credited,
    TopupState::Expired,
    TopupState::Cancelled,
    TopupState::Rejected,
];

/// All top-ups of the user.
#[component]
pub fn TopupHistoryPage() -> impl IntoView {
    member_page(Tab::TopUp, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let after = cx.query("after").to_owned();
    let state: Option<TopupState> = cx.query_as("state");
    let inside = !after.is_empty();
    let filter = TopupFilter {
        buyer: Some(cx.user.id),
        state,
        after: inside.then_some(after),
        limit: ON_A_PAGE,
        ..TopupFilter::default()
    };
    let Page { items, next } = cx.store.topups(filter).await?;
    let list = if items.is_empty() {
        let (text, action) = if state.is_some() || inside {
            (t.topup_none_fits(), (t.clear_filter().to_owned(), HISTORY_PAGE.to_owned()))
        } else {
            (t.topup_none_yet(), (t.topup_title().to_owned(), FORM_PAGE.to_owned()))
        };
        view! { <Empty icon=icons::INBOX text action/> }.into_any()
    } else {
        view! { <section class="card"><TopupRows items/></section> }.into_any()
    };
    let base = of_state(state);
    let body = view! {
        <div class="middle stack">
            <Filters label=t.filter_state() choices=states(state, t)/>
            {list}
            <Pager base next inside/>
        </div>
    };
    Ok(Screen::new(t.topup_all(), body).back(FORM_PAGE))
}

fn states(now: Option<TopupState>, t: T) -> Vec<Filter> {
    let chip = |label: &str, of: Option<TopupState>| Filter {
        label: label.to_owned(),
        to: of_state(of),
        on: of == now,
    };
    let one = FILTERED.into_iter().map(|state| chip(t.topup_state(state), Some(state)));
    std::iter::once(chip(t.all(), None)).chain(one).collect()
}

fn of_state(state: Option<TopupState>) -> String {
    address(HISTORY_PAGE, &[("state", state.map(TopupState::as_str).unwrap_or_default())])
}

/// The newest ones, and the way to the others.
#[component]
pub(super) fn Latest(
    /// The newest.
    items: Vec<Topup>,
    /// Whether there are others.
    more: bool,
    t: T,
) -> AnyView {
    if items.is_empty() {
        return view! { <Card title=t.topup_own()><Empty icon=icons::INBOX text=t.topup_none_yet()/></Card> }
            .into_any();
    }
    let link = more.then(|| (t.show_all().to_owned(), HISTORY_PAGE.to_owned()));
    match link {
        Some(link) => view! { <Card title=t.topup_own() link><TopupRows items/></Card> }.into_any(),
        None => view! { <Card title=t.topup_own()><TopupRows items/></Card> }.into_any(),
    }
}

/// Top-ups as entries of a list: how much, how, when, and where it stands.
#[component]
fn TopupRows(items: Vec<Topup>) -> AnyView {
    let t = crate::context::use_t();
    let row = |topup: Topup| {
        let to = format!("/topup/{}", topup.id.as_str());
        let (amount, state) = (topup.credited.unwrap_or(topup.payable), shown_state(&topup));
        let (way, created_at) = (way_words(&topup, t), topup.created_at);
        view! {
            <li>
                <a class="row purchase" href=to>
                    <span class="grow">
                        <strong><Money amount/></strong>
                        <small class="muted">{way} " · " <When at=created_at/></small>
                    </span>
                    <span class="side"><TopupPill state/></span>
                </a>
            </li>
        }
    };
    view! { <ul class="rows">{items.into_iter().map(row).collect_view()}</ul> }.into_any()
}

/// How it is paid, and to which bank.
pub(super) fn way_words(topup: &Topup, t: T) -> String {
    match &topup.bank {
        Some(bank) if !topup.method.is_qris() => t.topup_transfer_to(&bank.bank),
        _ => t.topup_method(topup.method),
    }
}

/// Where it stands for its buyer: one that the first of two admins has found is being checked, whatever the buyer said.
pub(super) const fn shown_state(topup: &Topup) -> TopupState {
    match topup.state {
        TopupState::Pending if topup.first_look.is_some() => TopupState::ProofSubmitted,
        state => state,
    }
}
