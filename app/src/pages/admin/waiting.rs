use leptos::prelude::*;
use store::User;

use super::parts::{Overtaken, ROWS};
use crate::components::{Button, Card, Empty, Hidden, Look, Pager, PostForm, ServerFn, When, icons};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::shop_settings::DecideSignUp;

const LIST: &str = "/admin/users/waiting";

/// Newcomers who wait to be let in.
#[component]
pub fn AdminWaitingPage() -> impl IntoView {
    admin_page(Section::Users, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let after = Some(cx.query("after")).filter(|after| !after.is_empty());
    let page = cx.store.waiting_users(after, ROWS).await?;
    let rows = if page.items.is_empty() {
        view! { <Empty icon=icons::USERS text=t.waiting_none()/> }.into_any()
    } else {
        table(page.items, t)
    };
    let body = view! {
        <Overtaken/>
        <Card>{rows}</Card>
        <Pager base=LIST next=page.next inside=after.is_some()/>
    };
    Ok(Screen::new(t.waiting_title(), body).back("/admin/users"))
}

fn table(users: Vec<User>, t: T) -> AnyView {
    let rows = users.into_iter().map(|user| table_row(user, t)).collect_view();
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.admin_buyer()}</th>
                    <th scope="col">{t.admin_phone()}</th>
                    <th scope="col">{t.email()}</th>
                    <th scope="col">{t.waiting_since()}</th>
                    <th scope="col">{t.waiting_decision()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn table_row(user: User, t: T) -> AnyView {
    let (id, name) = (user.public_id.as_str().to_owned(), user.username.as_str().to_owned());
    let to = format!("/admin/users/{id}");
    let since = user.waiting_since.unwrap_or(user.created_at);
    let (phone, email) = (user.phone.msisdn().display(), user.email.as_str().to_owned());
    let decide = |let_in: bool, look: Look, words: &'static str| {
        let (id, name) = (id.clone(), name.clone());
        view! {
            <PostForm action=DecideSignUp::PATH key=format!("{id}{let_in}") class="contents">
                <Hidden name="user" value=id/>
                <Hidden name="let_in" value=let_in.to_string()/>
                // Several rows have these buttons: who is meant must be heard, too.
                <Button look>{words}<span class="visually-hidden">" "{name}</span></Button>
            </PostForm>
        }
    };
    let (let_in, turn_away) =
        (decide(true, Look::Primary, t.waiting_let_in()), decide(false, Look::Plain, t.waiting_turn_away()));
    view! {
        <tr>
            <td data-label=t.admin_buyer()><a class="strong" href=to>{name}</a></td>
            <td data-label=t.admin_phone() class="num">{phone}</td>
            <td data-label=t.email()>{email}</td>
            <td data-label=t.waiting_since()><div><When at=since/></div></td>
            <td data-label=t.waiting_decision()><div class="row wrap">{let_in}{turn_away}</div></td>
        </tr>
    }
    .into_any()
}
