use domain::PurchaseState;
use leptos::prelude::*;
use store::{Page, PurchaseFilter};

use super::parts::{PurchaseTable, ROWS, Search};
use crate::components::{Card, Empty, Filter, Filters, Pager, icons};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

const LIST: &str = "/admin/transactions";

/// All purchases.
#[component]
pub fn AdminTransactionsPage() -> impl IntoView {
    admin_page(Section::Transactions, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let (q, after) = (cx.query("q"), cx.query("after"));
    let state = cx.query_as::<PurchaseState>("state");
    // A username begins with a letter, a number does not.
    let named = if q.starts_with(|first: char| first.is_ascii_alphabetic()) {
        cx.store.user_for_sign_in(q).await?
    } else {
        None
    };
    let filter = PurchaseFilter {
        q: if named.is_some() { String::new() } else { q.to_owned() },
        buyer: named.map(|(user, _)| user.id),
        state,
        after: Some(after.to_owned()).filter(|after| !after.is_empty()),
        limit: ROWS,
        ..PurchaseFilter::default()
    };
    let Page { items, next } = cx.store.purchases(filter).await?;
    let rows = if items.is_empty() {
        view! { <Empty icon=icons::RECEIPT text=t.admin_purchases_none()/> }
    } else {
        view! { <PurchaseTable purchases=items/> }
    };
    let word = state.map_or("", PurchaseState::as_str);
    let base = address(LIST, &[("state", word), ("q", q)]);
    let keep = ("state", word.to_owned());
    let body = view! {
        <Filters label=t.admin_purchase_filter() choices=filters(state, q, t)/>
        <Search action=LIST label=t.admin_purchase_search() value=q keep/>
        <Card>{rows}</Card>
        <Pager base next inside=!after.is_empty()/>
    };
    Ok(Screen::new(t.transactions(), body))
}

fn filters(state: Option<PurchaseState>, q: &str, t: T) -> Vec<Filter> {
    let choice = |label: &str, word: &str, on| Filter {
        label: label.to_owned(),
        to: address(LIST, &[("state", word), ("q", q)]),
        on,
    };
    let states = PurchaseState::ALL.iter();
    let states = states.map(|of| choice(t.purchase_state(*of), of.as_str(), state == Some(*of)));
    std::iter::once(choice(t.admin_all_states(), "", state.is_none())).chain(states).collect()
}
