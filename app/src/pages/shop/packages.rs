use domain::{Category, Role};
use leptos::prelude::*;
use store::{Package, PackageFilter};

use super::number::{NAME, NumberForm, Wanted};
use super::parts::answer_unprocessable;
use crate::components::{Empty, Filter, Filters, Icon, Money, Notice, Pill, Tone, icons};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::islands::FilterList;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::pages::saved::parts::NumberChips;

const NUMBERS: i64 = 6;
/// In the address, when it was to be another package that is not sold any more.
pub(super) const GONE: &str = "gone";

/// Packages for a number.
#[component]
pub fn PackagesPage() -> impl IntoView {
    member_page(Tab::Packages, load)
}

/// What the address asks for.
struct Asked {
    wanted: Wanted,
    q: String,
    category: Option<Category>,
    sort: Sort,
}

/// The order of the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Shop,
    Cheap,
    Long,
}

impl Sort {
    const ALL: [Self; 3] = [Self::Shop, Self::Cheap, Self::Long];

    const fn word(self) -> &'static str {
        match self {
            Self::Shop => "",
            Self::Cheap => "cheap",
            Self::Long => "long",
        }
    }

    const fn label(self, t: T) -> &'static str {
        match self {
            Self::Shop => t.sort_shop(),
            Self::Cheap => t.sort_cheap(),
            Self::Long => t.sort_long(),
        }
    }
}

impl Asked {
    fn of(cx: &Member) -> Self {
        let sort = Sort::ALL.into_iter().find(|sort| sort.word() == cx.query("sort"));
        Self {
            wanted: Wanted::of(cx),
            q: cx.query("q").to_owned(),
            category: cx.query_as("category"),
            sort: sort.unwrap_or(Sort::Shop),
        }
    }

    fn address(&self, category: Option<Category>) -> String {
        let query = [
            (NAME, self.wanted.local()),
            ("q", self.q.clone()),
            ("category", category.map(Category::as_str).unwrap_or_default().to_owned()),
            ("sort", self.sort.word().to_owned()),
        ];
        let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        address("/packages", &query)
    }

    fn category_word(&self) -> String {
        self.category.map(Category::as_str).unwrap_or_default().to_owned()
    }
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let asked = Asked::of(&cx);
    if asked.wanted.error.is_some() {
        answer_unprocessable();
    }
    let filter = PackageFilter {
        q: asked.q.clone(),
        category: asked.category,
        brand: asked.wanted.operator().map(|operator| operator.name().to_owned()),
        only_active: true,
    };
    let mut packages = cx.store.packages(filter).await?;
    sort(&mut packages, asked.sort, cx.user.role);
    let (recent, saved) = if asked.wanted.typed.is_empty() {
        let recent = cx.store.recent_numbers(cx.user.id, NUMBERS).await?;
        (recent, cx.store.saved_numbers(cx.user.id, "").await?)
    } else {
        (Vec::new(), Vec::new())
    };
    let gone = (cx.query(GONE) == "1").then(|| view! { <Notice tone=Tone::Info>{t.package_gone()}</Notice> });
    let keep = vec![
        ("q", asked.q.clone()),
        ("category", asked.category_word()),
        ("sort", asked.sort.word().to_owned()),
    ];
    let wanted = asked.wanted.clone();
    let body = view! {
        <div class="middle stack">
            {gone}
            <NumberForm action="/packages" wanted label=t.destination_number() keep compact=true saved=saved.clone()/>
            <NumberChips action="/packages" recent saved/>
            {for_whom(&asked, t)}
        </div>
        <Filters label=t.kind_of_package() choices=categories(&asked, t)/>
        <FilterList>
            <div class="stack">
                {search(&asked, t)}
                {list(packages, &asked, cx.user.role, t)}
            </div>
        </FilterList>
    };
    Ok(Screen::new(t.buy_package(), body))
}

fn sort(packages: &mut [Package], by: Sort, role: Role) {
    match by {
        Sort::Shop => {}
        // What cannot be bought stays at the end. Sorting is stable, so equals keep the shop's order.
        Sort::Cheap => packages.sort_by_key(|package| (!package.active, package.prices.for_role(role))),
        Sort::Long => packages.sort_by_key(|package| (!package.active, -package.validity_days)),
    }
}

/// Which packages are shown because of the number.
fn for_whom(asked: &Asked, t: T) -> AnyView {
    match (&asked.wanted.number, asked.wanted.operator()) {
        (Some(number), Some(operator)) => {
            let all = address("/packages", &[("q", &asked.q), ("category", &asked.category_word())]);
            let line = t.only_brand(operator.name(), number.display());
            view! { <p class="muted small num">{line} " " <a href=all>{t.see_all_brands()}</a></p> }
                .into_any()
        }
        _ => asked
            .wanted
            .typed
            .is_empty()
            .then(|| view! { <p class="muted small">{t.other_brand_hint()}</p> })
            .into_any(),
    }
}

fn categories(asked: &Asked, t: T) -> Vec<Filter> {
    let chip = |label: &str, category| Filter {
        label: label.to_owned(),
        to: asked.address(category),
        on: asked.category == category,
    };
    let mut chips = vec![chip(t.all(), None)];
    chips.extend(Category::ALL.iter().map(|category| chip(t.category(*category), Some(*category))));
    chips
}

fn search(asked: &Asked, t: T) -> AnyView {
    let keep = [(NAME, asked.wanted.local()), ("category", asked.category_word())]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let sorts = Sort::ALL
        .into_iter()
        .map(|sort| {
            view! { <option value=sort.word() selected=sort == asked.sort>{sort.label(t)}</option> }
        })
        .collect_view();
    let q = asked.q.clone();
    view! {
        <form method="get" action="/packages" role="search" class="search-row">
            {keep}
            <label class="visually-hidden" for="q">{t.search_packages()}</label>
            <input class="form-control grow" id="q" name="q" type="search" value=q placeholder=t.search_packages()
                autocomplete="off" data-filter=""/>
            <label class="visually-hidden" for="sort">{t.sort_by()}</label>
            <select class="form-select" id="sort" name="sort">{sorts}</select>
            <button type="submit" class="btn btn-ghost"><Icon icon=icons::SEARCH/><span class="visually-hidden">{t.search()}</span></button>
        </form>
    }
    .into_any()
}

fn list(packages: Vec<Package>, asked: &Asked, role: Role, t: T) -> AnyView {
    let clear = address("/packages", &[(NAME, &asked.wanted.local())]);
    let filtered = !asked.q.is_empty() || asked.category.is_some();
    if packages.is_empty() {
        return if filtered {
            view! { <Empty icon=icons::SEARCH text=t.no_package_fits() action=(t.clear_search().to_owned(), clear)/> }
                .into_any()
        } else {
            view! { <Empty icon=icons::PACKAGE text=t.no_packages_yet()/> }.into_any()
        };
    }
    let with_brand = asked.wanted.number.is_none();
    let local = asked.wanted.local();
    let cards = packages.into_iter().map(|package| card(package, role, &local, with_brand, t)).collect_view();
    view! {
        <ul class="grid-3">{cards}</ul>
        <div data-none="" hidden><Notice tone=Tone::Info>{t.no_package_fits()}</Notice></div>
    }
    .into_any()
}

fn card(package: Package, role: Role, number: &str, with_brand: bool, t: T) -> AnyView {
    let open = package.active;
    let price = package.prices.for_role(role);
    let more = (package.prices.member != price).then_some(package.prices.member);
    let text = format!("{} {} {}", package.name, package.quota, package.description).to_lowercase();
    let name = if open {
        let to = address(&format!("/buy/{}", package.id.as_str()), &[(NAME, number)]);
        view! { <a class="stretched" href=to>{package.name}</a> }.into_any()
    } else {
        package.name.into_any()
    };
    let brand = with_brand.then(|| view! { <span class="pill quiet">{package.brand}</span> });
    view! {
        <li class=if open { "card package" } else { "card package closed" } data-text=text>
            <div class="grow">
                <div class="quota">{package.quota}<small>" · " {t.validity(package.validity_days)}</small></div>
                <h2 class="name">{name}</h2>
                <p class="muted small">{package.description}</p>
                {package.owner_from.map(|amount| view! { <p class="small num">{t.owner_plus(amount)}</p> })}
                {(!open).then(|| view! { <Pill tone=Tone::Bad text=t.disturbed()/> })}
            </div>
            <div class="price">
                <span class="visually-hidden">{t.your_price()} " "</span><Money amount=price/>
                {more.map(|more| view! { <s><span class="visually-hidden">{t.member_price()} " "</span><Money amount=more/></s> })}
                {brand}
            </div>
        </li>
    }
    .into_any()
}
