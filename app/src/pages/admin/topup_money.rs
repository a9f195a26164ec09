//! What else happens to the money of a top-up: the gateway's evidence, what is given back, cases.

use domain::{ChargeState, TopupMethod, TopupState};
use leptos::prelude::*;
use store::{BankAccount, ChargeMessage, ChargeView, PayCase, RefundState, RefundView, Topup, Wallet};

use super::parts::Change;
use crate::components::{
    Button, Card, Choice, Fact, Facts, Field, Hidden, Look, Money, Notice, Pill, PostForm, Select, ServerFn,
    TextArea, Tone, When,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::page::Member;
use crate::server_fns::admin::cases::case_page;
use crate::server_fns::admin::topups::{AskTopup, RefundBack, RefundTopup, RefundTransferred};

/// Both columns of the page.
pub(super) struct Shown {
    /// What was said, and what became of it.
    pub(super) evidence: AnyView,
    /// What can be done.
    pub(super) actions: AnyView,
}

pub(super) async fn show(cx: &Member, topup: &Topup, wallet: &Wallet, own: bool) -> Result<Shown, AppError> {
    let t = cx.t;
    let charges = cx.store.charges_of(&topup.id).await?;
    let cases = cx.store.pay_cases_of(&topup.id).await?;
    let refunds = cx.store.refunds_of(&topup.id).await?;
    let refundable = cx.store.refundable(&topup.id).await?;
    let banks = if refunds.is_empty() { Vec::new() } else { cx.store.bank_accounts(false).await? };
    let ask = (!charges.is_empty()).then(|| ask(topup, t));
    let refund = match refundable.filter(|_| topup.state == TopupState::Credited) {
        None => None,
        Some(_) if own => Some(view! { <Notice tone=Tone::Info>{t.admin_own_case()}</Notice> }.into_any()),
        Some(amount) => Some(refund_form(topup, wallet, amount, !charges.is_empty(), t)),
    };
    let ends: Vec<AnyView> = refunds
        .iter()
        .filter(|refund| !own && by_hand(refund))
        .map(|refund| end_form(topup, refund, wallet, &banks, t))
        .collect();
    let cases = (!cases.is_empty()).then(|| case_list(cases, t));
    let refunds = (!refunds.is_empty()).then(|| refund_list(refunds, t));
    let charges = charges.into_iter().map(|charge| conversation(charge, t)).collect_view();
    Ok(Shown {
        evidence: view! { {charges} }.into_any(),
        actions: view! { {cases}{ends}{ask}{refunds}{refund} }.into_any(),
    })
}

fn ask(topup: &Topup, t: T) -> impl IntoView + use<> {
    let id = topup.id.as_str().to_owned();
    view! {
        <Card title=t.admin_ask_title()>
            <PostForm action=AskTopup::PATH>
                <p class="muted small">{t.admin_ask_lead()}</p>
                <Hidden name="topup" value=id/>
                <Button look=Look::Ghost class="wide">{t.admin_ask_now()}</Button>
            </PostForm>
        </Card>
    }
}

/// An order at a gateway, with what was said about it.
fn conversation(charge: ChargeView, t: T) -> impl IntoView {
    let tone = match charge.state {
        ChargeState::Creating | ChargeState::Pending => Tone::Wait,
        ChargeState::Paid => Tone::Ok,
        ChargeState::Failed => Tone::Bad,
        ChargeState::Expired | ChargeState::Cancelled => Tone::Quiet,
    };
    let transaction = charge
        .transaction_id
        .map(|id| view! { <Fact label=t.admin_gateway_reference()><span class="break">{id}</span></Fact> });
    let word = charge
        .provider_state
        .map(|word| view! { <Fact label=t.charge_provider_state()>{t.provider_state(&word)}</Fact> });
    let refusal = charge.refusal.map(|word| {
        view! { <Fact label=t.charge_refused()>{t.charge_refusal(word.parse().ok())}</Fact> }
    });
    let messages = if charge.messages.is_empty() {
        view! { <p class="muted">{t.admin_messages_none()}</p> }.into_any()
    } else {
        let messages = charge.messages.into_iter().map(|message| said(message, t)).collect_view();
        view! { <ol class="messages">{messages}</ol> }.into_any()
    };
    view! {
        <Card title=t.charge_title(&charge.gateway) class="stack">
            <Facts>
                <Fact label=t.pay_day_order()><span class="break">{charge.order_id}</span></Fact>
                <Fact label=t.admin_state()><Pill tone text=t.charge_state(charge.state)/></Fact>
                {word}{refusal}{transaction}
                <Fact label=t.admin_to_pay()><Money amount=charge.gross/></Fact>
                <Fact label=t.admin_created()><When at=charge.created_at/></Fact>
            </Facts>
            <details>
                <summary>{t.admin_messages()}</summary>
                {messages}
            </details>
        </Card>
    }
}

fn said(message: ChargeMessage, t: T) -> impl IntoView {
    let facts =
        [message.http_status.map(|status| format!("HTTP {status}")), message.code, Some(message.note)];
    let facts: Vec<String> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    let body = (!message.body.is_empty()).then(|| view! { <pre tabindex="0">{message.body}</pre> });
    view! {
        <li>
            <strong>{t.charge_asked(&message.kind)}</strong>
            <span class="muted small">" · "{facts.join(" · ")}" · "<When at=message.at plain=true/></span>
            {body}
        </li>
    }
}

/// Gives back all that is left of a credit.
fn refund_form(topup: &Topup, wallet: &Wallet, amount: domain::Rupiah, collected: bool, t: T) -> AnyView {
    let by_gateway = collected && topup.method == TopupMethod::Qris;
    let mut ways = vec![Choice::new("no", t.refund_by_hand())];
    if by_gateway {
        ways.insert(0, Choice::new("yes", t.refund_by_gateway()));
    }
    let minus = amount.checked_neg().unwrap_or_default();
    let (id, name, before) = (topup.id.as_str().to_owned(), topup.buyer.clone(), wallet.available);
    let too_little =
        (before < amount).then(|| view! { <Notice tone=Tone::Wait>{t.refund_too_little()}</Notice> });
    let only_hand = (!by_gateway).then(|| view! { <p class="muted small">{t.refund_only_by_hand()}</p> });
    view! {
        <Card title=t.refund_title()>
            <PostForm action=RefundTopup::PATH>
                <p class="muted small">{t.refund_lead()}</p>
                {too_little}
                <Hidden name="topup" value=id/>
                <Hidden name="shown" value=amount.get().to_string()/>
                <Select name="by_gateway" label=t.refund_way() choices=ways/>
                {only_hand}
                <TextArea name="reason" label=t.admin_reason() hint=t.admin_decide_reason_hint()/>
                <Facts>
                    <Fact label=t.admin_buyer()>{name}</Fact>
                    <Fact label=t.admin_change()><Money amount=minus signed=true/></Fact>
                    <Fact label=t.admin_balance_then()><Change before by=minus/></Fact>
                </Facts>
                <Button look=Look::Danger class="wide">{t.refund_do(amount)}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// Whether an admin has to end it.
fn by_hand(refund: &RefundView) -> bool {
    refund.state == RefundState::Refused || (refund.state == RefundState::Open && !refund.by_gateway)
}

fn end_form(topup: &Topup, refund: &RefundView, wallet: &Wallet, banks: &[BankAccount], t: T) -> AnyView {
    let (id, refund_id) = (topup.id.as_str().to_owned(), refund.id.as_str().to_owned());
    let (amount, before) = (refund.amount, wallet.available);
    let choices: Vec<Choice> = banks
        .iter()
        .map(|bank| Choice::new(bank.id.to_string(), format!("{} {}", bank.bank, bank.number)))
        .collect();
    let refused = (refund.state == RefundState::Refused)
        .then(|| view! { <Notice tone=Tone::Wait>{t.refund_gateway_refused()}</Notice> });
    let (name, back_id, back_refund) = (topup.buyer.clone(), id.clone(), refund_id.clone());
    view! {
        <Card title=t.refund_end_title(amount) class="stack">
            {refused}
            <PostForm action=RefundTransferred::PATH key=refund_id.clone()>
                <p class="muted small">{t.refund_transferred_lead(name)}</p>
                <Hidden name="topup" value=id/>
                <Hidden name="refund" value=refund_id/>
                <Select name="bank_account" label=t.refund_from_bank() choices/>
                <Field name="reference" label=t.refund_reference() hint=t.refund_reference_hint()/>
                <Button class="wide">{t.refund_transferred(amount)}</Button>
            </PostForm>
            <PostForm action=RefundBack::PATH key=back_refund.clone()>
                <p class="muted small">{t.refund_back_lead()}</p>
                <Hidden name="topup" value=back_id/>
                <Hidden name="refund" value=back_refund/>
                <Facts>
                    <Fact label=t.admin_change()><Money amount signed=true/></Fact>
                    <Fact label=t.admin_balance_then()><Change before by=amount/></Fact>
                </Facts>
                <Button look=Look::Ghost class="wide">{t.refund_back()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn refund_list(refunds: Vec<RefundView>, t: T) -> impl IntoView {
    let row = move |refund: RefundView| {
        let (tone, word) = match refund.state {
            RefundState::Open if refund.by_gateway => (Tone::Wait, t.refund_open_gateway()),
            RefundState::Open => (Tone::Wait, t.refund_open_hand()),
            RefundState::Refused => (Tone::Bad, t.refund_refused()),
            RefundState::Done => (Tone::Ok, t.refund_done()),
            RefundState::Back => (Tone::Quiet, t.refund_is_back()),
        };
        let reference = refund.reference.map(|text| view! { <div class="muted small break">{text}</div> });
        view! {
            <li class="spread">
                <div>
                    <strong><Money amount=refund.amount/></strong>" "<Pill tone text=word/>
                    <div class="muted small">{refund.reason}" · "{t.admin_by(refund.by)}" · "<When at=refund.created_at plain=true/></div>
                    {reference}
                </div>
            </li>
        }
    };
    view! { <Card title=t.refund_list()><ul class="rows">{refunds.into_iter().map(row).collect_view()}</ul></Card> }
}

fn case_list(cases: Vec<PayCase>, t: T) -> impl IntoView {
    let row = move |case: PayCase| {
        let (tone, word) = match case.closed_at {
            Some(_) => (Tone::Quiet, t.case_closed()),
            None => (Tone::Bad, t.case_open()),
        };
        view! {
            <li class="spread">
                <div>
                    <a class="strong" href=case_page(case.id.as_str())>{t.pay_case(case.kind)}</a>
                    <div class="muted small"><When at=case.opened_at/></div>
                </div>
                <Pill tone text=word/>
            </li>
        }
    };
    view! { <Card title=t.cases()><ul class="rows">{cases.into_iter().map(row).collect_view()}</ul></Card> }
}
