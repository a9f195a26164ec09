//! Many packages at once: what a formula would do to those that are looked for, and then doing it.

use domain::{
    BulkChange, BulkOutcome, BulkStop, PackageTerms, PriceStep, PriceTarget, Prices, Refusal, RoundUp, Rupiah,
};
use leptos::context::Provider;
use leptos::prelude::*;
use store::{BULK_MOST, ListedPackage, PackageSearch, Page, SeenPackage};

use super::packages::MarginLine;
use crate::components::{
    Button, Card, Choice, Empty, Fact, Facts, Field, FormState, Hidden, IdempotencyKey, Input, Look, Money,
    Notice, Pill, PostForm, Select, ServerFn, Tone, icons, use_form,
};
use crate::context::use_t;
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::package_query::PackageQuery;
use crate::page::{Member, Screen, admin_page};
use crate::pages::shop::parts::answer_unprocessable;
use crate::server_fns::admin::package_bulk::{
    ACTIVATE, BulkForm, CHOSEN, ChangePackages, DEACTIVATE, LIST, PRICES, sent_as,
};

const PAGE: &str = "/admin/packages/bulk";

/// Changes many packages.
#[component]
pub fn AdminPackageBulkPage() -> impl IntoView {
    admin_page(Section::Packages, load)
}

/// A package, and what becomes of it.
struct Row {
    listed: ListedPackage,
    before: PackageTerms,
    outcome: BulkOutcome,
}

/// What all of it comes to.
#[derive(Default)]
struct Total {
    changed: usize,
    same: usize,
    stopped: usize,
    above_member: usize,
    before: Prices,
    after: Prices,
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let asked = PackageQuery::of(|name| cx.query(name).to_owned());
    let most = i64::try_from(BULK_MOST).unwrap_or(i64::MAX);
    let search = PackageSearch { limit: most, ..asked.search.clone() };
    let Page { items, next } = cx.store.package_list(search).await?;
    let back = asked.address(LIST);
    if items.is_empty() {
        let others = (t.bulk_choose_others().to_owned(), back.clone());
        let body =
            view! { <Card><Empty icon=icons::PACKAGE text=t.admin_package_none() action=others/></Card> };
        return Ok(Screen::new(t.packages_bulk(), body).back(back));
    }
    let more = next.map(|_| view! { <Notice tone=Tone::Wait>{t.bulk_most(BULK_MOST)}</Notice> });
    let (form, change) = asked_change(&cx);
    let lead = if asked.is_narrow() { t.bulk_lead_some(items.len()) } else { t.bulk_lead_all(items.len()) };
    let (preview, mistake) = match change {
        None => (None, None),
        Some(Ok(change)) => (Some(preview(items, change, &form, &back, t)), None),
        Some(Err(refusal)) => {
            answer_unprocessable();
            (None, Some(refusal))
        }
    };
    let body = view! {
        <p class="muted">{lead}" "<a href=back.clone()>{t.bulk_choose_others()}</a></p>
        {more}
        {questions(&asked, form, mistake, t)}
        {preview}
    };
    Ok(Screen::new(t.packages_bulk(), body).back(back))
}

/// What the address asks for; nothing at first.
fn asked_change(cx: &Member) -> (BulkForm, Option<Result<BulkChange, Refusal>>) {
    let value = |name: &str, usual: &str| {
        Some(cx.query(name)).filter(|value| !value.is_empty()).unwrap_or(usual).to_owned()
    };
    let form = BulkForm {
        action: value("action", PRICES),
        target: value("target", PriceTarget::Both.as_str()),
        step: value("step", PriceStep::PercentUp.as_str()),
        value: value("value", ""),
        round: value("round", RoundUp::FiveHundred.as_str()),
    };
    let change = (!cx.query("action").is_empty()).then(|| form.parse());
    (form, change)
}

/// What is to be done. Asks by GET: what is looked for and the formula stand in the address.
fn questions(asked: &PackageQuery, form: BulkForm, mistake: Option<Refusal>, t: T) -> impl IntoView + use<> {
    let kept = asked.pairs().into_iter().map(|(name, value)| view! { <Hidden name value/> }).collect_view();
    let actions = vec![
        Choice::new(PRICES, t.bulk_prices()),
        Choice::new(ACTIVATE, t.bulk_activate()),
        Choice::new(DEACTIVATE, t.bulk_deactivate()),
    ];
    let targets = PriceTarget::ALL.iter().map(|of| Choice::new(of.as_str(), t.price_target(*of))).collect();
    let steps = PriceStep::ALL.iter().map(|of| Choice::new(of.as_str(), t.price_step(*of))).collect();
    let rounds = RoundUp::ALL.iter().map(|of| Choice::new(of.as_str(), t.round_up(*of))).collect();
    let state = mistake.map(|refusal| FormState::of_address(Vec::new(), refusal)).unwrap_or_default();
    view! {
        <Card title=t.bulk_what()>
            <Provider value=state>
                <form method="get" action=PAGE class="stack">
                    {kept}
                    <Select name="action" label=t.bulk_action() value=form.action choices=actions/>
                    <div class="pair">
                        <Select name="target" label=t.bulk_target() hint=t.bulk_only_prices() value=form.target choices=targets/>
                        <Select name="step" label=t.bulk_step() hint=t.bulk_only_prices() value=form.step choices=steps/>
                        <Field name="value" label=t.bulk_value() hint=t.bulk_value_hint() value=form.value
                            input=Input::Digits optional=true/>
                        <Select name="round" label=t.bulk_round() hint=t.bulk_round_hint() value=form.round choices=rounds/>
                    </div>
                    <button type="submit" class=format!("{} wide", Look::Ghost.class())>{t.bulk_look()}</button>
                </form>
            </Provider>
        </Card>
    }
}

fn preview(packages: Vec<ListedPackage>, change: BulkChange, form: &BulkForm, back: &str, t: T) -> AnyView {
    let rows: Vec<Row> = packages
        .into_iter()
        .map(|listed| {
            let package = &listed.package;
            let before = PackageTerms { prices: package.prices, cost: package.cost, active: package.active };
            Row { outcome: change.outcome(before), before, listed }
        })
        .collect();
    let total = Total::of(&rows);
    let is_about_prices = matches!(change, BulkChange::Prices { .. });
    let (form, back) = (form.clone(), back.to_owned());
    let send = (total.changed > 0).then(|| {
        view! {
            <p class="muted small">{t.bulk_apply_lead()}</p>
            <Button class="wide">{t.bulk_apply()}</Button>
        }
    });
    view! {
        <Card title=t.bulk_preview() class="stack">
            {summary(&total, is_about_prices, t)}
            <PostForm action=ChangePackages::PATH>
                <Hidden name="action" value=form.action/>
                <Hidden name="target" value=form.target/>
                <Hidden name="step" value=form.step/>
                <Hidden name="value" value=form.value/>
                <Hidden name="round" value=form.round/>
                <Hidden name="back" value=back/>
                <IdempotencyKey/>
                <Rows rows/>
                {send}
            </PostForm>
        </Card>
    }
    .into_any()
}

fn summary(total: &Total, is_about_prices: bool, t: T) -> impl IntoView + use<> {
    let sums = is_about_prices.then(|| {
        let sum = |before: Rupiah, after: Rupiah| view! { <FromTo before after/> };
        let member = sum(total.before.member, total.after.member);
        let reseller = sum(total.before.reseller, total.after.reseller);
        view! {
            <Fact label=t.bulk_sum_member()>{member}</Fact>
            <Fact label=t.bulk_sum_reseller()>{reseller}</Fact>
        }
    });
    let above = Some(total.above_member).filter(|count| *count > 0);
    let above = above.map(|count| view! { <Notice tone=Tone::Wait>{t.bulk_above_member(count)}</Notice> });
    let stopped = Some(total.stopped).filter(|count| *count > 0);
    let stopped = stopped.map(|count| view! { <Notice tone=Tone::Bad>{t.bulk_stopped(count)}</Notice> });
    view! {
        <p><strong>{t.bulk_counts(total.changed, total.same)}</strong></p>
        {stopped}
        {above}
        <Facts>{sums}</Facts>
    }
}

/// To be made inside the form, which knows what was ticked off before it came back.
#[component]
fn Rows(rows: Vec<Row>) -> AnyView {
    let t = use_t();
    let form = use_form();
    let came_back = form.value(CHOSEN).is_some();
    let rows = rows.into_iter().map(|row| {
        let sent = sent_as(&SeenPackage { id: row.listed.package.id.clone(), terms: row.before });
        let ticked = !came_back || form.holds(CHOSEN, &sent);
        shown(row, sent, ticked, t)
    });
    let rows = rows.collect_view();
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.offers_choose()}</th>
                    <th scope="col">{t.admin_package()}</th>
                    <th scope="col" class="end">{t.admin_price_member()}</th>
                    <th scope="col" class="end">{t.admin_price_reseller()}</th>
                    <th scope="col" class="end">{t.admin_cost()}</th>
                    <th scope="col">{t.admin_state()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn shown(row: Row, sent: String, ticked: bool, t: T) -> impl IntoView {
    let Row { listed: ListedPackage { package, .. }, before, outcome } = row;
    let to = format!("{LIST}/{}", package.id.as_str());
    let name = package.name.clone();
    let choose = outcome.stop.is_none().then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name=CHOSEN value=sent checked=ticked/>
                <span class="visually-hidden">{name}</span>
            </label>
        }
    });
    let cost = before.cost;
    let price = |before: Rupiah, after: Rupiah| {
        view! { <div><FromTo before after/><MarginLine price=after cost/></div> }
    };
    let member = price(before.prices.member, outcome.after.prices.member);
    let reseller = price(before.prices.reseller, outcome.after.prices.reseller);
    view! {
        <tr>
            <td data-label=t.offers_choose()>{choose}</td>
            <td data-label=t.admin_package()>
                <div><a class="strong" href=to>{package.name}</a><div class="muted small">{package.sku}</div></div>
            </td>
            <td data-label=t.admin_price_member() class="end">{member}</td>
            <td data-label=t.admin_price_reseller() class="end">{reseller}</td>
            <td data-label=t.admin_cost() class="end"><Money amount=cost/></td>
            <td data-label=t.admin_state()><div class="row wrap">{remarks(before, outcome, t)}</div></td>
        </tr>
    }
}

/// What is to be said of a package besides its prices.
fn remarks(before: PackageTerms, outcome: BulkOutcome, t: T) -> impl IntoView {
    let state = |active: bool| if active { t.active() } else { t.inactive() };
    let words = if before.active == outcome.after.active {
        state(before.active).to_owned()
    } else {
        format!("{} → {}", state(before.active), state(outcome.after.active))
    };
    let tone = if outcome.after.active { Tone::Ok } else { Tone::Quiet };
    let stop = outcome.stop.map(|stop| {
        let tone = if stop == BulkStop::Same { Tone::Quiet } else { Tone::Bad };
        view! { <Pill tone text=t.bulk_stop(stop)/> }
    });
    let above = is_above_member(&outcome)
        .then(|| view! { <Pill tone=Tone::Wait icon=icons::ALERT text=t.bulk_reseller_above()/> });
    view! { <Pill tone text=words/>{stop}{above} }
}

const fn is_above_member(outcome: &BulkOutcome) -> bool {
    outcome.after.prices.reseller.get() > outcome.after.prices.member.get()
}

/// An amount before and after; one where nothing changes.
#[component]
fn FromTo(before: Rupiah, after: Rupiah) -> AnyView {
    if before == after {
        return view! { <Money amount=before/> }.into_any();
    }
    view! {
        <s class="muted"><Money amount=before/></s>
        <span aria-hidden="true">" → "</span>
        <span class="visually-hidden">" "{use_t().admin_becomes()}" "</span>
        <strong><Money amount=after/></strong>
    }
    .into_any()
}

impl Total {
    fn of(rows: &[Row]) -> Self {
        let mut total = Self::default();
        for row in rows {
            match row.outcome.stop {
                None => total.add(row),
                Some(BulkStop::Same) => total.same += 1,
                Some(BulkStop::BelowCost | BulkStop::OutOfRange) => total.stopped += 1,
            }
        }
        total
    }

    fn add(&mut self, row: &Row) {
        let plus = |sum: Rupiah, amount: Rupiah| sum.checked_add(amount).unwrap_or(sum);
        let both = |sum: Prices, more: Prices| Prices {
            member: plus(sum.member, more.member),
            reseller: plus(sum.reseller, more.reseller),
        };
        self.changed += 1;
        self.above_member += usize::from(is_above_member(&row.outcome));
        self.before = both(self.before, row.before.prices);
        self.after = both(self.after, row.outcome.after.prices);
    }
}
