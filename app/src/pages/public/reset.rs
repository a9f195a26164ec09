use leptos::prelude::*;

use super::verify::link_gone;
use crate::components::{Button, Card, Hidden, PasswordField, PostForm, ServerFn};
use crate::error::AppError;
use crate::islands::check::Kind;
use crate::page::{Screen, Visitor, public_page};
use crate::server_fns::access::ResetPassword;

/// A new password, for whoever has the link. Looking at the page does not use the link up: mail servers look, too.
#[component]
pub fn ResetPage() -> impl IntoView {
    public_page(load)
}

async fn load(cx: Visitor) -> Result<Screen, AppError> {
    let t = cx.t;
    let token = cx.param("token").to_owned();
    let Some(link) = cx.store.reset_link(&token).await? else {
        return Ok(Screen::new(t.reset_title(), link_gone("/forgot", t.forgot_link(), t)));
    };
    let username = link.username.as_str().to_owned();
    let eyebrow = username.clone();
    let body = view! {
        <div class="narrow">
            <Card>
                <PostForm action=ResetPassword::PATH checks=vec![Kind::Password]>
                    <Hidden name="token" value=token/>
                    // Tells password managers whose password it is.
                    <input type="text" class="visually-hidden" tabindex="-1" aria-hidden="true" autocomplete="username"
                        value=username readonly/>
                    <PasswordField name="new_password" label=t.new_password() hint=t.password_hint()
                        autocomplete="new-password" check=Kind::Password/>
                    <p class="muted small">{t.reset_lead()}</p>
                    <Button class="wide">{t.reset_save()}</Button>
                </PostForm>
            </Card>
        </div>
    };
    Ok(Screen::new(t.reset_title(), body).eyebrow(eyebrow))
}
