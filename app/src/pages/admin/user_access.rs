//! How a user gets in: the card on the admin's page about them that helps whoever has forgotten the password, and shows who
//! tried.

use domain::UserState;
use leptos::prelude::*;
use store::{SignIn, TakeResetLink, UserRow};

use crate::components::{
    Button, Card, Empty, Fact, Facts, Hidden, Look, Notice, PostForm, ServerFn, Tone, When, icons,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::islands::CopyButton;
use crate::page::Member;
use crate::pages::account::sign_in_row;
use crate::server_fns::admin::access::MakeResetLink;

/// Attempts shown.
const SIGN_INS: i64 = 10;

/// The cards; `?link=new` shows the link that was just made, once.
pub(super) async fn cards(cx: &Member, row: &UserRow) -> Result<AnyView, AppError> {
    let t = cx.t;
    let user = &row.user;
    let contact = cx.store.contact(user.id).await?;
    let sign_ins = cx.store.sign_ins(user.id, None, SIGN_INS).await?.items;
    let made = if cx.query("link") == "new" {
        let taken = cx.store.run(TakeResetLink { admin: cx.user.id, user: user.id }).await?;
        Some(taken.map(|token| format!("{}/reset/{token}", cx.site.public_url)))
    } else {
        None
    };
    let verified = if contact.verified_at.is_some() { t.email_verified() } else { t.email_not_verified() };
    let closed = contact.closed_at.map(|at| view! { <Fact label=t.admin_closed_at()><When at/></Fact> });
    let next = match (user.id == cx.user.id, user.state) {
        (true, _) => view! { <p class="muted">{t.admin_reset_own()}</p> }.into_any(),
        (false, UserState::Suspended) => view! { <p class="muted">{t.admin_reset_inactive()}</p> }.into_any(),
        (false, UserState::Active) => form(user.public_id.as_str().to_owned(), t),
    };
    Ok(view! {
        <Card title=t.admin_access() class="stack">
            <Facts>
                <Fact label=t.admin_email_state()>{verified}</Fact>
                {closed}
            </Facts>
            {made.map(|link| shown(link, t))}
            {next}
        </Card>
        <Card title=t.sign_ins()>{history(&sign_ins, t)}</Card>
    }
    .into_any())
}

fn form(user: String, t: T) -> AnyView {
    view! {
        <PostForm action=MakeResetLink::PATH>
            <Hidden name="user" value=user/>
            <p class="muted small">{t.admin_reset_lead()}</p>
            <Button look=Look::Ghost class="wide">{t.admin_reset_make()}</Button>
        </PostForm>
    }
    .into_any()
}

fn shown(link: Option<String>, t: T) -> AnyView {
    let Some(link) = link else {
        return view! { <Notice tone=Tone::Info>{t.admin_reset_taken()}</Notice> }.into_any();
    };
    let text = link.clone();
    view! {
        <Notice tone=Tone::Ok>{t.admin_reset_shown()}</Notice>
        <div class="field">
            <label for="reset-link">{t.admin_reset_label()}</label>
            <input class="form-control" id="reset-link" type="text" readonly value=link/>
        </div>
        <CopyButton text label=t.copy().to_owned() done=t.copied().to_owned()/>
    }
    .into_any()
}

/// Whole addresses: who looks into an abuse needs them.
fn history(sign_ins: &[SignIn], t: T) -> AnyView {
    if sign_ins.is_empty() {
        return view! { <Empty icon=icons::HISTORY text=t.sign_ins_none()/> }.into_any();
    }
    let rows = sign_ins.iter().map(|sign_in| sign_in_row(sign_in, sign_in.ip.clone(), t)).collect_view();
    view! { <ul class="rows" aria-label=t.sign_ins()>{rows}</ul> }.into_any()
}
