use leptos::prelude::*;

use crate::components::{Button, Card, Hidden, Notice, PostForm, ServerFn, Tone};
use crate::error::AppError;
use crate::i18n::T;
use crate::page::{Screen, Visitor, public_page};
use crate::server_fns::access::VerifyEmail;

/// Verifies an e-mail address, by a button: mail servers open links to look at them.
#[component]
pub fn VerifyPage() -> impl IntoView {
    public_page(load)
}

async fn load(cx: Visitor) -> Result<Screen, AppError> {
    let t = cx.t;
    let token = cx.param("token").to_owned();
    let Some(email) = cx.store.verification_link(&token).await? else {
        return Ok(Screen::new(t.verify_title(), link_gone("/profile", t.profile_title(), t)));
    };
    let address = email.as_str().to_owned();
    let body = view! {
        <div class="narrow">
            <Card>
                <PostForm action=VerifyEmail::PATH>
                    <Hidden name="token" value=token/>
                    <p>{t.verify_lead()}</p>
                    <p><strong>{address}</strong></p>
                    <Button class="wide">{t.verify_yes()}</Button>
                </PostForm>
            </Card>
        </div>
    };
    Ok(Screen::new(t.verify_title(), body))
}

/// A link that leads nowhere any more, and where a new one is to be had.
pub(super) fn link_gone(to: &'static str, words: &'static str, t: T) -> impl IntoAny {
    view! {
        <div class="narrow stack">
            <Notice tone=Tone::Info>{t.link_gone()}</Notice>
            <a class="btn btn-primary" href=to>{words}</a>
        </div>
    }
}
