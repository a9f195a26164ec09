use domain::{Category, Prices, Refusal, Rupiah};
use leptos::prelude::*;
use store::{Package, PackageDraft};

use super::package_history::history;
use super::package_ways::ways;
use super::parts::typed;
use crate::components::{
    Button, Card, Check, Choice, Field, Hidden, Icon, IdempotencyKey, Input, Look, PostForm, Select,
    ServerFn, TextArea, icons,
};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::packages::{SavePackage, SetPackageActive};

const LIST: &str = "/admin/packages";
/// The gateway of the H2H dialect, as the server calls it.
const USUAL_GATEWAY: &str = "digiflazz";

/// Changes a package.
#[component]
pub fn AdminPackagePage() -> impl IntoView {
    admin_page(Section::Packages, change)
}

/// Makes a new package.
#[component]
pub fn NewPackagePage() -> impl IntoView {
    admin_page(Section::Packages, async |cx: Member| {
        let t = cx.t;
        let draft = match cx.query("copy") {
            "" => empty(),
            id => copied(&cx, id).await?,
        };
        let body = view! { <div class="middle">{form(None, draft, t)}</div> };
        Ok(Screen::new(t.admin_package_new(), body).back(LIST))
    })
}

async fn change(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let package = cx.store.package(&cx.id("id")?).await?.ok_or(Refusal::NotFound)?;
    let (id, title) = (package.id.as_str().to_owned(), package.name.clone());
    let (sale, ways) = (sale(&package, t), ways(&cx, &package).await?);
    let history = history(&cx, &package).await?;
    let copy = address("/admin/packages/new", &[("copy", &id)]);
    let body = view! {
        <div class="middle stack">
            {form(Some(id), package.into(), t)}
            {ways}
            {sale}
            {history}
        </div>
    };
    let copy =
        view! { <a class="btn btn-ghost btn-sm" href=copy><Icon icon=icons::COPY/>{t.packages_copy()}</a> };
    Ok(Screen::new(title, body).back(LIST).actions(copy))
}

fn empty() -> PackageDraft {
    PackageDraft {
        name: String::new(),
        description: String::new(),
        quota: String::new(),
        validity_days: 30,
        category: Category::Monthly,
        brand: "XL".to_owned(),
        prices: Prices { member: Rupiah::ZERO, reseller: Rupiah::ZERO },
        cost: Rupiah::ZERO,
        gateway: USUAL_GATEWAY.to_owned(),
        sku: String::new(),
        active: true,
        sort: 100,
        family: String::new(),
        benefits: String::new(),
    }
}

/// All that another package has but its code, which tells packages apart.
async fn copied(cx: &Member, id: &str) -> Result<PackageDraft, AppError> {
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    let package = cx.store.package(&id).await?.ok_or(Refusal::NotFound)?;
    let name = cx.t.packages_copy_name(&package.name);
    Ok(PackageDraft { name, sku: String::new(), ..PackageDraft::from(package) })
}

fn form(id: Option<String>, draft: PackageDraft, t: T) -> impl IntoView {
    let save = if id.is_some() { t.admin_package_save() } else { t.admin_package_create() };
    let categories = Category::ALL.iter().map(|of| Choice::new(of.as_str(), t.category(*of))).collect();
    let brands = vec![Choice::new("XL", "XL"), Choice::new("AXIS", "AXIS")];
    let price = |amount: Rupiah| if amount == Rupiah::ZERO { String::new() } else { typed(amount) };
    let (member, reseller) = (price(draft.prices.member), price(draft.prices.reseller));
    // A cost of nothing is possible, but not at first.
    let cost = if id.is_some() { typed(draft.cost) } else { String::new() };
    view! {
        <Card>
            <PostForm action=SavePackage::PATH>
                <Hidden name="id" value=id.unwrap_or_default()/>
                <IdempotencyKey/>
                <Field name="name" label=t.admin_package_name() value=draft.name/>
                <TextArea name="description" label=t.admin_package_description() value=draft.description
                    hint=t.admin_package_description_hint() optional=true/>
                <TextArea name="benefits" label=t.admin_benefits() value=draft.benefits hint=t.admin_benefits_hint()
                    optional=true/>
                <div class="pair">
                    <Field name="family" label=t.admin_family() hint=t.admin_family_hint() value=draft.family optional=true/>
                    <Field name="quota" label=t.admin_quota() hint=t.admin_quota_hint() value=draft.quota/>
                    <Field name="validity_days" label=t.admin_validity() hint=t.admin_validity_hint()
                        input=Input::Digits value=draft.validity_days.to_string()/>
                    <Select name="category" label=t.admin_category() value=draft.category.as_str() choices=categories/>
                    <Select name="brand" label=t.admin_brand() value=draft.brand choices=brands/>
                    <Field name="cost" label=t.admin_cost() hint=t.admin_cost_hint() input=Input::Digits value=cost/>
                    <Field name="sort" label=t.admin_sort() hint=t.admin_sort_hint() input=Input::Digits
                        value=draft.sort.to_string()/>
                    <Field name="price_member" label=t.admin_price_member() hint=t.admin_price_hint()
                        input=Input::Digits value=member/>
                    <Field name="price_reseller" label=t.admin_price_reseller() hint=t.admin_price_hint()
                        input=Input::Digits value=reseller/>
                    <Field name="gateway" label=t.admin_gateway() hint=t.admin_gateway_hint() value=draft.gateway/>
                    <Field name="sku" label=t.admin_sku() value=draft.sku/>
                </div>
                <Check name="active" label=t.admin_package_active() checked=draft.active/>
                <Button class="wide">{save}</Button>
            </PostForm>
        </Card>
    }
}

fn sale(package: &Package, t: T) -> impl IntoView + use<> {
    let (look, state, words) = if package.active {
        (Look::Danger, t.admin_package_is_open(), t.admin_package_deactivate())
    } else {
        (Look::Ghost, t.admin_package_is_closed(), t.admin_package_activate())
    };
    let (id, target) = (package.id.as_str().to_owned(), !package.active);
    view! {
        <Card title=t.admin_package_sale()>
            <PostForm action=SetPackageActive::PATH>
                <p class="muted">{state}</p>
                <Hidden name="id" value=id/>
                <Hidden name="active" value=target.to_string()/>
                <Button look class="wide">{words}</Button>
            </PostForm>
        </Card>
    }
}
