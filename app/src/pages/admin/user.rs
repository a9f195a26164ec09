use domain::{Refusal, Role, Rupiah, UserState};
use leptos::prelude::*;
use store::{StateChange, UserRow};

use super::parts::Overtaken;
use super::{user_access, user_cards, user_steps};
use crate::components::{
    Button, Card, Choice, Fact, Facts, Field, Hidden, Input, Look, Money, Notice, PostForm, Select, ServerFn,
    TextArea, Tone, UserPill, When,
};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::users::PrepareAdjustment;

/// One user.
#[component]
pub fn AdminUserPage() -> impl IntoView {
    admin_page(Section::Users, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let row = cx.store.user_by_public_id(&cx.id("id")?).await?.ok_or(Refusal::NotFound)?;
    if let Some(step) = user_steps::asked_for(&cx, &row).await? {
        return Ok(step);
    }
    let adjust = if row.user.id == cx.user.id {
        view! {
            <Card title=t.admin_adjust_title()><Notice tone=Tone::Info>{t.admin_own_case()}</Notice></Card>
        }
        .into_any()
    } else {
        adjust(&row, t)
    };
    let sign_in_access = user_access::cards(&cx, &row).await?;
    let change = cx.store.state_change(row.user.id).await?;
    let body = view! {
        <Overtaken/>
        <div class="columns">
            <div class="stack">
                {facts(&row, t)}
                {user_cards::reseller_request(&cx, &row).await?}
                {adjust}
            </div>
            <div class="stack">
                {role(&row, t)}
                {access(&row, change, t)}
                {sign_in_access}
                {user_cards::view_as(&row, t)}
            </div>
        </div>
        {user_cards::corrections(&cx, &row).await?}
        {user_cards::statement(&cx, &row).await?}
    };
    Ok(Screen::new(row.user.username.as_str(), body).back("/admin/users"))
}

fn facts(UserRow { user, wallet }: &UserRow, t: T) -> impl IntoView + use<> {
    let username = user.username.as_str();
    let purchases = address("/admin/transactions", &[("q", username)]);
    let topups = address("/admin/topups", &[("state", "all"), ("q", username)]);
    let name = user.name.as_ref().map(|name| name.as_str().to_owned());
    let name = name.map(|name| view! { <Fact label=t.name()>{name}</Fact> });
    let owed = wallet.receivable;
    let owed = (owed != Rupiah::ZERO)
        .then(|| view! { <Fact label=t.admin_receivable()><Money amount=owed/></Fact> });
    let unfreeze = format!("/admin/users/{}?confirm={}", user.public_id.as_str(), user_steps::UNFREEZE);
    let frozen = wallet.frozen.then(|| {
        view! {
            <Notice tone=Tone::Bad>
                <strong>{t.admin_frozen()}</strong>" "{t.admin_unfreeze_lead()}" "<a href=unfreeze>{t.admin_unfreeze()}</a>
            </Notice>
        }
    });
    let (email, phone) = (user.email.as_str().to_owned(), user.phone.msisdn().display());
    let (role, state, created_at) = (user.role, user.state, user.created_at);
    let (available, held, open) = (wallet.available, wallet.held, wallet.open_purchases);
    view! {
        <Card title=t.admin_user_facts()>
            {frozen}
            <Facts>
                {name}
                <Fact label=t.email()>{email}</Fact>
                <Fact label=t.admin_phone()>{phone}</Fact>
                <Fact label=t.admin_role()>{t.role(role)}</Fact>
                <Fact label=t.admin_account_state()><UserPill state/></Fact>
                <Fact label=t.admin_balance()><Money amount=available/></Fact>
                <Fact label=t.admin_held()><Money amount=held/></Fact>
                {owed}
                <Fact label=t.admin_open_purchases()>{open}</Fact>
                <Fact label=t.admin_joined()><When at=created_at/></Fact>
            </Facts>
            <div class="spread">
                <a class="btn btn-plain" href=purchases>{t.admin_user_purchases()}</a>
                <a class="btn btn-plain" href=topups>{t.admin_user_topups()}</a>
            </div>
        </Card>
    }
}

fn adjust(UserRow { user, .. }: &UserRow, t: T) -> AnyView {
    let id = user.public_id.as_str().to_owned();
    let directions =
        vec![Choice::new("add", t.admin_direction_add()), Choice::new("take", t.admin_direction_take())];
    view! {
        <Card title=t.admin_adjust_title()>
            <PostForm action=PrepareAdjustment::PATH>
                <Hidden name="user" value=id/>
                <Select name="direction" label=t.admin_direction() choices=directions/>
                <Field name="amount" label=t.admin_amount() input=Input::Digits/>
                <TextArea name="reason" label=t.admin_reason() hint=t.admin_adjust_reason_hint()/>
                <Button look=Look::Ghost class="wide">{t.admin_adjust_next()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// The first step of a change of role: a form that asks by GET for the second.
fn role(UserRow { user, .. }: &UserRow, t: T) -> impl IntoView + use<> {
    let action = format!("/admin/users/{}", user.public_id.as_str());
    let choices = Role::ALL.iter().map(|role| Choice::new(role.as_str(), t.role(*role))).collect();
    let now = user.role.as_str();
    view! {
        <Card title=t.admin_role_title()>
            <form method="get" action=action class="stack">
                <Select name="role" label=t.admin_role_choose() value=now choices/>
                <button type="submit" class="btn btn-ghost wide">{t.admin_role_change()}</button>
            </form>
        </Card>
    }
}

fn access(UserRow { user, .. }: &UserRow, change: Option<StateChange>, t: T) -> impl IntoView + use<> {
    let to = |step: &str| format!("/admin/users/{}?confirm={step}", user.public_id.as_str());
    let (text, class, to, words) = match user.state {
        UserState::Active => {
            (t.admin_is_active(), "btn btn-danger wide", to(user_steps::SUSPEND), t.admin_suspend())
        }
        UserState::Suspended => {
            (t.admin_is_suspended(), "btn btn-ghost wide", to(user_steps::REACTIVATE), t.admin_reactivate())
        }
    };
    let change = change.map(|StateChange { reason, by, at }| {
        let reason = (!reason.is_empty()).then(|| view! { <p class="break">{reason}</p> });
        view! { <div>{reason}<p class="muted small"><When at/>" · "{t.user_state_by(by)}</p></div> }
    });
    view! {
        <Card title=t.admin_suspend_title()>
            <div class="stack"><p class="muted">{text}</p>{change}<a class=class href=to>{words}</a></div>
        </Card>
    }
}
