use leptos::prelude::*;
use store::{SessionRow, SignIn};

use crate::components::{
    Button, Card, Empty, Hidden, Look, Pager, Pill, PostForm, ServerFn, Tone, When, icons,
};
use crate::device::{device, masked_ip};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::server_fns::account::{EndOtherSessions, EndSession};
use crate::server_fns::sessions::SignOutEverywhere;

const ON_A_PAGE: i64 = 30;

/// Every attempt to sign in to the account.
#[component]
pub fn SignInsPage() -> impl IntoView {
    member_page(Tab::Account, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let after = cx.query("after").to_owned();
    let inside = !after.is_empty();
    let page = cx.store.sign_ins(cx.user.id, inside.then_some(after), ON_A_PAGE).await?;
    let list = if page.items.is_empty() {
        view! { <Empty icon=icons::HISTORY text=t.sign_ins_none()/> }.into_any()
    } else {
        let rows = page.items.iter().map(|sign_in| sign_in_row(sign_in, masked_ip(&sign_in.ip), t));
        let rows = rows.collect_view();
        view! { <section class="card"><ul class="rows" aria-label=t.sign_ins()>{rows}</ul></section> }
            .into_any()
    };
    let body = view! {
        <p class="muted">{t.sign_ins_lead()}" "<a href="/profile">{t.sign_ins_not_you()}</a></p>
        {list}
        <Pager base="/profile/sign-ins" next=page.next inside/>
    };
    Ok(Screen::new(t.sign_ins(), body).back("/profile"))
}

/// One attempt: when, where from, with what, and what came of it.
pub(crate) fn sign_in_row(sign_in: &SignIn, ip: String, t: T) -> AnyView {
    let entered = sign_in.outcome == domain::SignInOutcome::Entered;
    let tone = if entered { Tone::Ok } else { Tone::Bad };
    let new_device = sign_in.new_device.then(|| {
        view! { <Pill tone=Tone::Info text=t.new_device()/> }
    });
    let outcome = t.sign_in_outcome(sign_in.outcome);
    view! {
        <li>
            <div class="grow">
                <div class="spread">
                    <strong>{device(&sign_in.user_agent, t)}</strong>
                    <Pill tone text=outcome/>
                </div>
                <div class="muted small">{ip}" · "<When at=sign_in.at/></div>
                {new_device}
            </div>
        </li>
    }
    .into_any()
}

/// Where the user is signed in, and ways to end it.
pub(super) fn devices(sessions: Vec<SessionRow>, here: &str, t: T) -> impl IntoView + use<> {
    let several = sessions.len() > 1;
    let rows = sessions.into_iter().map(|session| row(session, here, t)).collect_view();
    let others = several.then(|| {
        view! {
            <PostForm action=EndOtherSessions::PATH>
                <Button look=Look::Ghost class="wide">{t.end_others()}</Button>
            </PostForm>
        }
    });
    view! {
        <Card title=t.sessions_title() link=(t.sign_ins().to_owned(), "/profile/sign-ins".to_owned()) class="stack">
            <ul class="rows">{rows}</ul>
            {others}
            <PostForm action=SignOutEverywhere::PATH>
                <Button look=Look::Danger class="wide">{t.sign_out_everywhere()}</Button>
            </PostForm>
        </Card>
    }
}

fn row(session: SessionRow, here: &str, t: T) -> impl IntoView + use<> {
    let this = session.id_hash == here;
    let end = (!this).then(|| {
        let id_hash = session.id_hash.clone();
        view! {
            <PostForm action=EndSession::PATH key=session.id_hash.clone() class="contents">
                <Hidden name="id_hash" value=id_hash/>
                <Button look=Look::Plain>{t.end_session()}</Button>
            </PostForm>
        }
    });
    view! {
        <li class="row">
            <div class="grow">
                <strong>{device(&session.user_agent, t)}</strong>
                <div class="muted small">{masked_ip(&session.ip)} " · " {t.last_seen()} " " <When at=session.last_seen_at/></div>
                <div class="muted small">{t.signed_in_since()} " " <When at=session.created_at plain=true/></div>
            </div>
            {this.then(|| view! { <Pill tone=Tone::Ok text=t.this_device()/> })}
            {end}
        </li>
    }
}
