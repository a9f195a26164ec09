use domain::{OtpStep, UtcMillis};
use leptos::prelude::*;
use store::OtpState;

use super::LIST;
use crate::components::{
    Button, Card, Field, Hidden, Input, Live, Look, Notice, PostForm, ServerFn, TimeLeft, Tone,
};
use crate::context::local_path;
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, go_to, member_page};
use crate::server_fns::numbers::{AnswerOtp, RequestOtp};

/// A one-time password: asked for, typed, checked.
#[component]
pub fn OtpPage() -> impl IntoView {
    member_page(Tab::Numbers, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let otp = cx.store.otp_state(cx.user.id, &cx.id("id")?).await?;
    let next = local_path(cx.query("next")).map(str::to_owned);
    if otp.step == OtpStep::Done {
        let accounts = cx.store.xl_accounts(cx.user.id).await?;
        let account = accounts
            .into_iter()
            .find(|account| account.msisdn == otp.msisdn && account.gateway == otp.gateway);
        let number = account.map(|account| format!("{LIST}/{}", account.id.as_str()));
        go_to(&next.clone().or(number).unwrap_or_else(|| LIST.to_owned()));
    }
    let over = otp.step == OtpStep::Failed || (otp.step == OtpStep::Sent && otp.expires_at <= cx.now);
    let trouble = otp.trouble.map(|trouble| {
        view! { <Notice tone=Tone::Bad>{t.otp_trouble(trouble)}</Notice> }
    });
    let body = match otp.step {
        OtpStep::Requested => waiting(&otp, t.otp_sending()),
        OtpStep::Verifying => waiting(&otp, t.otp_checking()),
        OtpStep::Sent if !over => typing(&otp, next.clone(), t),
        OtpStep::Sent => view! { <Notice tone=Tone::Wait>{t.otp_expired()}</Notice> }.into_any(),
        OtpStep::Done | OtpStep::Failed => ().into_any(),
    };
    let again = (over || otp.step == OtpStep::Sent).then(|| again(&otp, next, cx.now, t));
    let phone = cx.site.demo.map(|demo| {
        let to = address(&demo.phone, &[("msisdn", otp.msisdn.international())]);
        view! { <p class="muted center">{t.otp_demo()}" "<a href=to rel="external" target="_blank">{t.otp_demo_phone()}</a></p> }
    });
    let body = view! { <div class="narrow stack">{trouble}{body}{again}{phone}</div> };
    Ok(Screen::new(t.otp_title(), body).back(LIST).eyebrow(otp.msisdn.display()))
}

fn waiting(otp: &OtpState, words: &'static str) -> AnyView {
    let (url, step) = (format!("/events/otp/{}", otp.id.as_str()), otp.step);
    view! {
        <Card class="center status">
            <p>{words}</p>
            <Live url state=step.as_str() refresh_s=2/>
        </Card>
    }
    .into_any()
}

fn typing(otp: &OtpState, next: Option<String>, t: T) -> AnyView {
    let (id, number, tries, expires_at) =
        (otp.id.as_str().to_owned(), otp.msisdn.display(), otp.attempts_left, otp.expires_at);
    view! {
        <Card>
            <PostForm action=AnswerOtp::PATH>
                <Hidden name="id" value=id/>
                {next.map(|next| view! { <Hidden name="next" value=next/> })}
                <p>{t.otp_sent(number)}</p>
                <p><TimeLeft until=expires_at/></p>
                <Field name="otp_secret" label=t.otp_code() hint=t.otp_tries(tries) input=Input::Digits
                    autocomplete="one-time-code"/>
                <Button class="wide">{t.otp_check()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// A new code, as soon as the gateway allows one.
fn again(otp: &OtpState, next: Option<String>, now: UtcMillis, t: T) -> AnyView {
    if otp.wait_until > now {
        let page = format!("{LIST}/otp/{}", otp.id.as_str());
        let page = address(&page, &[("next", next.as_deref().unwrap_or_default())]);
        let wait_until = otp.wait_until;
        return view! {
            <p class="muted center">
                {t.otp_again_in()}" "<TimeLeft until=wait_until/>" "<a href=page>{t.quota_refresh()}</a>
            </p>
        }
        .into_any();
    }
    let (number, gateway) = (otp.msisdn.international().to_owned(), otp.gateway.clone());
    let list = address(LIST, &[("number", &otp.msisdn.display())]);
    view! {
        <PostForm action=RequestOtp::PATH>
            <Hidden name="msisdn" value=number/>
            <Hidden name="gateway" value=gateway/>
            {next.map(|next| view! { <Hidden name="next" value=next/> })}
            <Button look=Look::Ghost class="wide">{t.otp_again()}</Button>
            <a class="btn btn-plain wide" href=list>{t.cancel()}</a>
        </PostForm>
    }
    .into_any()
}
