use domain::WebhookOutcome;
use leptos::prelude::*;
use store::WebhookCall;

use super::parts::ROWS;
use crate::components::{Card, Empty, Pager, Pill, Tone, When, icons};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

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
    // Our references are the purchase's id and the attempt's number.
    let order = call.client_ref.map(|client_ref| {
        let purchase = client_ref.split('-').next().unwrap_or_default().to_owned();
        view! { <a class="num" href=format!("/admin/transactions/{purchase}")>{client_ref}</a> }
    });
    view! {
        <li class="stack">
            <div class="spread">
                <div>
                    <strong>{call.gateway}</strong>" "{order}
                    <div class="muted small"><When at=call.at/>" "{call.delivery_id}</div>
                </div>
                <Pill tone text=t.webhook_outcome(call.outcome)/>
            </div>
            <details>
                <summary>{t.webhook_body()}</summary>
                <pre class="evidence">{call.body}</pre>
            </details>
        </li>
    }
}
