use domain::{Ask, HoldState, PurchaseState, Rupiah};
use leptos::prelude::*;
use store::{GatewayMessage, Purchase, PurchaseDetail, PurchaseStep, User, Viewer, Wallet, has_receipt};

use super::attempts::attempts;
use super::parts::{Change, Overtaken, buyer};
use crate::components::{
    Button, Card, Choice, Fact, Facts, Hidden, Money, Notice, PostForm, PurchasePill, Select, ServerFn, Step,
    StepState, Steps, TextArea, Tone, When,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::pages::receipts::page_of;
use crate::server_fns::admin::purchases::DecidePurchase;

/// One purchase, with everything that is on record about it.
#[component]
pub fn AdminTransactionPage() -> impl IntoView {
    admin_page(Section::Transactions, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let PurchaseDetail { purchase, steps, messages } =
        cx.store.purchase(&cx.id("id")?, Viewer::Admin).await?;
    let tried = cx.store.attempts_of(&purchase.id).await?;
    let (user, wallet) = buyer(&cx.store, &purchase.buyer).await?;
    let undecided = matches!(purchase.state, PurchaseState::Unknown | PurchaseState::Review);
    let decide = undecided.then(|| {
        if user.id == cx.user.id {
            view! { <Notice tone=Tone::Info>{t.admin_own_case()}</Notice> }.into_any()
        } else {
            decide(&purchase, &wallet, t)
        }
    });
    let title = t.admin_purchase_one(&purchase.id);
    let body = view! {
        <Overtaken/>
        <div class="columns">
            <div class="stack">{facts(&purchase, &user, t)}{decide}</div>
            <div class="stack">{timeline(steps, t)}{attempts(tried, t)}</div>
        </div>
        {conversation(messages, t)}
    };
    Ok(Screen::new(title, body).back("/admin/transactions"))
}

fn facts(purchase: &Purchase, user: &User, t: T) -> impl IntoView + use<> {
    let Purchase { buyer, package_name, quota, msisdn, serial_number, .. } = purchase.clone();
    let to = format!("/admin/users/{}", user.public_id.as_str());
    let package = format!("/admin/packages/{}", purchase.package.as_str());
    let validity = t.validity(purchase.validity_days);
    let hold = match purchase.hold {
        HoldState::Open => t.admin_hold_open(),
        HoldState::Captured => t.admin_hold_captured(),
        HoldState::Released => t.admin_hold_released(),
        HoldState::Refunded => t.admin_hold_refunded(),
    };
    let reason = purchase.fail_reason;
    let reason = reason.map(|reason| {
        view! {
            <Fact label=t.admin_fail_reason()>{t.fail_reason(reason)}<br/><code>{reason.as_str()}</code></Fact>
        }
    });
    let serial = serial_number.map(|text| view! { <Fact label=t.admin_serial()>{text}</Fact> });
    let cost = purchase.cost;
    let earned = cost
        .filter(|_| purchase.hold == HoldState::Captured)
        .and_then(|cost| purchase.price.checked_sub(cost))
        .map(|amount| view! { <Fact label=t.admin_earned()><Money amount/></Fact> });
    let cost = cost.map(|amount| view! { <Fact label=t.admin_real_cost()><Money amount/></Fact> });
    let owner = purchase.owner.as_ref().map(|owner| {
        let (method, amount) = (t.payment_method(owner.method), owner.price);
        view! { <Fact label=t.from_owner()><Money amount/>" · "{method}</Fact> }
    });
    let receipt = has_receipt(purchase.state).then(|| {
        let to = page_of(&purchase.id);
        view! { <Fact label=t.receipt_title()><a href=to>{t.receipt_heading()}</a></Fact> }
    });
    let (state, price, created_at) = (purchase.state, purchase.price, purchase.created_at);
    view! {
        <Card title=t.admin_facts()>
            <Facts>
                <Fact label=t.admin_state()><PurchasePill state/></Fact>
                <Fact label=t.admin_buyer()><a href=to>{buyer}</a></Fact>
                <Fact label=t.admin_package()>
                    <a href=package>{package_name}</a><br/>{quota}" · "{validity}
                </Fact>
                <Fact label=t.admin_msisdn()>{msisdn.display()}</Fact>
                <Fact label=t.admin_price()><Money amount=price/></Fact>
                {owner}
                <Fact label=t.admin_hold()>{hold}</Fact>
                {cost}{earned}{serial}{reason}
                {receipt}
                <Fact label=t.admin_created()><When at=created_at/></Fact>
            </Facts>
        </Card>
    }
}

fn decide(purchase: &Purchase, wallet: &Wallet, t: T) -> AnyView {
    let price = purchase.price;
    // What each decision does to what the buyer can spend.
    let (if_yes, if_no) = match purchase.hold {
        HoldState::Open => (Rupiah::ZERO, price),
        _ => (price.checked_neg().unwrap_or_default(), Rupiah::ZERO),
    };
    let choices = vec![
        Choice::new("", t.admin_decide_choose()),
        Choice::new("yes", t.admin_decide_yes()),
        Choice::new("no", t.admin_decide_no()),
    ];
    let (id, name, before) = (purchase.id.as_str().to_owned(), purchase.buyer.clone(), wallet.available);
    view! {
        <Card title=t.admin_decide_title()>
            <PostForm action=DecidePurchase::PATH>
                <p class="muted small">{t.admin_decide_lead()}</p>
                <Hidden name="purchase" value=id/>
                <Select name="delivered" label=t.admin_decide_result() choices/>
                <TextArea name="reason" label=t.admin_reason() hint=t.admin_decide_reason_hint()/>
                <Facts>
                    <Fact label=t.admin_buyer()>{name}</Fact>
                    <Fact label=t.admin_price()><Money amount=price/></Fact>
                    <Fact label=t.admin_decide_if_yes()><Change before by=if_yes/></Fact>
                    <Fact label=t.admin_decide_if_no()><Change before by=if_no/></Fact>
                </Facts>
                <Button class="wide">{t.admin_decide()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn timeline(steps: Vec<PurchaseStep>, t: T) -> impl IntoView {
    let last = steps.len().saturating_sub(1);
    let steps = steps.into_iter().enumerate().map(|(i, step)| {
        let state = match (step.to, i == last) {
            (PurchaseState::Failed, true) => StepState::Bad,
            (to, true) if !to.is_settled() => StepState::Now,
            _ => StepState::Done,
        };
        let note = match t.admin_note(&step.note) {
            Some(words) => words.to_owned(),
            None => step.note,
        };
        let note = (!note.is_empty()).then(|| view! { <div>{note}</div> });
        let actor = step.actor.map(|name| format!(" · {}", t.admin_by(name)));
        view! {
            <Step state title=t.purchase_state(step.to)>
                <When at=step.at plain=true/>{actor}{note}
            </Step>
        }
    });
    let steps = steps.collect_view();
    view! { <Card title=t.admin_timeline()><Steps>{steps}</Steps></Card> }
}

/// What was said with the gateway: the evidence for a decision.
fn conversation(messages: Vec<GatewayMessage>, t: T) -> impl IntoView {
    let body = if messages.is_empty() {
        view! { <p class="muted">{t.admin_messages_none()}</p> }.into_any()
    } else {
        let messages = messages.into_iter().map(|message| said(message, t)).collect_view();
        view! { <ol class="messages">{messages}</ol> }.into_any()
    };
    view! { <Card title=t.admin_messages()>{body}</Card> }
}

fn said(message: GatewayMessage, t: T) -> impl IntoView {
    let kind = match message.kind.as_str() {
        "sent" => t.admin_message_sent(),
        "webhook" => t.admin_message_webhook(),
        "quota" => t.message_quota(),
        _ => t.admin_message_answer(),
    };
    let ask = message.ask.map(|ask| match ask {
        Ask::FirstSend => t.admin_ask_first(),
        Ask::Query => t.admin_ask_query(),
    });
    let facts = [
        ask.map(str::to_owned),
        Some(t.admin_attempt(message.attempt)),
        message.http_status.map(|status| format!("HTTP {status}")),
        message.code.map(|code| format!("rc {code}")),
        Some(message.note),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    let body = (!message.body.is_empty()).then(|| view! { <pre tabindex="0">{message.body}</pre> });
    view! {
        <li>
            <strong>{kind}</strong>
            <span class="muted small">" · "{facts.join(" · ")}" · "<When at=message.at plain=true/></span>
            {body}
        </li>
    }
}
