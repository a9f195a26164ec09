use domain::Category;
use leptos::prelude::*;
use store::{Package, PackageFilter};

use super::parts::{Search, any_of};
use crate::components::{Card, Choice, Empty, Icon, Money, Pill, Select, Tone, icons};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

const LIST: &str = "/admin/packages";
const BRANDS: [&str; 2] = ["XL", "AXIS"];
const ACTIVE: &str = "active";
const INACTIVE: &str = "inactive";

/// All packages.
#[component]
pub fn AdminPackagesPage() -> impl IntoView {
    admin_page(Section::Packages, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let (q, brand, state) = (cx.query("q"), cx.query("brand"), cx.query("state"));
    let category = cx.query_as::<Category>("category");
    let filter = PackageFilter {
        q: q.to_owned(),
        category,
        brand: Some(brand.to_owned()).filter(|brand| BRANDS.contains(&brand.as_str())),
        only_active: state == ACTIVE,
    };
    let mut packages = cx.store.packages(filter).await?;
    packages.retain(|package| state != INACTIVE || !package.active);
    let rows = if packages.is_empty() {
        view! { <Empty icon=icons::PACKAGE text=t.admin_package_none()/> }.into_any()
    } else {
        table(packages, t)
    };
    let categories = any_of(t.admin_all_categories(), Category::ALL, Category::as_str, |of| t.category(of));
    let brands = any_of(t.admin_all_brands(), &BRANDS, |brand| brand, |brand| brand);
    let states = vec![
        Choice::new("", t.admin_all_states()),
        Choice::new(ACTIVE, t.active()),
        Choice::new(INACTIVE, t.inactive()),
    ];
    let (brand, state) = (brand.to_owned(), state.to_owned());
    let body = view! {
        <Search action=LIST label=t.admin_package_search() value=q>
            <Select name="category" label=t.admin_category() choices=categories
                value=category.map_or("", Category::as_str)/>
            <Select name="brand" label=t.admin_brand() choices=brands value=brand/>
            <Select name="state" label=t.admin_state() choices=states value=state/>
        </Search>
        <Card>{rows}</Card>
    };
    let add = view! {
        <a class="btn btn-primary btn-sm" href="/admin/packages/new"><Icon icon=icons::PLUS/>{t.admin_package_new()}</a>
    };
    Ok(Screen::new(t.packages(), body).actions(add))
}

fn table(packages: Vec<Package>, t: T) -> AnyView {
    let row = |package: Package| {
        let to = format!("{LIST}/{}", package.id.as_str());
        let margin = |price: domain::Rupiah| price.checked_sub(package.cost).unwrap_or_default();
        let (member, reseller) = (package.prices.member, package.prices.reseller);
        let (tone, word) = if package.active { (Tone::Ok, t.active()) } else { (Tone::Quiet, t.inactive()) };
        view! {
            <tr>
                <td data-label=t.admin_package()>
                    <div>
                        <a class="strong" href=to>{package.name}</a>
                        <div class="muted small">
                            {package.brand}" · "{package.quota}" · "{t.validity(package.validity_days)}" · "{package.sku}
                        </div>
                    </div>
                </td>
                <td data-label=t.admin_category()>{t.category(package.category)}</td>
                <td data-label=t.admin_price_member() class="end"><Money amount=member/></td>
                <td data-label=t.admin_price_reseller() class="end"><Money amount=reseller/></td>
                <td data-label=t.admin_cost() class="end"><Money amount=package.cost/></td>
                <td data-label=t.admin_margin() class="end">
                    <span><Money amount=margin(member)/>" / "<Money amount=margin(reseller)/></span>
                </td>
                <td data-label=t.admin_state()><Pill tone text=word/></td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.admin_package()}</th>
                    <th scope="col">{t.admin_category()}</th>
                    <th scope="col" class="end">{t.admin_price_member()}</th>
                    <th scope="col" class="end">{t.admin_price_reseller()}</th>
                    <th scope="col" class="end">{t.admin_cost()}</th>
                    <th scope="col" class="end">{t.admin_margin()}</th>
                    <th scope="col">{t.admin_state()}</th>
                </tr>
            </thead>
            <tbody>{packages.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
