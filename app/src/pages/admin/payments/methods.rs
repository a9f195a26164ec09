use domain::{FeeRule, Rupiah, TopupMethod};
use leptos::prelude::*;
use store::{PayGatewaySetting, PayMethod, TestState};

use super::super::parts::typed;
use crate::components::{
    Button, Card, Check, Choice, Field, Hidden, Input, Look, Money, Notice, Pill, PostForm, Select, ServerFn,
    Tone,
};
use crate::format::address;
use crate::i18n::T;
use crate::server_fns::admin::payments::{PAGE, QRIS_PAGE, SavePayMethod, TestPayMethod};

const USUAL_MIN: Rupiah = Rupiah::new(10_000);
const USUAL_MAX: Rupiah = Rupiah::new(10_000_000);
const QRIS_MINUTES: i64 = 15;
const ACCOUNT_MINUTES: i64 = 24 * 60;

/// All ways of paying, set up or not.
pub(super) fn list(methods: &[PayMethod], t: T) -> impl IntoView + use<> {
    let setting = |method: TopupMethod| methods.iter().find(|setting| setting.method == method).cloned();
    let mut all: Vec<(TopupMethod, Option<PayMethod>)> =
        TopupMethod::ALL.iter().map(|method| (*method, setting(*method))).collect();
    // As buyers see them; those that are not set up stand at the end.
    all.sort_by_key(|(_, setting)| setting.as_ref().map_or(i64::MAX, |setting| setting.sort));
    let rows = all.into_iter().map(|(method, setting)| row(method, setting, t)).collect_view();
    view! {
        <Card title=t.payways()>
            <p class="muted small">{t.payways_lead()}</p>
            <ul class="rows">{rows}</ul>
        </Card>
    }
}

fn row(method: TopupMethod, setting: Option<PayMethod>, t: T) -> impl IntoView {
    let edit = format!("{}#edit", address(PAGE, &[("method", method.as_str())]));
    let name = t.topup_method(method);
    let Some(setting) = setting else {
        return view! {
            <li class="account">
                <div class="grow"><strong>{name}</strong><div class="muted small">{t.payway_not_set_up()}</div></div>
                <a class="btn btn-plain" href=edit>{t.payway_set_up()}</a>
            </li>
        }
        .into_any();
    };
    let (tone, state) =
        if setting.active { (Tone::Ok, t.payway_on()) } else { (Tone::Quiet, t.payway_off()) };
    let gateway = setting.gateway.clone().unwrap_or_else(|| t.payway_by_hand().to_owned());
    let (min, max, minutes) = (setting.min, setting.max, setting.expiry_minutes);
    // What a human confirms costs neither side anything.
    let fees = (!method.is_by_hand()).then(|| {
        let fees = t.payway_fees(written(setting.payer_fee), written(setting.cost));
        view! { <div class="muted small">{fees}</div> }
    });
    let test = test_state(setting.test, t);
    let can_be_tried = !matches!(setting.test, TestState::NotNeeded | TestState::UnderWay);
    let try_it = can_be_tried.then(|| {
        view! {
            <PostForm action=TestPayMethod::PATH key=format!("-{}", method.as_str()) class="contents">
                <Hidden name="method" value=method.as_str()/>
                <Button look=Look::Ghost>{t.payway_try()}<span class="visually-hidden">" "{t.topup_method(method)}</span></Button>
            </PostForm>
        }
    });
    view! {
        <li class="account">
            <div class="grow">
                <strong>{name}</strong>" "<Pill tone text=state/>
                <div class="muted small">
                    {gateway}" · "<Money amount=min/>" – "<Money amount=max/>" · "{t.lasting(minutes)}
                </div>
                {fees}
                {test}
            </div>
            <div class="row wrap">
                {try_it}
                <a class="btn btn-plain" href=edit>{t.payway_edit()}<span class="visually-hidden">" "{t.topup_method(method)}</span></a>
            </div>
        </li>
    }
    .into_any()
}

/// Whether it was tried, and what that means.
fn test_state(state: TestState, t: T) -> Option<impl IntoView> {
    let (tone, words) = match state {
        TestState::NotNeeded => return None,
        TestState::Never => (Tone::Wait, t.payway_test_never().to_owned()),
        TestState::UnderWay => (Tone::Wait, t.payway_test_under_way().to_owned()),
        TestState::Works => (Tone::Ok, t.payway_test_works().to_owned()),
        TestState::Failed(why) => (Tone::Bad, t.payway_test_failed(t.charge_refusal(why))),
    };
    Some(view! { <p class="small"><Pill tone text=words/></p> })
}

/// `Rp 4.000 + 0,70%`.
fn written(fee: FeeRule) -> String {
    match (fee.flat == Rupiah::ZERO, fee.basis_points == 0) {
        (true, false) => format!("{}%", typed_percent(fee.basis_points)),
        (_, true) => fee.flat.to_string(),
        (false, false) => format!("{} + {}%", fee.flat, typed_percent(fee.basis_points)),
    }
}

/// Hundredths of a percent as they stand in a field, in the one form that is read back whatever the language.
fn typed_percent(basis_points: i64) -> String {
    format!("{},{:02}", basis_points / 100, basis_points % 100)
}

/// Sets one up, or changes one.
pub(super) fn form(
    method: TopupMethod,
    setting: Option<PayMethod>,
    gateways: &[PayGatewaySetting],
    t: T,
) -> AnyView {
    let seen = setting.as_ref().map(|setting| setting.revision.to_string()).unwrap_or_default();
    let setting = setting.unwrap_or_else(|| usual(method, gateways));
    let title = t.topup_method(method);
    let by_hand = method.is_by_hand();
    if !by_hand && gateways.is_empty() {
        return view! { <Card title><Notice tone=Tone::Info>{t.payway_no_gateway()}</Notice></Card> }
            .into_any();
    }
    let chosen = setting.gateway.clone().unwrap_or_default();
    let choices: Vec<Choice> =
        gateways.iter().map(|gateway| Choice::new(&gateway.name, &gateway.name)).collect();
    let (payer_fee, cost, active) = (setting.payer_fee, setting.cost, setting.active);
    let not_yet = (!by_hand && setting.test != TestState::Works)
        .then(|| view! { <Notice tone=Tone::Info>{t.payway_try_first()}</Notice> });
    let own_code = (method == TopupMethod::StaticQris).then(|| {
        view! { <p class="muted small">{t.payway_static_note()}" "<a href=QRIS_PAGE>{t.shop_qris()}</a></p> }
    });
    // Made inside the form, where the fields find what was typed before.
    let fields = move || {
        let gateway = (!by_hand).then(|| {
            view! { <Select name="gateway" label=t.payway_gateway() value=chosen choices/> }
        });
        let payer = (!by_hand && !method.is_qris()).then(|| payer_fields(payer_fee, t));
        let qris = method.is_qris().then(|| view! { <p class="muted small">{t.payway_no_payer_fee()}</p> });
        let kept = (!by_hand).then(|| cost_fields(cost, t));
        view! { {gateway}{limits(&setting, t)}{payer}{qris}{kept} }
    };
    view! {
        <Card title>
            <PostForm action=SavePayMethod::PATH key=format!("-{}", method.as_str())>
                {not_yet}{own_code}
                <Hidden name="seen" value=seen/>
                <Hidden name="method" value=method.as_str()/>
                {fields()}
                <Check name="active" label=t.payway_active() checked=active/>
                <Button class="wide">{t.save()}</Button>
                <a class="btn btn-plain wide" href=PAGE>{t.cancel()}</a>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// What a new one begins with.
fn usual(method: TopupMethod, gateways: &[PayGatewaySetting]) -> PayMethod {
    let gateway = gateways.first().filter(|_| !method.is_by_hand()).map(|gateway| gateway.name.clone());
    let place = TopupMethod::ALL.iter().position(|of| *of == method).unwrap_or_default();
    let qris = method == TopupMethod::Qris;
    PayMethod {
        method,
        gateway,
        active: false,
        sort: i64::try_from(place).map_or(0, |place| (place + 1) * 10),
        min: USUAL_MIN,
        max: USUAL_MAX,
        expiry_minutes: if qris { QRIS_MINUTES } else { ACCOUNT_MINUTES },
        payer_fee: FeeRule::default(),
        // What an acquirer of QRIS takes from most shops.
        cost: FeeRule { flat: Rupiah::ZERO, basis_points: if qris { 70 } else { 0 } },
        revision: 0,
        test: TestState::Never,
    }
}

fn limits(setting: &PayMethod, t: T) -> impl IntoView + use<> {
    let (min, max, minutes, sort) = (setting.min, setting.max, setting.expiry_minutes, setting.sort);
    view! {
        <div class="pair">
            <Field name="min" label=t.payway_min() input=Input::Digits value=typed(min)/>
            <Field name="max" label=t.payway_max() input=Input::Digits value=typed(max)/>
            <Field name="expiry_minutes" label=t.payway_expiry() hint=t.payway_expiry_hint() input=Input::Digits
                value=minutes.to_string()/>
            <Field name="sort" label=t.admin_sort() hint=t.admin_sort_hint() input=Input::Digits value=sort.to_string()/>
        </div>
    }
}

fn payer_fields(fee: FeeRule, t: T) -> impl IntoView {
    view! {
        <div class="pair">
            <Field name="payer_flat" label=t.payway_payer_flat() hint=t.payway_payer_hint() input=Input::Digits
                value=typed(fee.flat)/>
            <Field name="payer_percent" label=t.payway_payer_percent() hint=t.payway_percent_hint()
                value=typed_percent(fee.basis_points)/>
        </div>
    }
}

fn cost_fields(cost: FeeRule, t: T) -> impl IntoView {
    view! {
        <div class="pair">
            <Field name="cost_flat" label=t.payway_cost_flat() hint=t.payway_cost_hint() input=Input::Digits
                value=typed(cost.flat)/>
            <Field name="cost_percent" label=t.payway_cost_percent() hint=t.payway_percent_hint()
                value=typed_percent(cost.basis_points)/>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_as_they_are_written() {
        let fee = |flat, basis_points| {
            written(FeeRule { flat: Rupiah::new(flat), basis_points }).replace('\u{a0}', " ")
        };
        assert_eq!(fee(0, 0), "Rp 0");
        assert_eq!(fee(4_000, 0), "Rp 4.000");
        assert_eq!(fee(0, 70), "0,70%");
        assert_eq!(fee(1_000, 205), "Rp 1.000 + 2,05%");
    }
}
