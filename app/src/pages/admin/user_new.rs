use domain::Role;
use leptos::prelude::*;
use store::Store;

use crate::components::{
    Button, Card, Choice, Field, Input, Notice, PhoneInput, PostForm, Select, ServerFn, Tone,
};
use crate::error::AppError;
use crate::islands::CopyButton;
use crate::islands::check::Kind;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::users::CreateUser;

/// An account for somebody else.
#[component]
pub fn NewUserPage() -> impl IntoView {
    admin_page(Section::Users, async |cx: Member| load(&cx))
}

fn load(cx: &Member) -> Result<Screen, AppError> {
    let t = cx.t;
    // Made with the page and kept nowhere: after a mistake in the form there is a new one.
    let password = one_time_password(&cx.store);
    let shown = password.clone();
    let choices = Role::ALL.iter().map(|role| Choice::new(role.as_str(), t.role(*role))).collect();
    let body = view! {
        <div class="narrow">
            <Card>
                <PostForm action=CreateUser::PATH checks=vec![Kind::Username, Kind::Email, Kind::Phone]>
                    <Field name="username" label=t.username() hint=t.username_hint() check=Kind::Username/>
                    <Field name="email" label=t.email() input=Input::Email check=Kind::Email/>
                    <PhoneInput name="phone" label=t.new_user_phone() hint=t.phone_hint() check=Kind::Phone/>
                    <Select name="role" label=t.admin_role() value=Role::Member.as_str() choices/>
                    <div class="field">
                        <label for="one-time-password">{t.new_user_password()}</label>
                        <div class="row">
                            <input class="form-control num grow" id="one-time-password" name="one_time_password" type="text"
                                value=password readonly autocomplete="off" aria-describedby="one-time-hint"/>
                            <CopyButton text=shown label=t.copy().to_owned() done=t.copied().to_owned()/>
                        </div>
                        <p class="hint" id="one-time-hint">{t.new_user_password_hint()}</p>
                    </div>
                    <Notice tone=Tone::Info>{t.new_user_lead()}</Notice>
                    <Button class="wide">{t.new_user_create()}</Button>
                </PostForm>
            </Card>
        </div>
    };
    Ok(Screen::new(t.users_new(), body).back("/admin/users"))
}

/// 80 random bits in groups of four that can be read out: letters and digits that nobody takes for one another.
fn one_time_password(store: &Store) -> String {
    let text = format!("{}{}", store.new_id().as_str(), store.new_id().as_str()).to_lowercase();
    let letters: Vec<char> = text.chars().take(16).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
