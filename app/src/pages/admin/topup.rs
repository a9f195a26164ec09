use domain::{Rupiah, TopupState};
use leptos::prelude::*;
use store::{Topup, User, Viewer, Wallet};

use super::parts::{Overtaken, buyer};
use super::topup_approve::{Found, approve, first_look};
use super::topup_money;
use crate::components::{
    Button, Card, Fact, Facts, Hidden, Live, Look, Money, Notice, PostForm, ServerFn, TextArea, Tone,
    TopupPill, When,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::topups::RejectTopup;

/// One top-up.
#[component]
pub fn AdminTopupPage() -> impl IntoView {
    admin_page(Section::Topups, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let topup = cx.store.topup(&cx.id("id")?, Viewer::Admin).await?;
    let (user, wallet) = buyer(&cx.store, &topup.buyer).await?;
    let own = user.id == cx.user.id;
    let waits = by_hand_waits(&topup);
    let decide = match (waits, own) {
        (false, _) => None,
        (true, true) => Some(view! { <Notice tone=Tone::Info>{t.admin_own_case()}</Notice> }.into_any()),
        (true, false) => Some(approve(&Found::load(&cx, &topup).await?, &topup, &wallet, t)),
    };
    let first = first_look(&topup, &cx.user, t).filter(|_| waits);
    let can_reject = waits && !own && topup.state.may_become(TopupState::Rejected);
    let reject = can_reject.then(|| reject(&topup, t));
    let money = topup_money::show(&cx, &topup, &wallet, own).await?;
    // The gateway's answer may come at any moment; whoever types a reason is not disturbed.
    let live = (!topup.method.is_by_hand()).then(|| {
        let url = format!("/events/topups/{}", topup.id.as_str());
        view! { <Live url state=topup.state.as_str() refresh_s=0/> }
    });
    let asked = (!cx.query("asked").is_empty())
        .then(|| view! { <div role="status"><Notice tone=Tone::Ok>{t.admin_asked()}</Notice></div> });
    let proof = topup.method.is_by_hand().then(|| proof(&topup, t));
    let title = t.admin_topup_one(&topup.id);
    let body = view! {
        <Overtaken/>
        {asked}{live}{first}
        <div class="columns">
            <div class="stack">{facts(&topup, &user, &wallet, t)}{proof}{money.evidence}</div>
            <div class="stack">{decide}{reject}{money.actions}</div>
        </div>
    };
    Ok(Screen::new(title, body).back("/admin/topups"))
}

/// Whether a human may still find its money on a statement.
fn by_hand_waits(topup: &Topup) -> bool {
    topup.method.is_by_hand()
        && topup.state.may_become(TopupState::Credited)
        && !matches!(topup.state, TopupState::Review | TopupState::RefundPending)
}

fn facts(topup: &Topup, user: &User, wallet: &Wallet, t: T) -> impl IntoView + use<> {
    let (to, name) = (format!("/admin/users/{}", user.public_id.as_str()), topup.buyer.clone());
    let on_top = topup.payable.checked_sub(topup.base).unwrap_or_default();
    let on_top = (on_top != Rupiah::ZERO).then(|| {
        let label = if topup.method.is_by_hand() { t.admin_unique_code() } else { t.admin_payer_fee() };
        view! { <Fact label><Money amount=on_top/></Fact> }
    });
    let bank = topup.bank.clone().map(|bank| {
        view! { <Fact label=t.admin_bank_account()>{bank.bank}" "{bank.number}<br/>{bank.holder}</Fact> }
    });
    let gateway = topup.gateway.clone();
    let gateway = gateway.map(|name| view! { <Fact label=t.admin_collected_by()>{name}</Fact> });
    let decided = topup.decided_at.map(|at| view! { <Fact label=t.admin_decided()><When at/></Fact> });
    let reference = topup.reference.clone().map(|text| {
        let label = if topup.method.is_by_hand() { t.admin_reference() } else { t.admin_gateway_reference() };
        view! { <Fact label><span class="break">{text}</span></Fact> }
    });
    let credited = topup.credited;
    let credited = credited.map(|amount| view! { <Fact label=t.admin_was_credited()><Money amount/></Fact> });
    let rejected = topup.reject_reason.clone();
    let rejected = rejected.map(|text| view! { <Fact label=t.admin_reject_reason_shown()>{text}</Fact> });
    let late = topup.late.then(|| view! { <p><Notice tone=Tone::Wait>{t.admin_late()}</Notice></p> });
    let (payable, base, state, method) = (topup.payable, topup.base, topup.state, topup.method);
    let (created_at, expires_at, available) = (topup.created_at, topup.expires_at, wallet.available);
    view! {
        <Card title=t.admin_facts()>
            {late}
            <Facts>
                <Fact label=t.admin_state()><TopupPill state/></Fact>
                <Fact label=t.admin_buyer()><a href=to>{name}</a></Fact>
                <Fact label=t.admin_topup_way()>{t.topup_method(method)}</Fact>
                {gateway}
                <Fact label=t.admin_to_pay()><Money amount=payable/></Fact>
                <Fact label=t.admin_base()><Money amount=base/></Fact>
                {on_top}{bank}
                <Fact label=t.admin_created()><When at=created_at/></Fact>
                <Fact label=t.admin_expires()><When at=expires_at/></Fact>
                {decided}{reference}{credited}{rejected}
                <Fact label=t.admin_balance()><Money amount=available/></Fact>
            </Facts>
        </Card>
    }
}

fn proof(topup: &Topup, t: T) -> impl IntoView + use<> {
    let picture = if topup.has_proof {
        let source = format!("/topup/{}/proof", topup.id.as_str());
        let (whole, alt) = (source.clone(), t.admin_proof_alt(&topup.id));
        view! {
            <a href=whole rel="external"><img class="proof" src=source alt=alt/></a>
            <p class="muted small">{t.admin_proof_warning()}</p>
        }
        .into_any()
    } else {
        view! { <p class="muted">{t.admin_proof_no()}</p> }.into_any()
    };
    view! { <Card title=t.admin_proof()>{picture}</Card> }
}

fn reject(topup: &Topup, t: T) -> impl IntoView + use<> {
    let (id, note) = (topup.id.as_str().to_owned(), t.admin_reject_lead(&topup.buyer));
    view! {
        <Card title=t.admin_reject_title()>
            <PostForm action=RejectTopup::PATH>
                <Hidden name="topup" value=id/>
                <TextArea name="reason" label=t.admin_reject_reason() hint=t.admin_reject_hint()/>
                <p class="muted small">{note}</p>
                <Button look=Look::Danger class="wide">{t.admin_reject()}</Button>
            </PostForm>
        </Card>
    }
}
