use domain::TopupState;
use leptos::prelude::*;
use store::{Page, Topup, TopupFilter};

use super::parts::{ROWS, Search};
use crate::components::{Card, Empty, Filter, Filters, Money, Pager, Pill, Tone, TopupPill, When, icons};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

const LIST: &str = "/admin/topups";
/// The word for every state in `?state=`; without one the queue is shown.
const ALL: &str = "all";
/// Most claims to check that the queue shows at once.
const CLAIMS_MOST: i64 = 100;

/// Top-ups to decide about.
#[component]
pub fn AdminTopupsPage() -> impl IntoView {
    admin_page(Section::Topups, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let (word, q, after) = (cx.query("state"), cx.query("q"), cx.query("after"));
    let state = cx.query_as::<TopupState>("state");
    let lists = if state.is_none() && word != ALL {
        queue(&cx, q, after).await?
    } else {
        let page = cx.store.topups(filter(state, q, after)).await?;
        let base = address(LIST, &[("state", word), ("q", q)]);
        list(
            state.map_or(t.admin_all_states(), |state| t.topup_state(state)),
            page,
            base,
            !after.is_empty(),
            t,
        )
    };
    // Whoever searches looks for something, wherever it stands.
    let kept = if word.is_empty() { ALL } else { word };
    let body = view! {
        <Filters label=t.admin_topup_filter() choices=filters(state, word, q, t)/>
        <Search action=LIST label=t.admin_topup_search() value=q keep=("state", kept.to_owned())/>
        {lists}
    };
    Ok(Screen::new(t.top_up(), body))
}

/// First what people say they have paid, then what they have not.
async fn queue(cx: &Member, q: &str, after: &str) -> Result<AnyView, AppError> {
    let t = cx.t;
    let claims = if after.is_empty() {
        let mut said_paid = filter(Some(TopupState::ProofSubmitted), q, "");
        said_paid.limit = CLAIMS_MOST;
        let page = cx.store.topups(said_paid).await?;
        Some(list(t.admin_topups_said_paid(), page, String::new(), false, t))
    } else {
        None
    };
    let unpaid = cx.store.topups(filter(Some(TopupState::Pending), q, after)).await?;
    let unpaid = list(t.admin_topups_unpaid(), unpaid, address(LIST, &[("q", q)]), !after.is_empty(), t);
    Ok(view! { {claims}{unpaid} }.into_any())
}

fn filter(state: Option<TopupState>, q: &str, after: &str) -> TopupFilter {
    let after = Some(after.to_owned()).filter(|after| !after.is_empty());
    TopupFilter { state, q: q.to_owned(), after, limit: ROWS, ..TopupFilter::default() }
}

fn filters(state: Option<TopupState>, word: &str, q: &str, t: T) -> Vec<Filter> {
    let choice = |label: &str, word: &str, on| Filter {
        label: label.to_owned(),
        to: address(LIST, &[("state", word), ("q", q)]),
        on,
    };
    let mut choices = vec![
        choice(t.admin_waiting(), "", state.is_none() && word != ALL),
        choice(t.admin_all_states(), ALL, word == ALL),
    ];
    let states = TopupState::ALL.iter();
    choices.extend(states.map(|of| choice(t.topup_state(*of), of.as_str(), state == Some(*of))));
    choices
}

/// A list in a card. Without `base` there is no other part of it.
fn list(title: &'static str, page: Page<Topup>, base: String, inside: bool, t: T) -> AnyView {
    let Page { items, next } = page;
    let next = next.filter(|_| !base.is_empty());
    let rows = if items.is_empty() {
        view! { <Empty icon=icons::INBOX text=t.admin_topups_none()/> }.into_any()
    } else {
        table(items, t)
    };
    view! {
        <Card title>{rows}</Card>
        <Pager base next inside/>
    }
    .into_any()
}

fn table(topups: Vec<Topup>, t: T) -> AnyView {
    let row = |topup: Topup| {
        let to = format!("{LIST}/{}", topup.id.as_str());
        let proof = if topup.has_proof {
            view! { <Pill tone=Tone::Info text=t.admin_proof_yes()/> }.into_any()
        } else {
            view! { <span class="muted">{t.admin_proof_no()}</span> }.into_any()
        };
        view! {
            <tr>
                <td data-label=t.admin_topup_number()><a class="num" href=to>{topup.id.to_string()}</a></td>
                <td data-label=t.admin_when()><div><When at=topup.created_at/></div></td>
                <td data-label=t.admin_buyer()>{topup.buyer}</td>
                <td data-label=t.admin_payable() class="end strong"><Money amount=topup.payable/></td>
                <td data-label=t.admin_bank_account()>{topup.bank.map(|bank| view! { <span>{bank.bank}" "<span class="num">{bank.number}</span></span> })}</td>
                <td data-label=t.admin_proof()>{proof}</td>
                <td data-label=t.admin_state()><TopupPill state=topup.state/></td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.admin_topup_number()}</th>
                    <th scope="col">{t.admin_when()}</th>
                    <th scope="col">{t.admin_buyer()}</th>
                    <th scope="col" class="end">{t.admin_payable()}</th>
                    <th scope="col">{t.admin_bank_account()}</th>
                    <th scope="col">{t.admin_proof()}</th>
                    <th scope="col">{t.admin_state()}</th>
                </tr>
            </thead>
            <tbody>{topups.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
