//! The way from a member to a reseller, on the profile page.

use domain::{ResellerRequestState, Role};
use leptos::prelude::*;

use crate::components::{Button, Card, Field, Look, Notice, PostForm, ServerFn, TextArea, Tone, When};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::page::Member;
use crate::server_fns::reseller::AskReseller;

/// Where the member's request stands, or the form to make one. Nothing for anyone else.
pub(super) async fn card(cx: &Member) -> Result<Option<AnyView>, AppError> {
    if cx.user.role != Role::Member {
        return Ok(None);
    }
    let t = cx.t;
    let newest = cx.store.reseller_request(cx.user.id).await?;
    let content = match newest {
        Some(request) if request.state == ResellerRequestState::Waiting => view! {
            <Notice tone=Tone::Wait>{t.reseller_waiting()}" "<When at=request.asked_at/></Notice>
        }
        .into_any(),
        Some(request) if request.state == ResellerRequestState::Refused => {
            let again = request.again_at().filter(|at| cx.now < *at);
            let reason = request.reason.unwrap_or_default();
            let refused = view! { <Notice tone=Tone::Bad>{t.reseller_refused(reason)}</Notice> };
            match again {
                Some(at) => {
                    let at = format::date_time(at, cx.zone(), t.0);
                    view! { {refused}<p class="muted">{t.reseller_again(at)}</p> }.into_any()
                }
                None => view! { {refused}{form(t)} }.into_any(),
            }
        }
        // Somebody who was a reseller once may become one again.
        Some(_) | None => form(t).into_any(),
    };
    Ok(Some(view! { <Card title=t.reseller_ask_title() class="stack">{content}</Card> }.into_any()))
}

fn form(t: T) -> impl IntoView {
    view! {
        <p class="muted">{t.reseller_ask_lead()}</p>
        <PostForm action=AskReseller::PATH>
            <Field name="shop_name" label=t.reseller_shop_name() autocomplete="organization"/>
            <Field name="sells_at" label=t.reseller_sells_at() hint=t.reseller_sells_at_hint()/>
            <TextArea name="note" label=t.reseller_note() optional=true/>
            <Button look=Look::Ghost class="wide">{t.reseller_ask()}</Button>
        </PostForm>
    }
}
