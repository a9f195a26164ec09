use domain::{MarginRule, Refusal};
use leptos::prelude::*;
use store::{GatewayState, OfferChange, OfferRow, Rules};

use crate::components::{
    Button, Card, Empty, Fact, Facts, Hidden, Live, Look, Money, Notice, Pill, PostForm, ServerFn, Tone,
    When, icons,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::gateways::{ApplyOffers, LookAtGateway};

/// What a gateway sells beside what the shop sells.
#[component]
pub fn AdminOffersPage() -> impl IntoView {
    admin_page(Section::Gateways, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let gateway = cx.param("name").to_owned();
    let states = cx.store.gateway_states().await?;
    let state = states.into_iter().find(|state| state.gateway == gateway).ok_or(Refusal::NotFound)?;
    cx.store.reload_settings().await?;
    let rules = cx.store.settings().margins;
    let mut rows = cx.store.compare_offers(&gateway, &rules).await?;
    rows.retain(|row| row.change != OfferChange::Same);
    let head = head(&state, &rules, t);
    let list = match state.offers_at {
        None => view! { <Card><Empty icon=icons::PACKAGE text=t.offers_never()/></Card> }.into_any(),
        Some(_) if rows.is_empty() => {
            view! { <Card><Empty icon=icons::CHECK text=t.offers_none()/></Card> }.into_any()
        }
        Some(at) => proposals(gateway.clone(), at.0, rows, t),
    };
    let body = view! {
        {state.offers_due.then(|| view! { <Live url="/events/gateways" state="due" refresh_s=0/> })}
        <p class="muted">{t.offers_lead()}</p>
        {head}
        {list}
    };
    Ok(Screen::new(t.offers_title(&gateway), body).back("/admin/gateways"))
}

fn head(state: &GatewayState, rules: &Rules, t: T) -> impl IntoView + use<> {
    let fetched = state.offers_at.map_or_else(|| "–".into_any(), |at| view! { <When at/> }.into_any());
    let problem = Some(state.offers_problem.clone()).filter(|problem| !problem.is_empty());
    let rule = |rule: &MarginRule| t.margin_words(rule.percent, rule.at_least, rule.step);
    let (member, reseller) = (rule(&rules.member), rule(&rules.reseller));
    let fetch = if state.offers_due {
        view! { <Notice tone=Tone::Wait>{t.offers_waiting()}</Notice> }.into_any()
    } else {
        let gateway = state.gateway.clone();
        view! {
            <PostForm action=LookAtGateway::PATH>
                <Hidden name="gateway" value=gateway/>
                <Hidden name="what" value="offers"/>
                <Button look=Look::Ghost>{t.offers_fetch()}</Button>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <Card class="stack">
            <Facts>
                <Fact label=t.offers_fetched()>{fetched}</Fact>
                <Fact label=format!("{} · {}", t.offers_rule(), t.member())>{member}</Fact>
                <Fact label=format!("{} · {}", t.offers_rule(), t.reseller())>{reseller}</Fact>
            </Facts>
            {problem.map(|problem| view! { <Notice tone=Tone::Bad>{problem}</Notice> })}
            {fetch}
            <a href="/admin/settings#margins">{t.margin_title()}</a>
        </Card>
    }
}

fn proposals(gateway: String, seen_at: i64, rows: Vec<OfferRow>, t: T) -> AnyView {
    let rows = rows.into_iter().map(|row| proposal(row, t)).collect_view();
    view! {
        <Card>
            <PostForm action=ApplyOffers::PATH>
                <Hidden name="gateway" value=gateway/>
                <Hidden name="seen_at" value=seen_at.to_string()/>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t.offers_choose()}</th>
                            <th scope="col">{t.admin_package()}</th>
                            <th scope="col">{t.admin_state()}</th>
                            <th scope="col" class="end">{t.admin_cost()}</th>
                            <th scope="col" class="end">{t.offers_price_now()}</th>
                            <th scope="col" class="end">{t.offers_price_then()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                <Button class="wide">{t.offers_apply()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn proposal(row: OfferRow, t: T) -> impl IntoView {
    let (tone, can_apply) = match row.change {
        OfferChange::New => (Tone::Info, row.by_rule.is_some()),
        OfferChange::OtherPrice => (Tone::Wait, row.by_rule.is_some()),
        OfferChange::Disturbed | OfferChange::Gone => (Tone::Bad, false),
        OfferChange::Same => (Tone::Ok, false),
    };
    let name = row.package.as_ref().map(|package| package.name.clone());
    let name = name.or_else(|| row.offer.as_ref().map(|offer| offer.name.clone())).unwrap_or_default();
    let title = match &row.package {
        Some(package) => {
            let to = format!("/admin/packages/{}", package.id.as_str());
            view! { <a class="strong" href=to>{name.clone()}</a> }.into_any()
        }
        None => view! { <strong>{name.clone()}</strong> }.into_any(),
    };
    let choose = can_apply.then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name="skus[]" value=row.sku.clone()/>
                <span class="visually-hidden">{name}</span>
            </label>
        }
    });
    let prices = |prices: domain::Prices| {
        view! { <span><Money amount=prices.member/>" / "<Money amount=prices.reseller/></span> }
    };
    let cost = row.offer.as_ref().map(|offer| offer.cost);
    view! {
        <tr>
            <td data-label=t.offers_choose()>{choose}</td>
            <td data-label=t.admin_package()><div>{title}<div class="muted small">{row.sku}</div></div></td>
            <td data-label=t.admin_state()><Pill tone text=t.offer_change(row.change)/></td>
            <td data-label=t.admin_cost() class="end">{cost.map(|amount| view! { <Money amount/> })}</td>
            <td data-label=t.offers_price_now() class="end">{row.package.map(|package| prices(package.prices))}</td>
            <td data-label=t.offers_price_then() class="end">{row.by_rule.filter(|_| can_apply).map(prices)}</td>
        </tr>
    }
}
