use domain::{Lang, Theme, Zone};
use leptos::prelude::*;
use store::User;

use super::devices::devices;
use super::email::email;
use super::reseller;
use crate::auth::this_session;
use crate::components::{
    Button, Card, Choice, Field, Icon, Input, Look, PasswordField, PhoneInput, PostForm, Select, ServerFn,
    icons,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::islands::check::Kind;
use crate::layouts::Tab;
use crate::page::{Member, Screen, is_admin, member_page};
use crate::server_fns::account::{ChangePassword, UpdateProfile};
use crate::server_fns::sessions::SignOut;

/// Details, e-mail address, password, devices.
#[component]
pub fn ProfilePage() -> impl IntoView {
    member_page(Tab::Account, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let sessions = cx.store.sessions_of(cx.user.id).await?;
    let contact = cx.store.contact(cx.user.id).await?;
    let mail_is_on = cx.store.mail_is_on().await?;
    let mails = cx.site.demo.as_ref().map(|demo| demo.messages.clone());
    let here = this_session().unwrap_or_default();
    let admin = is_admin(cx.user.role).then(|| way("/admin", icons::OVERVIEW, t.manage_shop(), ""));
    let numbers = (!cx.site.session_gateways.is_empty())
        .then(|| way("/numbers", icons::SIM, t.numbers(), t.numbers_way()));
    let body = view! {
        <div class="columns">
            <div class="stack">
                {details(&cx.user, t)}
                {email(&cx.user, contact, mail_is_on, mails, t)}
                {reseller::card(&cx).await?}
            </div>
            <div class="stack">
                {admin}
                {numbers}
                {way("/saved-numbers", icons::USERS, t.saved_numbers(), t.saved_numbers_way())}
                {way("/statement", icons::STATEMENT, t.to_statement(), t.to_statement_lead())}
                {way("/profile/notifications", icons::BELL, t.choices_title(), t.user_notices_way())}
                {password(&cx.user, t)}
                {devices(sessions, &here, t)}
                <PostForm action=SignOut::PATH>
                    <Button look=Look::Ghost class="wide"><Icon icon=icons::SIGN_OUT/>{t.sign_out()}</Button>
                </PostForm>
                <a class="btn btn-plain wide" href="/profile/close">{t.close_link()}</a>
            </div>
        </div>
    };
    Ok(Screen::new(t.profile_title(), body).eyebrow(cx.user.username.as_str()))
}

fn way(
    to: &'static str,
    icon: icondata_core::Icon,
    words: &'static str,
    more: &'static str,
) -> impl IntoView {
    view! {
        <a class="card way" href=to>
            <span class="avatar"><Icon icon/></span>
            <span class="grow"><strong>{words}</strong><small class="muted">{more}</small></span>
            <Icon icon=icons::CHEVRON/>
        </a>
    }
}

fn details(user: &User, t: T) -> impl IntoView + use<> {
    let zones = Zone::ALL.iter().map(|zone| Choice::new(zone.as_str(), t.zone(*zone))).collect();
    let langs = Lang::ALL.iter().map(|lang| Choice::new(lang.as_str(), t.lang_name(*lang))).collect();
    let themes = Theme::ALL.iter().map(|theme| Choice::new(theme.as_str(), t.theme(*theme))).collect();
    let name = user.name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
    let (email, phone) = (user.email.as_str().to_owned(), user.phone.msisdn().display());
    let (zone, lang, theme) = (user.zone, user.lang, crate::context::use_theme());
    view! {
        <Card title=t.your_details()>
            <PostForm action=UpdateProfile::PATH checks=vec![Kind::Email, Kind::Phone]>
                <Field name="name" label=t.name() hint=t.name_hint() value=name autocomplete="name" optional=true/>
                <Field name="email" label=t.email() input=Input::Email value=email autocomplete="email" check=Kind::Email/>
                <PhoneInput name="phone" label=t.phone() value=phone check=Kind::Phone autocomplete="tel"/>
                <Select name="zone" label=t.time_zone() value=zone.as_str() choices=zones/>
                <Select name="lang" label=t.language() value=lang.as_str() choices=langs/>
                <Select name="theme" label=t.appearance() value=theme.as_str() choices=themes/>
                <Button class="wide">{t.save()}</Button>
            </PostForm>
        </Card>
    }
}

fn password(user: &User, t: T) -> impl IntoView + use<> {
    let username = user.username.as_str().to_owned();
    view! {
        <Card title=t.change_password_title()>
            <PostForm action=ChangePassword::PATH checks=vec![Kind::Password]>
                // Tells password managers whose password it is.
                <input type="text" class="visually-hidden" tabindex="-1" aria-hidden="true" autocomplete="username"
                    value=username readonly/>
                <PasswordField name="current_password" label=t.current_password() autocomplete="current-password"/>
                <PasswordField name="new_password" label=t.new_password() hint=t.password_hint()
                    autocomplete="new-password" check=Kind::Password/>
                <p class="muted small">{t.change_password_lead()}</p>
                <Button look=Look::Ghost class="wide">{t.change_password()}</Button>
            </PostForm>
        </Card>
    }
}
