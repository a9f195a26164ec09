//! Buying what the number's owner pays for: the choice of a way, and signing the number in first.

use domain::{Msisdn, Rupiah, XlAccountState};
use leptos::prelude::*;
use store::{OwnerWay, Package};

use super::number::NAME;
use crate::components::{
    Button, Card, Hidden, Money, Notice, PhoneInput, PostForm, ServerFn, Tone, use_form,
};
use crate::context::use_t;
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::islands::check::Kind;
use crate::page::Member;
use crate::server_fns::numbers::RequestOtp;

/// How the owner can pay, as far as this user may buy for the number.
pub(super) enum Ways {
    /// The shop's deposit pays.
    None,
    /// One of these.
    Some(Vec<OwnerWay>),
    /// The number has to be signed in first.
    SignInFirst,
}

pub(super) async fn ways(cx: &Member, package: &Package, number: &Msisdn) -> Result<Ways, AppError> {
    if package.owner_from.is_none() {
        return Ok(Ways::None);
    }
    let mut ways = cx.store.owner_ways(&package.id).await?;
    let accounts = cx.store.xl_accounts(cx.user.id).await?;
    let signed_in = accounts.iter().any(|account| {
        account.gateway == package.gateway
            && account.msisdn == *number
            && account.state == XlAccountState::Active
    });
    ways.retain(|way| signed_in || !way.needs_session);
    Ok(if ways.is_empty() { Ways::SignInFirst } else { Ways::Some(ways) })
}

/// Sends a code to the number, and leads back to this order.
pub(super) fn sign_in_first(package: &Package, number: &Msisdn, t: T) -> AnyView {
    let here = address(&format!("/buy/{}", package.id.as_str()), &[(NAME, &number.local())]);
    let (msisdn, gateway) = (number.international().to_owned(), package.gateway.clone());
    view! {
        <Card class="stack">
            <Notice tone=Tone::Info>{t.sign_in_first()}</Notice>
            <PostForm action=RequestOtp::PATH>
                <Hidden name="msisdn" value=msisdn/>
                <Hidden name="gateway" value=gateway/>
                <Hidden name="next" value=here/>
                <Button class="wide">{t.sign_in_this()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// What the choice sends: the way, and the price that is shown beside it.
fn value(way: &OwnerWay) -> String {
    format!("{} {}", way.method.as_str(), way.price.get())
}

/// The ways of paying as large radio buttons, each with its price.
#[component]
pub(super) fn OwnerWays(
    /// The ways.
    ways: Vec<OwnerWay>,
) -> AnyView {
    let t = use_t();
    let form = use_form();
    let chosen = form.value("pay").or_else(|| ways.first().map(value));
    let error = form.error("pay").map(|code| t.field_code(code));
    let asks_wallet = ways.iter().any(|way| way.method.needs_wallet_number());
    let choices = ways.into_iter().map(|way| {
        let value = value(&way);
        let checked = chosen.as_deref() == Some(value.as_str());
        let wallet = way.method.needs_wallet_number().then_some("");
        view! {
            <label class="choice">
                <input type="radio" name="pay" value=value checked=checked data-wallet=wallet/>
                <span class="grow"><strong>{t.payment_method(way.method)}</strong></span>
                <strong><Money amount=way.price/></strong>
            </label>
        }
    });
    let choices = choices.collect_view();
    view! {
        <fieldset class="accounts owner-ways">
            <legend>{t.owner_ways()}</legend>
            {choices}
            <p class="error" aria-live="polite">{error}</p>
            {asks_wallet.then(|| view! {
                <div class="wallet">
                    <PhoneInput name="wallet" label=t.wallet_number() hint=t.wallet_hint() check=Kind::Phone/>
                </div>
            })}
        </fieldset>
        <p class="muted small">{t.owner_lead()}</p>
    }
    .into_any()
}

/// What comes from where, beside the button.
pub(super) fn from_owner(ways: &[OwnerWay], t: T) -> AnyView {
    let first: Option<Rupiah> = ways.first().map(|way| way.price);
    let amount = match first {
        Some(amount) if ways.iter().all(|way| way.price == amount) => view! { <Money amount/> }.into_any(),
        _ => t.as_chosen().into_any(),
    };
    view! { <p class="spread"><span class="muted">{t.from_owner()}</span><strong class="num">{amount}</strong></p> }
        .into_any()
}
