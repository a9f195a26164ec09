use domain::PayDialect;
use leptos::prelude::*;
use store::PayGatewaySetting;

use crate::components::{
    Button, Card, Check, Choice, Fact, Facts, Field, Hidden, Look, Notice, PasswordField, Pill, PostForm,
    Select, ServerFn, Tone, When,
};
use crate::format::address;
use crate::i18n::T;
use crate::islands::CopyButton;
use crate::server_fns::admin::payments::{PAGE, ProbePayGateway, SavePayGateway};

/// A payment gateway, and how it is.
pub(super) fn card(setting: PayGatewaySetting, hooks: &str, t: T) -> impl IntoView + use<> {
    let (tone, word) = match &setting {
        _ if !setting.active => (Tone::Quiet, t.inactive()),
        _ if setting.probe_due => (Tone::Wait, t.gateway_checking()),
        _ if setting.probe_trouble.is_some() => (Tone::Bad, t.paygate_keys_bad()),
        _ if setting.silent_since.is_some() => (Tone::Bad, t.paygate_silent()),
        _ if setting.works() => (Tone::Ok, t.gateway_ok()),
        _ => (Tone::Wait, t.paygate_untried()),
    };
    let webhook = format!("{hooks}/{}", setting.name);
    let sandbox = setting
        .base_url
        .contains("sandbox")
        .then(|| view! { <Notice tone=Tone::Wait>{t.paygate_is_sandbox()}</Notice> });
    let trouble = setting.probe_trouble.map(|trouble| view! { <p class="error">{trouble}</p> });
    let heard = setting
        .heard_at
        .map_or_else(|| t.paygate_never_heard().into_any(), |at| view! { <When at/> }.into_any());
    let silent =
        setting.silent_since.map(|at| view! { <Fact label=t.paygate_silent_since()><When at/></Fact> });
    let probed = setting.probed_at.map(|at| view! { <Fact label=t.paygate_probed()><When at/></Fact> });
    let merchant = (!setting.merchant.is_empty())
        .then(|| view! { <Fact label=t.paygate_merchant()>{setting.merchant.clone()}</Fact> });
    let edit = format!("{}#edit", address(PAGE, &[("edit", &setting.name)]));
    let day = format!("{PAGE}/{}/day", setting.name);
    let (dialect, name, base_url) = (setting.dialect, setting.name.clone(), setting.base_url);
    let (gateway, words) = (setting.name.clone(), t.gateway_edit(&setting.name));
    view! {
        <Card class="stack">
            <div class="spread">
                <h2>{name}</h2>
                <Pill tone text=word/>
            </div>
            {sandbox}
            <Facts>
                <Fact label=t.gateway_dialect()>{t.pay_dialect(dialect)}</Fact>
                <Fact label=t.gateway_url()><span class="break">{base_url}</span></Fact>
                {merchant}
                <Fact label=t.paygate_heard()>{heard}</Fact>
                {silent}
                {probed}
                <Fact label=t.gateway_webhook_url()>
                    <span class="break">{webhook.clone()}</span>" "
                    <CopyButton text=webhook label=t.copy().to_owned() done=t.copied().to_owned()/>
                </Fact>
            </Facts>
            <p class="muted small">{t.paygate_webhook_hint(t.pay_dialect(dialect))}</p>
            {trouble}
            <div class="row wrap">
                <PostForm action=ProbePayGateway::PATH key=format!("-{gateway}") class="contents">
                    <Hidden name="gateway" value=gateway/>
                    <Button look=Look::Ghost>{t.gateway_check()}</Button>
                </PostForm>
                <a class="btn btn-ghost" href=day>{t.pay_day_link()}</a>
                <a class="btn btn-plain" href=edit>{words}</a>
            </div>
        </Card>
    }
}

/// Adds one, or changes one.
pub(super) fn form(setting: Option<PayGatewaySetting>, t: T) -> impl IntoView {
    let new = setting.is_none();
    let title =
        setting.as_ref().map_or_else(|| t.gateway_add().to_owned(), |setting| t.gateway_edit(&setting.name));
    let seen = setting.as_ref().map(|setting| setting.revision.to_string()).unwrap_or_default();
    let hint = if new { t.gateway_new_hint() } else { t.paygate_keep_hint() };
    let (name, dialect, url, merchant, active) = setting.map_or_else(
        || (String::new(), PayDialect::Midtrans, String::new(), String::new(), true),
        |setting| (setting.name, setting.dialect, setting.base_url, setting.merchant, setting.active),
    );
    let dialects = PayDialect::ALL.iter().map(|of| Choice::new(of.as_str(), t.pay_dialect(*of))).collect();
    let name = if new {
        view! { <Field name="name" label=t.gateway_name() hint=t.paygate_name_hint() placeholder="midtrans"/> }
            .into_any()
    } else {
        view! { <Hidden name="name" value=name/> }.into_any()
    };
    let moved = (!new).then(|| view! { <Notice tone=Tone::Info>{t.paygate_change_note()}</Notice> });
    view! {
        <Card title>
            <PostForm action=SavePayGateway::PATH>
                {moved}
                <Hidden name="seen" value=seen/>
                {name}
                <Select name="dialect" label=t.gateway_dialect() value=dialect.as_str() choices=dialects/>
                <Field name="base_url" label=t.gateway_url() value=url placeholder="https://api.sandbox.midtrans.com"/>
                {addresses(t)}
                <Field name="merchant" label=t.paygate_merchant() hint=t.paygate_merchant_hint() value=merchant
                    optional=true/>
                <PasswordField name="api_secret" label=t.paygate_key() hint autocomplete="off"/>
                <PasswordField name="private_secret" label=t.paygate_private_key() hint=t.paygate_private_hint()
                    autocomplete="off"/>
                <Check name="active" label=t.paygate_active() checked=active/>
                <Button class="wide">{t.gateway_save()}</Button>
                <a class="btn btn-plain wide" href=PAGE>{t.cancel()}</a>
            </PostForm>
        </Card>
    }
}

/// The addresses that the gateways themselves name, to be copied.
fn addresses(t: T) -> impl IntoView {
    let known = [
        ("Midtrans", t.paygate_sandbox(), "https://api.sandbox.midtrans.com"),
        ("Midtrans", t.paygate_production(), "https://api.midtrans.com"),
        ("Tripay", t.paygate_sandbox(), "https://tripay.co.id/api-sandbox"),
        ("Tripay", t.paygate_production(), "https://tripay.co.id/api"),
    ];
    let rows = known.into_iter().map(|(dialect, kind, url)| {
        view! {
            <li class="spread">
                <span><strong>{dialect}" · "{kind}</strong><br/><code class="break">{url}</code></span>
                <CopyButton text=url.to_owned() label=t.copy().to_owned() done=t.copied().to_owned()/>
            </li>
        }
    });
    view! {
        <details>
            <summary>{t.paygate_addresses()}</summary>
            <ul class="rows">{rows.collect_view()}</ul>
        </details>
    }
}
