use domain::{Refusal, XlAccountState};
use leptos::prelude::*;
use store::XlAccount;

use super::LIST;
use crate::components::{Button, Card, Empty, Icon, PhoneInput, Pill, PostForm, ServerFn, Tone, icons};
use crate::context::use_prefixes;
use crate::error::AppError;
use crate::i18n::T;
use crate::islands::check::Kind;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::server_fns::numbers::RequestOtp;

/// The user's numbers, and a form to add one.
#[component]
pub fn NumbersPage() -> impl IntoView {
    member_page(Tab::Numbers, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let accounts = cx.store.xl_accounts(cx.user.id).await?;
    if cx.site.session_gateways.is_empty() && accounts.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    let list = if accounts.is_empty() {
        view! { <Card><Empty icon=icons::SIM text=t.numbers_none()/></Card> }.into_any()
    } else {
        accounts.into_iter().map(|account| way(account, t)).collect_view().into_any()
    };
    let body = view! {
        <div class="middle stack">
            <p class="muted">{t.numbers_lead()}</p>
            {list}
            <Card title=t.number_add()>
                <PostForm action=RequestOtp::PATH checks=vec![Kind::Served]>
                    <PhoneInput name="msisdn" label=t.number_label() value=cx.query("number").to_owned()/>
                    <Button class="wide">{t.number_send_code()}</Button>
                </PostForm>
            </Card>
        </div>
    };
    Ok(Screen::new(t.numbers(), body))
}

fn way(account: XlAccount, t: T) -> impl IntoView {
    let to = format!("{LIST}/{}", account.id.as_str());
    let (tone, word) = match account.state {
        XlAccountState::Active => (Tone::Ok, t.number_signed_in()),
        XlAccountState::NeedsSignIn => (Tone::Wait, t.number_needs_sign_in()),
    };
    let operator = use_prefixes().operator(&account.msisdn).map(domain::Operator::name);
    view! {
        <a class="card way" href=to>
            <span class="avatar"><Icon icon=icons::SIM/></span>
            <span class="grow">
                <strong class="num">{account.msisdn.display()}</strong>
                <small class="muted">{operator}</small>
            </span>
            <Pill tone text=word/>
            <Icon icon=icons::CHEVRON/>
        </a>
    }
}
