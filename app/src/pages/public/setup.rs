use leptos::prelude::*;

use super::register::{AccountFields, account_checks};
use crate::components::{Button, Card, Hidden, Notice, PostForm, ServerFn, Tone};
use crate::error::AppError;
use crate::page::{Screen, Visitor, public_page};
use crate::server_fns::sessions::SetUp;

/// Makes the first admin.
#[component]
pub fn SetupPage() -> impl IntoView {
    public_page(load)
}

async fn load(cx: Visitor) -> Result<Screen, AppError> {
    let t = cx.t;
    // Whether the token is right is only looked at when the form is sent.
    let token = cx.query("token").to_owned();
    if token.is_empty() || cx.store.any_admin().await? {
        let gone = view! {
            <div class="narrow stack">
                <Notice tone=Tone::Info>{t.setup_gone()}</Notice>
                <a class="btn btn-primary" href="/login">{t.sign_in()}</a>
            </div>
        };
        return Ok(Screen::new(t.setup_title(), gone));
    }
    let body = view! {
        <div class="narrow">
            <Card>
                <PostForm action=SetUp::PATH checks=account_checks()>
                    <Hidden name="token" value=token/>
                    <AccountFields t/>
                    <Button class="wide">{t.create_account()}</Button>
                </PostForm>
            </Card>
        </div>
    };
    Ok(Screen::new(t.setup_title(), body).eyebrow(t.setup_lead()))
}
