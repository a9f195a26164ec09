//! The ways to get a package, on its page: how the number's owner can pay, or the gateways that stand in for the first.

use domain::PaymentMethod;
use leptos::prelude::*;
use store::{Fallback, Package, PackageMethod};

use super::parts::typed;
use crate::components::{Button, Card, Field, Hidden, Input, Look, PostForm, ServerFn};
use crate::error::AppError;
use crate::i18n::T;
use crate::page::Member;
use crate::server_fns::admin::package_ways::{FALLBACK_FIELDS, SaveFallbacks, SaveMethods, method_fields};

pub(super) async fn ways(cx: &Member, package: &Package) -> Result<AnyView, AppError> {
    let methods = cx.store.package_methods(&package.id).await?;
    if !methods.is_empty() || cx.site.session_gateways.contains(&package.gateway) {
        return Ok(owner_methods(package, &methods, cx.t));
    }
    let fallbacks = cx.store.fallbacks(&package.id).await?;
    Ok(further_gateways(package, &fallbacks, cx.t))
}

fn owner_methods(package: &Package, methods: &[PackageMethod], t: T) -> AnyView {
    let rows = PaymentMethod::ALL.iter().map(|method| {
        let known = methods.iter().find(|known| known.method == *method);
        let [sku, price] = method_fields(*method);
        let (code, amount) = (
            known.map(|known| known.sku.clone()).unwrap_or_default(),
            known.and_then(|known| known.owner_price).map(typed).unwrap_or_default(),
        );
        let name = t.payment_method(*method);
        view! {
            <Field name=sku label=t.way_code(name) value=code optional=true/>
            <Field name=price label=t.way_price(name) value=amount input=Input::Digits optional=true/>
        }
    });
    let rows = rows.collect_view();
    let id = package.id.as_str().to_owned();
    view! {
        <Card title=t.ways_title()>
            <PostForm action=SaveMethods::PATH>
                <p class="muted">{t.ways_lead()}</p>
                <Hidden name="id" value=id/>
                <div class="pair">{rows}</div>
                <Button look=Look::Ghost class="wide">{t.ways_save()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn further_gateways(package: &Package, fallbacks: &[Fallback], t: T) -> AnyView {
    let rows = FALLBACK_FIELDS.into_iter().enumerate().map(|(i, [gateway, sku, cost])| {
        let known = fallbacks.get(i).cloned();
        let (name, code, amount) =
            known.map(|known| (known.gateway, known.sku, typed(known.cost))).unwrap_or_default();
        let n = i + 2;
        view! {
            <fieldset class="trio">
                <legend class="visually-hidden">{t.fallback_number(n)}</legend>
                <Field name=gateway label=t.fallback_gateway(n) value=name optional=true/>
                <Field name=sku label=t.admin_sku() value=code optional=true/>
                <Field name=cost label=t.admin_cost() value=amount input=Input::Digits optional=true/>
            </fieldset>
        }
    });
    let rows = rows.collect_view();
    let id = package.id.as_str().to_owned();
    view! {
        <Card title=t.fallbacks_title()>
            <PostForm action=SaveFallbacks::PATH>
                <p class="muted">{t.fallbacks_lead()}</p>
                <Hidden name="id" value=id/>
                {rows}
                <Button look=Look::Ghost class="wide">{t.fallbacks_save()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}
