use domain::{Rupiah, TopupState};
use leptos::prelude::*;
use store::{Topup, User, Viewer, Wallet};

use super::parts::{Change, Overtaken, buyer, typed};
use crate::components::{
    Button, Card, Fact, Facts, Field, Hidden, Input, Look, Money, Notice, PostForm, ServerFn, TextArea, Tone,
    TopupPill, When,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::topups::{ApproveTopup, RejectTopup};

/// One top-up.
#[component]
pub fn AdminTopupPage() -> impl IntoView {
    admin_page(Section::Topups, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let topup = cx.store.topup(&cx.id("id")?, Viewer::Admin).await?;
    let (user, wallet) = buyer(&cx.store, &topup.buyer).await?;
    // A second look at an amount that is not the one asked for.
    let received = cx.query_as::<Rupiah>("received").filter(|amount| amount.is_positive());
    let may_credit = topup.state.may_become(TopupState::Credited);
    let own = user.id == cx.user.id;
    let decide = if own && may_credit {
        Some(view! { <Notice tone=Tone::Info>{t.admin_own_case()}</Notice> }.into_any())
    } else {
        may_credit.then(|| {
            approve(&topup, &wallet, received.unwrap_or(topup.payable), cx.query("reference").to_owned(), t)
        })
    };
    let reject = (!own && topup.state.may_become(TopupState::Rejected)).then(|| reject(&topup, t));
    let title = t.admin_topup_one(&topup.id);
    let body = view! {
        <Overtaken/>
        <div class="columns">
            <div class="stack">{facts(&topup, &user, &wallet, t)}{proof(&topup, t)}</div>
            <div class="stack">{decide}{reject}</div>
        </div>
    };
    Ok(Screen::new(title, body).back("/admin/topups"))
}

fn facts(topup: &Topup, user: &User, wallet: &Wallet, t: T) -> impl IntoView + use<> {
    let (to, name) = (format!("/admin/users/{}", user.public_id.as_str()), topup.buyer.clone());
    let code = topup.payable.checked_sub(topup.base).unwrap_or_default();
    let bank = topup.bank.clone();
    let decided = topup.decided_at.map(|at| view! { <Fact label=t.admin_decided()><When at/></Fact> });
    let reference = topup.reference.clone();
    let reference = reference.map(|text| view! { <Fact label=t.admin_reference()>{text}</Fact> });
    let credited = topup.credited;
    let credited = credited.map(|amount| view! { <Fact label=t.admin_received()><Money amount/></Fact> });
    let rejected = topup.reject_reason.clone();
    let rejected = rejected.map(|text| view! { <Fact label=t.admin_reject_reason_shown()>{text}</Fact> });
    let late = topup.late.then(|| view! { <p><Notice tone=Tone::Wait>{t.admin_late()}</Notice></p> });
    let (payable, base, state) = (topup.payable, topup.base, topup.state);
    let (created_at, expires_at, available) = (topup.created_at, topup.expires_at, wallet.available);
    view! {
        <Card title=t.admin_facts()>
            {late}
            <Facts>
                <Fact label=t.admin_state()><TopupPill state/></Fact>
                <Fact label=t.admin_buyer()><a href=to>{name}</a></Fact>
                <Fact label=t.admin_payable()><Money amount=payable/></Fact>
                <Fact label=t.admin_base()><Money amount=base/></Fact>
                <Fact label=t.admin_unique_code()><Money amount=code/></Fact>
                {bank.map(|bank| view! { <Fact label=t.admin_bank_account()>{bank.bank}" "{bank.number}<br/>{bank.holder}</Fact> })}
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
            <a href=whole><img class="proof" src=source alt=alt/></a>
            <p class="muted small">{t.admin_proof_warning()}</p>
        }
        .into_any()
    } else {
        view! { <p class="muted">{t.admin_proof_no()}</p> }.into_any()
    };
    view! { <Card title=t.admin_proof()>{picture}</Card> }
}

fn approve(topup: &Topup, wallet: &Wallet, received: Rupiah, reference: String, t: T) -> AnyView {
    let lead = if topup.state.is_open() { t.admin_approve_lead() } else { t.admin_approve_late() };
    // Made inside the form, where the fields find what was typed before.
    let (topup, wallet) = (topup.clone(), *wallet);
    view! {
        <Card title=t.admin_approve_title()>
            <PostForm action=ApproveTopup::PATH>
                <p class="muted small">{lead}</p>
                {approval(&topup, &wallet, received, reference, t)}
                <Button class="wide">{t.admin_approve()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// What is asked, and what it does to the balance if `received` is credited.
fn approval(topup: &Topup, wallet: &Wallet, received: Rupiah, reference: String, t: T) -> AnyView {
    let other = (received != topup.payable).then(|| {
        let words = t.admin_approve_other(topup.payable);
        view! { <Notice tone=Tone::Wait>{words}</Notice> }
    });
    let (id, name, before) = (topup.id.as_str().to_owned(), topup.buyer.clone(), wallet.available);
    view! {
        {other}
        <Hidden name="topup" value=id/>
        <Hidden name="shown" value=received.get().to_string()/>
        <Field name="reference" label=t.admin_reference() hint=t.admin_reference_hint() value=reference/>
        <Field name="received" label=t.admin_received() input=Input::Digits value=typed(received)/>
        <Facts>
            <Fact label=t.admin_buyer()>{name}</Fact>
            <Fact label=t.admin_change()><Money amount=received signed=true/></Fact>
            <Fact label=t.admin_balance_then()><Change before by=received/></Fact>
        </Facts>
    }
    .into_any()
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

#[cfg(test)]
mod tests {
    use domain::{Lang, UtcMillis};
    use store::BankAccount;

    use super::*;

    #[test]
    fn an_approval_says_what_it_does_to_the_balance() {
        let bank = BankAccount {
            id: 1,
            bank: "BCA".into(),
            number: "000-123-4567".into(),
            holder: "Toko".into(),
            active: true,
        };
        let topup = Topup {
            id: "7QK2M9DAX3TP".parse().unwrap(),
            buyer: "rina".into(),
            method: domain::TopupMethod::Transfer,
            gateway: None,
            bank: Some(bank),
            pay_to: None,
            fee: Rupiah::ZERO,
            first_look: None,
            base: Rupiah::new(50_000),
            payable: Rupiah::new(50_123),
            state: TopupState::ProofSubmitted,
            created_at: UtcMillis(0),
            expires_at: UtcMillis(0),
            decided_at: None,
            reject_reason: None,
            reference: None,
            credited: None,
            has_proof: false,
            late: false,
        };
        let wallet = Wallet {
            available: Rupiah::new(1_000),
            held: Rupiah::ZERO,
            receivable: Rupiah::ZERO,
            frozen: false,
            open_purchases: 0,
        };
        let html = |received: i64| {
            let owner = Owner::new();
            owner.with(|| {
                approval(&topup, &wallet, Rupiah::new(received), String::new(), T(Lang::Id)).to_html()
            })
        };
        let as_asked = html(50_123).replace('\u{a0}', " ");
        for part in ["rina", "+Rp 50.123", "Rp 1.000", "Rp 51.123", "name=\"shown\" value=\"50123\""] {
            assert!(as_asked.contains(part), "{part} in {as_asked}");
        }
        assert!(!as_asked.contains("sekali lagi"));
        let other = html(50_000).replace('\u{a0}', " ");
        assert!(other.contains("Rp 51.000") && other.contains("sekali lagi"), "{other}");
    }
}
