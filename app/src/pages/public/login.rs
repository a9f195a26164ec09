use domain::Role;
use leptos::prelude::*;

use crate::components::{Button, Card, Field, Hidden, Look, PasswordField, PostForm, ServerFn};
use crate::context::{DemoSignIns, local_path};
use crate::error::AppError;
use crate::i18n::T;
use crate::page::{Screen, Visitor, go_to, public_page};
use crate::server_fns::sessions::{DemoSignIn, SignIn};

/// Sign in.
#[component]
pub fn LoginPage() -> impl IntoView {
    public_page(async |cx: Visitor| load(cx))
}

fn load(cx: Visitor) -> Result<Screen, AppError> {
    let t = cx.t;
    let next = local_path(cx.query("next")).unwrap_or_default().to_owned();
    if cx.user.is_some() {
        go_to(local_path(&next).unwrap_or("/dashboard"));
    }
    let demo = cx.site.demo.map(|demo| demo_card(demo, &next, t));
    let sign_up = cx.site.settings.signup_open.then(|| {
        view! { <p>{t.no_account_yet()} " " <a href="/register">{t.sign_up()}</a></p> }
    });
    let body = view! {
        <div class="narrow stack">
            {demo}
            <Card>
                <PostForm action=SignIn::PATH>
                    <Hidden name="next" value=next/>
                    <Field name="identity" label=t.identity() autocomplete="username"/>
                    <PasswordField name="password" label=t.password() autocomplete="current-password"/>
                    <Button class="wide">{t.sign_in()}</Button>
                </PostForm>
            </Card>
            {sign_up}
            <p><a href="/forgot">{t.forgot_link()}</a></p>
        </div>
    };
    Ok(Screen::new(t.sign_in_title(), body).eyebrow(t.sign_in_lead()))
}

fn demo_card(demo: DemoSignIns, next: &str, t: T) -> impl IntoView + use<> {
    let button = |role: Role, look: Look| {
        let next = next.to_owned();
        view! {
            <PostForm action=DemoSignIn::PATH key=role.as_str() class="contents">
                <Hidden name="next" value=next/>
                <Button look name="role" value=role.as_str()>{t.role(role)}</Button>
            </PostForm>
        }
    };
    let buttons = demo.users.iter().map(|(role, _)| button(*role, Look::Ghost)).collect_view();
    view! {
        <Card title=t.demo_title() class="stack">
            <p class="muted">{t.demo_lead()}</p>
            <div class="grid-3 tight">{buttons}</div>
        </Card>
    }
}
