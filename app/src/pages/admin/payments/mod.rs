//! How top-ups are paid.

mod day;
mod gateway;
mod methods;
mod qris;

pub use day::AdminPayDayPage;
pub use qris::AdminQrisPage;

use domain::TopupMethod;
use leptos::prelude::*;

use super::parts::MoneyLinks;
use crate::components::{Card, Empty, Icon, Live, icons};
use crate::context::path_and_query;
use crate::error::AppError;
use crate::format::address;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page, go_to};
use crate::server_fns::admin::payments::{PAGE, QRIS_PAGE};
use crate::server_fns::sessions::require_confirmed;

/// `?edit=` of the form for a new one.
const NEW: &str = "+";

/// Payment gateways and ways of paying.
#[component]
pub fn AdminPaymentsPage() -> impl IntoView {
    admin_page(Section::Payments, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    // Before the rest: an answer that comes in between is then on the page, or the page knows that it waits.
    let due = cx.store.pay_answers_due().await?;
    let gateways = cx.store.pay_gateways().await?;
    let methods = cx.store.pay_methods().await?;
    let edit = cx.query("edit");
    let edited = gateways.iter().find(|setting| setting.name == edit).cloned();
    let editing = edit == NEW || edited.is_some();
    if editing && require_confirmed().await.is_err() {
        // Asked for now: a key that was typed would be lost on the way to the password and back.
        go_to(&address("/confirm", &[("next", &path_and_query())]));
    }
    let method = cx.query_as::<TopupMethod>("method");
    // A page that somebody is typing into is not loaded anew under their hands.
    let live =
        (due && !editing && method.is_none()).then(|| view! { <Live url="/events/payments" state="due"/> });
    let form = editing.then(|| gateway::form(edited, t));
    let method = method.map(|method| {
        let setting = methods.iter().find(|setting| setting.method == method).cloned();
        methods::form(method, setting, &gateways, t)
    });
    let none =
        gateways.is_empty().then(|| view! { <Card><Empty icon=icons::WALLET text=t.paygate_none()/></Card> });
    let hooks = format!("{}/hooks/pay", cx.site.public_url);
    let cards = gateways.into_iter().map(|setting| gateway::card(setting, &hooks, t)).collect_view();
    let ways = methods::list(&methods, t);
    let link = |to: &'static str, icon, words| {
        view! {
            <a class="card way" href=to>
                <span class="avatar"><Icon icon/></span>
                <span class="grow"><strong>{words}</strong></span>
                <Icon icon=icons::CHEVRON/>
            </a>
        }
    };
    let body = view! {
        <MoneyLinks on=PAGE/>
        {live}
        <div class="columns">
            <div class="stack">{none}{cards}</div>
            <div class="stack" id="edit">
                {form}{method}
                {link(QRIS_PAGE, icons::QR, t.shop_qris())}
                {link("/admin/webhooks", icons::HISTORY, t.webhooks())}
            </div>
        </div>
        <div id="ways">{ways}</div>
    };
    let add = view! {
        <a class="btn btn-primary btn-sm" href=format!("{}#edit", address(PAGE, &[("edit", NEW)]))>
            <Icon icon=icons::PLUS/>{t.gateway_add()}
        </a>
    };
    Ok(Screen::new(t.payments(), body).actions(add))
}
