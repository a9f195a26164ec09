use domain::{PurchaseState, TopupState};
use leptos::prelude::*;
use store::{Page, SEARCH_DAYS, SEARCH_DAYS_MOST, Transaction, TransactionFilter, TransactionKind, What};

use super::parts::ROWS;
use super::report::PAGE as REPORT;
use super::transactions_form::{Choices, form};
use crate::components::{
    Card, Empty, Filter, Filters, Money, Notice, Pager, PurchasePill, Tone, TopupPill, When, icons,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::transactions::{Asked, FILE, FILE_ROWS_MOST, PAGE};

/// Purchases, top-ups and corrections in one list.
#[component]
pub fn AdminTransactionsPage() -> impl IntoView {
    admin_page(Section::Transactions, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let asked = Asked::read(|name| cx.query(name));
    let after = cx.query("after").to_owned();
    let inside = !after.is_empty();
    let found = match asked.filter(&cx.store).await? {
        Ok(filter) => {
            let filter = TransactionFilter { after: inside.then_some(after), limit: ROWS, ..filter };
            let window = filter.goes_through_rows();
            let list = cx.store.transactions(&filter).await?;
            found(list, window, &asked, inside, t)
        }
        Err(unread) => {
            let words = unread.words(&asked, t);
            view! { <Notice tone=Tone::Bad>{words}</Notice> }.into_any()
        }
    };
    let choices = Choices::load(&cx).await?;
    let body = view! {
        <Filters label=t.transactions_kind() choices=kinds(&asked, t)/>
        {states(&asked, t)}
        {form(&asked, choices, t)}
        {found}
    };
    let report = view! { <a class="btn btn-ghost btn-sm" href=REPORT>{t.overview_month()}</a> };
    Ok(Screen::new(t.transactions(), body).actions(report))
}

fn found(list: Page<Transaction>, window: bool, asked: &Asked, inside: bool, t: T) -> AnyView {
    let window = window.then(|| {
        let words = t.transactions_window(SEARCH_DAYS, SEARCH_DAYS_MOST);
        view! { <p class="muted small">{words}</p> }
    });
    if list.items.is_empty() {
        return view! { {window}<Card><Empty icon=icons::RECEIPT text=t.admin_purchases_none()/></Card> }
            .into_any();
    }
    let base = asked.address(PAGE);
    let most = format::count(i64::try_from(FILE_ROWS_MOST).unwrap_or(i64::MAX), t.0);
    view! {
        {window}
        <Card>{table(list.items, t)}</Card>
        <Pager base next=list.next inside/>
        <p>
            <a class="btn btn-ghost" href=asked.address(FILE) rel="external">{t.transactions_csv()}</a>
            " "<small class="muted">{t.transactions_csv_most(most)}</small>
        </p>
    }
    .into_any()
}

fn kinds(asked: &Asked, t: T) -> Vec<Filter> {
    // Another kind has other states.
    let choice = |label: &str, word: &str, on| Filter {
        label: label.to_owned(),
        to: Asked { kind: word.to_owned(), state: String::new(), ..asked.clone() }.address(PAGE),
        on,
    };
    let kinds = TransactionKind::ALL.iter();
    let kinds = kinds.map(|of| choice(t.transaction_kind(*of), of.as_str(), asked.kind() == Some(*of)));
    std::iter::once(choice(t.transactions_kind_all(), "", asked.kind().is_none())).chain(kinds).collect()
}

fn states(asked: &Asked, t: T) -> Option<AnyView> {
    let choice = |label: &str, word: &str| Filter {
        label: label.to_owned(),
        to: Asked { state: word.to_owned(), ..asked.clone() }.address(PAGE),
        on: asked.state == word,
    };
    let any = std::iter::once(choice(t.admin_all_states(), ""));
    let choices: Vec<Filter> = match asked.kind() {
        Some(TransactionKind::Correction) => return None,
        Some(TransactionKind::Topup) => {
            any.chain(TopupState::ALL.iter().map(|of| choice(t.topup_state(*of), of.as_str()))).collect()
        }
        Some(TransactionKind::Purchase) | None => any
            .chain(PurchaseState::ALL.iter().map(|of| choice(t.purchase_state(*of), of.as_str())))
            .collect(),
    };
    Some(view! { <Filters label=t.admin_purchase_filter() choices/> }.into_any())
}

fn table(transactions: Vec<Transaction>, t: T) -> impl IntoView {
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.admin_purchase_number()}</th>
                    <th scope="col">{t.admin_when()}</th>
                    <th scope="col">{t.admin_buyer()}</th>
                    <th scope="col">{t.transactions_what()}</th>
                    <th scope="col" class="end">{t.admin_amount()}</th>
                    <th scope="col">{t.admin_state()}</th>
                </tr>
            </thead>
            <tbody>{transactions.into_iter().map(|transaction| row(transaction, t)).collect_view()}</tbody>
        </table>
    }
}

fn row(transaction: Transaction, t: T) -> impl IntoView {
    let Transaction { at, user, user_id, amount, what } = transaction;
    let kind = t.transaction_kind(what.kind());
    let signed = what.kind() == TransactionKind::Correction;
    let (link, words, more, state) = match what {
        What::Purchase { id, package, msisdn, gateway, state, .. } => (
            (id.to_string(), format!("/admin/transactions/{}", id.as_str())),
            package,
            format!("{} · {gateway}", msisdn.masked()),
            view! { <PurchasePill state/> }.into_any(),
        ),
        What::Topup { id, method, gateway, state } => (
            (id.to_string(), format!("/admin/topups/{}", id.as_str())),
            t.topup_method(method),
            gateway.unwrap_or_default(),
            view! { <TopupPill state/> }.into_any(),
        ),
        What::Correction { reason, by } => (
            (kind.to_owned(), format!("/admin/users/{}", user_id.as_str())),
            reason,
            by.map(|by| t.admin_by(by)).unwrap_or_default(),
            "–".into_any(),
        ),
    };
    let (label, to) = link;
    view! {
        <tr>
            <td data-label=t.admin_purchase_number()><a class="num" href=to>{label}</a></td>
            <td data-label=t.admin_when()><div><When at plain=true/></div></td>
            <td data-label=t.admin_buyer()>{user}</td>
            <td data-label=t.transactions_what()>
                <div><span class="muted">{kind}": "</span>{words}<br/><small class="muted num">{more}</small></div>
            </td>
            <td data-label=t.admin_amount() class="end"><Money amount signed/></td>
            <td data-label=t.admin_state()>{state}</td>
        </tr>
    }
}
