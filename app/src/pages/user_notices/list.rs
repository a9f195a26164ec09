use domain::Msisdn;
use leptos::prelude::*;
use store::UserNotice;

use super::{CHOICES, LIST};
use crate::components::{
    Button, Empty, Hidden, Icon, Look, Pager, Pill, PostForm, ServerFn, Tone, When, icons,
};
use crate::context::ReadOnlyPage;
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::server_fns::user_notices::{OpenNotice, ReadNotices};
use crate::user_notices::{icon, page, text, title};

const ON_A_PAGE: i64 = 30;

/// What the user was told, newest first. Looking at it changes nothing: browsers load pages ahead.
#[component]
pub fn UserNoticesPage() -> impl IntoView {
    member_page(Tab::Notices, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let after = cx.query("after").to_owned();
    let inside = !after.is_empty();
    let found = cx.store.user_notices(cx.user.id, inside.then_some(after), ON_A_PAGE).await?;
    let unread = cx.store.unread_notices(cx.user.id).await?;
    let newest = found.items.first().filter(|_| !inside && unread > 0);
    let read_all = newest.map(|newest| {
        let up_to = newest.id.as_str().to_owned();
        view! {
            <PostForm action=ReadNotices::PATH>
                <Hidden name="up_to" value=up_to/>
                <Button look=Look::Ghost>{t.user_notices_read_all()}</Button>
            </PostForm>
        }
    });
    let body = view! {
        <div class="notices-head">
            {read_all}
            <a class="btn btn-plain" href=CHOICES><Icon icon=icons::SETTINGS/>{t.user_notices_settings()}</a>
        </div>
        {list(&found.items, t)}
        <Pager base=LIST next=found.next inside/>
        <p class="muted small">{t.user_notices_kept()}</p>
    };
    Ok(Screen::new(t.user_notices(), body))
}

fn list(notices: &[UserNotice], t: T) -> AnyView {
    if notices.is_empty() {
        return view! { <Empty icon=icons::BELL text=t.user_notices_none()/> }.into_any();
    }
    let rows = notices.iter().map(|notice| row(notice, t)).collect_view();
    view! { <section class="card"><ul class="rows" aria-label=t.user_notices()>{rows}</ul></section> }
        .into_any()
}

/// What is unread is opened by a form, which marks it; what was read is a link.
fn row(notice: &UserNotice, t: T) -> AnyView {
    let unread =
        (!notice.read).then(|| view! { <Pill tone=Tone::Info icon=icons::BELL text=t.user_notice_new()/> });
    let content = view! {
        <span class="avatar"><Icon icon=icon(notice.kind)/></span>
        <span class="grow">
            <span class="spread"><strong>{title(notice, t)}</strong>{unread}</span>
            <span>{text(notice, Msisdn::display, t)}</span>
            <small class="muted"><When at=notice.at/></small>
        </span>
    };
    let key = notice.id.as_str().to_owned();
    if notice.read || use_context::<ReadOnlyPage>().is_some() {
        view! { <li><a class="notice" href=page(notice)>{content}</a></li> }.into_any()
    } else {
        view! {
            <li>
                <PostForm action=OpenNotice::PATH key=key.clone() class="notice-form">
                    <Hidden name="notice" value=key/>
                    <button type="submit" class="notice unread">{content}</button>
                </PostForm>
            </li>
        }
        .into_any()
    }
}
