use domain::TopupState;
use leptos::prelude::*;
use store::{Page, Topup, TopupFilter};

use super::parts::{MoneyLinks, ROWS, Search};
use crate::components::{
    Card, Choice, Empty, Filter, Filters, Money, Pager, Pill, Select, Tone, TopupPill, When, icons,
};
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

/// Who finds the money.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    ByHand,
    ByGateway,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Any, Self::ByHand, Self::ByGateway];

    const fn word(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::ByHand => "hand",
            Self::ByGateway => "gateway",
        }
    }

    const fn label(self, t: T) -> &'static str {
        match self {
            Self::Any => t.admin_topup_kind_any(),
            Self::ByHand => t.admin_topup_kind_hand(),
            Self::ByGateway => t.admin_topup_kind_gateway(),
        }
    }
}

/// What the address asks for.
struct Asked {
    word: String,
    state: Option<TopupState>,
    kind: Kind,
    q: String,
    after: String,
}

/// Top-ups to decide about.
#[component]
pub fn AdminTopupsPage() -> impl IntoView {
    admin_page(Section::Topups, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == cx.query("kind")).unwrap_or(Kind::Any);
    let asked = Asked {
        word: cx.query("state").to_owned(),
        state: cx.query_as("state"),
        kind,
        q: cx.query("q").to_owned(),
        after: cx.query("after").to_owned(),
    };
    let lists = if asked.state.is_none() && asked.word != ALL {
        queue(&cx, &asked).await?
    } else {
        let page = cx.store.topups(asked.filter(asked.state, &asked.after)).await?;
        let title = asked.state.map_or(t.admin_all_states(), |state| t.topup_state(state));
        list(title, page, asked.address(&asked.word), !asked.after.is_empty(), t)
    };
    // Whoever searches looks for something, wherever it stands.
    let kept = if asked.word.is_empty() { ALL.to_owned() } else { asked.word.clone() };
    let kinds = Kind::ALL.into_iter().map(|kind| Choice::new(kind.word(), kind.label(t))).collect();
    let body = view! {
        <MoneyLinks on=LIST/>
        <Filters label=t.admin_topup_filter() choices=filters(&asked, t)/>
        <Search action=LIST label=t.admin_topup_search() value=asked.q.clone() keep=("state", kept)>
            <Select name="kind" label=t.admin_topup_kind() choices=kinds value=kind.word()/>
        </Search>
        {lists}
    };
    Ok(Screen::new(t.top_up(), body))
}

/// First those for which a human looks for the money: what one of two admins has found, what people say they have paid,
/// then what they have not. What a
/// gateway collects comes in by itself.
async fn queue(cx: &Member, asked: &Asked) -> Result<AnyView, AppError> {
    let t = cx.t;
    let by_hand = |state, after: &str| TopupFilter {
        by_hand_only: asked.kind != Kind::ByGateway,
        ..asked.filter(Some(state), after)
    };
    let claims = if asked.after.is_empty() && asked.kind != Kind::ByGateway {
        let said_paid = TopupFilter { limit: CLAIMS_MOST, ..by_hand(TopupState::ProofSubmitted, "") };
        let found = by_hand(TopupState::Pending, "");
        let found = TopupFilter { limit: CLAIMS_MOST, found_once: Some(true), ..found };
        let (said_paid, found) = (cx.store.topups(said_paid).await?, cx.store.topups(found).await?);
        let found = (!found.items.is_empty())
            .then(|| list(t.admin_topups_found_once(), found, String::new(), false, t));
        let said_paid = list(t.admin_topups_said_paid(), said_paid, String::new(), false, t);
        Some(view! { {found}{said_paid} })
    } else {
        None
    };
    let unpaid = TopupFilter { found_once: Some(false), ..by_hand(TopupState::Pending, &asked.after) };
    let unpaid = cx.store.topups(unpaid).await?;
    let unpaid = list(t.admin_topups_unpaid(), unpaid, asked.address(""), !asked.after.is_empty(), t);
    Ok(view! { {claims}{unpaid} }.into_any())
}

impl Asked {
    fn filter(&self, state: Option<TopupState>, after: &str) -> TopupFilter {
        TopupFilter {
            state,
            by_hand_only: self.kind == Kind::ByHand,
            by_gateway_only: self.kind == Kind::ByGateway,
            q: self.q.clone(),
            after: Some(after.to_owned()).filter(|after| !after.is_empty()),
            limit: ROWS,
            ..TopupFilter::default()
        }
    }

    /// The same list with another state.
    fn address(&self, state: &str) -> String {
        address(LIST, &[("state", state), ("kind", self.kind.word()), ("q", &self.q)])
    }
}

fn filters(asked: &Asked, t: T) -> Vec<Filter> {
    let choice =
        |label: &str, word: &str, on| Filter { label: label.to_owned(), to: asked.address(word), on };
    let mut choices = vec![
        choice(t.admin_waiting(), "", asked.state.is_none() && asked.word != ALL),
        choice(t.admin_all_states(), ALL, asked.word == ALL),
    ];
    let states = TopupState::ALL.iter();
    choices.extend(states.map(|of| choice(t.topup_state(*of), of.as_str(), asked.state == Some(*of))));
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
        let proof = match (topup.has_proof, topup.method.is_by_hand()) {
            (true, _) => view! { <Pill tone=Tone::Info text=t.admin_proof_yes()/> }.into_any(),
            (false, true) => view! { <span class="muted">{t.admin_proof_no()}</span> }.into_any(),
            (false, false) => "–".into_any(),
        };
        let first = topup
            .first_look
            .filter(|_| topup.state.is_open())
            .map(|first| view! { <div class="muted small">{t.admin_first_look_by(first.by)}</div> });
        let bank = topup.bank.map(|bank| {
            view! { <div class="muted small">{bank.bank}" "<span class="num">{bank.number}</span></div> }
        });
        let gateway = topup.gateway.map(|name| view! { <div class="muted small">{name}</div> });
        view! {
            <tr>
                <td data-label=t.admin_topup_number()><a class="num" href=to>{topup.id.to_string()}</a></td>
                <td data-label=t.admin_when()><div><When at=topup.created_at/></div></td>
                <td data-label=t.admin_buyer()>{topup.buyer}</td>
                <td data-label=t.admin_payable() class="end strong"><Money amount=topup.payable/></td>
                <td data-label=t.admin_topup_way()><div>{t.topup_method(topup.method)}{bank}{gateway}</div></td>
                <td data-label=t.admin_proof()>{proof}</td>
                <td data-label=t.admin_state()><div><TopupPill state=topup.state/>{first}</div></td>
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
                    <th scope="col">{t.admin_topup_way()}</th>
                    <th scope="col">{t.admin_proof()}</th>
                    <th scope="col">{t.admin_state()}</th>
                </tr>
            </thead>
            <tbody>{topups.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
