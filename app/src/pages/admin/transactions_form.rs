//! What the list of all transactions can be asked for.

use leptos::prelude::*;
use store::{Package, PackageFilter};

use crate::components::{Choice, Hidden, Select};
use crate::error::AppError;
use crate::i18n::T;
use crate::page::Member;
use crate::transactions::{Asked, PAGE};

/// What there is to choose from.
pub(super) struct Choices {
    packages: Vec<Package>,
    gateways: Vec<String>,
}

impl Choices {
    pub(super) async fn load(cx: &Member) -> Result<Self, AppError> {
        let mut gateways: Vec<String> =
            cx.store.gateway_states().await?.into_iter().map(|state| state.gateway).collect();
        gateways.extend(cx.store.pay_gateways().await?.into_iter().map(|setting| setting.name));
        gateways.sort_unstable();
        gateways.dedup();
        Ok(Self { packages: cx.store.packages(PackageFilter::default()).await?, gateways })
    }
}

/// The form. It asks by GET, so that what was asked for stands in the address.
pub(super) fn form(asked: &Asked, choices: Choices, t: T) -> AnyView {
    let packages = choices.packages.into_iter().map(|package| Choice::new(package.id.as_str(), package.name));
    let packages = std::iter::once(Choice::new("", t.transactions_any_package())).chain(packages).collect();
    let gateways = choices.gateways.into_iter().map(|gateway| Choice::new(gateway.clone(), gateway));
    let gateways = std::iter::once(Choice::new("", t.transactions_any_gateway())).chain(gateways).collect();
    let Asked { q, kind, state, from, to, package, gateway, amount } = asked.clone();
    let open = asked.asks_for_more();
    let clear = (*asked != Asked::default())
        .then(|| view! { <a class="btn btn-plain" href=PAGE>{t.transactions_clear()}</a> });
    view! {
        <form method="get" action=PAGE class="stack" role="search">
            <Hidden name="kind" value=kind/>
            <Hidden name="state" value=state/>
            <div class="search">
                <div class="field grow">
                    <label for="f-q">{t.admin_purchase_search()}</label>
                    <input class="form-control" id="f-q" name="q" type="search" value=q autocomplete="off"
                        spellcheck="false" autocapitalize="none"/>
                </div>
                <button type="submit" class="btn btn-ghost">{t.search()}</button>
                {clear}
            </div>
            <details open=open>
                <summary>{t.transactions_more()}</summary>
                <div class="trio">
                    {day("from", t.transactions_from(), from)}
                    {day("to", t.transactions_to(), to)}
                    <div class="field">
                        <label for="f-amount">{t.transactions_amount()}</label>
                        <input class="form-control" id="f-amount" name="amount" inputmode="numeric" value=amount
                            autocomplete="off"/>
                    </div>
                    <Select name="package" label=t.admin_package() choices=packages value=package/>
                    <Select name="gateway" label=t.admin_gateway() choices=gateways value=gateway/>
                </div>
            </details>
        </form>
    }
    .into_any()
}

fn day(name: &'static str, label: &'static str, value: String) -> impl IntoView {
    let id = format!("f-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input class="form-control" id=id type="date" name=name value=value/>
        </div>
    }
}
