use domain::{HoldState, PurchaseState};
use leptos::prelude::*;
use store::{Purchase, has_receipt};

use super::parts::{RefusalNotice, again_address, help, page_refusal, viewer};
use super::pay::how_to_pay;
use super::timeline::timeline;
use crate::components::{
    Button, Card, Fact, Facts, Hidden, Icon, Live, Look, Money, Notice, PostForm, PurchasePill, ServerFn,
    Tone, When, icons,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::islands::CopyButton;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::pages::receipts::{page_of, paper::whatsapp};
use crate::pages::saved::parts::{Remember, save_number};
use crate::server_fns::shop::CancelPurchase;

/// One purchase and its story.
#[component]
pub fn TransactionPage() -> impl IntoView {
    member_page(Tab::History, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let id = cx.id("id")?;
    let detail = cx.store.purchase(&id, viewer(&cx.user)).await?;
    let purchase = &detail.purchase;
    let own = purchase.buyer == cx.user.username.as_str();
    let live = (!purchase.state.is_settled()).then(|| {
        let url = format!("/events/purchases/{}", purchase.id.as_str());
        view! { <Live url state=purchase.state.as_str()/> }
    });
    let cancel = own && purchase.state == PurchaseState::Accepted;
    // The form says so itself while it is there.
    let refusal = page_refusal().filter(|_| !cancel);
    let story = timeline(&detail, t);
    let to_pay = how_to_pay(purchase, cx.now, t);
    let ways_on = ways_on(purchase, own, &cx).await?;
    let body = view! {
        <RefusalNotice refusal/>
        <div class="columns">
            <div class="stack">
                <section class="card center status">
                    <PurchasePill state=purchase.state/>
                    <p class="big num">{purchase.msisdn.display()}</p>
                    <p class="muted">{format!("{} · {}", purchase.package_name, purchase.quota)}</p>
                    {live}
                </section>
                {to_pay}
                <Card>{story}</Card>
                {note(purchase, t)}
                {cancel.then(|| cancel_form(purchase, t))}
            </div>
            <div class="stack">
                {facts(purchase, own, t)}
                {ways_on}
                {help(&cx.site.settings, &purchase.id.to_string(), t)}
            </div>
        </div>
    };
    Ok(Screen::new(t.one_transaction(), body).back("/transactions"))
}

fn note(purchase: &Purchase, t: T) -> AnyView {
    let held = (purchase.hold == HoldState::Open)
        .then(|| view! { <Notice tone=Tone::Info>{t.held_safe()}</Notice> });
    let what = match purchase.state {
        PurchaseState::Unknown => Some(t.unknown_lead()),
        PurchaseState::Review => Some(t.review_lead()),
        PurchaseState::Accepted if purchase.owner.is_some() => Some(t.owner_preparing()),
        _ => None,
    };
    let why = (purchase.state == PurchaseState::Failed)
        .then_some(purchase.fail_reason)
        .flatten()
        .map(|reason| view! { <Notice tone=Tone::Bad>{t.fail_reason(reason)}</Notice> });
    view! {
        {what.map(|what| view! { <Notice tone=Tone::Wait>{what}</Notice> })}
        {why}
        {held}
    }
    .into_any()
}

fn facts(purchase: &Purchase, own: bool, t: T) -> AnyView {
    let delivered = purchase.serial_number.clone().filter(|_| purchase.state == PurchaseState::Succeeded);
    let serial = delivered.map(|serial| {
        view! {
            <Fact label=t.serial_number()>
                <span class="break">{serial.clone()}</span> " "
                <CopyButton text=serial label=t.copy_serial().to_owned() done=t.copied().to_owned()/>
            </Fact>
        }
    });
    let buyer = (!own).then(|| {
        let buyer = purchase.buyer.clone();
        view! { <Fact label=t.bought_by()>{buyer}</Fact> }
    });
    let (number, created_at) = (purchase.id.to_string(), purchase.created_at);
    let (price, after) = (purchase.price, purchase.balance_after);
    let label = if purchase.owner.is_some() { t.from_balance() } else { t.price() };
    let apart = purchase.owner.as_ref().map(|owner| {
        let (method, amount) = (t.payment_method(owner.method), owner.price);
        view! { <Fact label=t.from_owner()><Money amount/>" · "{method}</Fact> }
    });
    let validity = t.validity(purchase.validity_days);
    view! {
        <Card>
            <Facts>
                <Fact label=t.transaction_no()>{number}</Fact>
                {buyer}
                <Fact label=t.bought_at()><When at=created_at/></Fact>
                <Fact label=t.validity_word()>{validity}</Fact>
                <Fact label=label><Money amount=price/></Fact>
                {apart}
                <Fact label=t.balance_then()><Money amount=after/></Fact>
                {serial}
            </Facts>
        </Card>
    }
    .into_any()
}

fn cancel_form(purchase: &Purchase, t: T) -> AnyView {
    let id = purchase.id.as_str().to_owned();
    view! {
        <PostForm action=CancelPurchase::PATH>
            <Hidden name="purchase" value=id/>
            <Button look=Look::Danger class="wide">{t.cancel_order()}</Button>
            <p class="muted small">{t.cancel_order_lead()}</p>
        </PostForm>
    }
    .into_any()
}

/// What one does when it is over. While it is open nothing invites to buy again.
async fn ways_on(purchase: &Purchase, own: bool, cx: &Member) -> Result<AnyView, AppError> {
    let t = cx.t;
    if !purchase.state.is_settled() {
        return Ok(().into_any());
    }
    let again = again_address(purchase);
    let receipt = if has_receipt(purchase.state) {
        Some(cx.store.receipt(&purchase.id, viewer(&cx.user)).await?)
    } else {
        None
    };
    // A reseller's customer gets the reseller's price, which their receipt has.
    let share = receipt.as_ref().filter(|_| own).map(|receipt| {
        let to = whatsapp(receipt, &cx.site);
        view! { <a class="btn btn-ghost" href=to rel="noopener"><Icon icon=icons::WHATSAPP/>{t.share_whatsapp()}</a> }
    });
    let receipt = receipt.map(|_| {
        view! { <a class="btn btn-ghost" href=page_of(&purchase.id)><Icon icon=icons::RECEIPT/>{t.receipt_title()}</a> }
    });
    let save = if own {
        let name = cx.store.saved_name(cx.user.id, &purchase.msisdn).await?;
        let back = format!("/transactions/{}", purchase.id.as_str());
        Some(save_number(Remember { number: purchase.msisdn.clone(), name, back }, t))
    } else {
        None
    };
    Ok(view! {
        <div class="stack tight">
            <a class="btn btn-primary" href=again>{t.buy_again()}</a>
            {receipt}
            {share}
        </div>
        {save}
    }
    .into_any())
}
