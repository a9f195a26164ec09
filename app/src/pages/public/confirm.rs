use domain::Refusal;
use leptos::prelude::*;

use crate::components::{Button, Card, Hidden, Look, PasswordField, PostForm, ServerFn};
use crate::context::local_path;
use crate::error::AppError;
use crate::page::{Screen, Visitor, public_page};
use crate::server_fns::sessions::{Confirm, DemoSignIn};

/// The password once more, before something that signing in long ago does not suffice for.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    public_page(async |cx: Visitor| load(cx))
}

fn load(cx: Visitor) -> Result<Screen, AppError> {
    let t = cx.t;
    let next = local_path(cx.query("next")).unwrap_or_default().to_owned();
    let user = cx.user.ok_or(Refusal::SignInNeeded)?;
    let username = user.username.as_str().to_owned();
    // Nobody knows the passwords of a demo's users by heart.
    let demo_users = cx.site.demo.map(|demo| demo.users).unwrap_or_default();
    let demo = demo_users.into_iter().find(|(_, name)| *name == username).map(|(role, _)| {
        let next = next.clone();
        view! {
            <Card class="stack">
                <PostForm action=DemoSignIn::PATH>
                    <Hidden name="next" value=next/>
                    <p class="muted">{t.reconfirm_demo()}</p>
                    <Button look=Look::Ghost class="wide" name="role" value=role.as_str()>{t.reconfirm_button()}</Button>
                </PostForm>
            </Card>
        }
    });
    let body = view! {
        <div class="narrow stack">
            {demo}
            <Card>
                <PostForm action=Confirm::PATH>
                    <Hidden name="next" value=next/>
                    // Tells password managers whose password it is.
                    <input type="text" class="visually-hidden" tabindex="-1" aria-hidden="true" autocomplete="username"
                        value=username readonly/>
                    <p class="muted">{t.reconfirm_lead()}</p>
                    <PasswordField name="password" label=t.password() autocomplete="current-password"/>
                    <Button class="wide">{t.reconfirm_button()}</Button>
                </PostForm>
            </Card>
        </div>
    };
    Ok(Screen::new(t.reconfirm_title(), body))
}
