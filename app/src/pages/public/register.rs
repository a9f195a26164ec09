use leptos::prelude::*;

use crate::components::{
    Button, Card, Field, Input, Notice, PasswordField, PhoneInput, PostForm, ServerFn, Tone,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::islands::check::Kind;
use crate::page::{Screen, Visitor, go_to, public_page};
use crate::server_fns::sessions::Register;

/// Sign up.
#[component]
pub fn RegisterPage() -> impl IntoView {
    public_page(async |cx: Visitor| load(&cx))
}

fn load(cx: &Visitor) -> Result<Screen, AppError> {
    let t = cx.t;
    if cx.user.is_some() {
        go_to("/dashboard");
    }
    if !cx.site.settings.signup_open {
        let closed =
            view! { <div class="narrow"><Notice tone=Tone::Info>{t.sign_up_closed()}</Notice></div> };
        return Ok(Screen::new(t.sign_up_title(), closed));
    }
    let approval = cx.site.settings.signup_approval;
    let approval = approval.then(|| view! { <Notice tone=Tone::Info>{t.sign_up_needs_approval()}</Notice> });
    let body = view! {
        <div class="narrow stack">
            {approval}
            <Card>
                <PostForm action=Register::PATH checks=account_checks()>
                    <AccountFields t/>
                    <p class="muted small">
                        {t.agree_terms()} " " <a href="/terms">{t.terms()}</a> " " {t.and()} " "
                        <a href="/privacy">{t.privacy()}</a> "."
                    </p>
                    <Button class="wide">{t.create_account()}</Button>
                </PostForm>
            </Card>
            <p>{t.have_account()} " " <a href="/login">{t.sign_in()}</a></p>
        </div>
    };
    Ok(Screen::new(t.sign_up_title(), body).eyebrow(t.sign_up_lead()))
}

/// What the fields of a new account are checked for.
pub(super) fn account_checks() -> Vec<Kind> {
    vec![Kind::Username, Kind::Email, Kind::Phone, Kind::Password]
}

/// The fields of a new account.
#[component]
pub(super) fn AccountFields(
    /// The texts.
    t: T,
) -> impl IntoView {
    view! {
        <Field name="username" label=t.username() hint=t.username_hint() autocomplete="username" check=Kind::Username/>
        <Field name="email" label=t.email() input=Input::Email autocomplete="email" check=Kind::Email/>
        <PhoneInput name="phone" label=t.phone() hint=t.phone_hint() check=Kind::Phone autocomplete="tel"/>
        <PasswordField name="password" label=t.password() hint=t.password_hint() autocomplete="new-password"
            check=Kind::Password/>
    }
}
