use domain::{Role, UserState};
use leptos::prelude::*;
use store::{Page, UserFilter, UserRow};

use super::parts::{ROWS, Search, any_of};
use crate::components::{Card, Empty, Money, Pager, Select, UserPill, When, icons};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

const LIST: &str = "/admin/users";

/// All users.
#[component]
pub fn AdminUsersPage() -> impl IntoView {
    admin_page(Section::Users, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let (q, after) = (cx.query("q"), cx.query("after"));
    let (role, state) = (cx.query_as::<Role>("role"), cx.query_as::<UserState>("state"));
    let filter = UserFilter {
        q: q.to_owned(),
        role,
        state,
        after: Some(after.to_owned()).filter(|after| !after.is_empty()),
        limit: ROWS,
    };
    let Page { items, next } = cx.store.users(filter).await?;
    let rows = if items.is_empty() {
        view! { <Empty icon=icons::USERS text=t.admin_users_none()/> }.into_any()
    } else {
        table(items, t)
    };
    let (role, state) = (role.map_or("", Role::as_str), state.map_or("", UserState::as_str));
    let base = address(LIST, &[("q", q), ("role", role), ("state", state)]);
    let roles = any_of(t.admin_all_roles(), Role::ALL, Role::as_str, |role| t.role(role));
    let states = any_of(t.admin_all_states(), UserState::ALL, UserState::as_str, |state| t.user_state(state));
    let body = view! {
        <Search action=LIST label=t.admin_user_search() value=q>
            <Select name="role" label=t.admin_role() choices=roles value=role/>
            <Select name="state" label=t.admin_account_state() choices=states value=state/>
        </Search>
        <Card>{rows}</Card>
        <Pager base next inside=!after.is_empty()/>
    };
    Ok(Screen::new(t.users(), body))
}

fn table(users: Vec<UserRow>, t: T) -> AnyView {
    let row = |UserRow { user, wallet }: UserRow| {
        let to = format!("{LIST}/{}", user.public_id.as_str());
        let name = user.name.map(|name| view! { <div class="muted small">{name.as_str().to_owned()}</div> });
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
                <td data-label=t.admin_account_state()><UserPill state=user.state/></td>
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
