use domain::Msisdn;
use leptos::prelude::*;
use store::{BankAccount, Rules, ShopSettings};

use super::parts::typed;
use crate::components::{
    Button, Card, Check, Empty, Field, Hidden, Icon, IdempotencyKey, Input, Look, Pill, PostForm, ServerFn,
    TextArea, Tone, icons,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::settings::{SaveBankAccount, SaveSettings, SetBankAccountActive};

/// `?bank=` of the form for a new account; else it is an account's number in the list.
const NEW: &str = "new";

/// The shop's settings.
#[component]
pub fn AdminSettingsPage() -> impl IntoView {
    admin_page(Section::Settings, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    // Another server may have saved a moment ago, and this form sends all of them back.
    cx.store.reload_settings().await?;
    let accounts = cx.store.bank_accounts(false).await?;
    let wanted = cx.query("bank");
    let edited = accounts.iter().find(|account| account.id.to_string() == wanted).cloned();
    let edit = if wanted == NEW || edited.is_some() { Some(account_form(edited, t)) } else { None };
    let body = view! {
        <div class="columns">
            <div class="stack">{settings_form(&cx.store.settings(), t)}</div>
            <div class="stack" id="banks">{edit}{account_list(accounts, t)}</div>
        </div>
    };
    Ok(Screen::new(t.settings(), body))
}

fn settings_form(settings: &ShopSettings, t: T) -> impl IntoView + use<> {
    let settings = settings.clone();
    let whatsapp = settings.whatsapp.parse::<Msisdn>();
    let whatsapp = whatsapp.map_or(settings.whatsapp, |number| number.display());
    view! {
        <PostForm action=SaveSettings::PATH>
            <Hidden name="revision" value=settings.revision.to_string()/>
            <Card title=t.admin_shop()>
                <div class="stack">
                    <Field name="title" label=t.admin_title() value=settings.title/>
                    <Field name="tagline" label=t.admin_tagline() value=settings.tagline optional=true/>
                    <TextArea name="banner" label=t.admin_banner() hint=t.admin_banner_hint() value=settings.banner
                        optional=true/>
                </div>
            </Card>
            <Card title=t.admin_contact()>
                <div class="stack">
                    <Field name="contact_name" label=t.admin_contact_name() value=settings.contact_name optional=true/>
                    <Field name="whatsapp" label=t.admin_whatsapp() input=Input::Tel value=whatsapp optional=true/>
                    <Field name="contact_email" label=t.admin_contact_email() input=Input::Email
                        value=settings.contact_email optional=true/>
                </div>
            </Card>
            <Card title=t.admin_topup_rules()>
                <div class="pair">
                    <Field name="topup_min" label=t.admin_topup_min() input=Input::Digits value=typed(settings.topup_min)/>
                    <Field name="topup_max" label=t.admin_topup_max() input=Input::Digits value=typed(settings.topup_max)/>
                    <Field name="open_topups_most" label=t.admin_open_topups() hint=t.admin_open_topups_hint()
                        input=Input::Digits value=settings.open_topups_most.to_string()/>
                    <Field name="approve_alone_most" label=t.admin_approve_alone() hint=t.admin_approve_alone_hint()
                        input=Input::Digits value=typed(settings.approve_alone_most)/>
                    <Field name="approve_again_after_min" label=t.admin_approve_again() hint=t.admin_approve_again_hint()
                        input=Input::Digits value=settings.approve_again_after_min.to_string()/>
                </div>
                <p class="muted small">{t.admin_topup_ways()}" "<a href="/admin/payments">{t.payments()}</a></p>
            </Card>
            <Card title=t.admin_sale_rules()>
                <div class="stack">
                    <Field name="repeat_window_min" label=t.admin_repeat() hint=t.admin_repeat_hint()
                        input=Input::Digits value=settings.repeat_window_min.to_string()/>
                    <Check name="sales_open" label=t.admin_sales_open() checked=settings.sales_open/>
                    <Check name="signup_open" label=t.admin_signup_open() checked=settings.signup_open/>
                </div>
            </Card>
            <div id="margins">
                <Card title=t.margin_title()>
                    <div class="stack">
                        <p class="muted">{t.margin_lead()}</p>
                        {margins(&settings.margins, t)}
                    </div>
                </Card>
            </div>
            <Button class="wide">{t.admin_settings_save()}</Button>
        </PostForm>
    }
}

fn margins(rules: &Rules, t: T) -> impl IntoView + use<> {
    let Rules { member, reseller } = *rules;
    view! {
        <div class="pair">
            <Field name="member_percent" label=t.margin_member_percent() input=Input::Digits
                value=member.percent.to_string()/>
            <Field name="member_least" label=t.margin_member_least() input=Input::Digits value=typed(member.at_least)/>
            <Field name="reseller_percent" label=t.margin_reseller_percent() input=Input::Digits
                value=reseller.percent.to_string()/>
            <Field name="reseller_least" label=t.margin_reseller_least() input=Input::Digits
                value=typed(reseller.at_least)/>
            <Field name="price_step" label=t.margin_step() input=Input::Digits value=typed(member.step)/>
        </div>
    }
}

fn account_list(accounts: Vec<BankAccount>, t: T) -> impl IntoView {
    let list = if accounts.is_empty() {
        view! { <Empty icon=icons::BANK text=t.admin_banks_none()/> }.into_any()
    } else {
        let rows = accounts.into_iter().map(|account| account_row(account, t)).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let add = format!("/admin/settings?bank={NEW}#banks");
    view! {
        <Card title=t.admin_banks()>
            {list}
            <a class="btn btn-ghost wide" href=add><Icon icon=icons::PLUS/>{t.admin_bank_add()}</a>
        </Card>
    }
}

fn account_row(account: BankAccount, t: T) -> impl IntoView {
    let BankAccount { id, bank, number, holder, active } = account;
    let (tone, state) = if active { (Tone::Ok, t.active()) } else { (Tone::Quiet, t.inactive()) };
    let words = if active { t.admin_bank_deactivate() } else { t.admin_bank_activate() };
    let whole = format!("{bank} {number}");
    // Several accounts have these buttons: which one is meant must be heard, too.
    let meant = || view! { <span class="visually-hidden">" "{whole.clone()}</span> };
    let edit = format!("/admin/settings?bank={id}#banks");
    let (edit_meant, toggle_meant) = (meant(), meant());
    view! {
        <li class="account">
            <div class="grow">
                <strong>{bank}" "<span class="num">{number}</span></strong>
                <div class="muted small">{holder}</div>
            </div>
            <Pill tone text=state/>
            <div class="row">
                <a class="btn btn-plain" href=edit>{t.admin_bank_edit()}{edit_meant}</a>
                <PostForm action=SetBankAccountActive::PATH key=id.to_string() class="contents">
                    <Hidden name="id" value=id.to_string()/>
                    <Hidden name="active" value=(!active).to_string()/>
                    <Button look=Look::Plain>{words}{toggle_meant}</Button>
                </PostForm>
            </div>
        </li>
    }
}

fn account_form(account: Option<BankAccount>, t: T) -> impl IntoView {
    let title = match &account {
        Some(account) => t.admin_bank_edit_title(&account.bank),
        None => t.admin_bank_add().to_owned(),
    };
    let id = account.as_ref().map(|account| account.id.to_string()).unwrap_or_default();
    let (bank, number, holder, active) = account.map_or_else(
        || (String::new(), String::new(), String::new(), true),
        |account| (account.bank, account.number, account.holder, account.active),
    );
    view! {
        <Card title>
            <PostForm action=SaveBankAccount::PATH key=id.clone()>
                <Hidden name="id" value=id/>
                <IdempotencyKey/>
                <Field name="bank" label=t.admin_bank() value=bank/>
                <Field name="number" label=t.admin_bank_number() input=Input::Digits value=number/>
                <Field name="holder" label=t.admin_bank_holder() value=holder/>
                <Check name="active" label=t.admin_bank_active() checked=active/>
                <Button class="wide">{t.admin_bank_save()}</Button>
                <a class="btn btn-plain wide" href="/admin/settings">{t.cancel()}</a>
            </PostForm>
        </Card>
    }
}
