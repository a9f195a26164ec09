use domain::{Role, UserState};
use leptos::prelude::*;
use store::{CorrectionFilter, Page, UserFilter, UserNeed, UserRow};

use super::corrections;
use super::parts::{ROWS, Search, any_of};
use crate::components::{
    Card, Empty, Filter, Filters, Icon, Money, Pager, Pill, Select, Tone, UserPill, When, icons,
};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

const LIST: &str = "/admin/users";
/// Corrections that wait, above the list; there is a link to the rest.
const WAITING_ROWS: i64 = 5;

/// All users, and what waits for an admin about them.
#[component]
pub fn AdminUsersPage() -> impl IntoView {
    admin_page(Section::Users, load)
}

/// What the address asks for.
struct Asked {
    q: String,
    role: Option<Role>,
    state: Option<UserState>,
    need: Option<UserNeed>,
    after: String,
}

/// The words of needs in the address.
const NEEDS: [(&str, UserNeed); 2] = [("frozen", UserNeed::Frozen), ("reseller", UserNeed::Reseller)];

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let asked = Asked {
        q: cx.query("q").to_owned(),
        role: cx.query_as("role"),
        state: cx.query_as("state"),
        need: NEEDS.iter().find(|(word, _)| *word == cx.query("need")).map(|(_, need)| *need),
        after: cx.query("after").to_owned(),
    };
    let Page { items, next } = cx.store.users(asked.filter()).await?;
    let rows = if items.is_empty() {
        view! { <Empty icon=icons::USERS text=t.admin_users_none()/> }.into_any()
    } else {
        table(items, t)
    };
    let (role, state) = (asked.role.map_or("", Role::as_str), asked.state.map_or("", UserState::as_str));
    let roles = any_of(t.admin_all_roles(), Role::ALL, Role::as_str, |role| t.role(role));
    let states = any_of(t.admin_all_states(), UserState::ALL, UserState::as_str, |state| t.user_state(state));
    let keep = ("need", need_word(asked.need).to_owned());
    let new = view! {
        <a class="btn btn-ghost btn-sm" href="/admin/users/new"><Icon icon=icons::PLUS/>{t.users_new()}</a>
    };
    let body = view! {
        {waiting(&cx).await?}
        <Filters label=t.users_filter() choices=needs(&cx, &asked).await?/>
        <Search action=LIST label=t.admin_user_search() value=asked.q.clone() keep>
            <Select name="role" label=t.admin_role() choices=roles value=role/>
            <Select name="state" label=t.admin_account_state() choices=states value=state/>
        </Search>
        <Card>{rows}</Card>
        <Pager base=asked.address(asked.need) next inside=!asked.after.is_empty()/>
    };
    Ok(Screen::new(t.users(), body).actions(new))
}

impl Asked {
    fn filter(&self) -> UserFilter {
        UserFilter {
            q: self.q.clone(),
            role: self.role,
            state: self.state,
            only: self.need,
            after: Some(self.after.clone()).filter(|after| !after.is_empty()),
            limit: ROWS,
        }
    }

    /// The same list with another need.
    fn address(&self, need: Option<UserNeed>) -> String {
        let (role, state) = (self.role.map_or("", Role::as_str), self.state.map_or("", UserState::as_str));
        address(LIST, &[("q", &self.q), ("role", role), ("state", state), ("need", need_word(need))])
    }
}

fn need_word(need: Option<UserNeed>) -> &'static str {
    NEEDS.iter().find(|(_, of)| Some(*of) == need).map_or("", |(word, _)| word)
}

async fn needs(cx: &Member, asked: &Asked) -> Result<Vec<Filter>, AppError> {
    let t = cx.t;
    let asking = cx.store.waiting_reseller_requests().await?;
    let choice = |label: String, need| Filter { label, to: asked.address(need), on: asked.need == need };
    Ok(vec![
        choice(t.users_everyone().to_owned(), None),
        choice(t.users_ask(asking), Some(UserNeed::Reseller)),
        choice(t.users_frozen().to_owned(), Some(UserNeed::Frozen)),
        // Those that are over stand there, too.
        Filter { label: t.corrections().to_owned(), to: corrections::LIST.to_owned(), on: false },
    ])
}

/// Corrections that wait for a second look.
async fn waiting(cx: &Member) -> Result<Option<AnyView>, AppError> {
    let t = cx.t;
    let count = cx.store.waiting_corrections().await?;
    if count == 0 {
        return Ok(None);
    }
    let state = Some(domain::CorrectionState::Waiting);
    let filter = CorrectionFilter { state, limit: WAITING_ROWS, ..CorrectionFilter::default() };
    let newest = cx.store.corrections(filter).await?.items;
    let link = (t.show_all().to_owned(), corrections::LIST.to_owned());
    let rows = corrections::table(newest, t);
    Ok(Some(view! { <Card title=t.users_corrections(count) link>{rows}</Card> }.into_any()))
}

fn table(users: Vec<UserRow>, t: T) -> AnyView {
    let row = |UserRow { user, wallet }: UserRow| {
        let to = format!("{LIST}/{}", user.public_id.as_str());
        let name = user.name.map(|name| view! { <div class="muted small">{name.as_str().to_owned()}</div> });
        let frozen = wallet.frozen.then(|| view! { " "<Pill tone=Tone::Bad text=t.users_frozen_pill()/> });
        view! {
            <tr>
                <td data-label=t.admin_buyer()>
                    <div><a class="strong" href=to>{user.username.as_str().to_owned()}</a>{name}</div>
                </td>
                <td data-label=t.admin_phone() class="num">{user.phone.msisdn().display()}</td>
                <td data-label=t.admin_role()>{t.role(user.role)}</td>
                <td data-label=t.admin_balance() class="end"><Money amount=wallet.available/></td>
                <td data-label=t.admin_held() class="end"><Money amount=wallet.held/></td>
                <td data-label=t.admin_joined()><div><When at=user.created_at plain=true/></div></td>
                <td data-label=t.admin_account_state()><div><UserPill state=user.state/>{frozen}</div></td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.admin_buyer()}</th>
                    <th scope="col">{t.admin_phone()}</th>
                    <th scope="col">{t.admin_role()}</th>
                    <th scope="col" class="end">{t.admin_balance()}</th>
                    <th scope="col" class="end">{t.admin_held()}</th>
                    <th scope="col">{t.admin_joined()}</th>
                    <th scope="col">{t.admin_account_state()}</th>
                </tr>
            </thead>
            <tbody>{users.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
