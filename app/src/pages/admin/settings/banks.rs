use leptos::prelude::*;
use store::BankAccount;

use super::NEW;
use crate::components::{
    Button, Card, Check, Empty, Field, Hidden, Icon, IdempotencyKey, Input, Look, Pill, PostForm, ServerFn,
    Tone, icons,
};
use crate::i18n::T;
use crate::server_fns::admin::settings::{SaveBankAccount, SetBankAccountActive};

pub(super) fn account_list(accounts: Vec<BankAccount>, t: T) -> impl IntoView {
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

pub(super) fn account_form(account: Option<BankAccount>, t: T) -> impl IntoView {
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
