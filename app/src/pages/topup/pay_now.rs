//! How to pay a top-up that waits for its money.

use domain::{PayTo, Qris, Rupiah, TopupMethod, TopupState};
use leptos::prelude::*;
use store::{BankAccount, Topup};

use super::list::shown_state;
use super::pay::Shown;
use super::pay_forms::{cancel, check, paid_forms, proof_seen};
use crate::components::{
    Card, Fact, Facts, Icon, Money, Notice, QrCode, TimeLeft, Tone, TopupPill, When, icons,
};
use crate::i18n::{Guide, T};
use crate::islands::CopyButton;

/// How many digits of the amount tell one payment from another, where a human looks for it.
const CODE_DIGITS: usize = 3;

/// The gateway is being asked for a way to pay.
pub(super) fn preparing(shown: &Shown, help: AnyView) -> AnyView {
    let (t, state, amount) = (shown.t, shown.topup.state, shown.topup.payable);
    view! {
        <div class="narrow stack">
            <section class="card center status">
                <TopupPill state/>
                <h2>{t.pay_creating()}</h2>
                <p class="big num"><Money amount/></p>
                <p class="muted small">{t.pay_creating_lead()}</p>
                {shown.live()}
            </section>
            {shown.own.then(|| cancel(shown))}
            {help}
        </div>
    }
    .into_any()
}

/// What is to be paid, where to, and until when.
pub(super) fn to_pay(shown: &Shown, help: AnyView) -> AnyView {
    let (topup, t) = (&shown.topup, shown.t);
    // An order that has run out at the gateway must not be paid any more; the shop hears of its end a little later.
    let late = topup.gateway.is_some() && shown.now >= topup.expires_at;
    let account = (!late).then(|| account(shown));
    // Nobody is told how to pay what is being looked for already.
    let waits = shown_state(topup) == TopupState::Pending;
    let guide = (waits && !late).then(|| guide(topup, t));
    let forms = shown.own.then(|| forms(shown));
    view! {
        <div class="columns">
            <div class="stack">
                {status(shown, late)}
                {account}
                {proof_seen(topup, t)}
            </div>
            <div class="stack">
                {forms}
                {guide}
                {shown.own.then(|| cancel(shown))}
                {help}
            </div>
        </div>
    }
    .into_any()
}

fn forms(shown: &Shown) -> AnyView {
    let t = shown.t;
    if shown.topup.gateway.is_none() {
        return paid_forms(shown);
    }
    let payer = shown.payer.clone().map(|to| {
        view! { <p class="muted center">{t.otp_demo()}" "<a href=to rel="external" target="_blank">{t.pay_demo()}</a></p> }
    });
    view! {
        {check(shown)}
        <Notice tone=Tone::Info>{t.pay_auto()}</Notice>
        {payer}
    }
    .into_any()
}

/// The state, the exact amount, the time left and, where there is one, the code.
fn status(shown: &Shown, late: bool) -> AnyView {
    let (topup, t) = (&shown.topup, shown.t);
    let (state, amount, until) = (shown_state(topup), topup.payable, topup.expires_at);
    let waits = state == TopupState::Pending;
    let code = qr(topup).filter(|_| !late && waits).map(|content| code(topup, content, t));
    let about_amount = if topup.gateway.is_none() {
        Some(t.pay_code().to_owned())
    } else {
        (topup.fee != Rupiah::ZERO).then(|| t.pay_fee_inside(topup.fee))
    };
    let checking = (state == TopupState::ProofSubmitted)
        .then(|| view! { <Notice tone=Tone::Info>{t.pay_checking()}</Notice> });
    let heading = if waits { t.pay_exactly() } else { t.pay_asked() };
    let digits = amount.get().to_string();
    let shown_amount =
        if topup.gateway.is_none() { with_code(amount) } else { amount.to_string().into_any() };
    view! {
        <section class="card center status">
            <TopupPill state/>
            <h2 class="muted small">{heading}</h2>
            <p class="big num">{shown_amount}</p>
            <CopyButton text=digits label=t.pay_copy_amount().to_owned() done=t.copied().to_owned()/>
            {about_amount.map(|words| view! { <p class="muted small">{words}</p> })}
            {waits.then(|| view! { <p><TimeLeft until/></p> })}
            {code}
            {shown.live()}
        </section>
        {late.then(|| view! { <Notice tone=Tone::Wait>{t.pay_late()}</Notice> })}
        {checking}
    }
    .into_any()
}

fn qr(topup: &Topup) -> Option<String> {
    match &topup.pay_to {
        Some(PayTo::Qr(content)) => Some(content.clone()),
        _ => None,
    }
}

/// The code to scan, whose it is, and a picture of it: many pay on the very phone that shows it.
fn code(topup: &Topup, content: String, t: T) -> AnyView {
    let merchant = content.parse::<Qris>().ok().map(|code| code.merchant().to_owned());
    let merchant = merchant.map(|name| {
        view! {
            <p><span class="muted small">{t.pay_merchant()}</span> " " <strong class="break">{name}</strong></p>
            <p class="muted small">{t.pay_merchant_check()}</p>
        }
    });
    let picture = format!("/topup/{}/qr.png", topup.id.as_str());
    let by_human = (topup.method == TopupMethod::StaticQris)
        .then(|| view! { <Notice tone=Tone::Wait>{t.pay_by_human()}</Notice> });
    view! {
        <div class="qr-frame"><QrCode content label=t.qr_alt(topup.payable)/></div>
        {merchant}
        <a class="btn btn-ghost" href=picture rel="external" download="">
            <Icon icon=icons::DOWNLOAD/>{t.pay_save_qr()}
        </a>
        {by_human}
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

/// Where the money goes, and until when.
fn account(shown: &Shown) -> AnyView {
    let (topup, t) = (&shown.topup, shown.t);
    let to = match (&topup.pay_to, &topup.bank) {
        (Some(PayTo::Account(number)), _) => {
            copied(t.pay_va(), grouped(number), number.clone(), t.pay_copy_va(), t)
        }
        (Some(PayTo::Bill { biller, key }), _) => view! {
            {copied(t.pay_biller(), biller.clone(), biller.clone(), t.pay_copy_biller(), t)}
            {copied(t.pay_key(), grouped(key), key.clone(), t.pay_copy_key(), t)}
        }
        .into_any(),
        // The bank behind the shop's own code is no business of whoever scans it.
        (None, Some(bank)) => bank_facts(bank, t),
        (Some(PayTo::Qr(_)), _) | (None, None) => ().into_any(),
    };
    let (id, expires_at, way) = (topup.id.to_string(), topup.expires_at, t.topup_method(topup.method));
    let way = (topup.bank.is_none() || topup.method.is_qris())
        .then(|| view! { <Fact label=t.topup_way()>{way}</Fact> });
    let fee = (topup.fee != Rupiah::ZERO).then(|| {
        let amount = topup.fee;
        view! { <Fact label=t.topup_payer_fee()><Money amount/></Fact> }
    });
    let before = (shown_state(topup) == TopupState::Pending)
        .then(|| view! { <Fact label=t.pay_before()><When at=expires_at/></Fact> });
    view! {
        <Card>
            <Facts>
                {way}
                {to}
                {fee}
                {before}
                <Fact label=t.pay_no()>{id}</Fact>
            </Facts>
        </Card>
    }
    .into_any()
}

fn bank_facts(bank: &BankAccount, t: T) -> AnyView {
    let digits: String = bank.number.chars().filter(char::is_ascii_digit).collect();
    let (name, number, holder) = (bank.bank.clone(), bank.number.clone(), bank.holder.clone());
    view! {
        <Fact label=t.pay_bank()>{name}</Fact>
        {copied(t.pay_number(), number, digits, t.pay_copy_number(), t)}
        <Fact label=t.pay_holder()>{holder}</Fact>
    }
    .into_any()
}

/// A number to be typed at a bank: large, and copied without what only makes it readable.
fn copied(label: &'static str, shown: String, text: String, copy: &'static str, t: T) -> AnyView {
    view! {
        <div class="tall">
            <dt>{label}</dt>
            <dd class="num">
                <span class="figure">{shown}</span>
                <CopyButton text label=copy.to_owned() done=t.copied().to_owned()/>
            </dd>
        </div>
    }
    .into_any()
}

/// Groups of four, from the left.
fn grouped(number: &str) -> String {
    let mut shown = String::with_capacity(number.len() + number.len() / 4);
    for (i, digit) in number.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            shown.push(' ');
        }
        shown.push(digit);
    }
    shown
}

fn guide(topup: &Topup, t: T) -> AnyView {
    if let (TopupMethod::Transfer, Some(bank)) = (topup.method, &topup.bank) {
        let (bank, amount) = (bank.bank.clone(), topup.payable);
        return view! {
            <Card title=t.pay_how()>
                <ol class="numbered">
                    <li>{t.pay_step1(bank)}</li>
                    <li>{t.pay_step2(amount)}</li>
                    <li>{t.pay_step3()}</li>
                </ol>
            </Card>
        }
        .into_any();
    }
    let guides = t.pay_guides(topup.method).into_iter().map(one_guide).collect_view();
    view! { <Card title=t.pay_how()><div class="guides">{guides}</div></Card> }.into_any()
}

fn one_guide(guide: Guide) -> impl IntoView {
    let steps = guide.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    view! {
        <details>
            <summary>{guide.title}</summary>
            <ol class="numbered">{steps}</ol>
        </details>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_read_in_groups() {
        assert_eq!(super::grouped("8808123456789012"), "8808 1234 5678 9012");
        assert_eq!(super::grouped("70012"), "7001 2");
        assert_eq!(super::grouped(""), "");
    }
}
