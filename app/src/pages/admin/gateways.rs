use domain::{Dialect, Rupiah};
use leptos::prelude::*;
use store::{GatewaySetting, GatewayState};

use super::parts::typed;
use crate::components::{
    Button, Card, Check, Choice, Empty, Fact, Facts, Field, Hidden, Icon, Input, Live, Look, Money,
    PasswordField, Pill, PostForm, Select, ServerFn, Tone, When, icons,
};
use crate::context::path_and_query;
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page, go_to};
use crate::server_fns::admin::book::book_page;
use crate::server_fns::admin::gateways::{LookAtGateway, SaveGateway, offers_page};
use crate::server_fns::sessions::require_confirmed;

const LIST: &str = "/admin/gateways";
/// `?edit=` of the form for a new one.
const NEW: &str = "+";
const USUAL_URL: &str = "https://api.digiflazz.com/v1";
const USUAL_LOW_DEPOSIT: Rupiah = Rupiah::new(200_000);

/// How the shop's gateways are, and how to reach them.
#[component]
pub fn AdminGatewaysPage() -> impl IntoView {
    admin_page(Section::Gateways, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let settings = cx.store.gateways().await?;
    let states = cx.store.gateway_states().await?;
    let edit = cx.query("edit");
    let edited = settings.iter().find(|setting| setting.name == edit).cloned();
    let editing = edit == NEW || edited.is_some();
    if editing && require_confirmed().await.is_err() {
        // Asked for now: a key that was typed would be lost on the way to the password and back.
        go_to(&address("/confirm", &[("next", &path_and_query())]));
    }
    let form = editing.then(|| form(edited, t));
    // A gateway from the environment has a state and no setting; one that was saved just now may have no state yet.
    let mut names: Vec<&str> = states.iter().map(|state| state.gateway.as_str()).collect();
    names.extend(settings.iter().map(|setting| setting.name.as_str()));
    names.sort_unstable();
    names.dedup();
    let cards = names.into_iter().map(|name| {
        let setting = settings.iter().find(|setting| setting.name == name).cloned();
        let state = states.iter().find(|state| state.gateway == name).cloned();
        // A session gateway calls nobody.
        let calls = !cx.site.session_gateways.iter().any(|session| session == name)
            && setting.as_ref().is_none_or(|setting| setting.dialect != Dialect::Session);
        let webhook_url = calls.then(|| format!("{}/hooks/{name}", cx.site.public_url));
        card(name.to_owned(), setting, state, webhook_url, t)
    });
    let cards = cards.collect_view();
    let none = (settings.is_empty() && states.is_empty())
        .then(|| view! { <Card><Empty icon=icons::SIM text=t.gateways_none()/></Card> });
    // A page that somebody types into is not loaded anew under their hands.
    let due = !editing && states.iter().any(|state| state.deposit_due || state.offers_due);
    let body = view! {
        {due.then(|| view! { <Live url="/events/gateways" state="due"/> })}
        <div class="columns">
            <div class="stack">{none}{cards}</div>
            <div class="stack" id="edit">
                {form}
                <a class="card way" href="/admin/webhooks">
                    <span class="avatar"><Icon icon=icons::HISTORY/></span>
                    <span class="grow"><strong>{t.webhooks()}</strong></span>
                    <Icon icon=icons::CHEVRON/>
                </a>
            </div>
        </div>
    };
    let add = view! {
        <a class="btn btn-primary btn-sm" href=format!("{}#edit", address(LIST, &[("edit", NEW)]))>
            <Icon icon=icons::PLUS/>{t.gateway_add()}
        </a>
    };
    Ok(Screen::new(t.gateways(), body).actions(add))
}

fn card(
    name: String,
    setting: Option<GatewaySetting>,
    state: Option<GatewayState>,
    webhook_url: Option<String>,
    t: T,
) -> impl IntoView + use<> {
    let used = setting.as_ref().is_none_or(|setting| setting.active);
    let (tone, word) = match &state {
        _ if !used => (Tone::Quiet, t.inactive()),
        None => (Tone::Wait, t.gateway_checking()),
        Some(state) if state.deposit_due => (Tone::Wait, t.gateway_checking()),
        Some(state) if !state.deposit_problem.is_empty() => (Tone::Bad, t.gateway_problem()),
        Some(_) => (Tone::Ok, t.gateway_ok()),
    };
    let deposit = state.as_ref().and_then(|state| state.deposit.zip(state.deposit_at)).map_or_else(
        || t.gateway_deposit_unknown().into_any(),
        |(deposit, at)| {
            view! { <strong><Money amount=deposit/></strong>" "<span class="muted small"><When at/></span> }
                .into_any()
        },
    );
    let problem = state
        .map(|state| state.deposit_problem)
        .filter(|problem| used && !problem.is_empty())
        .map(|problem| view! { <p class="error">{problem}</p> });
    let is_setting = setting.is_some();
    let facts = setting.map_or_else(
        || view! { <p class="muted">{t.gateway_from_environment()}</p> }.into_any(),
        |setting| {
            view! {
                <Facts>
                    <Fact label=t.gateway_url()>{setting.base_url}</Fact>
                    <Fact label=t.gateway_username()>{setting.username}</Fact>
                    <Fact label=t.gateway_low()><Money amount=setting.low_deposit/></Fact>
                </Facts>
            }
            .into_any()
        },
    );
    let edit = is_setting.then(|| {
        let to = format!("{}#edit", address(LIST, &[("edit", &name)]));
        view! { <a class="btn btn-plain" href=to>{t.gateway_edit(&name)}</a> }
    });
    let (offers, book) = (offers_page(&name), book_page(&name));
    let gateway = name.clone();
    let check = used.then(|| {
        view! {
            <PostForm action=LookAtGateway::PATH key=format!("deposit-{gateway}") class="contents">
                <Hidden name="gateway" value=gateway/>
                <Hidden name="what" value="deposit"/>
                <Button look=Look::Ghost>{t.gateway_check()}</Button>
            </PostForm>
        }
    });
    view! {
        <Card class="stack">
            <div class="spread">
                <h2>{name}</h2>
                <Pill tone text=word/>
            </div>
            <Facts>
                <Fact label=t.gateway_deposit()>{deposit}</Fact>
                {webhook_url.map(|url| view! { <Fact label=t.gateway_webhook_url()>{url}</Fact> })}
            </Facts>
            {problem}
            {facts}
            <div class="row wrap">
                {check}
                <a class="btn btn-ghost" href=offers>{t.gateway_offers()}</a>
                <a class="btn btn-ghost" href=book>{t.book_link()}</a>
                {edit}
            </div>
        </Card>
    }
}

fn form(setting: Option<GatewaySetting>, t: T) -> impl IntoView {
    let new = setting.is_none();
    let title =
        setting.as_ref().map_or_else(|| t.gateway_add().to_owned(), |setting| t.gateway_edit(&setting.name));
    let seen = setting.as_ref().map(|setting| setting.revision.to_string()).unwrap_or_default();
    let hint = if new { t.gateway_new_hint() } else { t.gateway_keep_hint() };
    let dialect = setting.as_ref().map_or(Dialect::Digiflazz, |setting| setting.dialect);
    let (name, url, username, low, active) = setting.map_or_else(
        || (String::new(), USUAL_URL.to_owned(), String::new(), USUAL_LOW_DEPOSIT, true),
        |setting| (setting.name, setting.base_url, setting.username, setting.low_deposit, setting.active),
    );
    let words = |dialect: Dialect| match dialect {
        Dialect::Digiflazz => t.gateway_digiflazz(),
        Dialect::Session => t.gateway_session(),
    };
    let dialects = Dialect::ALL.iter().map(|of| Choice::new(of.as_str(), words(*of))).collect();
    let name = if new {
        view! { <Field name="name" label=t.gateway_name() hint=t.gateway_name_hint()/> }.into_any()
    } else {
        view! { <Hidden name="name" value=name/> }.into_any()
    };
    view! {
        <Card title>
            <PostForm action=SaveGateway::PATH>
                <Hidden name="seen" value=seen/>
                {name}
                <Select name="dialect" label=t.gateway_dialect() value=dialect.as_str() choices=dialects/>
                <Field name="base_url" label=t.gateway_url() value=url/>
                <Field name="username" label=t.gateway_username() value=username/>
                <PasswordField name="api_secret" label=t.gateway_key() hint autocomplete="off"/>
                <PasswordField name="webhook_secret" label=t.gateway_webhook_secret() hint autocomplete="off"/>
                <Field name="low_deposit" label=t.gateway_low() input=Input::Digits value=typed(low)/>
                <Check name="active" label=t.gateway_active() checked=active/>
                <Button class="wide">{t.gateway_save()}</Button>
                <a class="btn btn-plain wide" href=LIST>{t.cancel()}</a>
            </PostForm>
        </Card>
    }
}
