//! What the number's owner has to do so that a purchase goes on: scan a code, follow a link, agree in a wallet.

use domain::{PaymentAction, PaymentWay, PurchaseState, UtcMillis};
use leptos::prelude::*;
use store::{OwnerPayment, Purchase};

use crate::components::{Card, Money, Notice, QrCode, TimeLeft, Tone};
use crate::i18n::T;

/// How to pay, while the gateway waits for it.
pub(super) fn how_to_pay(purchase: &Purchase, now: UtcMillis, t: T) -> AnyView {
    let waits = purchase.state == PurchaseState::AwaitingPayment;
    let Some(OwnerPayment { method, price, action: Some(action) }) =
        purchase.owner.as_ref().filter(|_| waits)
    else {
        return ().into_any();
    };
    let PaymentAction { way, expires_at } = action.clone();
    if expires_at.is_some_and(|at| at <= now) {
        return view! { <Notice tone=Tone::Wait>{t.owner_pay_late()}</Notice> }.into_any();
    }
    let (method, price) = (t.payment_method(*method), *price);
    let way = match way {
        PaymentWay::Qr(content) => view! {
            <QrCode content label=t.qr_alt(price)/>
            <p class="muted">{t.owner_pay_scan()}</p>
        }
        .into_any(),
        PaymentWay::Deeplink(link) => view! {
            <a class="btn btn-primary wide" href=link rel="external noopener noreferrer">{t.owner_pay_open(method)}</a>
        }
        .into_any(),
        PaymentWay::InWallet => view! { <p>{t.owner_pay_in_wallet(method)}</p> }.into_any(),
    };
    view! {
        <Card title=t.owner_pay_title() class="stack center">
            <p class="muted">{t.owner_pay_amount()} " " <strong class="num"><Money amount=price/></strong></p>
            {way}
            {expires_at.map(|until| view! { <p><TimeLeft until/></p> })}
            <p class="muted small">{t.owner_pay_after()}</p>
        </Card>
    }
    .into_any()
}
