//! Corrections of balances: those that wait for a second look, and what became of the others.

mod one;

pub use one::AdminCorrectionPage;

use domain::{CorrectionState, PublicId, Refusal};
use leptos::prelude::*;
use store::{Correction, CorrectionFilter, Page};

use super::parts::ROWS;
use crate::components::{Card, CorrectionPill, Empty, Filter, Filters, Money, Pager, When, icons};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

pub(super) const LIST: &str = "/admin/corrections";
/// In the address: whatever their state.
const ALL: &str = "all";

/// All corrections, those that wait first.
#[component]
pub fn AdminCorrectionsPage() -> impl IntoView {
    admin_page(Section::Users, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let (word, of, after) = (cx.query("state"), cx.query("user"), cx.query("after"));
    let user = if of.is_empty() {
        None
    } else {
        let id: PublicId = of.parse().map_err(|_| Refusal::NotFound)?;
        Some(cx.store.user_by_public_id(&id).await?.ok_or(Refusal::NotFound)?.user)
    };
    let state = match word {
        ALL => None,
        // Of one user, everything; else what somebody has to do.
        "" if user.is_some() => None,
        word => Some(word.parse().unwrap_or(CorrectionState::Waiting)),
    };
    let filter = CorrectionFilter {
        state,
        user: user.as_ref().map(|user| user.id),
        after: Some(after.to_owned()).filter(|after| !after.is_empty()),
        limit: ROWS,
    };
    let Page { items, next } = cx.store.corrections(filter).await?;
    let word = state.map_or(ALL, CorrectionState::as_str);
    let base = address(LIST, &[("state", word), ("user", of)]);
    let body = view! {
        <Filters label=t.correction_filter() choices=filters(state, of, t)/>
        <Card>{table(items, t)}</Card>
        <Pager base next inside=!after.is_empty()/>
    };
    let (title, back) = match user {
        Some(user) => {
            (t.corrections_of(user.username.as_str()), format!("/admin/users/{}", user.public_id.as_str()))
        }
        None => (t.corrections().to_owned(), "/admin/users".to_owned()),
    };
    Ok(Screen::new(title, body).back(back))
}

fn filters(on: Option<CorrectionState>, of: &str, t: T) -> Vec<Filter> {
    let choice = |label: &str, state: Option<CorrectionState>| Filter {
        label: label.to_owned(),
        to: address(LIST, &[("state", state.map_or(ALL, CorrectionState::as_str)), ("user", of)]),
        on: on == state,
    };
    let states = CorrectionState::ALL.iter().map(|state| choice(t.correction_state(*state), Some(*state)));
    states.chain([choice(t.admin_all_states(), None)]).collect()
}

/// Corrections, each with whom it is about.
pub(super) fn table(corrections: Vec<Correction>, t: T) -> AnyView {
    if corrections.is_empty() {
        return view! { <Empty icon=icons::WALLET text=t.corrections_none()/> }.into_any();
    }
    let row = |one: Correction| {
        let to = format!("{LIST}/{}", one.id.as_str());
        view! {
            <tr>
                <td data-label=t.correction_number()><a class="num" href=to>{one.id.to_string()}</a></td>
                <td data-label=t.admin_when()><div><When at=one.asked_at plain=true/></div></td>
                <td data-label=t.admin_buyer()>{one.username}</td>
                <td data-label=t.admin_change() class="end strong"><Money amount=one.amount signed=true/></td>
                <td data-label=t.admin_reason()>
                    <div>{one.reason}<div class="muted small">{t.correction_by(one.asked_by.1)}</div></div>
                </td>
                <td data-label=t.admin_state()><CorrectionPill state=one.state/></td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.correction_number()}</th>
                    <th scope="col">{t.admin_when()}</th>
                    <th scope="col">{t.admin_buyer()}</th>
                    <th scope="col" class="end">{t.admin_change()}</th>
                    <th scope="col">{t.admin_reason()}</th>
                    <th scope="col">{t.admin_state()}</th>
                </tr>
            </thead>
            <tbody>{corrections.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
