//! Money that did not come as it should.

mod one;

pub use one::AdminCasePage;

use domain::PayCaseKind;
use leptos::prelude::*;
use store::{CaseFilter, PayCase};

use super::parts::{MoneyLinks, ROWS};
use crate::components::{Card, Empty, Filter, Filters, Money, Pager, Pill, Tone, When, icons};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::cases::case_page;

const LIST: &str = "/admin/cases";
/// `?state=` for those that were closed, too.
const ALL: &str = "all";

/// The queue of cases.
#[component]
pub fn AdminCasesPage() -> impl IntoView {
    admin_page(Section::Cases, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let kind = cx.query_as::<PayCaseKind>("kind");
    let closed_too = cx.query("state") == ALL;
    let after = cx.query("after").to_owned();
    let inside = !after.is_empty();
    let filter = CaseFilter { kind, closed_too, after: inside.then_some(after), limit: ROWS };
    let page = cx.store.pay_cases(filter).await?;
    let rows = if page.items.is_empty() {
        view! { <Empty icon=icons::CHECK text=t.cases_none()/> }.into_any()
    } else {
        table(page.items, t)
    };
    let state = if closed_too { ALL } else { "" };
    let base = list_address(state, kind);
    let states = vec![
        Filter { label: t.cases_open().to_owned(), to: list_address("", kind), on: !closed_too },
        Filter { label: t.cases_all().to_owned(), to: list_address(ALL, kind), on: closed_too },
    ];
    let any = Filter { label: t.cases_any().to_owned(), to: list_address(state, None), on: kind.is_none() };
    let kinds = PayCaseKind::ALL.iter().map(|of| Filter {
        label: t.pay_case(*of).to_owned(),
        to: list_address(state, Some(*of)),
        on: kind == Some(*of),
    });
    let kinds = std::iter::once(any).chain(kinds).collect();
    let body = view! {
        <MoneyLinks on=LIST/>
        <Filters label=t.admin_state() choices=states/>
        <Filters label=t.case_kind() choices=kinds/>
        <Card>{rows}</Card>
        <Pager base next=page.next inside/>
    };
    Ok(Screen::new(t.cases(), body))
}

fn list_address(state: &str, kind: Option<PayCaseKind>) -> String {
    address(LIST, &[("state", state), ("kind", kind.map_or("", PayCaseKind::as_str))])
}

fn table(cases: Vec<PayCase>, t: T) -> AnyView {
    let row = |case: PayCase| {
        let to = case_page(case.id.as_str());
        // Of money that was taken back, the fact is how much of it.
        let amount = match case.amount.filter(|_| case.kind != PayCaseKind::Disputed) {
            Some(amount) => view! { <Money amount/> }.into_any(),
            None => view! { <span class="num break">{t.case_detail(&case.detail)}</span> }.into_any(),
        };
        let state = match (case.closed_at, case.outcome) {
            (Some(_), Some(outcome)) => {
                view! { <Pill tone=Tone::Quiet text=t.case_outcome(outcome)/> }.into_any()
            }
            (Some(_), None) => view! { <Pill tone=Tone::Quiet text=t.case_closed()/> }.into_any(),
            (None, _) => {
                let tone = if case.kind.is_urgent() { Tone::Bad } else { Tone::Wait };
                view! { <Pill tone text=t.case_open()/> }.into_any()
            }
        };
        let buyer = case.buyer.unwrap_or_else(|| "–".to_owned());
        view! {
            <tr>
                <td data-label=t.case_kind()><a class="strong" href=to>{t.pay_case(case.kind)}</a></td>
                <td data-label=t.admin_when()><div><When at=case.opened_at/></div></td>
                <td data-label=t.admin_buyer()>{buyer}</td>
                <td data-label=t.admin_amount() class="end">{amount}</td>
                <td data-label=t.admin_state()>{state}</td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.case_kind()}</th>
                    <th scope="col">{t.admin_when()}</th>
                    <th scope="col">{t.admin_buyer()}</th>
                    <th scope="col" class="end">{t.admin_amount()}</th>
                    <th scope="col">{t.admin_state()}</th>
                </tr>
            </thead>
            <tbody>{cases.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
