//! The forms of the notifications' page: a channel, and the words of one kind of message.

use domain::{NoticeChannel, NoticeKind, Template};
use leptos::prelude::*;
use store::{ChannelSettings, EmailSettings, MailSecurity, NoticeChannelState, TelegramSettings};

use super::notices::PAGE;
use crate::components::{
    Button, Card, Check, Choice, Field, Hidden, Input, PasswordField, PostForm, Select, ServerFn, TextArea,
};
use crate::context::use_t;
use crate::notices::NoticeWords;
use crate::server_fns::admin::notices::{SaveEmail, SaveNoticeText, SaveTelegram};

const TELEGRAM_API: &str = "https://api.telegram.org";
const USUAL_PORT: u16 = 465;

/// How a channel is reached.
#[component]
pub(super) fn ChannelForm(channel: NoticeChannel, state: Option<NoticeChannelState>) -> impl IntoView {
    let t = use_t();
    let name = t.notice_channel(channel);
    let title = if state.is_some() { t.notice_change(name) } else { t.notice_set_up(name) };
    let seen = state.as_ref().map_or(0, |state| state.revision).to_string();
    let active = state.as_ref().is_none_or(|state| state.active);
    let settings = state.map(|state| state.settings);
    let end = move || {
        view! {
            <Check name="active" label=t.notice_active() checked=active/>
            <Button class="wide">{t.notice_save()}</Button>
            <a class="btn btn-plain wide" href=PAGE>{t.cancel()}</a>
        }
    };
    let form = match channel {
        NoticeChannel::Telegram => {
            let TelegramSettings { base_url, chat, bot } = match settings {
                Some(ChannelSettings::Telegram(telegram)) => telegram,
                _ => TelegramSettings {
                    base_url: TELEGRAM_API.to_owned(),
                    chat: String::new(),
                    bot: String::new(),
                },
            };
            view! {
                <PostForm action=SaveTelegram::PATH>
                    <Hidden name="seen" value=seen/>
                    <PasswordField name="secret" label=t.notice_token() hint=t.notice_token_hint() autocomplete="off"/>
                    <Field name="chat" label=t.notice_chat() hint=t.notice_chat_hint() value=chat/>
                    <Field name="bot" label=t.notice_bot() hint=t.notice_bot_hint() value=bot optional=true/>
                    <Field name="base_url" label=t.notice_api() value=base_url/>
                    {end()}
                </PostForm>
            }
            .into_any()
        }
        NoticeChannel::Email => {
            let email = match settings {
                Some(ChannelSettings::Email(email)) => email,
                _ => EmailSettings {
                    host: String::new(),
                    port: USUAL_PORT,
                    security: MailSecurity::Tls,
                    username: String::new(),
                    from: String::new(),
                    to: String::new(),
                },
            };
            let choice = |security: &MailSecurity| Choice::new(security.as_str(), t.mail_security(*security));
            let choices = MailSecurity::ALL.iter().map(choice).collect();
            view! {
                <PostForm action=SaveEmail::PATH>
                    <Hidden name="seen" value=seen/>
                    <Field name="host" label=t.notice_host() value=email.host placeholder="mail.contoh.id"/>
                    <Select name="security" label=t.notice_security() value=email.security.as_str() choices/>
                    <Field name="port" label=t.notice_port() input=Input::Digits value=email.port.to_string()/>
                    <Field name="username" label=t.notice_username() value=email.username optional=true/>
                    <PasswordField name="secret" label=t.notice_password() hint=t.notice_password_hint() autocomplete="off"/>
                    <Field name="from" label=t.notice_from() input=Input::Email value=email.from/>
                    <Field name="to" label=t.notice_to() input=Input::Email value=email.to/>
                    {end()}
                </PostForm>
            }
            .into_any()
        }
    };
    view! { <Card title>{form}</Card> }
}

/// What one kind of message says, and what it would say of something made up. The preview asks by GET: it changes nothing,
/// so it needs neither a password nor JavaScript.
#[component]
pub(super) fn TextForm(
    kind: NoticeKind,
    words: NoticeWords,
    /// What was typed when the preview was asked for; empty at first.
    draft: String,
) -> impl IntoView {
    let t = use_t();
    let usual = || crate::i18n::T(words.rules.lang).usual_notice(kind).to_owned();
    let kept = words.rules.texts.get(&kind).cloned().unwrap_or_else(usual);
    let text = if draft.is_empty() { kept } else { draft };
    let preview = match Template::parse(kind, &text) {
        Ok(template) => view! { <p class="said">{words.sample(kind, Some(&template))}</p> }.into_any(),
        Err(code) => view! { <p class="error" role="alert">{t.field_code(&code)}</p> }.into_any(),
    };
    view! {
        <Card title=t.notice_kind(kind)>
            <PostForm action=SaveNoticeText::PATH>
                <Hidden name="kind" value=kind.as_str()/>
                <TextArea name="text" label=t.notice_text() hint=t.notice_text_hint(t.placeholders(kind)) value=text
                    optional=true/>
                <button type="submit" class="btn btn-ghost wide" formmethod="get" formaction=format!("{PAGE}#text")>
                    {t.notice_preview()}
                </button>
                <h3>{t.notice_preview_of()}</h3>
                {preview}
                <Button class="wide">{t.notice_text_save()}</Button>
                <a class="btn btn-plain wide" href=PAGE>{t.cancel()}</a>
            </PostForm>
        </Card>
    }
}
