use domain::{NoticeChannel, UserNoticeKind};
use leptos::prelude::*;
use store::{AskedChat, TelegramLink, UserNoticeChoices};

use super::LIST;
use crate::components::{
    Button, Card, Check, Field, Hidden, Input, Look, Notice, PostForm, ServerFn, Tone, came_back,
};
use crate::context::{use_lang, use_zone};
use crate::error::AppError;
use crate::format::time_of_day;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::server_fns::user_notices::{AskTelegramCode, DropTelegram, ProveTelegram, SaveNoticeChoices};

/// What the user is told of besides the bell, and where.
#[component]
pub fn NoticeChoicesPage() -> impl IntoView {
    member_page(Tab::Account, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let choices = cx.store.user_notice_choices(cx.user.id).await?;
    let verified = cx.store.contact(cx.user.id).await?.verified_at.is_some();
    let email = if cx.store.mail_is_on().await? {
        let address = cx.user.email.as_str();
        let where_to = if verified {
            view! { <p class="muted break">{t.choices_email_to(address)}</p> }.into_any()
        } else {
            let why = t.choices_not_verified(address);
            view! { <Notice tone=Tone::Wait>{why}" "<a href="/profile">{t.choices_verify()}</a></Notice> }
                .into_any()
        };
        view! { {where_to}{form(NoticeChannel::Email, &choices, t)} }.into_any()
    } else {
        view! { <p class="muted">{t.choices_email_off()}</p> }.into_any()
    };
    let demo = cx.site.demo.as_ref().map(|demo| {
        let to = demo.messages.clone();
        view! { <p class="small"><a href=to rel="external" target="_blank">{t.telegram_in_demo()}</a></p> }
    });
    let telegram = cx.store.telegram_link(cx.user.id).await?.map(|link| {
        view! {
            <div id="telegram">
                <Card title=t.choices_by_telegram() class="stack">{telegram(link, &choices, t)}{demo}</Card>
            </div>
        }
    });
    let body = view! {
        <p>{t.choices_lead()}</p>
        <div class="columns">
            <Card title=t.choices_by_email() class="stack">{email}</Card>
            {telegram}
        </div>
    };
    Ok(Screen::new(t.choices_title(), body).back(LIST))
}

fn form(channel: NoticeChannel, choices: &UserNoticeChoices, t: T) -> AnyView {
    let check = |kind: &UserNoticeKind| {
        let checked = choices.wants(*kind, channel);
        view! { <Check name=kind.as_str() label=t.user_notice_choice(*kind) checked/> }
    };
    let checks = UserNoticeKind::ALL.iter().map(check).collect_view();
    view! {
        <PostForm action=SaveNoticeChoices::PATH key=channel.as_str()>
            <Hidden name="channel" value=channel.as_str()/>
            {checks}
            <Button class="wide">{t.save()}</Button>
        </PostForm>
    }
    .into_any()
}

fn telegram(link: TelegramLink, choices: &UserNoticeChoices, t: T) -> AnyView {
    let TelegramLink { bot, chat, asked } = link;
    if let Some(chat) = chat {
        return view! {
            <p class="muted num">{t.telegram_linked(masked(&chat))}</p>
            {form(NoticeChannel::Telegram, choices, t)}
            <PostForm action=DropTelegram::PATH>
                <Button look=Look::Plain class="wide">{t.telegram_drop()}</Button>
            </PostForm>
        }
        .into_any();
    }
    let Some(AskedChat { chat, until, undelivered }) = asked else {
        return view! { <p>{t.telegram_lead()}</p>{ask(&bot, String::new(), t)} }.into_any();
    };
    let trouble = undelivered.then(|| view! { <Notice tone=Tone::Bad>{t.telegram_undelivered()}</Notice> });
    let hint = t.telegram_code_hint(&chat, time_of_day(until, use_zone(), use_lang()));
    let open = undelivered || came_back(AskTelegramCode::PATH, "");
    view! {
        {trouble}
        <PostForm action=ProveTelegram::PATH>
            <Field name="otp_secret" label=t.telegram_code() hint input=Input::Digits autocomplete="one-time-code"/>
            <Button class="wide">{t.telegram_prove()}</Button>
        </PostForm>
        <details open=open>
            <summary class="small">{t.telegram_again()}</summary>
            {ask(&bot, chat, t)}
        </details>
    }
    .into_any()
}

/// How to find the chat's number, and where to type it.
fn ask(bot: &str, chat: String, t: T) -> impl IntoView + use<> {
    let (to, name) = (format!("https://t.me/{bot}"), format!("@{bot}"));
    view! {
        <ol class="numbered">
            <li>{t.telegram_start_before()}" "<a href=to rel="noopener">{name}</a>" "{t.telegram_start_after()}</li>
            <li>{t.telegram_find()}</li>
            <li>{t.telegram_type()}</li>
        </ol>
        <PostForm action=AskTelegramCode::PATH>
            <Field name="chat" label=t.telegram_chat() value=chat input=Input::Digits autocomplete="off"/>
            <Button look=Look::Ghost class="wide">{t.telegram_ask()}</Button>
        </PostForm>
    }
}

/// The last digits: enough to know one's own.
fn masked(chat: &str) -> String {
    let hidden = chat.chars().count().saturating_sub(3);
    chat.chars().enumerate().map(|(i, c)| if i < hidden { '*' } else { c }).collect()
}
