use leptos::prelude::*;
use store::{Contact, User};

use crate::components::{Button, Card, Look, Notice, Pill, PostForm, ServerFn, Tone};
use crate::i18n::T;
use crate::server_fns::account::{DropNewEmail, SendVerification};

/// Whether the address is known to be the user's, and what to do about it. `mails` is where a demo's mails can be read.
pub(super) fn email(
    user: &User,
    contact: Contact,
    mail_is_on: bool,
    mails: Option<String>,
    t: T,
) -> impl IntoView + use<> {
    let address = user.email.as_str().to_owned();
    let verified = contact.verified_at.is_some();
    let pill = if verified {
        view! { <Pill tone=Tone::Ok text=t.email_verified()/> }
    } else {
        view! { <Pill tone=Tone::Wait text=t.email_not_verified()/> }
    };
    let waits = contact.new_email.map(|new| {
        view! {
            <Notice tone=Tone::Wait>{t.email_waits(new.as_str())}</Notice>
            <div class="spread">
                <PostForm action=SendVerification::PATH class="contents">
                    <Button look=Look::Plain>{t.email_again()}</Button>
                </PostForm>
                <PostForm action=DropNewEmail::PATH class="contents">
                    <Button look=Look::Plain>{t.email_drop()}</Button>
                </PostForm>
            </div>
        }
    });
    let verify = (!verified && waits.is_none() && mail_is_on).then(|| {
        view! {
            <PostForm action=SendVerification::PATH>
                <Button look=Look::Ghost class="wide">{t.email_verify()}</Button>
            </PostForm>
        }
    });
    let why_not = (!mail_is_on).then(|| view! { <p class="muted small">{t.email_why_not()}</p> });
    let demo = mails.filter(|_| mail_is_on).map(|to| {
        view! { <p class="small"><a href=to rel="external" target="_blank">{t.mails_in_demo()}</a></p> }
    });
    view! {
        <Card title=t.email() class="stack">
            <div class="spread"><strong class="break">{address}</strong>{pill}</div>
            <p class="muted small">{t.email_lead()}</p>
            {waits}
            {verify}
            {why_not}
            {demo}
        </Card>
    }
}
