use domain::{Rupiah, TopupState};
use leptos::prelude::*;
use store::{Topup, Wallet};

use super::pay_forms::{paid_forms, proof_seen};
use crate::components::{
    Card, Fact, Facts, Icon, Live, Money, Notice, TimeLeft, Tone, TopupPill, When, icons,
};
use crate::context::local_path;
use crate::error::AppError;
use crate::i18n::T;
use crate::islands::CopyButton;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::pages::shop::parts::{RefusalNotice, help, page_refusal, viewer};

/// How many digits of the amount tell one transfer from another.
const CODE_DIGITS: usize = 3;

/// How to pay a top-up, and where it stands.
#[component]
pub fn PayPage() -> impl IntoView {
    member_page(Tab::TopUp, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let id = cx.id("id")?;
    let topup = cx.store.topup(&id, viewer(&cx.user)).await?;
    let own = topup.buyer == cx.user.username.as_str();
    let next = local_path(cx.query("next")).map(str::to_owned);
    let help = help(&cx.site.settings, &topup.id.to_string(), t);
    let refusal = page_refusal();
    let body = match topup.state {
        TopupState::Pending | TopupState::ProofSubmitted => {
            let forms = own.then(|| paid_forms(&topup, next.as_deref(), refusal.as_ref(), t));
            to_pay(&topup, forms, help, t)
        }
        TopupState::Credited => {
            let wallet = cx.store.wallet(cx.user.id).await?;
            credited(&topup, own.then_some(wallet), next, help, t)
        }
        TopupState::Rejected | TopupState::Expired | TopupState::Cancelled => over(&topup, help, t),
    };
    let body = view! { <RefusalNotice refusal/>{body} };
    let title = if topup.state.is_open() { t.pay_title() } else { t.topup_title() };
    Ok(Screen::new(title, body).back("/topup"))
}

fn to_pay(topup: &Topup, forms: Option<AnyView>, help: AnyView, t: T) -> AnyView {
    let url = format!("/events/topups/{}", topup.id.as_str());
    let waiting = topup.state == TopupState::Pending;
    let checking = (!waiting).then(|| view! { <Notice tone=Tone::Info>{t.pay_checking()}</Notice> });
    let (bank, amount) = (topup.bank.bank.clone(), topup.payable);
    let state = topup.state;
    let expires_at = topup.expires_at;
    view! {
        <div class="columns">
            <div class="stack">
                <section class="card center status">
                    <TopupPill state/>
                    <h2 class="muted small">{t.pay_exactly()}</h2>
                    <p class="big num">{with_code(amount)}</p>
                    <CopyButton text=amount.get().to_string() label=t.pay_copy_amount().to_owned() done=t.copied().to_owned()/>
                    <p class="muted small">{t.pay_code()}</p>
                    {waiting.then(|| view! { <p><TimeLeft until=expires_at/></p> })}
                    // A picture that was just chosen must not be lost to a reload.
                    <Live url state=state.as_str() refresh_s=if state == TopupState::ProofSubmitted { 15 } else { 0 }/>
                </section>
                {checking}
                {account(topup, waiting, t)}
                {proof_seen(topup, t)}
            </div>
            <div class="stack">
                <Card title=t.pay_how()>
                    <ol class="numbered">
                        <li>{t.pay_step1(bank)}</li>
                        <li>{t.pay_step2(amount)}</li>
                        <li>{t.pay_step3()}</li>
                    </ol>
                </Card>
                {forms}
                {help}
            </div>
        </div>
    }
    .into_any()
}

/// The amount with its last digits marked.
fn with_code(amount: Rupiah) -> AnyView {
    let whole = amount.to_string();
    match whole.split_at_checked(whole.len().saturating_sub(CODE_DIGITS)) {
        Some((head, code)) => {
            let (head, code) = (head.to_owned(), code.to_owned());
            view! { <span class="nowrap">{head}<mark>{code}</mark></span> }.into_any()
        }
        None => whole.into_any(),
    }
}

fn account(topup: &Topup, waiting: bool, t: T) -> AnyView {
    let bank = &topup.bank;
    let digits: String = bank.number.chars().filter(char::is_ascii_digit).collect();
    let (name, number, holder) = (bank.bank.clone(), bank.number.clone(), bank.holder.clone());
    let (id, expires_at) = (topup.id.to_string(), topup.expires_at);
    view! {
        <Card>
            <Facts>
                <Fact label=t.pay_bank()>{name}</Fact>
                <Fact label=t.pay_number()>
                    {number} " "
                    <CopyButton text=digits label=t.pay_copy_number().to_owned() done=t.copied().to_owned()/>
                </Fact>
                <Fact label=t.pay_holder()>{holder}</Fact>
                {waiting.then(|| view! { <Fact label=t.pay_before()><When at=expires_at/></Fact> })}
                <Fact label=t.pay_no()>{id}</Fact>
            </Facts>
        </Card>
    }
    .into_any()
}

fn credited(topup: &Topup, wallet: Option<Wallet>, next: Option<String>, help: AnyView, t: T) -> AnyView {
    let amount = topup.credited.unwrap_or(topup.payable);
    let asked = topup.payable;
    let differs =
        (amount != asked).then(|| view! { <Notice tone=Tone::Info>{t.pay_not_the_same(asked)}</Notice> });
    let balance = wallet.map(|wallet| {
        view! { <Fact label=t.pay_balance_now()><Money amount=wallet.available/></Fact> }
    });
    let (to, words) = match next {
        Some(next) => (next, t.pay_go_on()),
        None => ("/packages".to_owned(), t.buy_package()),
    };
    let (state, past) = (topup.state, past_facts(topup, t));
    view! {
        <div class="narrow stack">
            <section class="card center status">
                <TopupPill state/>
                <h2 class="muted small">{t.pay_credited()}</h2>
                <p class="big num text-ok">{format!("+{amount}")}</p>
            </section>
            {differs}
            <Card><Facts>{balance}{past}</Facts></Card>
            <a class="btn btn-primary" href=to>{words}<Icon icon=icons::NEXT/></a>
            {proof_seen(topup, t)}
            {help}
        </div>
    }
    .into_any()
}

fn over(topup: &Topup, help: AnyView, t: T) -> AnyView {
    let (tone, text) = match topup.state {
        TopupState::Rejected => (Tone::Bad, t.pay_rejected()),
        TopupState::Cancelled => (Tone::Info, t.pay_cancelled()),
        _ => (Tone::Wait, t.pay_expired()),
    };
    let reason = topup.reject_reason.clone().map(|reason| {
        view! { <Fact label=t.why_failed()>{reason}</Fact> }
    });
    let (state, amount, past) = (topup.state, topup.payable, past_facts(topup, t));
    view! {
        <div class="narrow stack">
            <section class="card center status">
                <TopupPill state/>
                <p class="big num">{amount.to_string()}</p>
            </section>
            <Notice tone=tone>{text}</Notice>
            <Card><Facts>{reason}{past}</Facts></Card>
            <a class="btn btn-primary" href="/topup">{t.pay_again()}</a>
            {proof_seen(topup, t)}
            {help}
        </div>
    }
    .into_any()
}

fn past_facts(topup: &Topup, t: T) -> AnyView {
    let (id, bank) = (topup.id.to_string(), topup.bank.bank.clone());
    let (payable, created_at) = (topup.payable, topup.created_at);
    view! {
        <Fact label=t.pay_asked()><Money amount=payable/></Fact>
        <Fact label=t.pay_bank()>{bank}</Fact>
        <Fact label=t.pay_asked_at()><When at=created_at/></Fact>
        <Fact label=t.pay_no()>{id}</Fact>
    }
    .into_any()
}
