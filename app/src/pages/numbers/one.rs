use domain::{Quota, QuotaBenefit, UtcMillis, XlAccountState};
use leptos::prelude::*;
use store::XlAccount;

use super::LIST;
use crate::components::{
    Button, Card, Empty, Hidden, Live, Look, Notice, Pill, PostForm, ServerFn, Tone, When, icons,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::server_fns::numbers::{RequestOtp, SignOutNumber, WantQuota};

/// What is left on a number.
#[component]
pub fn NumberPage() -> impl IntoView {
    member_page(Tab::Numbers, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let account = cx.store.xl_account(cx.user.id, &cx.id("id")?).await?;
    let (number, kept_until) = (account.msisdn.display(), account.renewable_until);
    let active = account.state == XlAccountState::Active;
    let id = account.id.as_str().to_owned();
    let body = view! {
        <div class="middle stack">
            {state(&account, t)}
            {account.quota.map(|(packages, at)| quota(packages, at, t))}
            <Card class="stack">
                {active.then(|| view! { <p class="muted small">{t.number_kept_until()}" "<When at=kept_until/></p> })}
                <PostForm action=SignOutNumber::PATH>
                    <Hidden name="id" value=id/>
                    <Button look=Look::Danger class="wide">{t.number_sign_out()}</Button>
                </PostForm>
            </Card>
        </div>
    };
    Ok(Screen::new(t.quota_title(), body).back(LIST).eyebrow(number))
}

/// How the number stands, and what can be done about it.
fn state(account: &XlAccount, t: T) -> AnyView {
    let id = account.id.as_str().to_owned();
    if account.state == XlAccountState::NeedsSignIn {
        let (number, gateway) = (account.msisdn.international().to_owned(), account.gateway.clone());
        return view! {
            <Card class="stack">
                <Pill tone=Tone::Wait text=t.number_needs_sign_in()/>
                <PostForm action=RequestOtp::PATH>
                    <Hidden name="msisdn" value=number/>
                    <Hidden name="gateway" value=gateway/>
                    <Button class="wide">{t.number_sign_in_again()}</Button>
                </PostForm>
            </Card>
        }
        .into_any();
    }
    if account.quota_due {
        let url = format!("/events/numbers/{id}");
        return view! {
            <Card class="center status"><p>{t.quota_asking()}</p><Live url state="due" refresh_s=2/></Card>
        }
        .into_any();
    }
    let problem =
        (!account.problem.is_empty()).then(|| view! { <Notice tone=Tone::Wait>{t.quota_problem()}</Notice> });
    view! {
        {problem}
        <PostForm action=WantQuota::PATH>
            <Hidden name="id" value=id/>
            <Button look=Look::Ghost class="wide">{t.quota_refresh()}</Button>
        </PostForm>
    }
    .into_any()
}

fn quota(packages: Vec<Quota>, at: UtcMillis, t: T) -> impl IntoView {
    let none = packages.is_empty().then(|| view! { <Empty icon=icons::PACKAGE text=t.quota_none()/> });
    let packages = packages.into_iter().map(|package| {
        let benefits = package.benefits.into_iter().map(|of| benefit(of, t)).collect_view();
        let until = package.expires_at.map(|at| {
            view! { <p class="muted small">{t.quota_until()}" "<When at/></p> }
        });
        view! { <Card title=package.name class="stack">{until}{benefits}</Card> }
    });
    let packages = packages.collect_view();
    view! {
        <p class="muted small">{t.quota_as_of()}" "<When at/></p>
        {none}
        {packages}
    }
}

fn benefit(benefit: QuotaBenefit, t: T) -> impl IntoView {
    let amount =
        |amount: Option<u64>| amount.map_or_else(|| "–".to_owned(), |amount| format::quantity(amount, t.0));
    let words = t.quota_left(amount(benefit.remaining), amount(benefit.quota));
    let bar = benefit.quota.zip(benefit.remaining).filter(|(whole, _)| *whole > 0).map(|(whole, left)| {
        let label = format!("{}: {words}", benefit.name);
        view! { <progress max=whole.to_string() value=left.min(whole).to_string() aria-label=label></progress> }
    });
    view! {
        <div class="benefit">
            <div class="spread"><span>{benefit.name}</span><strong class="num">{words}</strong></div>
            {bar}
        </div>
    }
}
