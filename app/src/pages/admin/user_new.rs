use domain::Role;
use leptos::prelude::*;

use crate::components::{
    Button, Card, Choice, Field, Input, Notice, PhoneInput, PostForm, Select, ServerFn, Tone,
};
use crate::error::AppError;
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
    let choices = Role::ALL.iter().map(|role| Choice::new(role.as_str(), t.role(*role))).collect();
    let body = view! {
        <div class="narrow">
            <Card>
                <PostForm action=CreateUser::PATH checks=vec![Kind::Username, Kind::Email, Kind::Phone]>
                    <Field name="username" label=t.username() hint=t.username_hint() check=Kind::Username/>
                    <Field name="email" label=t.email() input=Input::Email check=Kind::Email/>
                    <PhoneInput name="phone" label=t.new_user_phone() hint=t.phone_hint() check=Kind::Phone/>
                    <Select name="role" label=t.admin_role() value=Role::Member.as_str() choices/>
                    <Notice tone=Tone::Info>{t.new_user_lead()}</Notice>
                    <Button class="wide">{t.new_user_create()}</Button>
                </PostForm>
            </Card>
        </div>
    };
    Ok(Screen::new(t.users_new(), body).back("/admin/users"))
}
