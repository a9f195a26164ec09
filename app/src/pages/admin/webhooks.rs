use domain::{PublicId, WebhookOutcome};
use leptos::prelude::*;
use store::{WEBHOOK_PREFIX, WebhookCall};

use super::parts::ROWS;
use crate::components::{
    Button, Card, Empty, Hidden, Look, Pager, Pill, PostForm, ServerFn, Tone, When, icons,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::topups::DeliverAgain;

const LIST: &str = "/admin/webhooks";

/// What gateways have told of their own accord, believed or not.
#[component]
pub fn AdminWebhooksPage() -> impl IntoView {
    admin_page(Section::Gateways, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let after = cx.query("after").to_owned();
    let inside = !after.is_empty();
    let page = cx.store.webhook_calls(inside.then_some(after), ROWS).await?;
    let rows = if page.items.is_empty() {
        view! { <Empty icon=icons::INBOX text=t.webhooks_none()/> }.into_any()
    } else {
        let rows = page.items.into_iter().map(|call| row(call, t)).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let body = view! {
        <Card>{rows}</Card>
        <Pager base=LIST next=page.next inside/>
    };
    Ok(Screen::new(t.webhooks(), body).back("/admin/gateways"))
}

fn row(call: WebhookCall, t: T) -> impl IntoView {
    let tone = match call.outcome {
        WebhookOutcome::Recorded => Tone::Ok,
        WebhookOutcome::Unknown => Tone::Quiet,
        WebhookOutcome::NotBelieved | WebhookOutcome::Unreadable | WebhookOutcome::Differs => Tone::Bad,
    };
    let pays = call.gateway.strip_prefix(WEBHOOK_PREFIX).map(str::to_owned);
    // One that was not believed stays so, however often it is delivered.
    let believed = matches!(call.outcome, WebhookOutcome::Recorded | WebhookOutcome::Unknown);
    let again = (pays.is_some() && believed && call.client_ref.is_some()).then(|| {
        let id = call.id.to_string();
        view! {
            <PostForm action=DeliverAgain::PATH key=format!("-{id}") class="contents">
                <Hidden name="webhook" value=id/>
                <Button look=Look::Plain>{t.webhook_again()}</Button>
            </PostForm>
        }
    });
    let list = if pays.is_some() { "topups" } else { "transactions" };
    // Our references are the purchase's or top-up's id and the attempt's number.
    let order = call.client_ref.map(|client_ref| {
        let about = client_ref.split('-').next().and_then(|id| id.parse::<PublicId>().ok());
        match about {
            Some(id) => {
                let to = format!("/admin/{list}/{}", id.as_str());
                view! { <a class="num" href=to>{client_ref}</a> }.into_any()
            }
            // Somebody else's, or one that only tried a way of paying.
            None => view! { <span class="num break">{client_ref}</span> }.into_any(),
        }
    });
    let kind = pays.is_some().then(|| t.payments());
    view! {
        <li class="stack">
            <div class="spread">
                <div>
                    <strong>{pays.unwrap_or(call.gateway)}</strong>" "{kind}" "{order}
                    <div class="muted small"><When at=call.at/>" "{call.delivery_id}</div>
                </div>
                <Pill tone text=t.webhook_outcome(call.outcome)/>
            </div>
            {again}
            <details>
                <summary>{t.webhook_body()}</summary>
                <pre class="evidence">{call.body}</pre>
            </details>
        </li>
    }
}
