use domain::{CorrectionState, Rupiah};
use leptos::prelude::*;
use store::{Correction, User};

use super::LIST;
use crate::components::{
    Button, Card, CorrectionPill, Fact, Facts, Hidden, Look, Money, Notice, PostForm, ServerFn, TextArea,
    Tone, When,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::pages::admin::parts::{Change, Overtaken};
use crate::server_fns::admin::corrections::{ApproveCorrection, RejectCorrection, WithdrawCorrection};

/// One correction: the facts, and what can be decided about it.
#[component]
pub fn AdminCorrectionPage() -> impl IntoView {
    admin_page(Section::Users, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let correction = cx.store.correction(&cx.id("id")?).await?;
    let body = view! {
        <Overtaken/>
        <div class="columns">
            <div class="stack">{facts(&correction, t)}</div>
            <div class="stack">{decisions(&correction, &cx.user, t)}</div>
        </div>
    };
    Ok(Screen::new(t.correction_one(&correction.id), body).back(LIST))
}

fn facts(one: &Correction, t: T) -> impl IntoView + use<> {
    let to = format!("/admin/users/{}", one.user.as_str());
    let (name, reason, asked_by) = (one.username.clone(), one.reason.clone(), one.asked_by.1.clone());
    let (state, amount, before, asked_at) = (one.state, one.amount, one.balance_before(), one.asked_at);
    let (asked, waits) = (one.balance_asked, one.state == CorrectionState::Waiting);
    // What it was then only matters where it has changed since.
    let asked = (waits && asked != one.balance_now)
        .then(|| view! { <Fact label=t.correction_balance_asked()><Money amount=asked/></Fact> });
    let decided = one.decided_at.map(|at| {
        let by = one.decided_by.clone().map_or_else(|| t.correction_alone().to_owned(), |by| t.admin_by(by));
        view! { <Fact label=t.correction_decided()><When at plain=true/>" · "{by}</Fact> }
    });
    let why = one
        .decide_reason
        .clone()
        .map(|why| view! { <Fact label=t.correction_why_not()><span class="break">{why}</span></Fact> });
    view! {
        <Card title=t.admin_facts()>
            <Facts>
                <Fact label=t.admin_state()><CorrectionPill state/></Fact>
                <Fact label=t.admin_buyer()><a href=to>{name}</a></Fact>
                <Fact label=t.admin_change()><Money amount signed=true/></Fact>
                {asked}
                <Fact label=t.admin_balance_then()><Change before by=amount/></Fact>
                <Fact label=t.admin_reason()><span class="break">{reason}</span></Fact>
                <Fact label=t.correction_asked()><When at=asked_at plain=true/>" · "{t.admin_by(asked_by)}</Fact>
                {decided}{why}
            </Facts>
        </Card>
    }
}

fn decisions(one: &Correction, admin: &User, t: T) -> Option<AnyView> {
    if one.state != CorrectionState::Waiting {
        return None;
    }
    if one.user == admin.public_id {
        return Some(view! { <Notice tone=Tone::Info>{t.admin_own_case()}</Notice> }.into_any());
    }
    let own = one.asked_by.0 == admin.id;
    let note = own.then(|| view! { <Notice tone=Tone::Wait>{t.correction_own()}</Notice> });
    let last = if own { withdraw(one, t).into_any() } else { reject(one, t).into_any() };
    Some(view! { {note}{approve(one, t)}{last} }.into_any())
}

fn approve(one: &Correction, t: T) -> AnyView {
    let (id, amount) = (one.id.as_str().to_owned(), one.amount);
    if one.balance_now.checked_add(amount).is_none_or(|after| after < Rupiah::ZERO) {
        return view! { <Notice tone=Tone::Bad>{t.correction_short()}</Notice> }.into_any();
    }
    let look = if amount.is_positive() { Look::Primary } else { Look::Danger };
    view! {
        <Card title=t.correction_approve_title()>
            <PostForm action=ApproveCorrection::PATH>
                <p class="muted small">{t.correction_approve_lead()}</p>
                <Hidden name="correction" value=id/>
                <Button look class="wide">{t.correction_approve_yes(amount)}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn reject(one: &Correction, t: T) -> impl IntoView + use<> {
    let id = one.id.as_str().to_owned();
    view! {
        <Card title=t.admin_reject_title()>
            <PostForm action=RejectCorrection::PATH>
                <Hidden name="correction" value=id/>
                <TextArea name="reason" label=t.admin_reason() hint=t.correction_reject_hint()/>
                <Button look=Look::Ghost class="wide">{t.correction_reject()}</Button>
            </PostForm>
        </Card>
    }
}

fn withdraw(one: &Correction, t: T) -> impl IntoView + use<> {
    let id = one.id.as_str().to_owned();
    view! {
        <Card title=t.correction_withdraw_title()>
            <PostForm action=WithdrawCorrection::PATH>
                <Hidden name="correction" value=id/>
                <Button look=Look::Ghost class="wide">{t.correction_withdraw()}</Button>
            </PostForm>
        </Card>
    }
}
