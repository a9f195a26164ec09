//! A top-up that has come to an end: its receipt, or why there is none.

use domain::{Rupiah, TopupState};
use leptos::prelude::*;
use store::Topup;

use super::list::way_words;
use super::pay::Shown;
use super::pay_forms::{check_late, proof_seen};
use super::ways::Asked;
use crate::components::{Card, Fact, Facts, Icon, Money, Notice, Tone, TopupPill, When, icons};
use crate::i18n::T;

/// The receipt. Printed, it is this page without menu and buttons.
pub(super) fn credited(shown: &Shown, help: AnyView) -> AnyView {
    let (topup, t) = (&shown.topup, shown.t);
    let amount = topup.credited.unwrap_or(topup.base);
    let paid = amount.checked_add(topup.fee).unwrap_or(amount);
    let asked = topup.payable;
    let differs =
        (paid != asked).then(|| view! { <Notice tone=Tone::Info>{t.pay_not_the_same(asked)}</Notice> });
    let late = topup.late.then(|| view! { <Notice tone=Tone::Info>{t.pay_was_late()}</Notice> });
    let balance = shown.wallet.map(|wallet| {
        view! { <Fact label=t.pay_balance_now()><Money amount=wallet.available/></Fact> }
    });
    let (to, words) = match shown.next.clone() {
        Some(next) => (next, t.pay_go_on()),
        None => ("/packages".to_owned(), t.buy_package()),
    };
    let onward = shown.own.then(|| {
        view! { <a class="btn btn-primary" href=to>{words}<Icon icon=icons::NEXT/></a> }
    });
    let (state, shop, buyer) = (topup.state, shown.shop.clone(), topup.buyer.clone());
    let (fee, past) = (fee(topup, t), past_facts(topup, t));
    view! {
        <div class="narrow stack receipt">
            <section class="card center status">
                <TopupPill state/>
                <p class="big num text-ok">{format!("+{amount}")}</p>
            </section>
            {differs}
            {late}
            {more_came(shown)}
            <Card>
                <Facts>
                    <Fact label=t.pay_paid()><Money amount=paid/></Fact>
                    {fee}
                    <Fact label=t.topup_will_credit()><Money amount/></Fact>
                    {balance}
                    {past}
                    <Fact label=t.pay_account()>{buyer}</Fact>
                    <Fact label=t.pay_shop()>{shop}</Fact>
                </Facts>
            </Card>
            {onward}
            {proof_seen(topup, t)}
            {help}
        </div>
    }
    .into_any()
}

/// Any other end, and what a human still has to see to.
pub(super) fn over(shown: &Shown, help: AnyView) -> AnyView {
    let (topup, t) = (&shown.topup, shown.t);
    let (tone, text) = words(topup.state, t);
    let reason = topup.reject_reason.clone().map(|reason| {
        view! { <Fact label=t.why_failed()>{reason}</Fact> }
    });
    let state = topup.state;
    let amount = topup.credited.filter(|_| was_credited(state)).unwrap_or(topup.payable);
    let under_way = matches!(state, TopupState::Review | TopupState::RefundPending);
    let asks = shown.can_be_asked();
    let live = (under_way || asks).then(|| shown.live());
    let (asked, fee, past) = (topup.payable, fee(topup, t), past_facts(topup, t));
    // In a review, what was set aside is the payment itself.
    let (came, more) = match state {
        TopupState::Review => {
            let amount = shown.set_aside;
            (Some(view! { <Fact label=t.pay_came()><Money amount/></Fact> }), None)
        }
        _ => (None, more_came(shown)),
    };
    view! {
        <div class="narrow stack">
            <section class="card center status">
                <TopupPill state/>
                <p class="big num">{amount.to_string()}</p>
                {live}
            </section>
            <Notice tone=tone>{text}</Notice>
            {more}
            <Card>
                <Facts>
                    {reason}
                    <Fact label=t.pay_asked()><Money amount=asked/></Fact>
                    {came}
                    {fee}
                    {past}
                </Facts>
            </Card>
            {(shown.own && !under_way).then(|| again(shown))}
            {asks.then(|| check_late(shown))}
            {proof_seen(topup, t)}
            {help}
        </div>
    }
    .into_any()
}

/// Somebody paid once more, or another amount after it was over.
fn more_came(shown: &Shown) -> Option<AnyView> {
    let (amount, t) = (shown.set_aside, shown.t);
    amount
        .is_positive()
        .then(|| view! { <Notice tone=Tone::Info>{t.pay_set_aside(amount)}</Notice> }.into_any())
}

const fn was_credited(state: TopupState) -> bool {
    matches!(state, TopupState::RefundPending | TopupState::Refunded | TopupState::Reversed)
}

const fn words(state: TopupState, t: T) -> (Tone, &'static str) {
    match state {
        TopupState::Rejected => (Tone::Bad, t.pay_rejected()),
        TopupState::Cancelled => (Tone::Info, t.pay_cancelled()),
        TopupState::Failed => (Tone::Bad, t.pay_failed()),
        TopupState::Review => (Tone::Info, t.pay_review()),
        TopupState::RefundPending => (Tone::Info, t.pay_refund_pending()),
        TopupState::Refunded => (Tone::Info, t.pay_refunded()),
        TopupState::Reversed => (Tone::Bad, t.pay_reversed()),
        TopupState::Expired
        | TopupState::Creating
        | TopupState::Pending
        | TopupState::ProofSubmitted
        | TopupState::Credited => (Tone::Wait, t.pay_expired()),
    }
}

/// The same amount once more. After a way that failed, another one is up to the buyer; else the same is at hand.
fn again(shown: &Shown) -> AnyView {
    let (topup, t) = (&shown.topup, shown.t);
    let failed = topup.state == TopupState::Failed;
    let asked = Asked {
        amount: topup.base.get().to_string(),
        method: String::new(),
        next: shown.next.clone().unwrap_or_default(),
        again: false,
    };
    let words = if failed { t.pay_other_way() } else { t.pay_again() };
    view! { <a class="btn btn-primary" href=asked.form_page()>{words}</a> }.into_any()
}

fn fee(topup: &Topup, t: T) -> AnyView {
    let fee = if topup.fee == Rupiah::ZERO { t.topup_fee_none().to_owned() } else { topup.fee.to_string() };
    view! { <Fact label=t.topup_payer_fee()>{fee}</Fact> }.into_any()
}

fn past_facts(topup: &Topup, t: T) -> AnyView {
    let (id, way, created_at) = (topup.id.to_string(), way_words(topup, t), topup.created_at);
    let reference = topup.reference.clone().map(|reference| {
        view! { <Fact label=t.pay_reference()><span class="break">{reference}</span></Fact> }
    });
    let credited_at = topup
        .decided_at
        .filter(|_| topup.credited.is_some())
        .map(|at| view! { <Fact label=t.pay_credited_at()><When at/></Fact> });
    view! {
        <Fact label=t.topup_way()>{way}</Fact>
        {reference}
        <Fact label=t.pay_asked_at()><When at=created_at/></Fact>
        {credited_at}
        <Fact label=t.pay_no()>{id}</Fact>
    }
    .into_any()
}
