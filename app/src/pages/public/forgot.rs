use leptos::prelude::*;

use super::landing::contact;
use crate::components::{Button, Card, Field, PostForm, ServerFn};
use crate::error::AppError;
use crate::i18n::T;
use crate::page::{Screen, Visitor, public_page};
use crate::server_fns::access::RequestReset;

/// The way back in for who has forgotten the password.
#[component]
pub fn ForgotPage() -> impl IntoView {
    public_page(load)
}

async fn load(cx: Visitor) -> Result<Screen, AppError> {
    let t = cx.t;
    if !cx.store.mail_is_on().await? {
        let body = view! {
            <div class="narrow stack">
                <Card><p>{t.forgot_by_hand()}</p></Card>
                {contact(&cx.site.settings, t)}
                {to_sign_in(t)}
            </div>
        };
        return Ok(Screen::new(t.forgot_title(), body));
    }
    if cx.query("done") == "reset_sent" {
        let settings = cx.site.settings;
        let demo = cx.site.demo.map(|demo| {
            view! { <p><a href=demo.messages rel="external" target="_blank">{t.mails_in_demo()}</a></p> }
        });
        let body = view! {
            <div class="narrow stack">
                {demo}
                <Card class="stack">
                    <p>{t.forgot_nothing_came()}</p>
                    <a class="btn btn-ghost wide" href="/forgot">{t.forgot_again()}</a>
                </Card>
                {contact(&settings, t)}
                {to_sign_in(t)}
            </div>
        };
        return Ok(Screen::new(t.forgot_title(), body));
    }
    let body = view! {
        <div class="narrow stack">
            <Card>
                <PostForm action=RequestReset::PATH>
                    <Field name="identity" label=t.identity() autocomplete="username"/>
                    <Button class="wide">{t.forgot_send()}</Button>
                </PostForm>
            </Card>
            {to_sign_in(t)}
        </div>
    };
    Ok(Screen::new(t.forgot_title(), body).eyebrow(t.forgot_lead()))
}

fn to_sign_in(t: T) -> impl IntoView {
    view! { <p><a href="/login">{t.sign_in()}</a></p> }
}
