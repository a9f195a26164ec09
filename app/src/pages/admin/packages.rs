use domain::{Category, Margin, Rupiah};
use leptos::context::Provider;
use leptos::prelude::*;
use store::{ListedPackage, Package, PackageFacets, PackageSearch, PackageSort, Page};

use super::parts::{Search, any_of};
use crate::components::{
    Button, Card, Check, Choice, Empty, Field, FormState, Hidden, Icon, Input, Look, Money, Notice, Pager,
    Pill, PostForm, Select, ServerFn, Tone, icons,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::layouts::Section;
use crate::package_query::{ACTIVE, BRANDS, INACTIVE, PackageQuery};
use crate::page::{Member, Screen, admin_page};
use crate::pages::shop::parts::answer_unprocessable;
use crate::server_fns::admin::package_bulk::LIST;
use crate::server_fns::admin::packages::MovePackage;

/// Packages on one page.
const ROWS: i64 = 50;

/// All packages.
#[component]
pub fn AdminPackagesPage() -> impl IntoView {
    admin_page(Section::Packages, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let asked = PackageQuery::of(|name| cx.query(name).to_owned());
    if asked.mistake.is_some() {
        answer_unprocessable();
    }
    let after = Some(cx.query("after").to_owned()).filter(|after| !after.is_empty());
    let is_inside = after.is_some();
    let search = PackageSearch { after, limit: ROWS, ..asked.search.clone() };
    let facets = cx.store.package_facets().await?;
    let Page { items, next } = cx.store.package_list(search).await?;
    let rows = if items.is_empty() {
        let (words, to) = if asked.is_narrow() || is_inside {
            (t.clear_search(), LIST)
        } else {
            (t.admin_package_new(), "/admin/packages/new")
        };
        let action = (words.to_owned(), to.to_owned());
        view! { <Empty icon=icons::PACKAGE text=t.admin_package_none() action/> }.into_any()
    } else {
        table(items, &asked, t)
    };
    let pager = view! { <Pager base=asked.address(LIST) next inside=is_inside/> };
    let body = view! {
        {came_of(&cx)}
        {filters(&asked, facets, t)}
        {many(&asked, t)}
        <Card>{rows}</Card>
        {pager}
    };
    let add = view! {
        <a class="btn btn-primary btn-sm" href="/admin/packages/new"><Icon icon=icons::PLUS/>{t.admin_package_new()}</a>
    };
    Ok(Screen::new(t.packages(), body).actions(add))
}

/// What came of a change of many, or of a table.
fn came_of(cx: &Member) -> Option<impl IntoView + use<>> {
    let (added, changed) = (cx.query_as::<u32>("added"), cx.query_as::<u32>("changed")?);
    let words = match added {
        Some(added) => cx.t.packages_imported(added, changed),
        None => cx.t.packages_changed(changed),
    };
    Some(view! { <div role="status"><Notice tone=Tone::Ok>{words}</Notice></div> })
}

fn filters(asked: &PackageQuery, facets: PackageFacets, t: T) -> impl IntoView + use<> {
    let typed = |name: &str| asked.typed(name);
    let categories = any_of(t.admin_all_categories(), Category::ALL, Category::as_str, |of| t.category(of));
    let brands = any_of(t.admin_all_brands(), &BRANDS, |brand| brand, |brand| brand);
    let states = vec![
        Choice::new("", t.admin_all_states()),
        Choice::new(ACTIVE, t.active()),
        Choice::new(INACTIVE, t.inactive()),
    ];
    let of_words = |any: &str, words: Vec<String>| -> Vec<Choice> {
        let words = words.into_iter().map(|word| Choice::new(word.clone(), word));
        std::iter::once(Choice::new("", any)).chain(words).collect()
    };
    let gateways = of_words(t.packages_all_gateways(), facets.gateways);
    let families = of_words(t.packages_all_families(), facets.families);
    let sorts =
        PackageSort::ALL.iter().map(|sort| Choice::new(sort.as_str(), t.package_sort(*sort))).collect();
    let sort = asked.search.sort.as_str();
    let disturbed = asked.search.disturbed;
    let pairs = asked.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let state =
        asked.mistake.clone().map(|refusal| FormState::of_address(pairs, refusal)).unwrap_or_default();
    // Those that are seldom wanted stay out of the way until one of them is in force.
    let seldom = ["gateway", "family", "margin", "disturbed"];
    let is_open = seldom.iter().any(|name| !typed(name).is_empty());
    let (q, category, brand, in_state) = (typed("q"), typed("category"), typed("brand"), typed("state"));
    let (gateway, family, margin) = (typed("gateway"), typed("family"), typed("margin"));
    view! {
        <Provider value=state>
            <Search action=LIST label=t.admin_package_search() value=q>
                <Select name="category" label=t.admin_category() choices=categories value=category/>
                <Select name="brand" label=t.admin_brand() choices=brands value=brand/>
                <Select name="state" label=t.admin_state() choices=states value=in_state/>
                <Select name="sort" label=t.sort_by() choices=sorts value=sort/>
                <details class="more-filters" open=is_open>
                    <summary>{t.packages_more_filters()}</summary>
                    <div class="pair">
                        <Select name="gateway" label=t.admin_gateway() choices=gateways value=gateway/>
                        <Select name="family" label=t.admin_family() choices=families value=family/>
                        <Field name="margin" label=t.packages_margin_below() hint=t.packages_margin_below_hint()
                            input=Input::Digits value=margin optional=true/>
                        <Check name="disturbed" label=t.packages_only_disturbed() checked=disturbed/>
                    </div>
                </details>
            </Search>
        </Provider>
    }
}

/// What can be done with all that are looked for.
fn many(asked: &PackageQuery, t: T) -> impl IntoView + use<> {
    let bulk = asked.address("/admin/packages/bulk");
    let export = asked.address("/admin/packages/export.csv");
    view! {
        <p class="row wrap">
            <a class="btn btn-ghost btn-sm" href=bulk>{t.packages_bulk()}</a>
            <a class="btn btn-ghost btn-sm" href=export rel="external" download="">{t.packages_export()}</a>
            <a class="btn btn-ghost btn-sm" href="/admin/packages/import">{t.packages_import()}</a>
        </p>
    }
}

fn table(packages: Vec<ListedPackage>, asked: &PackageQuery, t: T) -> AnyView {
    let in_order = asked.is_in_shop_order();
    let count = packages.len();
    let ids: Vec<(String, bool)> = packages
        .iter()
        .map(|listed| (listed.package.id.as_str().to_owned(), listed.package.active))
        .collect();
    // Only beside one that is on sale, or off sale, as well: those off sale stand at the end.
    let neighbour = |at: Option<usize>, active: bool| {
        let (id, as_active) = ids.get(at?)?;
        (*as_active == active && in_order).then(|| id.clone())
    };
    let rows = packages.into_iter().enumerate().map(|(at, listed)| {
        let active = listed.package.active;
        let (above, below) = (neighbour(at.checked_sub(1), active), neighbour(at.checked_add(1), active));
        row(listed, in_order.then_some((above, below)), t)
    });
    let rows = rows.collect_view();
    let order = in_order.then(|| view! { <th scope="col">{t.admin_sort()}</th> });
    view! {
        <p class="muted small">{t.packages_shown(count)}</p>
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.admin_package()}</th>
                    <th scope="col" class="end">{t.admin_price_member()}</th>
                    <th scope="col" class="end">{t.admin_price_reseller()}</th>
                    <th scope="col" class="end">{t.admin_cost()}</th>
                    <th scope="col">{t.admin_state()}</th>
                    {order}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// The packages above and below, where this one can go past them.
type Neighbours = (Option<String>, Option<String>);

fn row(listed: ListedPackage, order: Option<Neighbours>, t: T) -> impl IntoView {
    let ListedPackage { package, disturbed, .. } = listed;
    let id = package.id.as_str().to_owned();
    let to = format!("{LIST}/{id}");
    let (member, reseller, cost) = (package.prices.member, package.prices.reseller, package.cost);
    let (tone, word) = if package.active { (Tone::Ok, t.active()) } else { (Tone::Quiet, t.inactive()) };
    let disturbed = disturbed.then(|| view! { <Pill tone=Tone::Bad text=t.disturbed()/> });
    let order = order.map(|(above, below)| {
        let name = package.name.clone();
        view! {
            <td data-label=t.admin_sort()>
                <div class="row">
                    {move_button(&id, above, true, &name, t)}
                    {move_button(&id, below, false, &name, t)}
                </div>
            </td>
        }
    });
    view! {
        <tr>
            <td data-label=t.admin_package()>
                <div>
                    <a class="strong" href=to>{package.name.clone()}</a>
                    <div class="muted small">{facts(&package, t)}</div>
                </div>
            </td>
            <td data-label=t.admin_price_member() class="end"><PriceAndMargin price=member cost/></td>
            <td data-label=t.admin_price_reseller() class="end"><PriceAndMargin price=reseller cost/></td>
            <td data-label=t.admin_cost() class="end"><Money amount=cost/></td>
            <td data-label=t.admin_state()><div class="row wrap"><Pill tone text=word/>{disturbed}</div></td>
            {order}
        </tr>
    }
}

fn facts(package: &Package, t: T) -> String {
    let category = t.category(package.category);
    let validity = t.validity(package.validity_days);
    [package.brand.as_str(), &package.quota, &validity, category, &package.gateway, &package.sku].join(" · ")
}

/// One place up or down, past the package that stands there.
fn move_button(
    id: &str,
    beside: Option<String>,
    up: bool,
    name: &str,
    t: T,
) -> Option<impl IntoView + use<>> {
    let (id, beside) = (id.to_owned(), beside?);
    let (sign, words) = if up { ("↑", t.packages_up(name)) } else { ("↓", t.packages_down(name)) };
    let key = format!("-{id}-{up}");
    Some(view! {
        <PostForm action=MovePackage::PATH key class="contents">
            <Hidden name="id" value=id/>
            <Hidden name="beside" value=beside/>
            <Hidden name="before" value=up.to_string()/>
            <Button look=Look::Ghost class="square">
                <span aria-hidden="true">{sign}</span><span class="visually-hidden">{words}</span>
            </Button>
        </PostForm>
    })
}

/// A price with what it leaves below it.
#[component]
pub(super) fn PriceAndMargin(
    /// The price.
    price: Rupiah,
    /// What the gateway takes.
    cost: Rupiah,
) -> AnyView {
    view! { <div><Money amount=price/><MarginLine price cost/></div> }.into_any()
}

/// What a price leaves: in rupiah, and as a share of the cost. A loss says so.
#[component]
pub(super) fn MarginLine(
    /// The price.
    price: Rupiah,
    /// What the gateway takes.
    cost: Rupiah,
) -> AnyView {
    let t = crate::context::use_t();
    let margin = Margin::of(price, cost);
    let share = margin.basis_points.map(|share| {
        let sign = if share < 0 { "−" } else { "" };
        format!(" ({sign}{}%)", format::percent(share.saturating_abs(), t.0))
    });
    if margin.is_loss() {
        let lost = margin.amount.checked_neg().unwrap_or(margin.amount);
        let words = format!("{}{}", t.packages_loss(lost), share.unwrap_or_default());
        view! { <div><Pill tone=Tone::Bad text=words/></div> }.into_any()
    } else {
        let words = format!("+{}{}", margin.amount, share.unwrap_or_default());
        view! { <div class="muted small num nowrap">{words}</div> }.into_any()
    }
}
