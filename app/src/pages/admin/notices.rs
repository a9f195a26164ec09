use domain::{Lang, NoticeChannel, NoticeKind, Template};
use leptos::prelude::*;
use store::{ChannelSettings, NoticeChannelState, NoticeProblem, NoticeRules, NoticeTest, OutboxState};

use super::notice_forms::{ChannelForm, TextForm};
use crate::components::{
    Button, Card, Choice, Fact, Facts, Hidden, Live, Look, Notice, Pill, PostForm, Select, ServerFn, Tone,
    When, use_form,
};
use crate::context::path_and_query;
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Section;
use crate::notices::NoticeWords;
use crate::page::{Member, Screen, admin_page, go_to};
use crate::server_fns::admin::notices::{SaveNoticeRules, TestNotices, rule};
use crate::server_fns::sessions::require_confirmed;

pub(super) const PAGE: &str = "/admin/notifications";

/// What the operator is told, by which channels, and in which words.
#[component]
pub fn AdminNoticesPage() -> impl IntoView {
    admin_page(Section::Notices, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let channels = cx.store.notice_channels().await?;
    let rules = cx.store.notice_rules().await?;
    let edited: Option<NoticeChannel> = cx.query_as("edit");
    if edited.is_some() && require_confirmed().await.is_err() {
        // Asked for now: a token that was typed would be lost on the way to the password and back.
        go_to(&address("/confirm", &[("next", &path_and_query())]));
    }
    let of = |channel| channels.iter().find(|state| state.settings.channel() == channel).cloned();
    let form = edited.map(|channel| view! { <ChannelForm channel state=of(channel)/> });
    let kind: Option<NoticeKind> = cx.query_as("kind");
    let words = NoticeWords {
        rules: rules.clone(),
        shop: cx.site.settings.title.clone(),
        public_url: cx.site.public_url.clone(),
    };
    let text = kind.map(|kind| {
        let draft = cx.query("text");
        view! { <TextForm kind words=words.clone() draft=draft.to_owned()/> }
    });
    // A page that somebody types into is not loaded anew under their hands.
    let testing = form.is_none() && text.is_none() && channels.iter().any(|state| state.test_due);
    let cards =
        NoticeChannel::ALL.iter().map(|channel| channel_card(*channel, of(*channel), t)).collect_view();
    let set_up = NoticeChannel::ALL.iter().copied().filter(|channel| of(*channel).is_some()).collect();
    let demo = cx.site.demo.as_ref().map(|demo| {
        let to = demo.messages.clone();
        view! { " "<a href=to rel="external" target="_blank">{t.notices_demo()}</a> }
    });
    let mails = mails_card(cx.store.outbox_state().await?, t);
    let body = view! {
        {testing.then(|| view! { <Live url="/events/notifications" state="due"/> })}
        <p class="muted">{t.notices_lead()}{demo}</p>
        <div class="columns">
            <div class="stack">
                {form.map(|form| view! { <div id="edit">{form}</div> })}
                {cards}
                {mails}
                {rules_card(set_up, rules, t)}
            </div>
            <div class="stack" id="text">
                {text}
                {text_card(&words, t)}
            </div>
        </div>
    };
    Ok(Screen::new(t.notices(), body))
}

/// What became of mails to users, which go by the same mail server; nothing when all went out.
fn mails_card(state: OutboxState, t: T) -> Option<impl IntoView> {
    let (waiting, given_up) = (t.mails_waiting(state.waiting), t.mails_given_up(state.given_up));
    (state.waiting > 0 || state.given_up > 0).then(|| {
        view! { <Card title=t.mails_to_users()><p>{waiting}", "{given_up}</p></Card> }
    })
}

fn channel_card(channel: NoticeChannel, state: Option<NoticeChannelState>, t: T) -> impl IntoView {
    let name = t.notice_channel(channel);
    let edit = format!("{}#edit", address(PAGE, &[("edit", channel.as_str())]));
    let Some(state) = state else {
        return view! {
            <Card class="stack">
                <div class="spread"><h2>{name}</h2><Pill tone=Tone::Quiet text=t.notice_not_set_up()/></div>
                <a class="btn btn-ghost" href=edit>{t.notice_set_up(name)}</a>
            </Card>
        }
        .into_any();
    };
    let (tone, word) = match &state {
        _ if state.test_due => (Tone::Wait, t.notice_testing()),
        _ if !state.active => (Tone::Quiet, t.inactive()),
        _ if state.problem.is_some() => (Tone::Bad, t.notice_fails()),
        _ => (Tone::Ok, t.notice_works()),
    };
    let to = match &state.settings {
        ChannelSettings::Telegram(settings) => settings.chat.clone(),
        ChannelSettings::Email(settings) => settings.to.clone(),
    };
    let sent =
        state.sent_at.map_or_else(|| t.notice_never().into_any(), |at| view! { <When at/> }.into_any());
    let problem = state.problem.filter(|_| state.active).map(|problem| {
        view! { <p class="error">{said(problem, t)}</p> }
    });
    let given_up = (state.given_up > 0).then(|| {
        view! { <Fact label=t.notice_given_up()>{state.given_up}</Fact> }
    });
    view! {
        <Card class="stack">
            <div class="spread"><h2>{name}</h2><Pill tone text=word/></div>
            <Facts>
                <Fact label=t.notice_to()>{to}</Fact>
                <Fact label=t.notice_last_sent()>{sent}</Fact>
                <Fact label=t.notice_waiting()>{state.waiting}</Fact>
                {given_up}
            </Facts>
            {problem}
            {state.tested.filter(|_| !state.test_due).map(|tested| tested_note(tested, t))}
            <PostForm action=TestNotices::PATH key=channel.as_str() class="contents">
                <Hidden name="channel" value=channel.as_str()/>
                <Button look=Look::Ghost>{t.notice_test(name)}</Button>
            </PostForm>
            <a class="btn btn-plain" href=edit>{t.notice_change(name)}</a>
        </Card>
    }
    .into_any()
}

/// What became of the last test message.
fn tested_note(test: NoticeTest, t: T) -> impl IntoView {
    let (tone, word) = match test.problem {
        None => (Tone::Ok, t.notice_tested_ok()),
        Some(_) => (Tone::Bad, t.notice_tested_bad()),
    };
    let why = test.problem.map(|problem| said(problem, t));
    view! { <Notice tone><strong>{word}</strong>" "<When at=test.at/>" "{why}</Notice> }
}

fn said(problem: NoticeProblem, t: T) -> String {
    let words = t.notice_trouble(problem.trouble);
    problem.code.map_or_else(|| words.to_owned(), |code| t.trouble_with_code(words, code))
}

fn rules_card(channels: Vec<NoticeChannel>, rules: NoticeRules, t: T) -> impl IntoView {
    if channels.is_empty() {
        return view! { <Card title=t.notice_rules()><p class="muted">{t.notice_rules_first()}</p></Card> }
            .into_any();
    }
    let languages =
        vec![Choice::new(Lang::Id.as_str(), "Bahasa Indonesia"), Choice::new(Lang::En.as_str(), "English")];
    let lang = rules.lang.as_str();
    view! {
        <Card title=t.notice_rules()>
            <PostForm action=SaveNoticeRules::PATH>
                <RuleBoxes channels rules/>
                <Select name="lang" label=t.notice_lang() value=lang choices=languages/>
                <Button class="wide">{t.notice_rules_save()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// A box for each kind of each channel.
#[component]
fn RuleBoxes(channels: Vec<NoticeChannel>, rules: NoticeRules) -> impl IntoView {
    let (t, form) = (crate::context::use_t(), use_form());
    let group = |channel: NoticeChannel| {
        let boxes = NoticeKind::ALL.iter().map(|kind| {
            let value = rule(*kind, channel);
            // A form that came back shows what was ticked.
            let checked = if form.refusal().is_some() {
                form.holds("on[]", &value)
            } else {
                rules.on.contains(&(*kind, channel))
            };
            view! {
                <label class="check">
                    <input type="checkbox" name="on[]" value=value checked=checked/>
                    <span>{t.notice_kind(*kind)}</span>
                </label>
            }
        });
        view! { <fieldset class="stack"><legend>{t.notice_channel(channel)}</legend>{boxes.collect_view()}</fieldset> }
    };
    view! { <div class="pair">{channels.into_iter().map(group).collect_view()}</div> }
}

fn text_card(words: &NoticeWords, t: T) -> impl IntoView + use<> {
    let row = |kind: &NoticeKind| {
        let own = words.rules.texts.get(kind);
        let own = own.filter(|text| Template::parse(*kind, text).is_ok());
        let edit = format!("{}#text", address(PAGE, &[("kind", kind.as_str())]));
        let name = t.notice_kind(*kind);
        view! {
            <li>
                <div class="stack grow">
                    <div class="spread">
                        <strong>{name}</strong>
                        {own.map(|_| view! { <Pill tone=Tone::Info text=t.notice_own_text()/> })}
                        <a class="btn btn-plain" href=edit>
                            {t.notice_text_change()}<span class="visually-hidden">": "{name}</span>
                        </a>
                    </div>
                    <p class="said">{words.sample(*kind, None)}</p>
                </div>
            </li>
        }
    };
    let rows = NoticeKind::ALL.iter().map(row).collect_view();
    view! {
        <Card title=t.notice_texts()>
            <p class="muted">{t.notice_texts_lead()}</p>
            <ul class="rows">{rows}</ul>
        </Card>
    }
}
